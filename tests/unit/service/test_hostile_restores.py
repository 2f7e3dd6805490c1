"""What could make a restore revert a choice: calls while Mailwarden decides, one second, unknown callers, time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from mailwarden.domain.findings.changes import GrantSending
from mailwarden.domain.known_good.past_calls import PastCall
from mailwarden.domain.readings import EmailConfiguration, Unreadable
from mailwarden.domain.refs.call_words import EmailWord
from mailwarden.domain.refs.causes import UNKNOWN
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import RepairOrder
from mailwarden.domain.repair.limits import RepairMode
from tests.builders import developer
from tests.fakes.deployment import SETTLE, Deployment, cause
from tests.fakes.ledger.writes import ExpiredOrders
from tests.fakes.mortal import Died, Life, mortal
from tests.fakes.past_calls import InMemoryPastCalls
from tests.unit.decisions.repairs import OPENED, seoul
from tests.unit.operator.senders import DOMAIN, SHOP, live, shop
from tests.unit.service.test_sender_restores import (
    CULPRIT,
    PLAIN,
    accident,
    found,
    reason,
    update,
    wait_for_the_history,
)

SECOND = timedelta(seconds=1)
OTHER = developer(DOMAIN.ref, from_address="Shop <hello@shop.example>")


@dataclass(slots=True)
class Meddling(InMemoryPastCalls):
    """Somebody makes a call while the history is read."""

    meddle: Callable[[], None] = lambda: None

    def updates_of(self, pool: PoolRef, *, since: datetime, until: datetime) -> tuple[PastCall, ...] | Unreadable:
        calls = InMemoryPastCalls.updates_of(self, pool, since=since, until=until)
        self.meddle()
        return calls


@pytest.mark.parametrize("chosen", [PLAIN, OTHER], ids=["what is live already", "another sender"])
def test_a_choice_while_the_history_is_read_is_not_overwritten(chosen: EmailConfiguration) -> None:
    mailwarden = accident()

    def choose() -> None:
        mailwarden.clock.pass_by(seconds=20)
        mailwarden.hold(replace(live(mailwarden), email=chosen, last_modified=mailwarden.clock.now()))

    mailwarden.past_calls = Meddling(held=mailwarden.past_calls.held, meddle=choose)

    wait_for_the_history(mailwarden)

    assert len(mailwarden.past_calls.asked) == 1
    assert mailwarden.written == []
    assert live(mailwarden).email == chosen


def known_since(mailwarden: Deployment) -> datetime:
    look = mailwarden.ledger.looks.last(SHOP.ref)
    assert look is not None
    assert look.known_good is not None
    return look.known_good.modified


@pytest.mark.parametrize(
    ("sets", "word", "is_restored"),
    [
        (SHOP.email, EmailWord.IDENTITY, True),
        (OTHER, EmailWord.IDENTITY, False),
        (None, EmailWord.IDENTITY, False),
        (None, EmailWord.NAMED, False),
        (None, EmailWord.ABSENT, False),
    ],
    ids=["the same", "another one", "hidden members", "a hidden value", "left out"],
)
def test_a_call_in_the_second_of_the_last_good_look_must_show_that_it_set_what_was_found(
    sets: EmailConfiguration | None, word: EmailWord, *, is_restored: bool
) -> None:
    mailwarden = shop()
    update(mailwarden, SHOP.email, EmailWord.IDENTITY, event_id="e-set", agent="aws-cli/2.15.0")
    mailwarden.clock.pass_by(minutes=10)
    mailwarden.inspect(PoolHint(pool=SHOP.ref))
    # A tag moves the date, a look finds the sender as it was, and another call follows in the same second.
    mailwarden.clock.pass_by(minutes=10)
    mailwarden.hold(replace(live(mailwarden), last_modified=mailwarden.clock.now()))
    tagged = cause("TagResource", event_id="e-tag", at=mailwarden.clock.now())
    mailwarden.inspect(PoolHint(pool=SHOP.ref, cause=tagged))
    at = known_since(mailwarden).replace(microsecond=0)
    mailwarden.past_calls.held[SHOP.ref].append(PastCall(event_id="e-lost", at=at, email=word, sets=sets))
    update(mailwarden, PLAIN, EmailWord.ABSENT, event_id=CULPRIT, agent="aws-cli/2.15.0")

    wait_for_the_history(mailwarden)

    assert (live(mailwarden).email == SHOP.email) is is_restored
    if not is_restored:
        assert reason(mailwarden) == "evidence.several-calls"


def test_a_failed_call_that_names_it_speaks_for_a_choice() -> None:
    mailwarden = accident()
    at = mailwarden.clock.now() - timedelta(minutes=1)
    wanted = PastCall(event_id="e-failed", at=at, email=EmailWord.DEFAULT, failed=True)
    mailwarden.past_calls.held[SHOP.ref].append(wanted)

    wait_for_the_history(mailwarden)

    assert mailwarden.written == []
    assert reason(mailwarden) == "evidence.wanted"


@pytest.mark.parametrize("agent", [UNKNOWN, ""])
def test_a_call_whose_tool_is_not_known_may_be_a_deployment_s(agent: str) -> None:
    mailwarden = accident(agent=agent)

    wait_for_the_history(mailwarden)

    assert mailwarden.written == []
    assert mailwarden.past_calls.asked == []
    not_safe = found(mailwarden).finding.evidence["not_safe"]
    assert getattr(not_safe, "id", None) == "evidence.no-caller"


def test_a_sender_that_no_look_found_through_the_settle_time_is_not_restored() -> None:
    mailwarden = shop()
    mailwarden.inspect(PoolHint(pool=SHOP.ref))
    update(mailwarden, OTHER, EmailWord.IDENTITY, event_id="e-set", agent="aws-cli/2.15.0")
    update(mailwarden, PLAIN, EmailWord.ABSENT, event_id=CULPRIT, agent="aws-cli/2.15.0")

    wait_for_the_history(mailwarden)

    assert mailwarden.written == []
    not_safe = found(mailwarden).finding.evidence["not_safe"]
    assert getattr(not_safe, "id", None) == "evidence.not-held"


def test_what_was_left_for_a_day_is_not_restored_when_repairs_are_turned_on() -> None:
    mailwarden = accident(mode=RepairMode.OFF)
    mailwarden.repair()
    mailwarden.clock.pass_by(hours=25)
    mailwarden.mode = RepairMode.UNSAFE

    mailwarden.inspect(PoolHint(pool=SHOP.ref))
    mailwarden.repair()

    assert mailwarden.written == []
    assert mailwarden.past_calls.asked == []
    assert reason(mailwarden) == "evidence.too-late"


def test_a_sender_that_a_function_kept_unused_is_no_known_good_one() -> None:
    mailwarden = shop(custom_sender_lambda="arn:aws:lambda:us-east-1:111122223333:function:mail")
    update(mailwarden, SHOP.email, EmailWord.IDENTITY, event_id="e-set", agent="aws-cli/2.15.0")
    mailwarden.clock.pass_by(minutes=10)
    mailwarden.inspect(PoolHint(pool=SHOP.ref))
    # A call that names nothing resets the function and the sender, which sent no mail for as long as anybody knows.
    mailwarden.hold(replace(live(mailwarden), custom_sender_lambda=None))
    update(mailwarden, PLAIN, EmailWord.ABSENT, event_id=CULPRIT, agent="aws-cli/2.15.0")

    wait_for_the_history(mailwarden)

    assert mailwarden.written == []
    assert ("MW108", "open") not in mailwarden.told()


def test_a_throttled_look_up_is_made_again_and_an_old_one_never() -> None:
    mailwarden = accident()
    mailwarden.past_calls.refusal = Unreadable(
        action="cloudtrail:LookupEvents", region="us-east-1", reason="ThrottlingException", transient=True
    )

    wait_for_the_history(mailwarden)
    told = mailwarden.told()
    assert reason(mailwarden) == "evidence.waits"
    mailwarden.past_calls.refusal = None
    mailwarden.clock.pass_by(minutes=4)
    mailwarden.settle_down(*mailwarden.hints.take_all())

    assert told == [("MW108", "open")]
    assert live(mailwarden).email == SHOP.email
    assert mailwarden.told() == [("MW108", "open"), ("MW108", "repaired")]


def test_the_call_of_one_pool_is_not_laid_to_the_others_that_its_repair_serves() -> None:
    mailwarden, (one, other) = Deployment(), (seoul("One"), seoul("Other"))
    mailwarden.hold(one, other, OPENED)
    call = cause(event_id="e-1", at=mailwarden.clock.now())
    call = replace(call, email=EmailWord.ABSENT, pool_id=one.ref.pool_id)
    mailwarden.inspect(PoolHint(pool=one.ref, cause=call))
    mailwarden.inspect(PoolHint(pool=other.ref))

    mailwarden.clock.pass_by(minutes=1)
    mailwarden.settle_down()

    (change,) = mailwarden.written
    assert isinstance(change, GrantSending)
    assert set(change.pools) == {one.ref, other.ref}
    look = mailwarden.ledger.looks.last(other.ref)
    assert look is not None
    assert look.known_good is not None
    assert look.known_good.calls == ()


@pytest.mark.parametrize("is_heard", [True, False])
def test_a_choice_after_the_restore_died_stays_whenever_it_died(*, is_heard: bool) -> None:
    def ready() -> tuple[Deployment, RepairOrder]:
        mailwarden = accident()
        mailwarden.repair()
        mailwarden.clock.at += mailwarden.restore_after
        mailwarden.ledger.waiting_orders = ExpiredOrders()
        mailwarden.inspect(*mailwarden.hints.take_all())
        (order,) = mailwarden.repairs.take_all()
        mailwarden.clock.at += SETTLE
        return mailwarden, order

    mailwarden, order = ready()
    life = Life()
    mortal(mailwarden, life).repairer().repair(order)
    assert live(mailwarden).email == SHOP.email

    for place, moment in enumerate(life.moments):
        mailwarden, order = ready()
        with pytest.raises(Died):
            mortal(mailwarden, Life(ends_at=place)).repairer().repair(order)
        mailwarden.clock.pass_by(minutes=6)
        at = mailwarden.clock.now()
        mailwarden.hold(replace(live(mailwarden), email=PLAIN, last_modified=at))
        call = replace(cause(event_id="e-choice", at=at), email=EmailWord.DEFAULT, pool_id=SHOP.ref.pool_id)
        mailwarden.inspect(PoolHint(pool=SHOP.ref, cause=call if is_heard else None))

        mailwarden.repairer().repair(order)
        mailwarden.settle_down(*mailwarden.hints.take_all())

        assert live(mailwarden).email == PLAIN, f"{moment} ({place} of {len(life.moments)})"


def test_a_pool_that_was_made_again_has_no_former_sender() -> None:
    mailwarden = accident()
    again = replace(SHOP, ref=replace(SHOP.ref, pool_id="us-east-1_Again"), email=PLAIN)
    del mailwarden.pools.held[SHOP.ref]
    mailwarden.hold(again)

    wait_for_the_history(mailwarden)
    mailwarden.settle_down(PoolHint(pool=again.ref), PoolHint(pool=SHOP.ref))

    assert mailwarden.written == []
    assert ("MW108", again.ref.arn) not in {(key.rule_id, key.subject_arn) for key in mailwarden.ledger.findings.held}


def test_a_look_of_an_older_version_is_enough_and_one_whose_calls_show_nothing_is_not() -> None:
    for word, is_restored in ((EmailWord.ABSENT, True), (None, False)):
        mailwarden = accident()
        look = mailwarden.ledger.looks.last(SHOP.ref)
        assert look is not None
        assert look.known_good is not None
        calls = tuple(replace(call, email=word, verification=None, pool_id=None) for call in look.known_good.calls)
        older = replace(look.known_good, found_at=None, calls=calls)
        assert mailwarden.ledger.looks.replace(look, replace(look, known_good=older))

        wait_for_the_history(mailwarden)

        assert (live(mailwarden).email == SHOP.email) is is_restored
