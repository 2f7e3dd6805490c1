"""What the ledger promises about looks that wait and about the places in AWS's rates: in memory and in DynamoDB."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.hints import WaitingLook
from mailwarden.domain.refs.resources import PoolRef
from tests.fakes.deployment import cause
from tests.fakes.examples import MORNING, a_pool, later
from tests.fakes.ledger.roles import LedgerRoles

FIRST, SECOND = cause(event_id="e-1"), cause(event_id="e-2")
POOL = a_pool(1)
SECOND_APART = timedelta(seconds=1)


def waiting(pool: PoolRef = POOL) -> WaitingLook:
    return WaitingLook(pool=pool, wanted_at=MORNING, due=later(5), causes=(FIRST,), asker="e-1")


def read(ledger: LedgerRoles, pool: PoolRef = POOL) -> WaitingLook:
    look = ledger.waiting.read([pool])[pool]
    assert isinstance(look, WaitingLook)
    return look


def test_a_look_waits_as_it_was_put(ledger: LedgerRoles) -> None:
    assert ledger.waiting.put(waiting(), now=MORNING)

    assert replace(read(ledger), revision="") == waiting()
    assert ledger.waiting.read([a_pool(2)]) == {}


def test_one_look_waits_for_a_pool(ledger: LedgerRoles) -> None:
    ledger.waiting.put(waiting(), now=MORNING)

    assert not ledger.waiting.put(replace(waiting(), due=later(9)), now=later(1))
    assert read(ledger).due == later(5)


def test_a_hint_joins_the_look_that_waits_and_its_cause_is_kept_once(ledger: LedgerRoles) -> None:
    ledger.waiting.put(waiting(), now=MORNING)

    joined = ledger.waiting.join([POOL, a_pool(2)], cause=SECOND, anew=True, now=later(1))
    ledger.waiting.join([POOL], cause=SECOND, anew=False, now=later(2))

    look = read(ledger)
    assert list(joined) == [POOL]
    assert (look.causes, look.wanted_at, look.asks_anew, look.due) == ((FIRST, SECOND), later(2), True, later(5))


def repeated(number: int) -> Cause:
    """One actor's call, again."""
    return cause("PutIdentityPolicy", event_id=f"again-{number}", at=later(number / 100))


def by(role: str, name: str = "TagResource", *, number: int = 0) -> Cause:
    """A call of another role."""
    call = cause(name, event_id=f"{role}-{name}-{number}", at=later(number / 100))
    return replace(call, actor=f"arn:aws:sts::111122223333:assumed-role/{role}/run-{number}")


def join(ledger: LedgerRoles, *calls: Cause) -> tuple[Cause, ...]:
    """Join the look that waits with one hint for each call; the calls that it knows then."""
    for place, call in enumerate(calls):
        assert ledger.waiting.join([POOL], cause=call, anew=True, now=later(place / 100)), call
    return read(ledger).causes


def test_of_many_repeated_calls_the_last_is_kept_and_no_more_than_twenty(ledger: LedgerRoles) -> None:
    ledger.waiting.put(waiting(), now=MORNING)

    kept = join(ledger, *map(repeated, range(30)))

    assert len(kept) == 20
    assert {FIRST, repeated(0), repeated(29)} - set(kept) == {repeated(0)}


@pytest.mark.parametrize("others", [0, 15, 18])
def test_a_deployments_and_a_taggers_call_are_kept_whatever_was_repeated(ledger: LedgerRoles, others: int) -> None:
    deployment, tagger = by("deploy", "DeleteEmailIdentityPolicy", number=40), by("tagger", number=41)
    ledger.waiting.put(waiting(), now=MORNING)

    kept = join(ledger, *map(repeated, range(40)), *(by(f"role-{each}") for each in range(others)), deployment, tagger)
    later_on = join(ledger, *map(repeated, range(50, 100)), *(by("role-0", number=each) for each in range(9)))

    assert {deployment, tagger} <= set(kept)
    assert {deployment, tagger} <= set(later_on)
    assert len(later_on) <= 40


