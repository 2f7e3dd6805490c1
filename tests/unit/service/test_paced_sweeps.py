"""Sweeps keep our share of the rates of Cognito and SES, whatever the size of a region, and raise no false alert."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.readings import Identity, Missing, Pool
from mailwarden.domain.refs.hints import PoolHint, RegionHint
from tests.builders import NOON, developer, identity, pool, sending_policy
from tests.fakes.deployment import Deployment
from tests.fakes.passing import ThrottledIdentities, most_in_a_second, passing, run
from tests.unit.service.crowds import MOST_READS_IN_A_SECOND, call, known, looks_in_the_queue, users


def with_an_identity_each(number: int) -> list[tuple[Pool, Identity]]:
    senders = [identity(f"p{each:03}.example.com") for each in range(number)]
    pools = [pool(pool_id=f"us-east-1_I{place:03}", email=developer(each.ref)) for place, each in enumerate(senders)]
    policies = [
        replace(sender, policies={"theirs": sending_policy(sender.ref, held.ref)})
        for sender, held in zip(senders, pools, strict=True)
    ]
    return list(zip(pools, policies, strict=True))


@pytest.mark.parametrize("looked_at", [False, True], ids=["never looked at", "known"])
def test_a_sweep_of_pools_with_an_identity_each_takes_a_third_of_the_rate_of_ses(looked_at: bool) -> None:
    held = with_an_identity_each(400)
    mailwarden = Deployment()
    mailwarden.hold(*(part for pair in held for part in pair))
    identities = ThrottledIdentities(held=mailwarden.identities.held, clock=mailwarden.clock)
    mailwarden.identities = identities
    queue, pools = passing(mailwarden)
    started = mailwarden.clock.at

    for _ in range(2 if looked_at else 1):
        mailwarden.inspect(RegionHint(region="us-east-1"))
        run(mailwarden, queue)

    looks = mailwarden.ledger.looks.held
    assert len(looks) == 400
    assert {look.answer for look in looks.values()} == {Answer.YES}
    assert identities.throttles == 0
    assert mailwarden.told() == []
    gaps = [after - before for before, after in zip(identities.asked_at, identities.asked_at[1:], strict=False)]
    assert min(gaps) >= timedelta(seconds=1)
    assert identities.asked_at[399] - started < timedelta(seconds=400 * 3 + 60)
    assert most_in_a_second(pools.read_at) <= MOST_READS_IN_A_SECOND


def test_a_sweep_that_is_slower_than_its_hour_does_not_pile_up() -> None:
    held = with_an_identity_each(200)
    mailwarden = Deployment()
    mailwarden.hold(*(part for pair in held for part in pair))
    queue, _ = passing(mailwarden)

    for _ in range(5):
        mailwarden.inspect(RegionHint(region="us-east-1"))
        run(mailwarden, queue, until=timedelta(minutes=2))

    assert looks_in_the_queue(queue) <= 200


def test_pools_that_are_throttled_together_do_not_come_together_again_and_alert_nobody() -> None:
    held = with_an_identity_each(40)
    mailwarden = Deployment()
    mailwarden.hold(*(part for pair in held for part in pair))
    mailwarden.identities = ThrottledIdentities(held=mailwarden.identities.held, clock=mailwarden.clock)
    queue, _ = passing(mailwarden)

    mailwarden.inspect(*(PoolHint(pool=each.ref, cause=call(place)) for place, (each, _) in enumerate(held)))
    run(mailwarden, queue)

    assert {look.answer for look in mailwarden.ledger.looks.held.values()} == {Answer.YES}
    assert len(mailwarden.ledger.looks.held) == 40
    assert mailwarden.told() == []


@pytest.mark.parametrize("number", [100, 700, 5_000])
def test_a_deletion_that_no_event_told_of_is_noticed_in_a_region_of_any_size(number: int) -> None:
    gone = pool(pool_id="us-east-1_GONE")
    mailwarden, queue, pools = known(gone)
    del pools.held[gone.ref]
    quick = [replace(gone.ref, pool_id=f"us-east-1_Q{each:05}") for each in range(number)]
    pools.held.update({ref: Missing(arn=ref.arn) for ref in quick})

    mailwarden.inspect(RegionHint(region="us-east-1"))
    run(mailwarden, queue)

    assert gone.ref not in mailwarden.ledger.looks.held
    assert mailwarden.ledger.known_pools.swept_at("us-east-1") != NOON
    assert most_in_a_second(pools.read_at) <= MOST_READS_IN_A_SECOND


def test_a_sweep_whose_token_expired_begins_again_and_gives_up_in_the_end() -> None:
    mailwarden, queue, pools = known(*users(350))
    pools.expired = {"300"}

    mailwarden.inspect(RegionHint(region="us-east-1"))
    with pytest.raises(RuntimeError, match="InvalidParameterException"):
        run(mailwarden, queue)
    tried = pools.listed["us-east-1"]
    pools.expired.clear()
    run(mailwarden, queue)

    assert tried == 3 * 6
    assert len({each.pool for each in mailwarden.ledger.looks.held.values()}) == 350


def test_regions_that_did_not_answer_last_time_keep_no_other_waiting() -> None:
    regions = ("us-west-2", "eu-west-1", "us-east-1", "eu-central-1")
    mailwarden = Deployment()
    _, pools = passing(mailwarden)
    pools.refused = frozenset({"us-west-2", "eu-west-1"})
    sweeper = mailwarden.sweeper()

    first = [region for region, _ in sweeper.sweep(regions)]
    mailwarden.clock.pass_by(hours=1)
    second = [region for region, _ in sweeper.sweep(regions)]
    pools.refused = frozenset()
    third = dict(sweeper.sweep(regions))

    assert first == list(regions)
    assert second[2:] == ["us-west-2", "eu-west-1"]
    assert third == dict.fromkeys(regions, 0)
