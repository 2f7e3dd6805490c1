"""What becomes of the note of an undo whose process ended: the journal decides, after two minutes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.mail_path.look_record import UndoneRepair
from mailwarden.domain.repair.change_documents import change_digest
from mailwarden.domain.repair.journal import Intention, NotWritten, Overtaken, Refused, WriteOutcome, Written
from mailwarden.domain.repair.undone_repairs import is_doubtful
from mailwarden.message import message, verbatim
from tests.builders import NOON
from tests.fakes.deployment import Deployment, hint
from tests.fakes.order_running import undo_notes_of
from tests.unit.decisions.repairs import OPENED, OREGON, deployed, seoul
from tests.unit.decisions.test_undo import GRANT

POOL = seoul("A")
NOTE = UndoneRepair(undo_id="e-2", at=NOON, resource=OREGON.arn, rules=("MW401",), confirmed=False)
SETTLED = replace(NOTE, confirmed=True)
WHY = message("repair.over")
OUTCOMES: dict[str, tuple[WriteOutcome | None, tuple[UndoneRepair, ...]]] = {
    "written": (Written(entry_id="e-2"), (SETTLED,)),
    "overtaken": (Overtaken(reason=WHY), (SETTLED,)),
    "not written": (NotWritten(reason=WHY), ()),
    "refused": (Refused(reason=WHY), ()),
    "open": (None, (NOTE,)),
}


def noted(note: UndoneRepair) -> Deployment:
    mailwarden = deployed(POOL, OPENED)
    mailwarden.inspect(hint(POOL))
    mailwarden.repairs.take_all()
    mailwarden.ledger.waiting_orders.begin(OREGON.arn)
    looks = mailwarden.ledger.looks
    last = looks.last(POOL.ref)
    assert last is not None
    assert looks.replace(last, replace(last, undone=(note,)))
    return mailwarden


def notes(mailwarden: Deployment) -> tuple[UndoneRepair, ...]:
    last = mailwarden.ledger.looks.last(POOL.ref)
    return () if last is None else last.undone


def intend(mailwarden: Deployment) -> None:
    mailwarden.journal.intend(
        Intention(
            entry_id="e-2",
            at=NOON,
            findings=(),
            pools=(POOL.ref,),
            title=verbatim("undo"),
            change=GRANT,
            change_digest=change_digest(GRANT),
            cause=None,
            undoes="e-1",
        )
    )


@pytest.mark.parametrize("name", OUTCOMES)
def test_the_journal_confirms_or_removes_a_doubtful_note(name: str) -> None:
    outcome, expected = OUTCOMES[name]
    mailwarden = noted(NOTE)
    intend(mailwarden)
    if outcome is not None:
        mailwarden.journal.conclude("e-2", outcome, at=NOON)
    mailwarden.clock.at = NOON + timedelta(minutes=2)

    undo_notes_of(mailwarden).settle([POOL.ref, seoul("unknown").ref])

    assert notes(mailwarden) == expected


def test_a_note_without_an_entry_is_removed_once_its_process_must_have_ended() -> None:
    mailwarden = noted(NOTE)
    mailwarden.clock.at = NOON + timedelta(minutes=1)
    undo_notes_of(mailwarden).settle([POOL.ref])
    assert notes(mailwarden) == (NOTE,)

    mailwarden.clock.at = NOON + timedelta(minutes=2)
    undo_notes_of(mailwarden).settle([POOL.ref])
    assert notes(mailwarden) == ()


def test_a_confirmed_note_is_never_doubtful_and_no_journal_is_asked() -> None:
    mailwarden = noted(NOTE)
    undo_notes_of(mailwarden).confirm([POOL.ref, seoul("unknown").ref], "e-1")
    assert notes(mailwarden) == (NOTE,)

    undo_notes_of(mailwarden).confirm([POOL.ref], "e-2")
    mailwarden.clock.at = NOON + timedelta(days=1)
    undo_notes_of(mailwarden).settle([POOL.ref])

    assert notes(mailwarden) == (SETTLED,)
    assert not is_doubtful(SETTLED, NOON + timedelta(days=1))


def test_a_look_that_meets_a_doubtful_note_orders_its_conclusion_once() -> None:
    """Also where nothing would be repaired: the entry may be open."""
    mailwarden = noted(NOTE)
    mailwarden.hold(replace(POOL, tags={"mailwarden": "report"}))
    mailwarden.clock.at = NOON + timedelta(minutes=1)
    mailwarden.inspect(hint(POOL))
    early = mailwarden.repairs.take_all()

    mailwarden.clock.at = NOON + timedelta(minutes=3)
    mailwarden.inspect(hint(POOL))
    mailwarden.inspect(hint(POOL))

    assert early == []
    assert [(order.resource, order.rule_id) for order in mailwarden.repairs.take_all()] == [(OREGON.arn, "MW401")]
