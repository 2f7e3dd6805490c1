"""An undo that may have taken effect, or that could not look at a pool: what it took away is not given back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from mailwarden.domain.findings.changes import WrittenChange
from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling
from mailwarden.domain.mail_path.look_record import LookRecord, UndoneRepair
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.operator.undo import UndoAnswer, UndoCarriedOut, UndoOrder, UndoRefused
from mailwarden.domain.readings import Pool, PoolReading, Unreadable
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import Overtaken, Refused, SideEffect, Unconfirmed, WriteResult
from mailwarden.domain.repair.write_window import WriteWindow
from mailwarden.message import verbatim
from mailwarden.rules.judging import Judgment
from mailwarden.service.findings.finding_recorder import (
    FindingRecorder,
    HandledFinding,
    LedgerContention,
    UnstoredFindings,
)
from mailwarden.service.inspection.inspect import PoolNotReadable
from tests.builders import NOON, HeldPools, unread
from tests.fakes.deployment import Deployment, hint
from tests.fakes.ledger.looks import InMemoryLooks
from tests.fakes.undoing import undoing
from tests.unit.decisions.repairs import OREGON, seoul
from tests.unit.operator.repaired import granted, live_policies, undo

DENIED = unread("cognito-idp:DescribeUserPool")
THROTTLED = replace(DENIED, transient=True)
WINDOW = WriteWindow(resource=OREGON.arn, compared_at=NOON, written_at=NOON)


@dataclass(slots=True, kw_only=True)
class TellsOtherwise:
    """A writer that writes, and says something else."""

    mailwarden: Deployment
    result: WriteResult

    def write(self, change: WrittenChange, *, entry_id: str) -> WriteResult:
        self.mailwarden.held_writer().write(change, entry_id=entry_id)
        return self.result


def looked_at_later(mailwarden: Deployment, *pools: Pool) -> None:
    """Every look that waits, and looks at the pools minutes and hours later."""
    for minutes in (1, 5, 120):
        mailwarden.clock.pass_by(minutes=minutes)
        mailwarden.settle_down(*mailwarden.hints.take_all(), *(hint(each, event_id=f"e-{minutes}") for each in pools))


@pytest.mark.parametrize(
    "result",
    [
        SideEffect(reason=verbatim("more changed")),
        Overtaken(reason=verbatim("another's")),
        Unconfirmed(reason=verbatim("not visible"), window=WINDOW),
    ],
    ids=lambda result: type(result).__name__,
)
def test_what_an_undo_may_have_taken_away_is_left_alone(result: WriteResult) -> None:
    mailwarden, entry_id = granted("A")
    mailwarden.hints.take_all()
    mailwarden.writer = TellsOtherwise(mailwarden=mailwarden, result=result)

    answer = undo(mailwarden, entry_id)

    assert isinstance(answer, UndoCarriedOut)
    assert answer.outcome == result
    assert [each.hint.pool for each in mailwarden.hints.waiting if hasattr(each.hint, "pool")] == [seoul("A").ref]
    mailwarden.writer = None
    looked_at_later(mailwarden, seoul("A"))
    assert live_policies(mailwarden) == {}
    record = mailwarden.finding("MW401", seoul("A").ref.arn)
    assert (record.lifecycle.state, record.write.handling) == (FindingState.OPEN, Handling.WITHHELD)
    assert record.write.reason is not None
    assert record.write.reason.id == "decision.undone"


@pytest.mark.parametrize("known", [True, False], ids=["looked at before", "never looked at"])
def test_a_pool_that_cannot_be_read_during_its_undo_is_left_alone_afterwards(known: bool) -> None:
    mailwarden, entry_id = granted("A", "B")
    if not known:
        del mailwarden.ledger.looks.held[seoul("A").ref]
    mailwarden.pools.held[seoul("A").ref] = DENIED

    undo(mailwarden, entry_id)

    look = mailwarden.ledger.looks.last(seoul("A").ref)
    assert look is not None
    assert look.answer is Answer.UNKNOWN
    mailwarden.hints.take_all()
    mailwarden.clock.pass_by(hours=1)
    with pytest.raises(PoolNotReadable):
        mailwarden.inspect(hint(seoul("A"), event_id="e-2"))
    mailwarden.hold(seoul("A"))
    looked_at_later(mailwarden, seoul("A"), seoul("B"))
    assert live_policies(mailwarden) == {}
    for name in "AB":
        reason = mailwarden.finding("MW401", seoul(name).ref.arn).write.reason
        assert reason is not None
        assert reason.id == "decision.undone", name


@dataclass(slots=True, kw_only=True)
class CrowdedLooks(InMemoryLooks):
    """Looks of which a newer one comes between a read and the write that follows from it, so many times."""

    newer: Callable[[LookRecord], LookRecord]
    times: int

    def replace(self, last: LookRecord | None, look: LookRecord) -> bool:
        if self.times and last is not None:
            self.times -= 1
            InMemoryLooks.put(self, self.newer(last))
        return InMemoryLooks.replace(self, last, look)


def renamed(last: LookRecord) -> LookRecord:
    return replace(last, pool_name="renamed", looked_at=last.looked_at + timedelta(microseconds=1))


def test_a_look_that_comes_between_loses_nothing_to_one_that_could_not_read() -> None:
    mailwarden, entry_id = granted("A")
    held = mailwarden.ledger.looks.held
    crowded = CrowdedLooks(held=held, newer=renamed, times=2)
    mailwarden.ledger.looks = crowded
    mailwarden.pools.held[seoul("A").ref] = DENIED

    undo(mailwarden, entry_id)

    look = mailwarden.ledger.looks.last(seoul("A").ref)
    assert look is not None
    assert (look.pool_name, crowded.times) == ("renamed", 0)
    assert [each.resource for each in look.undone] == [OREGON.arn]


@dataclass(slots=True, kw_only=True)
class ThrottledAfter(HeldPools):
    """Pools of which one is throttled from its first look of an undo on."""

    which: PoolRef
    refusal: Unreadable
    reads: int = field(default=0)

    def read(self, pool: PoolRef) -> PoolReading:
        self.reads += pool == self.which
        # The judgment now and the judgment afterwards come before.
        return self.refusal if pool == self.which and self.reads > 2 else HeldPools.read(self, pool)


def test_an_undo_that_is_not_written_because_a_pool_is_busy_takes_its_word_back_at_the_others() -> None:
    mailwarden, entry_id = granted("A", "B")
    mailwarden.pools = ThrottledAfter(held=mailwarden.pools.held, which=seoul("B").ref, refusal=THROTTLED)

    answer = undo(mailwarden, entry_id)

    assert isinstance(answer, UndoRefused)
    assert answer.reason.id == "undo.pools-busy"
    assert [look.undone for look in mailwarden.ledger.looks.held.values()] == [(), ()]


TROUBLES = (LedgerContention("look"), UnstoredFindings(seoul("A").ref, [OSError("too large")], {}))


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingRecorder(FindingRecorder):
    """Records the looks at one pool, and fails nevertheless, as where a finding is not stored after its look."""

    which: PoolRef
    error: Exception
    fails: Callable[[], bool]

    def record(
        self,
        judgment: Judgment,
        handlings: tuple[HandledFinding, ...],
        *,
        cause: Cause | None,
        at: datetime,
        remember: Callable[[tuple[UndoneRepair, ...]], tuple[UndoneRepair, ...]] = tuple,
    ) -> Mapping[FindingKey, FindingRecord] | None:
        kept = FindingRecorder.record(self, judgment, handlings, cause=cause, at=at, remember=remember)
        if judgment.path.pool.ref == self.which and self.fails():
            raise self.error
        return kept


def undo_with_trouble(
    mailwarden: Deployment, entry_id: str, name: str, error: Exception, *, fails: Callable[[], bool]
) -> UndoAnswer:
    """An undo whose looks at one pool are not stored whole."""
    recorder = FailingRecorder(
        findings=mailwarden.ledger.findings,
        looks=mailwarden.ledger.looks,
        known_pools=mailwarden.ledger.known_pools,
        shadow_cases=mailwarden.ledger.shadow_cases,
        email_records=mailwarden.ledger.email_records,
        which=seoul(name).ref,
        error=error,
        fails=fails,
    )
    service = undoing(mailwarden)
    order = UndoOrder(entry_id=entry_id, by="operator:alice", reason="", confirm=True)
    return replace(service, reviewer=replace(service.reviewer, recorder=recorder)).undo(order, request_id="r-1")


@pytest.mark.parametrize("error", TROUBLES, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("name", ["A", "B", "C"])
def test_a_note_that_the_ledger_does_not_take_is_an_answer_and_leaves_no_note(name: str, error: Exception) -> None:
    mailwarden, entry_id = granted("A", "B", "C")
    before = live_policies(mailwarden)

    answer = undo_with_trouble(mailwarden, entry_id, name, error, fails=lambda: True)

    assert isinstance(answer, UndoRefused)
    assert answer.reason.id == "undo.pools-busy"
    assert live_policies(mailwarden) == before
    assert list(mailwarden.journal.intentions) == [entry_id]
    assert [look.undone for look in mailwarden.ledger.looks.held.values()] == [(), (), ()]
    assert isinstance(undo(mailwarden, entry_id), UndoCarriedOut)


@pytest.mark.parametrize("error", TROUBLES, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("name", ["A", "B"])
def test_an_undo_that_is_done_is_answered_although_the_look_after_it_is_not_stored(name: str, error: Exception) -> None:
    mailwarden, entry_id = granted("A", "B")

    answer = undo_with_trouble(mailwarden, entry_id, name, error, fails=lambda: live_policies(mailwarden) == {})

    assert isinstance(answer, UndoCarriedOut)
    assert seoul(name).ref in {each.hint.pool for each in mailwarden.hints.waiting if isinstance(each.hint, PoolHint)}
    looked_at_later(mailwarden, seoul("A"), seoul("B"))
    assert live_policies(mailwarden) == {}


def test_a_pool_that_is_busy_after_a_refused_undo_does_not_hide_that_it_was_refused() -> None:
    mailwarden, entry_id = granted("A", "B")
    refused = Refused(reason=verbatim("denied"))

    @dataclass(slots=True, kw_only=True)
    class Refusing:
        def write(self, change: WrittenChange, *, entry_id: str) -> WriteResult:  # noqa: ARG002 - whatever it is
            mailwarden.pools.held[seoul("A").ref] = THROTTLED
            return refused

    mailwarden.writer = Refusing()

    answer = undo(mailwarden, entry_id)

    assert isinstance(answer, UndoCarriedOut)
    assert answer.outcome == refused
    assert mailwarden.ledger.looks.held[seoul("B").ref].undone == ()
    mailwarden.hold(seoul("A"))
    mailwarden.clock.pass_by(minutes=3)
    mailwarden.inspect(hint(seoul("A"), event_id="e-2"))
    assert mailwarden.ledger.looks.held[seoul("A").ref].undone == ()
