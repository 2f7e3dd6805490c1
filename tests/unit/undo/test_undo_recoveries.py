"""Orders to undo that meet what an earlier process left open, or that cannot be carried out: the whole answers."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.changes import Change, GrantSending, RemoveSuppression
from mailwarden.domain.mail_path.look_record import UndoneRepair
from mailwarden.domain.operator.undo import (
    UndoCarriedOut,
    UndoRefused,
)
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.repair.change_documents import change_digest
from mailwarden.domain.repair.decision import left_alone
from mailwarden.domain.repair.journal import (
    OPERATOR,
    Entry,
    Intention,
    NotWritten,
    Written,
)
from mailwarden.domain.repair.undone_repairs import state_digest
from mailwarden.message import message, verbatim
from tests.builders import unread
from tests.fakes.deployment import Deployment
from tests.fakes.journal import InMemoryJournal
from tests.unit.decisions.repairs import OPENED, OREGON
from tests.unit.operator.repaired import granted
from tests.unit.undo.standing import THROTTLED, A, B, judged, ordered, removal, still, undo, undone_at, waiting


def open_entry(mailwarden: Deployment, intention: Intention) -> None:
    """An earlier process stored this intention, wrote, and died."""
    mailwarden.journal.intend(intention)
    mailwarden.ledger.resource_leases.open_entries[intention.resource] = intention.entry_id
    assert not isinstance(intention.change, RemoveSuppression)
    mailwarden.held_writer().write(intention.change, entry_id=intention.entry_id)


def earlier_undo(mailwarden: Deployment, entry: Entry) -> Intention:
    """An order to undo that was given half an hour before."""
    at = mailwarden.clock.at - timedelta(minutes=30)
    change = removal(mailwarden, *entry.intention.pools)
    return Intention(
        entry_id="earlier",
        at=at,
        findings=(FindingKey(subject_arn=OREGON.arn, rule_id=OPERATOR),),
        pools=entry.intention.pools,
        title=verbatim("Undo"),
        change=change,
        change_digest=change_digest(change),
        cause=replace(ordered(at), event_id="r-0"),
        undoes=entry.intention.entry_id,
    )


def test_an_undo_that_died_after_its_write_is_finished_by_the_order_that_is_given_again() -> None:
    mailwarden, entry, _ = still(*granted("A", "B"))
    earlier = earlier_undo(mailwarden, entry)
    open_entry(mailwarden, earlier)
    note = UndoneRepair(undo_id="earlier", at=earlier.at, resource=OREGON.arn, rules=("MW401",))
    for pool in (A, B):
        mailwarden.ledger.looks.held[pool] = replace(mailwarden.ledger.looks.held[pool], undone=(note,))

    answer = undo(mailwarden, entry.intention.entry_id)

    undone = replace(entry, undone_by="earlier")
    assert answer == UndoCarriedOut(
        entry=undone,
        change=removal_in(earlier),
        undo_id="earlier",
        outcome=Written(entry_id="earlier"),
        found_later=True,
    )
    assert waiting(mailwarden) == {}
    for pool in (A, B):
        state = state_digest(judged(mailwarden, pool).judgment.path)
        assert undone_at(mailwarden, pool) == (replace(note, state=state),)
        record = mailwarden.finding("MW401", pool.arn)
        assert (record.write.reason, record.write.undo_id) == (left_alone("earlier", earlier.at), None)
        assert record.seen.cause == earlier.cause
    again = undo(mailwarden, entry.intention.entry_id)
    assert again == UndoRefused(reason=message("undo.already", entry_id="earlier"), entry=undone)


def removal_in(intention: Intention) -> Change:
    assert isinstance(intention.change, GrantSending)
    return intention.change


def test_the_write_of_another_process_that_died_is_concluded_and_its_pools_looked_at() -> None:
    mailwarden, entry, _ = still(*granted("A"))
    lost = replace(earlier_undo(mailwarden, entry), undoes=None, entry_id="lost")
    open_entry(mailwarden, lost)

    answer = undo(mailwarden, entry.intention.entry_id)

    assert answer == UndoRefused(reason=message("undo.nothing-left"), entry=entry)
    assert waiting(mailwarden) == {A: ((lost.cause,), timedelta(0))}


def test_an_entry_that_was_not_written_has_no_undo_as_soon_as_it_is_concluded() -> None:
    mailwarden, entry, at = still(*granted("A"))
    mailwarden.identities.held[OREGON] = OPENED
    del mailwarden.journal.outcomes[entry.intention.entry_id]
    mailwarden.ledger.resource_leases.open_entries[OREGON.arn] = entry.intention.entry_id

    answers = [undo(mailwarden, entry.intention.entry_id, confirm=confirm) for confirm in (False, True)]

    outcome = NotWritten(reason=message("recovery.not-written"))
    concluded = replace(entry, outcome=outcome, concluded_at=at)
    assert answers == [
        UndoRefused(reason=message("undo.open"), entry=replace(entry, outcome=None, concluded_at=None)),
        UndoRefused(reason=message("undo.not-written", reason=outcome.reason), entry=concluded),
    ]


def test_an_entry_that_the_journal_forgets_meanwhile_is_an_answer() -> None:
    mailwarden, entry, _ = still(*granted("A"))

    @dataclass(slots=True, kw_only=True)
    class Forgets(InMemoryJournal):
        def entry(self, entry_id: str) -> Entry | None:
            found = InMemoryJournal.entry(self, entry_id)
            self.intentions.clear()
            return found

    mailwarden.journal = Forgets(intentions=mailwarden.journal.intentions, outcomes=mailwarden.journal.outcomes)

    answer = undo(mailwarden, entry.intention.entry_id)

    assert answer == UndoRefused(reason=message("undo.unknown-entry"))


def test_an_entry_that_cannot_be_concluded_yet_is_an_answer() -> None:
    mailwarden, entry, _ = still(*granted("A"))
    open_entry(mailwarden, earlier_undo(mailwarden, entry))
    mailwarden.identities.held[OREGON] = unread("ses:GetEmailIdentity")

    answer = undo(mailwarden, entry.intention.entry_id)

    assert answer == UndoRefused(reason=message("undo.not-concluded"), entry=entry)


@pytest.mark.parametrize("confirm", [True, False])
def test_an_unknown_entry_is_an_answer(*, confirm: bool) -> None:
    assert undo(Deployment(), "e-0", confirm=confirm) == UndoRefused(reason=message("undo.unknown-entry"))


def test_a_pool_that_is_throttled_is_an_answer() -> None:
    mailwarden, entry, _ = still(*granted("A"))
    mailwarden.pools.held[A] = THROTTLED

    answer = undo(mailwarden, entry.intention.entry_id)

    assert answer == UndoRefused(reason=message("undo.pools-busy"), entry=entry)
    assert undone_at(mailwarden, A) == ()
