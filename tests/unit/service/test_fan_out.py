"""What concerns many pools: one look per pool, at our share of the rates, and no hint is lost or looked at twice."""

from dataclasses import replace
from datetime import timedelta
from math import ceil

import pytest

from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.refs.hints import IdentityHint, PoolHint, RegionHint, SesAccountHint
from tests.builders import developer, identity, identity_ref, pool, ses_account
from tests.fakes.inspection import REPAIR_ROLE, concerned_pools_of, fan_out_of
from tests.fakes.passing import most_in_a_second, run
from tests.unit.service.crowds import MOST_LOOKS, MOST_READS_IN_A_SECOND, about, call, known, looks_in_the_queue, users


def test_ten_calls_on_an_identity_of_a_thousand_pools_are_a_thousand_looks() -> None:
    mailwarden, queue, pools = known(*users(1_000))
    started = mailwarden.clock.at

    for number in range(10):
        mailwarden.inspect(about(identity_ref(), number))
    run(mailwarden, queue)

    # Those that began with the first call were looked at before the others came.
    assert 1_000 <= len(pools.read_at) <= 1_000 + 2 * MOST_LOOKS
    assert most_in_a_second(pools.read_at) <= MOST_READS_IN_A_SECOND
    assert timedelta(seconds=195) < pools.read_at[-1] - started < timedelta(seconds=230)
    assert not mailwarden.ledger.waiting.held


def test_a_look_that_waited_knows_every_call_that_it_covers() -> None:
    mailwarden, queue, _ = known(*users(12))
    for number in range(3):
        mailwarden.inspect(about(identity_ref(), number))
    last = mailwarden.ledger.waiting.held[users(12)[-1].ref]

    run(mailwarden, queue)

    assert [each.event_id for each in last.causes] == ["call-0", "call-1", "call-2"]


def test_a_hint_that_comes_during_a_look_is_one_more_look() -> None:
    (held,) = users(1)
    mailwarden, queue, pools = known(held)
    fan_out, inspector = fan_out_of(mailwarden), mailwarden.inspector()
    waiting = fan_out.spread([each.ref for each in users(20)], cause=call())
    mailwarden.clock.pass_by(seconds=30)
    hint = PoolHint(pool=users(20)[-1].ref, waits=True)
    (look,) = inspector.begin([hint])
    mailwarden.inspect(SesAccountHint(account=ses_account().ref, cause=call(2)))
    fan_out.spread([hint.pool], cause=call(2))
    queue.timed.clear()

    inspector.inspect(look)

    assert len(waiting) == MOST_LOOKS
    assert [each for _, each in queue.timed] == [hint]
    assert len(mailwarden.ledger.waiting.held[hint.pool].causes) == 2
    assert len(pools.read_at) == 2


def test_the_message_of_a_look_that_was_made_is_no_look() -> None:
    mailwarden, queue, pools = known(*users(10))
    mailwarden.inspect(about(identity_ref()))
    twice = list(queue.timed)
    run(mailwarden, queue)
    before = len(pools.read_at)

    queue.timed.extend(twice)
    run(mailwarden, queue)

    assert before == len(pools.read_at) == 10


def test_an_event_that_comes_again_sends_the_messages_that_may_be_lost() -> None:
    mailwarden, queue, pools = known(*users(30))
    mailwarden.inspect(about(identity_ref()))
    queue.timed.clear()

    mailwarden.inspect(about(identity_ref()))
    run(mailwarden, queue)

    assert len(set(mailwarden.ledger.looks.held)) == 30
    assert 30 <= len(pools.read_at) <= 30 + MOST_LOOKS
    assert not mailwarden.ledger.waiting.held


def test_a_look_whose_message_is_lost_is_asked_for_anew_after_a_while() -> None:
    mailwarden, queue, pools = known(*users(30))
    mailwarden.inspect(about(identity_ref()))
    queue.timed.clear()
    mailwarden.clock.pass_by(hours=1)
    before = len(pools.read_at)

    mailwarden.inspect(about(identity_ref(), 2))
    run(mailwarden, queue)

    assert len(pools.read_at) - before == 30


