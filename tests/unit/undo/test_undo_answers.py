"""The whole answer to an order to undo, and all that it leaves behind: journal, looks, hints and findings.

The clock stands still, so that every time is known.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.changes import ReplaceEmailConfiguration
from mailwarden.domain.known_good.origin import chosen
from mailwarden.domain.mail_path.look_record import UndoneRepair
from mailwarden.domain.operator.undo import (
    UndoCarriedOut,
    UndoPlanned,
    UndoRefused,
    UnjudgedPool,
)
from mailwarden.domain.readings import Missing, PoolReading
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.repair.change_documents import change_digest
from mailwarden.domain.repair.decision import left_alone
from mailwarden.domain.repair.journal import (
    OPERATOR,
    Entry,
    Intention,
    Overtaken,
    Refused,
    Unconfirmed,
    WriteResult,
    Written,
)
from mailwarden.domain.repair.undone_repairs import state_digest
from mailwarden.message import message, verbatim
from tests.unit.decisions.repairs import OPENED, OREGON, seoul
from tests.unit.operator.repaired import MOVED, PARIS, granted, moved
from tests.unit.service.standing import Answers
from tests.unit.undo.standing import (
    DENIED,
    SOON,
    WINDOW,
    A,
    B,
    ReadSoFar,
    entry_of,
    foreseen,
    judged,
    ordered,
    removal,
    still,
    undo,
    undone_at,
    waiting,
)


def test_a_dry_run_foresees_each_pool() -> None:
    mailwarden, entry, _ = still(*granted("A", "B", "C"))
    change = removal(mailwarden, A, B, seoul("C").ref)
    mailwarden.pools.held[B] = DENIED
    mailwarden.pools.held[seoul("C").ref] = Missing(arn=seoul("C").ref.arn)
    now = judged(mailwarden, A)

    answer = undo(mailwarden, entry.intention.entry_id, confirm=False)

    mailwarden.hold(OPENED)
    pools = (
        foreseen(A, now, judged(mailwarden, A)),
        UnjudgedPool(pool=B, refusal=DENIED),
        UnjudgedPool(pool=seoul("C").ref, refusal=None),
    )
    assert answer == UndoPlanned(entry=entry, change=change, foreseen=pools)


@pytest.mark.parametrize("reason", ["", "not wanted"])
def test_a_grant_is_undone_with_all_that_follows(reason: str) -> None:
    mailwarden, entry, at = still(*granted("A", "B"))
    change, now = removal(mailwarden, A, B), [judged(mailwarden, pool) for pool in (A, B)]
    undo_id, cause = f"entry-{at.isoformat()}", ordered(at)

    answer = undo(mailwarden, entry.intention.entry_id, reason=reason)

    after = [judged(mailwarden, pool) for pool in (A, B)]
    assert answer == UndoCarriedOut(
        entry=entry,
        change=change,
        undo_id=undo_id,
        outcome=Written(entry_id=undo_id),
        foreseen=tuple(foreseen(pool, *each) for pool, *each in zip((A, B), now, after, strict=True)),
    )
    title = message("order.undo-without-reason", title=entry.intention.title)
    back = Intention(
        entry_id=undo_id,
        at=at,
        findings=(FindingKey(subject_arn=OREGON.arn, rule_id=OPERATOR),),
        pools=(A, B),
        title=message("order.undo", title=entry.intention.title, reason=reason) if reason else title,
        change=change,
        change_digest=change_digest(change),
        cause=cause,
        undoes=entry.intention.entry_id,
    )
    assert entry_of(mailwarden, undo_id) == Entry(intention=back, outcome=Written(entry_id=undo_id), concluded_at=at)
    assert waiting(mailwarden) == {}
    for pool in (A, B):
        noted = UndoneRepair(
            undo_id=undo_id,
            at=at,
            resource=OREGON.arn,
            rules=("MW401",),
            state=state_digest(judged(mailwarden, pool).judgment.path),
        )
        assert undone_at(mailwarden, pool) == (noted,)
        record = mailwarden.finding("MW401", pool.arn)
        assert (record.write.reason, record.seen.cause) == (left_alone(undo_id, at), cause)


@pytest.mark.parametrize("confirm", [True, False])
def test_a_configuration_is_undone_as_the_choice_of_a_sender(*, confirm: bool) -> None:
    mailwarden, entry, at = still(*moved())
    mailwarden.identities.held[PARIS.ref] = Missing(arn=PARIS.ref.arn)
    written = entry.intention.change
    assert isinstance(written, ReplaceEmailConfiguration)
    change = ReplaceEmailConfiguration(pool=MOVED.ref, before=written.after, after=written.before)
    undo_id, choice, now = f"entry-{at.isoformat()}", chosen(ordered(at), MOVED.email), judged(mailwarden, MOVED.ref)

    answer = undo(mailwarden, entry.intention.entry_id, confirm=confirm)

    mailwarden.hold(MOVED)
    after = judged(mailwarden, MOVED.ref, choice)
    if not confirm:
        assert answer == UndoPlanned(entry=entry, change=change, foreseen=(foreseen(MOVED.ref, now, after),))
        return
    assert answer == UndoCarriedOut(
        entry=entry,
        change=change,
        undo_id=undo_id,
        outcome=Written(entry_id=undo_id),
        foreseen=(foreseen(MOVED.ref, now, after),),
    )
    assert entry_of(mailwarden, undo_id).intention.cause == choice
    look = mailwarden.ledger.looks.last(MOVED.ref)
    assert look is not None
    assert look.looked_at == at


def test_a_configuration_without_which_mail_is_worse_off_stays() -> None:
    mailwarden, entry, at = still(*moved())
    written = entry.intention.change
    assert isinstance(written, ReplaceEmailConfiguration)
    change = ReplaceEmailConfiguration(pool=MOVED.ref, before=written.after, after=written.before)
    now = judged(mailwarden, MOVED.ref)

    answer = undo(mailwarden, entry.intention.entry_id)

    assert isinstance(answer, UndoRefused)
    mailwarden.hold(MOVED)
    after = judged(mailwarden, MOVED.ref, chosen(ordered(at), MOVED.email))
    assert answer == UndoRefused(
        reason=message("undo.worse", now=message("verdict.yes"), after=message("verdict.no")),
        entry=entry,
        change=change,
        foreseen=(foreseen(MOVED.ref, now, after),),
    )


def test_a_configuration_whose_pool_cannot_be_judged_stays() -> None:
    """It can be read when the undo is computed, and not a moment later."""
    mailwarden, entry, _ = still(*moved())
    written = entry.intention.change
    assert isinstance(written, ReplaceEmailConfiguration)
    mailwarden.pools = ReadSoFar(held=mailwarden.pools.held, often=1)

    answer = undo(mailwarden, entry.intention.entry_id)

    assert answer == UndoRefused(
        reason=message("undo.not-judged", pool=MOVED.ref.arn),
        entry=entry,
        change=ReplaceEmailConfiguration(pool=MOVED.ref, before=written.after, after=written.before),
        foreseen=(UnjudgedPool(pool=MOVED.ref, refusal=DENIED),),
    )


@pytest.mark.parametrize(
    ("result", "is_noted", "is_concluded"),
    [
        (Refused(reason=verbatim("denied")), False, True),
        (Overtaken(reason=verbatim("another's")), True, True),
        (Unconfirmed(reason=verbatim("not visible"), window=WINDOW), True, False),
    ],
    ids=lambda result: type(result).__name__,
)
def test_what_was_not_written_is_answered_and_looked_at_only_if_it_may_have_been(
    result: WriteResult, *, is_noted: bool, is_concluded: bool
) -> None:
    mailwarden, entry, at = still(*granted("A", "B"))
    mailwarden.writer = Answers(mailwarden=mailwarden, result=result)
    change = removal(mailwarden, A, B)

    answer = undo(mailwarden, entry.intention.entry_id)

    assert isinstance(answer, UndoCarriedOut)
    assert answer == UndoCarriedOut(
        entry=entry, change=change, undo_id=f"entry-{at.isoformat()}", outcome=result, foreseen=answer.foreseen
    )
    note = UndoneRepair(undo_id=answer.undo_id, at=at, resource=OREGON.arn, rules=("MW401",), confirmed=False)
    assert [undone_at(mailwarden, pool) for pool in (A, B)] == [(note,) if is_noted else ()] * 2
    looks = dict.fromkeys((A, B), ((ordered(at),), SOON))
    assert waiting(mailwarden) == (looks if is_noted else {})
    assert entry_of(mailwarden, answer.undo_id).concluded_at == (at if is_concluded else None)


def test_an_earlier_note_about_the_same_resource_gives_way_and_others_stay() -> None:
    mailwarden, entry, at = still(*granted("A"))
    other = UndoneRepair(undo_id="u-0", at=at - timedelta(seconds=1), resource="another", rules=("MW201",))
    look = mailwarden.ledger.looks.held[A]
    earlier = (replace(other, undo_id="u-1", resource=OREGON.arn), other)
    mailwarden.ledger.looks.held[A] = replace(look, undone=earlier)
    mailwarden.writer = Answers(mailwarden=mailwarden, result=Overtaken(reason=verbatim("another's")))

    undo(mailwarden, entry.intention.entry_id)

    assert [each.undo_id for each in undone_at(mailwarden, A)] == ["u-0", f"entry-{at.isoformat()}"]


def test_a_note_that_is_taken_back_takes_no_other_along() -> None:
    mailwarden, entry, at = still(*granted("A"))
    other = UndoneRepair(undo_id="u-0", at=at - timedelta(seconds=1), resource="another", rules=("MW201",))
    mailwarden.ledger.looks.held[A] = replace(mailwarden.ledger.looks.held[A], undone=(other,))
    mailwarden.answer = Refused(reason=verbatim("denied"))

    undo(mailwarden, entry.intention.entry_id)

    assert undone_at(mailwarden, A) == (other,)


def test_of_many_pools_ten_are_looked_at_and_the_others_wait_for_their_looks() -> None:
    names = tuple("ABCDEFGHIJKL")
    mailwarden, entry, at = still(*granted(*names))

    undo(mailwarden, entry.intention.entry_id)

    last = {seoul(name).ref: ((ordered(at),), timedelta(0)) for name in "KL"}
    assert waiting(mailwarden) == last
    states = {name: undone_at(mailwarden, seoul(name).ref)[0].state is not None for name in names}
    assert states == {name: name not in "KL" for name in names}


@pytest.mark.parametrize("refusal", [DENIED, Missing(arn=A.arn)], ids=["denied", "gone"])
def test_a_pool_that_cannot_be_read_after_its_undo_is_looked_at_soon(refusal: PoolReading) -> None:
    mailwarden, entry, at = still(*granted("A"))
    # Now, afterwards, and for the note.
    mailwarden.pools = ReadSoFar(held=mailwarden.pools.held, often=3, refusal=refusal)

    answer = undo(mailwarden, entry.intention.entry_id)

    assert isinstance(answer, UndoCarriedOut)
    assert waiting(mailwarden) == {A: ((ordered(at),), SOON)}
