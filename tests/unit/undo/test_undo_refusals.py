"""What keeps an undo from being written, and that it leaves nothing behind."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from mailwarden.domain.operator.undo import (
    UndoCarriedOut,
    UndoRefused,
)
from mailwarden.domain.repair.journal import (
    Drifted,
    NotWritten,
    Refused,
    Unconfirmed,
    WriteResult,
)
from mailwarden.domain.repair.write_window import WriteWindow
from mailwarden.message import message, verbatim
from mailwarden.service.repair.write_protocol import LONGEST_WRITE
from tests.builders import NOON, unread
from tests.fakes.deployment import Deployment, hint
from tests.unit.decisions.repairs import OPENED, OREGON, seoul
from tests.unit.operator.repaired import granted, live_policies, undo


def too_old(mailwarden: Deployment, entry_id: str) -> None:
    assert entry_id
    mailwarden.clock.pass_by(days=31)


def edited(mailwarden: Deployment, entry_id: str) -> None:
    assert entry_id
    texts = {name: text.replace("Allow", "Deny") for name, text in live_policies(mailwarden).items()}
    mailwarden.hold(replace(OPENED, policies=texts))


def taken_away(mailwarden: Deployment, entry_id: str) -> None:
    assert entry_id
    mailwarden.hold(OPENED)


def unreadable(mailwarden: Deployment, entry_id: str) -> None:
    assert entry_id
    mailwarden.identities.held[OREGON] = unread("ses:GetEmailIdentity")


def undone_before(mailwarden: Deployment, entry_id: str) -> None:
    undo(mailwarden, entry_id)


def leased(mailwarden: Deployment, entry_id: str) -> None:
    assert entry_id
    now = mailwarden.clock.now()
    mailwarden.ledger.resource_leases.acquire(OREGON.arn, holder="repair", now=now, until=now + LONGEST_WRITE)


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (too_old, "undo.too-old"),
        (edited, "undo.policy-edited"),
        (taken_away, "undo.nothing-left"),
        (unreadable, "undo.unreadable"),
        (undone_before, "undo.already"),
        (leased, "undo.busy"),
    ],
)
def test_a_refusal_writes_nothing_and_says_why(happens: Callable[[Deployment, str], None], reason: str) -> None:
    mailwarden, entry_id = granted("A")
    happens(mailwarden, entry_id)
    before = dict(mailwarden.identities.held), len(mailwarden.written), len(mailwarden.journal.intentions)

    answer = undo(mailwarden, entry_id)

    assert isinstance(answer, UndoRefused)
    assert answer.reason.id == reason
    assert answer.entry is not None
    assert before == (dict(mailwarden.identities.held), len(mailwarden.written), len(mailwarden.journal.intentions))
    if reason != "undo.busy":
        assert mailwarden.ledger.resource_leases.held == {}
        dry = undo(mailwarden, entry_id, confirm=False)
        assert isinstance(dry, UndoRefused)
        assert dry.reason == answer.reason


def test_what_has_no_undo_is_refused_for_good_also_while_the_resource_is_busy() -> None:
    mailwarden, entry_id = granted("A")
    too_old(mailwarden, entry_id)
    leased(mailwarden, entry_id)

    answer = undo(mailwarden, entry_id)

    assert isinstance(answer, UndoRefused)
    assert answer.reason.id == "undo.too-old"


def test_what_a_later_repair_gave_again_is_undone_with_that_repair_only() -> None:
    mailwarden, first = granted("A")
    taken_away(mailwarden, first)
    mailwarden.clock.pass_by(hours=1)
    mailwarden.settle_down(hint(seoul("A"), event_id="e-2"))
    (second,) = [each for each in mailwarden.journal.intentions if each != first]

    refused, done = undo(mailwarden, first), undo(mailwarden, second)

    assert isinstance(refused, UndoRefused)
    assert refused.reason == message("undo.granted-again", entries=(second,))
    assert isinstance(done, UndoCarriedOut)
    assert live_policies(mailwarden) == {}


def test_an_unknown_id_and_an_undo_have_no_undo() -> None:
    mailwarden, entry_id = granted("A")
    done = undo(mailwarden, entry_id)
    assert isinstance(done, UndoCarriedOut)

    unknown, again = undo(mailwarden, "e-0"), undo(mailwarden, done.undo_id)

    assert isinstance(unknown, UndoRefused)
    assert (unknown.reason.id, unknown.entry) == ("undo.unknown-entry", None)
    assert isinstance(again, UndoRefused)
    assert again.reason.id == "undo.is-an-undo"


WINDOW = WriteWindow(resource=OREGON.arn, compared_at=NOON, written_at=NOON)


@pytest.mark.parametrize(
    ("result", "is_open"),
    [
        (Drifted(reason=verbatim("moved")), False),
        (Refused(reason=verbatim("denied")), False),
        (NotWritten(reason=verbatim("ended")), False),
        (Unconfirmed(reason=verbatim("not visible"), window=WINDOW), True),
    ],
)
def test_an_undo_that_was_not_written_leaves_no_word_behind(result: WriteResult, *, is_open: bool) -> None:
    mailwarden, entry_id = granted("A")
    mailwarden.answer = result

    answer = undo(mailwarden, entry_id)

    assert isinstance(answer, UndoCarriedOut)
    assert answer.outcome == result
    look = mailwarden.ledger.looks.last(seoul("A").ref)
    assert look is not None
    assert bool(look.undone) == is_open
    assert len(mailwarden.hints.take_all()) == int(is_open)
    entry = mailwarden.journal.entry(entry_id)
    assert entry is not None
    assert entry.undone_by is None
    assert len(mailwarden.ledger.resource_leases.open_entries) == int(is_open)
