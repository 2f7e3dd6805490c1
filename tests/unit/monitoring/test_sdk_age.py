"""The number of regions whose pools the deployed SDK does not know whole: what the alarm counts, each minute."""

from dataclasses import dataclass, field, replace

import pytest

from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.readings import Pool
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.repair.limits import Limits
from mailwarden.inbound.schedule.sweep import ScheduledSelfCheck
from mailwarden.rules import BUDGET_RULE, REGIONS_RULE, SDK_RULE, SETTINGS_RULE, TRAIL_RULE
from mailwarden.service.monitoring.self_check import SelfCheck
from tests.builders import pool, pool_ref
from tests.fakes.deployment import Deployment, hint
from tests.fakes.ledger.findings import InMemoryFindings
from tests.fakes.logs import KeptLog
from tests.fakes.pool_counts import HeldPoolCounts
from tests.fakes.trails import HeldTrails
from tests.texts import sentence
from tests.unit.monitoring.trails import monitoring, trail

HOME, ELSEWHERE, NO_LONGER_WATCHED = "eu-west-1", "ap-northeast-2", "us-west-2"
NEW_MEMBER = ("UserPool.LoginRhythm",)


def newer(region: str, pool_id: str = "NewMember") -> Pool:
    return replace(pool(region), ref=pool_ref(region, pool_id=f"{region}_{pool_id}"), unknown_members=NEW_MEMBER)


@dataclass
class Stack:
    """A deployment, and the number that its self check reports."""

    mailwarden: Deployment = field(
        default_factory=lambda: Deployment(watched_regions=(HOME, ELSEWHERE, NO_LONGER_WATCHED))
    )
    log: KeptLog = field(default_factory=KeptLog)
    findings: InMemoryFindings | None = None

    def look(self, *pools: Pool) -> None:
        self.mailwarden.clock.pass_by(hours=1)
        for each in pools:
            self.mailwarden.hold(each)
            self.mailwarden.inspect(replace(hint(each), cause=None))

    def reported(self) -> list[int]:
        told: list[int] = []
        watcher = SelfCheck(
            home=monitoring(HOME),
            watched_regions=(HOME, ELSEWHERE),
            trails=HeldTrails(everywhere=(trail(),)),
            findings=self.findings or self.mailwarden.ledger.findings,
            trail_rule=TRAIL_RULE,
            settings_rule=SETTINGS_RULE,
            budget_rule=BUDGET_RULE,
            sdk_rule=SDK_RULE,
            regions_rule=REGIONS_RULE,
            pool_counts=HeldPoolCounts(),
            budgets=self.mailwarden.ledger.budgets,
            limits=Limits(),
            clock=self.mailwarden.clock,
        )
        ScheduledSelfCheck(watcher=watcher, fault=None, report_outdated=told.append).run({}, log=self.log)
        return told


def test_an_account_whose_pools_the_sdk_knows_reports_none_each_minute() -> None:
    stack = Stack()
    stack.look(pool(HOME))

    assert (stack.reported(), stack.reported()) == ([0], [0])


def test_a_region_counts_once_however_many_of_its_pools_have_new_members() -> None:
    stack = Stack()
    stack.look(newer(HOME), newer(HOME, "Another"))

    assert stack.reported() == [1]


def test_every_watched_region_counts_and_no_other() -> None:
    stack = Stack()
    stack.look(newer(HOME), newer(ELSEWHERE), newer(NO_LONGER_WATCHED))

    assert stack.reported() == [2]


def test_a_newer_sdk_that_knows_every_member_ends_it() -> None:
    stack = Stack()
    stack.look(newer(HOME))
    before = stack.reported()

    stack.look(replace(newer(HOME), unknown_members=()))

    assert (before, stack.reported()) == ([1], [0])


@dataclass(slots=True, kw_only=True)
class CorruptFindings(InMemoryFindings):
    """Findings of which those about the SDK cannot be read."""

    def read(self, key: FindingKey) -> FindingRecord | None:
        if key.rule_id == SDK_RULE.rule_id:
            raise ValueError("corrupt")
        return self.held.get(key)


def test_a_count_that_fails_reports_nothing_and_fails_the_run() -> None:
    stack = Stack(findings=CorruptFindings())

    with pytest.raises(ExceptionGroup) as raised:
        stack.reported()

    assert [sentence(error) for error in raised.value.exceptions] == ["corrupt"]
    assert ("the age of the SDK is unknown", {"reason": "ValueError('corrupt')"}) in stack.log.lines