def test_of_calls_of_forty_kinds_a_write_of_the_pool_and_a_tool_stay(ledger: LedgerRoles) -> None:
    written, tool = by("deploy", "UpdateUserPool"), replace(by("someone"), user_agent="Terraform/1.9")
    ledger.waiting.put(waiting(), now=MORNING)

    kept = join(ledger, *(by(f"role-{each}") for each in range(60)), written, tool)
    later_on = join(ledger, *(by(f"more-{each}") for each in range(60)))

    assert len(kept) == len(later_on) == 40
    assert {FIRST, written, tool} <= set(kept) & set(later_on)


def test_a_hint_with_many_calls_brings_them_all(ledger: LedgerRoles) -> None:
    ledger.waiting.put(waiting(), now=MORNING)
    calls = [by(f"role-{each}") for each in range(31)]

    kept = join(ledger, replace(calls[0], others=tuple(calls[1:])))

    assert set(calls) < set(kept)
    assert kept[0] == FIRST


def test_a_look_whose_message_is_lost_waits_no_longer(ledger: LedgerRoles) -> None:
    ledger.waiting.put(waiting(), now=MORNING)

    assert ledger.waiting.join([POOL], cause=SECOND, anew=True, now=later(56)) == {}
    assert ledger.waiting.put(replace(waiting(), due=later(60)), now=later(56))


def test_the_message_of_a_look_that_is_late_still_finds_it(ledger: LedgerRoles) -> None:
    ledger.waiting.put(waiting(), now=MORNING)

    assert ledger.waiting.join([POOL], cause=SECOND, anew=True, now=later(300)) == {}
    assert read(ledger).causes == (FIRST,)


def test_a_look_that_was_made_waits_no_longer(ledger: LedgerRoles) -> None:
    ledger.waiting.put(waiting(), now=MORNING)

    assert ledger.waiting.end(read(ledger))
    assert ledger.waiting.read([POOL]) == {}
    assert ledger.waiting.end(waiting())


def test_a_hint_that_comes_during_a_look_keeps_it_waiting(ledger: LedgerRoles) -> None:
    ledger.waiting.put(waiting(), now=MORNING)
    began = read(ledger)
    ledger.waiting.join([POOL], cause=SECOND, anew=True, now=later(6))

    assert not ledger.waiting.end(began)
    assert read(ledger).causes == (FIRST, SECOND)


def test_a_look_that_is_put_off_keeps_what_came_meanwhile(ledger: LedgerRoles) -> None:
    ledger.waiting.put(waiting(), now=MORNING)
    began = read(ledger)
    ledger.waiting.join([POOL], cause=SECOND, anew=True, now=later(6))

    ledger.waiting.postpone(replace(began, due=later(9), attempt=1, paid=("eu-west-1",)))

    look = read(ledger)
    assert (look.due, look.attempt, look.paid) == (later(9), 1, ("eu-west-1",))
    assert look.causes == (FIRST, SECOND)
    assert not ledger.waiting.end(began)


def test_a_look_whose_item_is_gone_waits_again_when_it_is_put_off(ledger: LedgerRoles) -> None:
    ledger.waiting.postpone(replace(waiting(), due=later(9)))

    assert read(ledger).due == later(9)


def test_more_pools_than_one_call_of_dynamodb_holds_are_read(ledger: LedgerRoles) -> None:
    pools = [a_pool(number) for number in range(130)]
    for pool in pools:
        ledger.waiting.put(waiting(pool), now=MORNING)

    assert ledger.waiting.read(pools).keys() == set(pools)


def test_each_asker_gets_the_next_places_of_a_schedule(ledger: LedgerRoles) -> None:
    first = ledger.shares.reserve("a", places=10, every=SECOND_APART, now=MORNING)
    second = ledger.shares.reserve("a", places=5, every=SECOND_APART, now=MORNING + SECOND_APART)
    third = ledger.shares.reserve("a", places=1, every=SECOND_APART, now=MORNING)

    assert [at - MORNING for at in (first, second, third)] == [timedelta(seconds=each) for each in (0, 10, 15)]


def test_a_schedule_that_is_over_begins_again_now_and_none_is_anothers(ledger: LedgerRoles) -> None:
    ledger.shares.reserve("a", places=10, every=SECOND_APART, now=MORNING)

    assert ledger.shares.reserve("a", places=1, every=SECOND_APART, now=later(1)) == later(1)
    assert ledger.shares.reserve("b", places=1, every=SECOND_APART, now=MORNING) == MORNING