def test_spreads_of_several_resources_share_the_rate_of_a_region() -> None:
    senders = [identity(f"{name}.example.com") for name in ("a", "b", "c")]
    pools = [
        pool(pool_id=f"us-east-1_{each.ref.name[0]}{number:03}", email=developer(each.ref))
        for each in senders
        for number in range(60)
    ]
    mailwarden, queue, read = known(*pools, sender=senders[0])
    mailwarden.hold(*senders)

    mailwarden.inspect(*(about(each.ref, place) for place, each in enumerate(senders)))
    mailwarden.inspect(RegionHint(region="us-east-1"))
    run(mailwarden, queue)

    assert most_in_a_second(read.read_at) <= MOST_READS_IN_A_SECOND
    for second in range(0, 60, 10):
        begin = read.read_at[0] + timedelta(seconds=second)
        in_ten = [at for at in read.read_at if timedelta() <= at - begin < timedelta(seconds=10)]
        assert len(in_ten) <= 10 * MOST_LOOKS + MOST_READS_IN_A_SECOND


def test_pools_whose_mail_does_not_flow_come_first() -> None:
    pools = users(60)
    broken = [each.ref for each in pools[-3:]]
    mailwarden, queue, _ = known(*pools)
    for ref in broken:
        look = mailwarden.ledger.looks.held[ref]
        mailwarden.ledger.looks.held[ref] = replace(look, answer=Answer.NO, deciding=Link.AUTHORIZATION)

    begun = concerned_pools_of(mailwarden).of(about(identity_ref()))

    assert [each.pool for each in begun][:3] == broken
    assert len(begun) == MOST_LOOKS
    assert looks_in_the_queue(queue) == 60 - MOST_LOOKS


@pytest.mark.parametrize("number", [411, 900])
def test_more_pools_than_an_invocation_lets_wait_follow_with_messages_of_their_own(number: int) -> None:
    mailwarden, queue, pools = known(*users(number))

    began = mailwarden.clock.at
    mailwarden.inspect(about(identity_ref()))
    first = looks_in_the_queue(queue)
    passes = [hint for _, hint in queue.timed if isinstance(hint, IdentityHint)]
    run(mailwarden, queue)

    # The first looks do not wait until all the others have their places, and no pass waits for another one.
    assert first == MOST_LOOKS
    assert len(passes) == ceil((number - 2 * MOST_LOOKS) / 400)
    assert len(pools.read_at) == number
    assert max(pools.read_at) - began < timedelta(seconds=number / 5 + 5)


@pytest.mark.parametrize("change", ["one comes", "one goes"])
def test_a_pass_covers_its_own_pools_whatever_changed_since(change: str) -> None:
    every = users(900)
    mailwarden, queue, pools = known(*every[1:] if change == "one comes" else every)
    mailwarden.inspect(about(identity_ref()))

    if change == "one comes":
        mailwarden.hold(every[0])
        mailwarden.ledger.looks.put(replace(mailwarden.ledger.looks.held[every[1].ref], pool=every[0].ref))
    else:
        mailwarden.ledger.looks.held.pop(every[500].ref)
    run(mailwarden, queue)

    # The new pool has an event of its own.
    assert len(pools.read_at) == 899


@pytest.mark.parametrize(
    ("actor", "looks"),
    [
        (f"arn:aws:sts::{REPAIR_ROLE.split(':')[4]}:assumed-role/mailwarden-RepairRole-1A2B/mailwarden-repair", 0),
        (f"arn:aws:sts::{REPAIR_ROLE.split(':')[4]}:assumed-role/ops/mailwarden-RepairRole-1A2B", 3),
    ],
)
def test_the_echo_of_our_write_is_known_by_its_role_and_not_by_its_user_agent(actor: str, looks: int) -> None:
    mailwarden, _, pools = known(*users(3))
    echo = replace(call(), actor=actor, user_agent="mailwarden/0.1.0 Boto3")

    mailwarden.inspect(IdentityHint(identity=identity_ref(), cause=echo))

    assert len(pools.read_at) == looks


def test_a_region_that_can_never_be_listed_is_tried_once_in_an_hour_whatever_foreign_events_come() -> None:
    mailwarden, queue, pools = known(*users(50))
    pools.refused = frozenset({"eu-west-3"})
    del mailwarden.ledger.known_pools.sweeps["eu-west-3"]

    for number in range(100):
        mailwarden.inspect(about(identity_ref(f"customer{number}.example"), number))
    attempts = [hint for _, hint in queue.timed]

    assert attempts == [RegionHint(region="eu-west-3", cause=call(0))]
    mailwarden.clock.pass_by(hours=2)
    mailwarden.inspect(about(identity_ref("customer.example"), 100))
    assert len(queue.timed) == 2
    assert pools.read_at == []
