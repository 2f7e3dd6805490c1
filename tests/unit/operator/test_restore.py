"""A person restores a sender that was lost, or says that the loss was intended."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.operator.asked_pool import AskedPool
from mailwarden.domain.operator.sender_order import (
    SenderAccepted,
    SenderAnswer,
    SenderCarriedOut,
    SenderOrder,
    SenderPlanned,
    SenderRefused,
)
from mailwarden.domain.operator.undo import UndoCarriedOut
from mailwarden.domain.readings import EmailConfiguration, Missing
from mailwarden.domain.refs.call_words import EmailWord
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.repair.journal import OPERATOR, Written
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.inbound.invoke.sender_order import SET_SENDER, sender_order_from
from tests.builders import ACCOUNT
from tests.fakes.deployment import Deployment, cause, hint
from tests.fakes.orders import members_of
from tests.fakes.undoing import sender_writes
from tests.texts import sentence
from tests.unit.operator.repaired import undo
from tests.unit.operator.senders import ADDRESS, SHOP, live, set_sender, shop

PLAIN = EmailConfiguration()


def accident(mode: RepairMode = RepairMode.SAFE) -> Deployment:
    """A pool that was known to be good, and that a partial update reset to the default sender."""
    mailwarden = shop()
    mailwarden.mode = mode
    mailwarden.clock.pass_by(minutes=10)
    mailwarden.inspect(hint(live(mailwarden)))
    mailwarden.clock.pass_by(minutes=10)
    change(mailwarden, PLAIN, EmailWord.ABSENT)
    return mailwarden


def change(mailwarden: Deployment, email: EmailConfiguration, word: EmailWord, *, event_id: str = "e-2") -> None:
    at = mailwarden.clock.now()
    mailwarden.hold(replace(live(mailwarden), email=email, last_modified=at))
    call = replace(cause(event_id=event_id, at=at), email=word)
    mailwarden.clock.pass_by(seconds=3)
    mailwarden.inspect(PoolHint(pool=SHOP.ref, cause=call))


def order(mailwarden: Deployment, *, accept: bool = False, apply: bool = True) -> SenderAnswer:
    restore = SenderOrder(
        pool=AskedPool(pool_id=SHOP.ref.pool_id), by="alice", restore=not accept, accept=accept, apply=apply
    )
    return sender_writes(mailwarden).set_sender(restore, request_id="r-2")


def state(mailwarden: Deployment) -> FindingState:
    return mailwarden.finding("MW108", SHOP.ref.arn).lifecycle.state


def test_an_accident_is_told_and_the_path_is_at_risk() -> None:
    mailwarden = accident()

    assert mailwarden.told() == [("MW108", "open")]
    look = mailwarden.ledger.looks.last(SHOP.ref)
    assert look is not None
    assert look.answer is Answer.AT_RISK
    assert mailwarden.written == []


def test_a_dry_run_shows_the_exact_write_and_writes_nothing() -> None:
    mailwarden = accident()

    answer = order(mailwarden, apply=False)

    assert isinstance(answer, SenderPlanned)
    assert (answer.change.before, answer.change.after) == (PLAIN, SHOP.email)
    assert (answer.foreseen.now.answer, answer.foreseen.after.answer) == (Answer.AT_RISK, Answer.YES)
    assert (mailwarden.written, dict(mailwarden.journal.intentions)) == ([], {})
    assert state(mailwarden) is FindingState.OPEN


@pytest.mark.parametrize("mode", list(RepairMode))
def test_a_person_restores_in_every_mode_and_the_finding_is_repaired(mode: RepairMode) -> None:
    mailwarden = accident(mode)

    answer = order(mailwarden)

    assert isinstance(answer, SenderCarriedOut)
    assert answer.outcome == Written(entry_id=answer.entry_id)
    assert live(mailwarden).email == SHOP.email
    entry = mailwarden.journal.entry(answer.entry_id)
    assert entry is not None
    assert [key.rule_id for key in entry.intention.findings] == [OPERATOR, "MW108"]
    assert entry.intention.cause is not None
    assert entry.intention.cause.event_name == "restore"
    assert state(mailwarden) is FindingState.REPAIRED
    assert set(mailwarden.ledger.budgets.charged) == set()


def test_the_undo_of_a_restored_sender_is_a_choice_that_is_left_alone() -> None:
    mailwarden = accident()
    answer = order(mailwarden)
    assert isinstance(answer, SenderCarriedOut)

    undone = undo(mailwarden, answer.entry_id)

    assert isinstance(undone, UndoCarriedOut)
    assert live(mailwarden).email == PLAIN
    mailwarden.clock.pass_by(minutes=60)
    mailwarden.settle_down(PoolHint(pool=SHOP.ref))
    assert live(mailwarden).email == PLAIN
    assert mailwarden.told() == [("MW108", "open"), ("MW108", "repaired")]


def test_a_sender_that_a_person_sets_is_no_loss() -> None:
    mailwarden = shop()
    mailwarden.clock.pass_by(minutes=10)
    mailwarden.inspect(hint(live(mailwarden)))

    answer = set_sender(mailwarden, default=True)

    assert isinstance(answer, SenderCarriedOut)
    assert answer.foreseen.after.answer is Answer.YES
    mailwarden.clock.pass_by(minutes=60)
    mailwarden.inspect(PoolHint(pool=SHOP.ref))
    assert mailwarden.told() == []


def test_what_a_person_accepts_is_expected_from_then_on() -> None:
    mailwarden = accident()

    answer = order(mailwarden, accept=True)

    assert isinstance(answer, SenderAccepted)
    assert (answer.foreseen.now.answer, answer.foreseen.after.answer) == (Answer.AT_RISK, Answer.YES)
    assert state(mailwarden) is FindingState.RESOLVED
    mailwarden.clock.pass_by(minutes=60)
    mailwarden.inspect(PoolHint(pool=SHOP.ref))
    assert state(mailwarden) is FindingState.RESOLVED
    assert (mailwarden.written, live(mailwarden).email) == ([], PLAIN)
    assert isinstance(order(mailwarden), SenderRefused)


def test_a_choice_is_left_alone() -> None:
    mailwarden = shop()
    mailwarden.clock.pass_by(minutes=10)
    mailwarden.inspect(hint(live(mailwarden)))
    change(mailwarden, PLAIN, EmailWord.DEFAULT)

    assert mailwarden.told() == []
    for accept in (True, False):
        answer = order(mailwarden, accept=accept)
        assert isinstance(answer, SenderRefused)
        assert answer.reason.id == "restore.nothing-lost"


def test_a_sender_that_could_not_send_any_more_is_not_restored() -> None:
    mailwarden = accident()
    mailwarden.identities.held[ADDRESS.ref] = Missing(arn=ADDRESS.ref.arn)

    answer = order(mailwarden)

    assert isinstance(answer, SenderRefused)
    assert (mailwarden.written, live(mailwarden).email) == ([], PLAIN)


def test_a_change_that_nobody_heard_of_is_told_after_ten_minutes() -> None:
    mailwarden = shop()
    mailwarden.clock.pass_by(minutes=10)
    mailwarden.inspect(hint(live(mailwarden)))
    mailwarden.hold(replace(live(mailwarden), email=PLAIN, last_modified=mailwarden.clock.now()))
    mailwarden.clock.pass_by(minutes=1)
    mailwarden.inspect(PoolHint(pool=SHOP.ref))
    assert mailwarden.told() == []
    look = mailwarden.ledger.looks.last(SHOP.ref)
    assert look is not None
    assert look.answer is Answer.AT_RISK

    mailwarden.clock.pass_by(minutes=10)
    mailwarden.inspect(PoolHint(pool=SHOP.ref))

    assert mailwarden.told() == [("MW108", "open")]
    assert str(mailwarden.finding("MW108", SHOP.ref.arn).finding.evidence["changed_by"]).count("unknown")


def test_an_event_that_comes_late_explains_a_choice_without_an_alert() -> None:
    mailwarden = shop()
    mailwarden.clock.pass_by(minutes=10)
    mailwarden.inspect(hint(live(mailwarden)))
    at = mailwarden.clock.now()
    mailwarden.hold(replace(live(mailwarden), email=PLAIN, last_modified=at))
    mailwarden.clock.at += timedelta(minutes=2)
    mailwarden.inspect(PoolHint(pool=SHOP.ref))

    call = replace(cause(event_id="e-2", at=at), email=EmailWord.DEFAULT)
    mailwarden.inspect(PoolHint(pool=SHOP.ref, cause=call))

    assert mailwarden.told() == []
    look = mailwarden.ledger.looks.last(SHOP.ref)
    assert look is not None
    assert look.answer is Answer.YES


@pytest.mark.parametrize(
    "members",
    [{"restore": True, "accept": True}, {"restore": True, "default": True}, {"accept": True, "from": None}],
)  # fmt: skip
def test_an_order_has_one_wish(members: dict[str, object]) -> None:
    event = {"set_sender": {"pool": SHOP.ref.pool_id, "by": "alice", **members}}

    with pytest.raises(MalformedDocument) as raised:
        sender_order_from(members_of(event, SET_SENDER), partition="aws", account=ACCOUNT)

    assert "an order has one of them" in sentence(raised.value)


@pytest.mark.parametrize("wish", ["restore", "accept"])
def test_a_wish_is_read(wish: str) -> None:
    event = {"set_sender": {"pool": SHOP.ref.pool_id, "by": "alice", wish: True}}

    read = sender_order_from(members_of(event, SET_SENDER), partition="aws", account=ACCOUNT)

    assert (read.restore, read.accept, read.apply) == (wish == "restore", wish == "accept", False)
