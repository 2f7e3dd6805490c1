"""Each check of the monitoring stands by itself: one that fails stops no other, and is told if it goes on failing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest

from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.findings.finding import Effect
from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.monitoring.monitoring import BudgetQueue
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.repair.limits import Limits, RuleMode
from mailwarden.inbound.schedule.sweep import ScheduledSelfCheck
from mailwarden.message import verbatim
from tests.fakes.ledger.findings import InMemoryBudgets, InMemoryFindings
from tests.fakes.logs import KeptLog
from tests.fakes.trails import HeldTrails
from tests.texts import english, sentence
from tests.unit.monitoring.test_self_check import FAULT, Box


@dataclass(slots=True, kw_only=True)
class GarbledBudgets(InMemoryBudgets):
    """Budgets whose queue cannot be read."""

    garbled: bool = True

    def waiting(self, account: str, *, now: datetime) -> BudgetQueue | None:
        if self.garbled:
            raise MalformedDocument(verbatim("WAITS#111122223333 / 2026 has no number"))
        return InMemoryBudgets.waiting(self, account, now=now)


@dataclass(slots=True, kw_only=True)
class PartlyDown(InMemoryFindings):
    """Findings of one rule cannot be written."""

    rule_id: str = "MW904"

    def update(
        self, key: FindingKey, change: Callable[[FindingRecord | None], FindingRecord | None]
    ) -> FindingRecord | None:
        if key.rule_id == self.rule_id:
            raise LookupError(self.rule_id)
        return InMemoryFindings.update(self, key, change)


def scheduled(box: Box) -> tuple[list[str], KeptLog]:
    """One full run of the schedule: the errors that it raises, and its log."""
    log = KeptLog()
    try:
        ScheduledSelfCheck(watcher=box.watcher(), fault=FAULT, report_outdated=lambda _: None).run(
            {"sweep": "all"}, log=log
        )
    except ExceptionGroup as failures:
        return [sentence(error) for error in failures.exceptions], log
    return [], log


def checked(log: KeptLog) -> dict[str, str]:
    """What the log says of each check."""
    return {f"{extra['rule']} {extra['region']}": event for event, extra in log.lines}


@pytest.mark.parametrize("failing", ["MW904 eu-west-1", "MW909 eu-west-1", "MW901 us-east-1"])
def test_a_check_that_fails_is_raised_in_the_end_and_every_other_is_made(failing: str) -> None:
    box = Box(trails=HeldTrails(everywhere=()))
    box.trails.broken = {"us-east-1"} if failing == "MW901 us-east-1" else set()
    box.ledger.budgets = GarbledBudgets(garbled=failing == "MW909 eu-west-1")
    box.ledger.findings = PartlyDown(rule_id="MW904" if failing == "MW904 eu-west-1" else "none")

    errors, log = scheduled(box)

    assert len(errors) == 1
    assert checked(log) == {
        "MW904 eu-west-1": "watched",
        "MW909 eu-west-1": "watched",
        "MW901 eu-west-1": "watched",
        "MW901 ap-northeast-2": "watched",
        "MW901 us-east-1": "watched",
    } | {failing: "not watched"}


def test_a_check_that_goes_on_failing_is_told_as_unknown_and_one_that_works_again_ends_it() -> None:
    box = Box()
    budgets = box.ledger.budgets = GarbledBudgets()
    box.watcher().check_budget()
    box.announce()
    at_first = box.told()

    box.clock.pass_by(minutes=16)
    box.watcher().check_budget()
    box.announce()
    record = box.record("MW909", "eu-west-1")
    budgets.garbled = False
    box.clock.pass_by(minutes=1)
    box.watcher().check_budget()
    box.announce()

    assert at_first == []
    assert record.finding.effect is Effect.UNKNOWN
    assert (
        english(record.finding.message)
        == "the monitoring in eu-west-1 could not be checked for repairs-wait-for-budget"
    )
    assert english(record.finding.unknown_reason).startswith(
        "the check failed: MalformedDocument at test_failing_checks.py:"
    )
    assert box.told() == [("MW909", "eu-west-1", "open"), ("MW909", "eu-west-1", "resolved")]


def test_a_check_that_fails_now_and_then_is_told_to_nobody() -> None:
    box = Box()
    budgets = box.ledger.budgets = GarbledBudgets()
    for minute in range(60):
        budgets.garbled = minute % 2 == 0
        box.watcher().check_budget()
        box.announce()
        box.clock.pass_by(minutes=1)

    assert box.told() == []


def test_a_check_of_a_rule_that_is_off_may_fail() -> None:
    box = Box(limits=Limits(rule_modes={"MW909": RuleMode.OFF}))
    box.ledger.budgets = GarbledBudgets()

    done = box.watcher().check_budget()

    assert done.error is not None
    assert box.ledger.findings.held == {}
