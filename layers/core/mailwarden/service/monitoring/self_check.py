"""The self check: trails that deliver the events of every region, valid settings, repairs that wait."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from mailwarden.domain.findings.finding import Finding, Severity
from mailwarden.domain.findings.handled import Handled
from mailwarden.domain.findings.lifecycle import Observation, clear, observe
from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.mail_path.verdict import Answer, Verdict
from mailwarden.domain.monitoring.monitoring import (
    BudgetReading,
    OtherRegions,
    RegionTrails,
    SettingsFault,
    SettingsReading,
    regions_to_hear,
    sources_heard_in,
)
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import MonitoringRef
from mailwarden.domain.repair.limits import Limits, RuleMode
from mailwarden.message import message
from mailwarden.ports.clock import Clock
from mailwarden.ports.findings.findings import Findings
from mailwarden.ports.monitoring.pool_counts import PoolCounts
from mailwarden.ports.monitoring.trails import Trails
from mailwarden.ports.repair.repair_budgets import RepairBudgets
from mailwarden.rules.judging import with_severity
from mailwarden.rules.monitoring_rule import MonitoringRule
from mailwarden.rules.rule import Rule

_NOTHING_TO_WRITE = Handled(handling=Handling.WITHHELD, reason=message("decision.no-fix"))
# A check that fails is repeated each minute, or with the next full sweep: a failure of a moment is not announced.
_TRIED_AGAIN = replace(_NOTHING_TO_WRITE, patience=timedelta(minutes=15))
# No pool was looked at, so the result does not concern any pool's mail.
_NO_VERDICT = Verdict(answer=Answer.UNKNOWN, deciding=None, links=())


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCheckResult:
    """The result of one check of a region; ``error`` is the reason why there is none."""

    monitoring: MonitoringRef
    rule_id: str
    found: bool
    error: Exception | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCheck:
    """Judges the monitoring of each region and records its findings in the ledger."""

    home: MonitoringRef
    watched_regions: tuple[str, ...]
    trails: Trails
    findings: Findings
    trail_rule: MonitoringRule[RegionTrails]
    settings_rule: MonitoringRule[SettingsReading]
    budget_rule: MonitoringRule[BudgetReading]
    sdk_rule: Rule
    regions_rule: MonitoringRule[OtherRegions]
    pool_counts: PoolCounts
    budgets: RepairBudgets
    limits: Limits
    clock: Clock
    severities: Mapping[str, Severity] = field(default_factory=dict)

    def check_settings(self, fault: SettingsFault | None) -> SelfCheckResult:
        """Record the finding about the settings, or its end."""
        return self._check(self.settings_rule, self.home, lambda _: SettingsReading(monitoring=self.home, fault=fault))

    def check_budget(self) -> SelfCheckResult:
        """Record the finding about repairs that wait for the budget, or its end."""

        def read(at: datetime) -> BudgetReading:
            queue = self.budgets.waiting(self.home.account, now=at)
            return BudgetReading(monitoring=self.home, queue=queue, taken_at=at)

        return self._check(self.budget_rule, self.home, read)

    def check_other_regions(self) -> SelfCheckResult:
        """Record the finding about pools in regions that are not watched.

        A region that cannot be listed may have some: then a finding does not end.
        """
        return self._check(self.regions_rule, self.home, self._other_regions, ends=_every_region_is_known)

    def outdated_regions(self) -> int:
        """The number of watched regions in which a pool has members that the deployed SDK does not know.

        Looks open and close that finding; here it is only counted, for the alarm.
        """
        return sum(self._is_open(self.sdk_rule.rule_id, region) for region in self.watched_regions)

    def check_trails(self) -> Iterator[SelfCheckResult]:
        """Check the trails of every region in which calls have to be recorded."""
        for region in regions_to_hear(self.watched_regions, partition=self.home.partition):
            monitoring = MonitoringRef(partition=self.home.partition, region=region, account=self.home.account)
            yield self._check(self.trail_rule, monitoring, partial(self._trails_of, monitoring))

    def _is_open(self, rule_id: str, region: str) -> bool:
        monitoring = MonitoringRef(partition=self.home.partition, region=region, account=self.home.account)
        record = self.findings.read(FindingKey(subject_arn=monitoring.arn, rule_id=rule_id))
        return record is not None and record.lifecycle.state is FindingState.OPEN

    def _trails_of(self, monitoring: MonitoringRef, _: datetime) -> RegionTrails:
        sources = sources_heard_in(monitoring.region, watched=self.watched_regions, partition=self.home.partition)
        return RegionTrails(monitoring=monitoring, sources=sources, trails=self.trails.seen_in(monitoring.region))

    def _other_regions(self, _: datetime) -> OtherRegions:
        counts = self.pool_counts.outside(self.watched_regions)
        return OtherRegions(
            monitoring=self.home,
            pools={region: count for region, count in counts.items() if isinstance(count, int) and count},
            unknown=tuple(sorted(region for region, count in counts.items() if isinstance(count, Unreadable))),
        )

    def _check[R](
        self,
        rule: MonitoringRule[R],
        monitoring: MonitoringRef,
        read: Callable[[datetime], R],
        *,
        ends: Callable[[R], bool] = lambda _: True,
    ) -> SelfCheckResult:
        """Make one check. A failure is in the result and stops no other check; no finding counts as over.

        A reading without a finding ends an open one only if *ends* is true of it.
        """
        at = self.clock.now()
        try:
            reading = read(at)
            return self._keep(rule, reading, monitoring, at=at, ends=ends(reading))
        except Exception as error:  # noqa: BLE001 - reported, and raised after the other checks
            failed = self._note_failure(rule, monitoring, error, at=at) or error
            return SelfCheckResult(monitoring=monitoring, rule_id=rule.rule_id, found=False, error=failed)

    def _note_failure[R](
        self, rule: MonitoringRule[R], monitoring: MonitoringRef, error: Exception, *, at: datetime
    ) -> Exception | None:
        """Record that the check failed; both errors, if that fails, too."""
        if self.limits.mode_of(rule.rule_id) is RuleMode.OFF:
            return None
        try:
            self._see(rule.undecided(monitoring, error), monitoring, _TRIED_AGAIN, at=at)
        except Exception as unrecorded:  # noqa: BLE001 - reported with the first one
            return ExceptionGroup(f"{rule.rule_id} in {monitoring.region}", [error, unrecorded])
        return None

    def _keep[R](
        self, rule: MonitoringRule[R], reading: R, monitoring: MonitoringRef, *, at: datetime, ends: bool
    ) -> SelfCheckResult:
        silent = self.limits.mode_of(rule.rule_id) is RuleMode.OFF
        found = () if silent else tuple(rule.check(reading))
        for finding in found:
            wanted = with_severity(finding, rule.severity, self.severities.get(rule.rule_id))
            self._see(wanted, monitoring, _NOTHING_TO_WRITE, at=at)
        if not found and (ends or silent):
            self._no_longer_see(FindingKey(subject_arn=monitoring.arn, rule_id=rule.rule_id), monitoring, at=at)
        return SelfCheckResult(monitoring=monitoring, rule_id=rule.rule_id, found=bool(found))

    def _see(self, finding: Finding, monitoring: MonitoringRef, handled: Handled, *, at: datetime) -> None:
        key = finding.key
        observation = Observation(
            finding=finding,
            seen_from=monitoring,
            pool_name="",
            verdict=_NO_VERDICT,
            handled=handled,
            cause=None,
            at=at,
        )
        self.findings.seen_from(monitoring).update(key, lambda current: observe(current, observation))

    def _no_longer_see(self, key: FindingKey, monitoring: MonitoringRef, *, at: datetime) -> None:
        self.findings.seen_from(monitoring).update(
            key, lambda current: current and clear(current, monitoring, None, cause=None, at=at)
        )


def _every_region_is_known(reading: OtherRegions) -> bool:
    return reading.is_complete
