"""The watch of each region opens findings and closes them again, and people hear of both."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.record import FindingRecord, FindingState
from mailwarden.domain.incidents.incident import Occasion
from mailwarden.domain.monitoring.monitoring import SettingsFault
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.repair.limits import Limits, RuleMode
from mailwarden.inbound.schedule.sweep import ScheduledRun
from mailwarden.inbound.sqs.batch import Log
from mailwarden.message import verbatim
from mailwarden.rules import BUDGET_RULE, SDK_RULE, SETTINGS_RULE, TRAIL_RULE
from mailwarden.rules.monitoring import mw910_pools_in_other_regions
from mailwarden.service.monitoring.self_check import SelfCheck, SelfCheckResult
from tests.fakes.announcing import announcer_of
from tests.fakes.channels import InMemoryChannel
from tests.fakes.deployment import TickingClock
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.logs import KeptLog
from tests.fakes.pool_counts import HeldPoolCounts
from tests.fakes.trails import HeldTrails
from tests.unit.monitoring.trails import monitoring, trail

FAULT = SettingsFault(parameter="/mailwarden/settings", problem=verbatim("rules must be object"), version_in_force=3)


@dataclass
class Box:
    clock: TickingClock = field(default_factory=TickingClock)
    ledger: InMemoryLedger = field(default_factory=InMemoryLedger)
    trails: HeldTrails = field(default_factory=lambda: HeldTrails(everywhere=(trail(),)))
    pool_counts: HeldPoolCounts = field(default_factory=HeldPoolCounts)
    topic: InMemoryChannel = field(default_factory=InMemoryChannel)
    limits: Limits = field(default_factory=Limits)
    severities: dict[str, Severity] = field(default_factory=dict)

    def watcher(self) -> SelfCheck:
        return SelfCheck(
            home=monitoring("eu-west-1"),
            watched_regions=("eu-west-1", "ap-northeast-2"),
            trails=self.trails,
            findings=self.ledger.findings,
            trail_rule=TRAIL_RULE,
            settings_rule=SETTINGS_RULE,
            budget_rule=BUDGET_RULE,
            sdk_rule=SDK_RULE,
            regions_rule=mw910_pools_in_other_regions.RULE,
            pool_counts=self.pool_counts,
            budgets=self.ledger.budgets,
            limits=self.limits,
            clock=self.clock,
            severities=self.severities,
        )

    def announce(self) -> None:
        announcer_of(self.ledger, {"topic": self.topic}, self.clock).announce(*self.ledger.findings.held)

    def check(self, fault: SettingsFault | None = None) -> list[SelfCheckResult]:
        done = [self.watcher().check_settings(fault), *self.watcher().check_trails()]
        self.announce()
        return done

    def told(self) -> list[tuple[str, str, str]]:
        return [
            (alert.record.finding.rule_id, alert.record.finding.subject.region, alert.record.lifecycle.state.value)
            for alert in self.topic.told
            if alert.report.occasion is not Occasion.REMINDER
        ]

    def record(self, rule_id: str, region: str) -> FindingRecord:
        return self.ledger.findings.held[FindingKey(subject_arn=monitoring(region).arn, rule_id=rule_id)]


def test_a_sound_watch_says_and_writes_nothing() -> None:
    box = Box()

    done = box.check()

    assert [each.found for each in done] == [False] * 4
    assert {each.monitoring.region for each in done} == {"eu-west-1", "ap-northeast-2", "us-east-1"}
    assert box.ledger.findings.held == {}


def test_a_region_without_a_trail_is_told_once_and_again_when_it_has_one() -> None:
    box = Box()
    box.trails.held["ap-northeast-2"] = ()

    box.check()
    box.clock.pass_by(hours=1)
    box.check()
    box.trails.held.clear()
    box.clock.pass_by(hours=1)
    box.check()

    assert box.told() == [("MW901", "ap-northeast-2", "open"), ("MW901", "ap-northeast-2", "resolved")]


def test_one_message_names_every_region_when_the_one_trail_stops() -> None:
    box = Box(trails=HeldTrails(everywhere=(replace(trail(), logging=False),)))

    box.check()

    (alert,) = (alert for alert in box.topic.told if alert.record.finding.rule_id == "MW901")
    assert list(alert.report.extent.regions) == ["ap-northeast-2", "eu-west-1", "us-east-1"]
    assert box.record("MW901", "us-east-1").finding.evidence["missing"] == ("iam.amazonaws.com",)


def test_settings_that_are_not_valid_are_told_and_resolved_when_corrected() -> None:
    box = Box()

    box.check(FAULT)
    box.clock.pass_by(minutes=1)
    box.check(FAULT)
    box.clock.pass_by(minutes=1)
    box.check(None)

    assert box.told() == [("MW904", "eu-west-1", "open"), ("MW904", "eu-west-1", "resolved")]


def test_a_finding_of_the_watch_affects_no_pool_and_names_no_verdict() -> None:
    box = Box()

    box.check(FAULT)

    record = box.record("MW904", "eu-west-1")
    assert set(record.lifecycle.affected) == {monitoring("eu-west-1").arn}
    assert record.seen.verdict == "unknown"
    assert record.seen.deciding is None
    assert record.seen.pool_name == ""


def test_a_rule_that_is_off_says_nothing_and_takes_back_what_it_said() -> None:
    box = Box()
    box.check(FAULT)
    box.limits = Limits(rule_modes={"MW904": RuleMode.OFF})
    box.clock.pass_by(minutes=1)

    box.check(FAULT)

    assert box.record("MW904", "eu-west-1").lifecycle.state is FindingState.RESOLVED


def test_the_operators_severity_counts() -> None:
    box = Box(severities={"MW904": Severity.LOW})

    box.check(FAULT)

    assert box.record("MW904", "eu-west-1").finding.severity is Severity.LOW


def test_a_check_that_fails_stops_no_other_and_closes_nothing() -> None:
    box = Box(trails=HeldTrails(everywhere=()))
    box.check()
    box.trails = HeldTrails(everywhere=(trail(),), broken={"eu-west-1"})

    done = box.check()

    failed = {each.monitoring.region: each.error for each in done if each.error is not None}
    assert {region: str(error) for region, error in failed.items()} == {"eu-west-1": "eu-west-1"}
    open_in = {
        record.key.subject_arn.split(":")[3]
        for record in box.ledger.findings.held.values()
        if record.lifecycle.state is FindingState.OPEN
    }
    assert open_in == {"eu-west-1"}


@dataclass
class Part:
    error: Exception | None = None
    ran: int = 0

    def run(self, event: Mapping[str, object], *, log: Log) -> None:
        del event, log
        self.ran += 1
        if self.error is not None:
            raise self.error


def test_every_part_of_a_schedule_runs_and_the_failures_are_raised_at_the_end() -> None:
    parts = (Part(error=LookupError("sweep")), Part(), Part(error=ValueError("self check")))

    with pytest.raises(ExceptionGroup) as raised:
        ScheduledRun(parts=parts).run({}, log=KeptLog())

    assert [part.ran for part in parts] == [1, 1, 1]
    assert [type(error) for error in raised.value.exceptions] == [LookupError, ValueError]
