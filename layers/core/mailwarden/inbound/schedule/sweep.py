"""Runs the schedules of ``sweep``: sweeps of the regions, and the self check."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.monitoring.monitoring import SettingsFault
from mailwarden.inbound.sqs.batch import Log
from mailwarden.ports.findings.findings import Findings
from mailwarden.service.monitoring.self_check import SelfCheck
from mailwarden.service.monitoring.sweep import RegionNotReadable, Sweeper

# The alarm has to go off for a region that was never swept.
_NEVER_SWEPT = timedelta(days=1)
_OTHER_REGIONS = {"sweep": "other regions"}


class ScheduledPart(Protocol):
    """One part of a schedule."""

    def run(self, event: Mapping[str, object], *, log: Log) -> None:
        """Carry it out."""
        ...


@dataclass(slots=True, kw_only=True)
class ScheduledSweep:
    """A sweep of all regions, or of those that were never swept.

    ``started`` prevents a restart each minute of a long first sweep, which continues through hints. ``report_age``
    receives the age of the oldest complete sweep in seconds, ``report_open`` the open findings of each severity.
    """

    sweeper: Sweeper
    findings: Findings
    regions: tuple[str, ...]
    started: set[str]
    report_age: Callable[[float], object]
    report_open: Callable[[Mapping[Severity, int]], object]

    def run(self, event: Mapping[str, object], *, log: Log) -> None:
        """Sweep, for ``{"sweep": "all"}`` everything, and report.

        An ExceptionGroup of the failures is raised at the end. A region that cannot be listed is no failure: it is old,
        and an alarm watches the age.
        """
        failures = list(self._sweep(event, log))
        for report in (self._report_age, self._report_open):
            try:
                report()
            except Exception as error:
                log.exception("not reported", extra={"reason": repr(error)})
                failures.append(error)
        if failures:
            raise ExceptionGroup("sweep", failures)

    def _sweep(self, event: Mapping[str, object], log: Log) -> Iterator[Exception]:
        never = tuple(region for region in self.sweeper.never_swept(self.regions) if region not in self.started)
        for region, swept in self.sweeper.sweep(self.regions if sweeps_all(event) else never):
            match swept:
                case int():
                    self.started.add(region)
                    log.info("swept", extra={"region": region, "pools": swept})
                case RegionNotReadable():
                    log.error("not swept", extra={"region": region, "reason": str(swept)})
                case _:
                    log.error("not swept", extra={"region": region, "reason": repr(swept)})
                    yield swept

    def _report_age(self) -> None:
        age = self.sweeper.age(self.regions)
        self.report_age((_NEVER_SWEPT if age is None else age).total_seconds())

    def _report_open(self) -> None:
        self.report_open(self.findings.open_by_severity())


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledSelfCheck:
    """The self check: settings, budget and SDK each time, trails with each full sweep, other regions when asked to.

    ``report_outdated`` receives the number of regions with pools that the deployed SDK does not know whole.
    """

    watcher: SelfCheck
    fault: SettingsFault | None
    report_outdated: Callable[[int], object]

    def run(self, event: Mapping[str, object], *, log: Log) -> None:
        """Check, and log the result for each rule and region.

        An ExceptionGroup of the failures is raised at the end. A failed check is neither found nor over.
        """
        results = [self.watcher.check_settings(self.fault), self.watcher.check_budget()]
        if sweeps_all(event):
            results += self.watcher.check_trails()
        if event == _OTHER_REGIONS:
            results.append(self.watcher.check_other_regions())
        failures = []
        for checked in results:
            where = {"region": checked.monitoring.region, "rule": checked.rule_id}
            if checked.error is not None:
                log.error("not watched", extra={**where, "reason": repr(checked.error)})
                failures.append(checked.error)
                continue
            log.info("watched", extra={**where, "found": checked.found})
        try:
            self.report_outdated(self.watcher.outdated_regions())
        except Exception as error:
            log.exception("the age of the SDK is unknown", extra={"reason": repr(error)})
            failures.append(error)
        if failures:
            raise ExceptionGroup("self-check", failures)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledRun:
    """Everything that one schedule runs, in order. The self check comes last and can only fail itself."""

    parts: tuple[ScheduledPart, ...]

    def run(self, event: Mapping[str, object], *, log: Log) -> None:
        """Run every part; an ExceptionGroup of the failures is raised at the end, so that the alarm goes off."""
        failures = []
        for part in self.parts:
            try:
                part.run(event, log=log)
            except Exception as error:
                log.exception("a part of the schedule failed", extra={"reason": repr(error)})
                failures.append(error)
        if failures:
            raise ExceptionGroup("schedule", failures)


def sweeps_all(event: Mapping[str, object]) -> bool:
    """Whether every region is swept, and not only those that never were."""
    return event.get("sweep") == "all"
