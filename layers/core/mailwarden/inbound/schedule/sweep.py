"""Runs the schedules of ``sweep``: sweeps of the regions, and the self check."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.monitoring.monitoring import SettingsFault
from mailwarden.ports.findings.findings import Findings
from mailwarden.service.monitoring.self_check import SelfCheck, SelfCheckResult
from mailwarden.service.monitoring.sweep import Sweeper


@dataclass(slots=True, kw_only=True)
class ScheduledSweep:
    """A sweep of all regions, or of those that were never swept.

    ``started`` prevents a restart each minute of a long first sweep, which continues through hints.
    """

    sweeper: Sweeper
    findings: Findings
    regions: tuple[str, ...]
    started: set[str]

    def run(self, *, everything: bool) -> Iterator[tuple[str, int | str]]:
        """Sweep; yields each region with its number of pools, or with the reason why they could not be listed."""
        never = tuple(region for region in self.sweeper.never_swept(self.regions) if region not in self.started)
        for region, came_of_it in self.sweeper.sweep(self.regions if everything else never):
            if isinstance(came_of_it, int):
                self.started.add(region)
            yield region, came_of_it

    def age_seconds(self) -> float:
        """The age of the oldest complete sweep; one day for a region never swept, so that the alarm goes off."""
        age = self.sweeper.age(self.regions)
        return 86_400.0 if age is None else age.total_seconds()

    def open_findings(self) -> Mapping[Severity, int]:
        """The number of open findings of each severity."""
        return self.findings.open_by_severity()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledSelfCheck:
    """The self check: the settings each time, the trails with each full sweep."""

    watcher: SelfCheck
    fault: SettingsFault | None

    def run(self, *, everything: bool) -> Iterator[SelfCheckResult]:
        """Check; yields the result for each rule and region."""
        yield self.watcher.check_settings(self.fault)
        if everything:
            yield from self.watcher.check_trails()
