"""What follows the write of a restored sender of notices: its undo, its echo, an answer of AWS that is no success."""

from dataclasses import replace

import pytest

from mailwarden.domain.findings.changes import ReplaceRiskConfiguration
from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.known_good.risk_configuration import notices_in, risk_text
from mailwarden.domain.operator.asked_pool import AskedPool
from mailwarden.domain.operator.sender_order import (
    SenderCarriedOut,
    SenderOrder,
    SenderRefused,
)
from mailwarden.domain.operator.undo import UndoCarriedOut, UndoRefused
from mailwarden.domain.refs.call_words import NoticesWord
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.repair.journal import Drifted, Refused, Unconfirmed, WriteResult, Written
from mailwarden.domain.repair.write_window import WriteWindow
from mailwarden.message import verbatim
from mailwarden.presentation.answers.set_sender import sender_document
from tests.builders import NOON
from tests.fakes.deployment import cause
from tests.unit.known_good.risks import EXCEPTIONS
from tests.unit.operator.repaired import undo
from tests.unit.operator.senders import SHOP, live
from tests.unit.operator.test_restore_notices import PARTIAL, SENT, accident, order, set_risk, state, told


def test_the_undo_of_a_restored_sender_is_a_choice_that_is_left_alone() -> None:
    mailwarden = accident()
    answer = order(mailwarden)
    assert isinstance(answer, SenderCarriedOut)

    undone = undo(mailwarden, answer.entry_id)

    assert isinstance(undone, UndoCarriedOut)
    assert live(mailwarden).risk == PARTIAL
    # The event of our own write comes late, and looks follow.
    echo = replace(cause(event_id="e-undo", at=mailwarden.clock.now()), event_name="SetRiskConfiguration")
    own = replace(echo, user_agent="Boto3/1.40 mailwarden/1", notices=NoticesWord.ABSENT)
    mailwarden.inspect(PoolHint(pool=SHOP.ref, cause=own))
    mailwarden.clock.pass_by(minutes=60)
    mailwarden.settle_down(PoolHint(pool=SHOP.ref))
    assert live(mailwarden).risk == PARTIAL
    assert told(mailwarden) == [("MW117", "open"), ("MW117", "repaired")]


def test_an_echo_before_the_look_of_the_undo_blames_nobody() -> None:
    mailwarden = accident()
    order(mailwarden)
    mailwarden.announce()
    at = mailwarden.clock.now()
    echo = replace(cause(event_id="e-undo", at=at), event_name="SetRiskConfiguration", user_agent="x mailwarden/1")

    set_own = replace(echo, notices=NoticesWord.ABSENT)
    mailwarden.hold(replace(live(mailwarden), risk=PARTIAL, threat_notices=None))
    mailwarden.inspect(PoolHint(pool=SHOP.ref, cause=set_own))

    assert told(mailwarden) == [("MW117", "open"), ("MW117", "repaired")]


def test_the_undo_of_what_another_actor_changed_since_is_refused() -> None:
    mailwarden = accident()
    answer = order(mailwarden)
    assert isinstance(answer, SenderCarriedOut)
    set_risk(mailwarden, risk_text({**SENT, EXCEPTIONS: {}}), NoticesWord.SENDER, event_id="e-3")

    undone = undo(mailwarden, answer.entry_id)

    assert isinstance(undone, UndoRefused)
    assert undone.reason.id == "undo.risk-changed"


def test_an_undo_of_the_notices_holds_no_repair_of_the_pools_own_sender() -> None:
    mailwarden = accident()
    answer = order(mailwarden)
    assert isinstance(answer, SenderCarriedOut)
    undo(mailwarden, answer.entry_id)

    look = mailwarden.ledger.looks.last(SHOP.ref)

    assert look is not None
    assert look.undone == ()


WINDOW = WriteWindow(resource=SHOP.ref.arn, compared_at=NOON, written_at=NOON)


@pytest.mark.parametrize(
    ("outcome", "word"),
    [
        (Refused(reason=verbatim("no policy")), "not written"),
        (Drifted(reason=verbatim("moved")), "not written"),
        (Unconfirmed(reason=verbatim("no answer"), window=WINDOW), "not certain"),
    ],
)
def test_what_aws_made_of_the_write_is_told(outcome: WriteResult, word: str) -> None:
    mailwarden = accident()
    mailwarden.answer = outcome

    answer = order(mailwarden)

    assert isinstance(answer, SenderCarriedOut)
    assert sender_document(answer, SenderOrder(pool=AskedPool(pool_id=SHOP.ref.pool_id), by="alice"))["answer"] == word
    assert state(mailwarden) is FindingState.OPEN


def test_an_entry_that_stayed_open_is_concluded_by_the_next_order() -> None:
    mailwarden = accident()
    mailwarden.answer = Unconfirmed(reason=verbatim("no answer"), window=WINDOW)
    first = order(mailwarden)
    assert isinstance(first, SenderCarriedOut)
    # AWS took it after all.
    assert isinstance(first.change, ReplaceRiskConfiguration)
    after = first.change.after
    mailwarden.hold(replace(live(mailwarden), risk=after, threat_notices=notices_in(after)))
    mailwarden.answer = None
    mailwarden.clock.pass_by(minutes=3)

    second = order(mailwarden)

    assert isinstance(second, SenderRefused)
    mailwarden.settle_down(*mailwarden.hints.take_all())
    assert mailwarden.journal.outcomes[first.entry_id][0] == Written(entry_id=first.entry_id)
    assert state(mailwarden) is FindingState.REPAIRED


def test_the_cause_of_an_overlapping_call_is_compared_with_the_same_kind_of_write_only() -> None:
    mailwarden = accident()
    order(mailwarden)
    window = mailwarden.ledger.windows.of(SHOP.ref.arn).windows[-1]

    def at(name: str) -> Cause:
        return replace(cause(event_id=f"e-{name}", at=window.compared_at), event_name=name)

    assert window.is_of_risk
    assert window.overlaps(at("SetRiskConfiguration"))
    assert not window.overlaps(at("UpdateUserPool"))
    assert not replace(window, is_of_risk=False).overlaps(at("SetRiskConfiguration"))
