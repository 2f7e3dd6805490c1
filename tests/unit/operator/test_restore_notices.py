"""A person restores the sender of threat protection's notices, or says that its loss was intended."""

from dataclasses import replace
from typing import Any, cast

import pytest

from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.findings.changes import ReplaceRiskConfiguration
from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.known_good.risk_configuration import notices_in, risk_text
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
from mailwarden.domain.readings import EmailConfiguration, Missing, Unreadable
from mailwarden.domain.refs.call_words import EmailWord, NoticesWord
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.repair.journal import OPERATOR, Written
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.inbound.invoke.sender_order import SET_SENDER, sender_order_from
from mailwarden.message import verbatim
from mailwarden.ports.repair.stacks import Owned
from mailwarden.presentation.answers.set_sender import sender_document
from tests.builders import ACCOUNT, identity
from tests.fakes.deployment import Deployment, cause
from tests.fakes.orders import members_of
from tests.fakes.undoing import sender_writes
from tests.unit.known_good.risks import CREDENTIALS, EXCEPTIONS, TAKEOVER, takeover
from tests.unit.operator.senders import SHOP, live, shop

SECURITY = identity("security@shop.example")
OTHERS = {EXCEPTIONS: {"BlockedIPRangeList": ["192.0.2.0/24"]}}
SENT = {**OTHERS, TAKEOVER: {**takeover("High", sender=SECURITY.ref.arn)}}
SENT[TAKEOVER]["NotifyConfiguration"]["From"] = "security@shop.example"  # type: ignore[index] # an object
FULL = risk_text(SENT)
PARTIAL = risk_text({CREDENTIALS: {"Actions": {"EventAction": "BLOCK"}}})


def set_risk(mailwarden: Deployment, risk: str, word: NoticesWord | None, *, event_id: str = "e-risk") -> None:
    """SetRiskConfiguration by another actor, and the look at it."""
    at = mailwarden.clock.now()
    mailwarden.hold(replace(live(mailwarden), risk=risk, threat_notices=notices_in(risk), acts_on_threats=True))
    call = replace(cause(event_id=event_id, at=at), event_name="SetRiskConfiguration", notices=word)
    mailwarden.clock.pass_by(seconds=3)
    mailwarden.inspect(PoolHint(pool=SHOP.ref, cause=call))


def accident(mode: RepairMode = RepairMode.SAFE) -> Deployment:
    """A pool whose notices had a sender, until a call set another part only."""
    mailwarden = shop()
    mailwarden.mode = mode
    # The policy that Cognito's notices need is not documented: MW112 would be unknown without one.
    mailwarden.hold(SECURITY)
    set_risk(mailwarden, FULL, NoticesWord.SENDER)
    mailwarden.clock.pass_by(minutes=10)
    set_risk(mailwarden, PARTIAL, NoticesWord.ABSENT, event_id="e-accident")
    return mailwarden


def order(mailwarden: Deployment, wish: str = "restore_notices", *, apply: bool = True) -> SenderAnswer:
    named = SenderOrder(
        pool=AskedPool(pool_id=SHOP.ref.pool_id),
        by="alice",
        apply=apply,
        restore=wish == "restore",
        restore_notices=wish == "restore_notices",
        accept=wish == "accept",
    )
    return sender_writes(mailwarden).set_sender(named, request_id="r-2")


def state(mailwarden: Deployment) -> FindingState:
    return mailwarden.finding("MW117", SHOP.ref.arn).lifecycle.state


def told(mailwarden: Deployment) -> list[tuple[str, str]]:
    return [each for each in mailwarden.told() if each[0] == "MW117"]


def test_a_dry_run_shows_the_exact_write_and_writes_nothing() -> None:
    mailwarden = accident()

    answer = order(mailwarden, apply=False)

    assert isinstance(answer, SenderPlanned)
    assert isinstance(answer.change, ReplaceRiskConfiguration)
    assert answer.change.before == PARTIAL
    assert answer.change.after == risk_text(
        {CREDENTIALS: {"Actions": {"EventAction": "BLOCK"}}, TAKEOVER: SENT[TAKEOVER]}
    )
    assert (mailwarden.written, dict(mailwarden.journal.intentions)) == ([], {})
    assert state(mailwarden) is FindingState.OPEN
    document = sender_document(answer, SenderOrder(pool=AskedPool(pool_id=SHOP.ref.pool_id), by="alice"))
    rows = {
        tuple(row["place"]): (row["before"], row["after"]) for row in cast("list[dict[str, Any]]", document["diff"])
    }
    assert rows[TAKEOVER, "NotifyConfiguration", "SourceArn"] == (None, SECURITY.ref.arn)
    assert rows[TAKEOVER, "NotifyConfiguration", "From"] == (None, "security@shop.example")
    assert rows[TAKEOVER, "Actions", "HighAction", "Notify"] == (None, "true")
    assert {place[0] for place in rows} == {TAKEOVER}


@pytest.mark.parametrize("mode", list(RepairMode))
def test_a_person_restores_in_every_mode_and_no_mode_does_by_itself(mode: RepairMode) -> None:
    mailwarden = accident(mode)
    mailwarden.clock.pass_by(minutes=60)
    mailwarden.settle_down(PoolHint(pool=SHOP.ref))
    assert (mailwarden.written, live(mailwarden).risk) == ([], PARTIAL)

    answer = order(mailwarden)

    assert isinstance(answer, SenderCarriedOut)
    assert answer.outcome == Written(entry_id=answer.entry_id)
    assert live(mailwarden).threat_notices == notices_in(FULL)
    entry = mailwarden.journal.entry(answer.entry_id)
    assert entry is not None
    assert [key.rule_id for key in entry.intention.findings] == [OPERATOR, "MW117"]
    assert entry.intention.cause is not None
    assert entry.intention.cause.event_name == "restore-notices"
    mailwarden.announce()
    assert told(mailwarden) == [("MW117", "open"), ("MW117", "repaired")]
    assert set(mailwarden.ledger.budgets.charged) == set()
    assert isinstance(order(mailwarden), SenderRefused)


def test_what_a_person_accepts_is_no_loss_any_more() -> None:
    mailwarden = accident()

    answer = order(mailwarden, "accept")

    assert isinstance(answer, SenderAccepted)
    assert answer.foreseen.after.answer is Answer.YES
    assert state(mailwarden) is FindingState.RESOLVED
    refused = order(mailwarden)
    assert isinstance(refused, SenderRefused)
    assert refused.reason.id == "restore.no-notices-lost"


@pytest.mark.parametrize("wish", ["restore_notices", "accept"])
def test_a_risk_configuration_that_cannot_be_read_is_not_called_whole(wish: str) -> None:
    mailwarden = accident()
    refusal = Unreadable(action="cognito-idp:DescribeRiskConfiguration", region=SHOP.ref.region, reason="AccessDenied")
    mailwarden.hold(replace(live(mailwarden), risk=None, threat_notices=refusal))

    answer = order(mailwarden, wish)

    assert isinstance(answer, SenderRefused)
    assert answer.reason == refusal.message
    assert mailwarden.written == []


@pytest.mark.parametrize(
    ("sender", "reason"),
    [("é" * 160_000, "change.too-large"), ("\ud800", "change.not-a-text")],
    ids=["many bytes", "half of a pair"],
)
def test_a_live_configuration_that_the_journal_cannot_keep_is_not_replaced(sender: str, reason: str) -> None:
    mailwarden = accident()
    part = {**takeover(silent=("High",)), "NotifyConfiguration": {"SourceArn": SECURITY.ref.arn, "From": sender}}
    set_risk(mailwarden, risk_text({TAKEOVER: part}), NoticesWord.ABSENT, event_id="e-silent")

    answer = order(mailwarden)

    assert isinstance(answer, SenderRefused)
    assert answer.reason.id == reason
    assert (mailwarden.written, dict(mailwarden.journal.intentions)) == ([], {})


@pytest.mark.parametrize("word", [NoticesWord.NONE, NoticesWord.NAMED])
def test_a_choice_is_left_alone(word: NoticesWord) -> None:
    mailwarden = shop()
    mailwarden.hold(SECURITY)
    set_risk(mailwarden, FULL, NoticesWord.SENDER)
    set_risk(mailwarden, PARTIAL, word, event_id="e-2")

    answer = order(mailwarden)

    assert told(mailwarden) == []
    assert isinstance(answer, SenderRefused)
    assert answer.reason.id == "restore.no-notices-lost"


def test_the_order_for_the_pools_own_sender_names_the_one_for_the_notices() -> None:
    mailwarden = accident()

    answer = order(mailwarden, "restore")

    assert isinstance(answer, SenderRefused)
    assert answer.reason.id == "restore.only-notices-lost"
    assert mailwarden.written == []


def test_where_both_senders_were_lost_each_has_its_own_order() -> None:
    mailwarden = accident()
    mailwarden.clock.pass_by(minutes=10)
    mailwarden.inspect(PoolHint(pool=SHOP.ref))
    at = mailwarden.clock.now()
    mailwarden.hold(replace(live(mailwarden), email=EmailConfiguration(), last_modified=at))
    lost = replace(cause(event_id="e-3", at=at), email=EmailWord.ABSENT)
    mailwarden.inspect(PoolHint(pool=SHOP.ref, cause=lost))

    first, second = order(mailwarden), order(mailwarden, "restore")

    assert isinstance(first, SenderCarriedOut)
    assert isinstance(second, SenderCarriedOut)
    assert live(mailwarden).email == SHOP.email
    assert live(mailwarden).threat_notices == notices_in(FULL)


def test_a_sender_about_which_there_are_doubts_is_restored_with_a_warning() -> None:
    mailwarden = accident()
    mailwarden.identities.held[SECURITY.ref] = Missing(arn=SECURITY.ref.arn)

    answer = order(mailwarden, apply=False)

    assert isinstance(answer, SenderPlanned)
    assert [warning.id for warning in answer.warnings] == ["restore.notices-doubt"]


def test_the_stack_of_the_pool_is_named() -> None:
    mailwarden = accident()
    mailwarden.stacks.owners[SHOP.ref] = Owned(by=verbatim("stack shop"))

    answer = order(mailwarden, apply=False)

    assert isinstance(answer, SenderPlanned)
    assert "set-sender.owned" in [warning.id for warning in answer.warnings]


def test_a_sender_that_an_earlier_version_remembered_is_not_known_whole() -> None:
    mailwarden = shop()
    mailwarden.hold(SECURITY)
    notices = notices_in(FULL)
    assert notices is not None
    mailwarden.hold(
        replace(live(mailwarden), risk=FULL, threat_notices=replace(notices, takeover=""), acts_on_threats=True)
    )
    mailwarden.inspect(PoolHint(pool=SHOP.ref))
    mailwarden.clock.pass_by(minutes=10)
    set_risk(mailwarden, PARTIAL, NoticesWord.ABSENT)

    answer = order(mailwarden)

    assert isinstance(answer, SenderRefused)
    assert answer.reason.id == "restore.notices-not-known"


@pytest.mark.parametrize("other", ["restore", "accept", "default"])
def test_an_order_has_one_wish(other: str) -> None:
    event = {"set_sender": {"pool": SHOP.ref.pool_id, "by": "alice", "restore_notices": True, other: True}}

    with pytest.raises(MalformedDocument) as raised:
        sender_order_from(members_of(event, SET_SENDER), partition="aws", account=ACCOUNT)

    assert raised.value.said.id == "order.one-wish"


def test_the_wish_is_read() -> None:
    event = {"set_sender": {"pool": SHOP.ref.pool_id, "by": "alice", "restore_notices": True}}

    read = sender_order_from(members_of(event, SET_SENDER), partition="aws", account=ACCOUNT)

    assert (read.restore_notices, read.restore, read.accept, read.apply) == (True, False, False, False)
