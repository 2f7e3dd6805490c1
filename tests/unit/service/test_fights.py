"""Another actor undoes our writes: few writes, one alert that names both, and no fight about new pools."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.readings import Identity, Pool, ServiceLinkedRole
from mailwarden.domain.refs.hints import PoolHint
from tests.builders import custom_from, developer, identity, identity_ref, pool
from tests.fakes.deployment import Deployment, cause
from tests.fakes.undoing import release_of
from tests.texts import english

SENDER = identity_ref("hello@example.com", region="us-west-2")
OPEN = identity("hello@example.com", region="us-west-2", tags={"mailwarden:cognito": "account"})
WEEK = 24 * 7


def seoul_pool(name: str) -> Pool:
    return pool("ap-northeast-2", pool_id=f"ap-northeast-2_{name}", email=custom_from(SENDER))


def deleted(mailwarden: Deployment) -> Identity:
    del mailwarden
    return OPEN


def narrowed(mailwarden: Deployment) -> Identity:
    """Our policies with a condition that no pool meets; they count as edited from then on."""
    live = mailwarden.identities.held[SENDER]
    assert isinstance(live, Identity)
    policies = {}
    for name, text in live.policies.items():
        document = json.loads(text)
        for statement in document["Statement"]:
            statement["Condition"]["StringEquals"]["ses:FromAddress"] = "nobody@example.com"
        policies[name] = json.dumps(document)
    return replace(live, policies=policies)


def hear(mailwarden: Deployment, *pools: Pool, event: str = "DeleteEmailIdentityPolicy") -> None:
    """An event of now about these pools, and everything that follows from it."""
    told = cause(event, event_id=f"e-{mailwarden.clock.now()}", at=mailwarden.clock.now())
    mailwarden.settle_down(*(PoolHint(pool=each.ref, cause=told) for each in pools))
    # The hints that we send ourselves: looks after a write, or after a repair that waits.
    mailwarden.settle_down(*mailwarden.hints.take_all())


@pytest.mark.parametrize("undo", [deleted, narrowed])
def test_who_undoes_our_policy_every_hour_for_a_week_gets_at_most_three_writes(
    undo: Callable[[Deployment], Identity],
) -> None:
    broken, mailwarden = seoul_pool("A"), Deployment()
    mailwarden.hold(broken, OPEN)

    for _ in range(WEEK):
        hear(mailwarden, broken)
        mailwarden.clock.pass_by(minutes=60)
        mailwarden.hold(undo(mailwarden))

    assert 1 <= len(mailwarden.written) <= 3


def test_different_sets_of_pools_do_not_hide_a_fight() -> None:
    pools = [seoul_pool(name) for name in "ABCDE"]
    mailwarden = Deployment()
    mailwarden.hold(*pools, OPEN)

    for hour in range(WEEK):
        mailwarden.hold(OPEN)
        hear(mailwarden, *(each for number, each in enumerate(pools) if (hour >> number) % 2 == 0))
        mailwarden.clock.pass_by(minutes=60)

    for each in pools:
        written = [change for change in mailwarden.written if each.ref in getattr(change, "pools", ())]
        assert len(written) <= 3


def test_new_pools_on_the_same_identity_are_no_fight() -> None:
    mailwarden = Deployment()
    mailwarden.hold(OPEN)

    for name in "ABCDEFGH":
        mailwarden.hold(seoul_pool(name))
        hear(mailwarden, seoul_pool(name), event="CreateUserPool")
        mailwarden.clock.pass_by(minutes=61)

    assert len(mailwarden.written) == 8
    assert "MW903" not in {rule for rule, _ in mailwarden.told()}


def test_a_fight_is_alerted_once_and_names_both_actors_the_count_and_when_it_goes_on() -> None:
    broken, mailwarden = seoul_pool("A"), Deployment()
    mailwarden.hold(broken, OPEN)
    for _ in range(6):
        mailwarden.hold(OPEN)
        hear(mailwarden, broken)
        mailwarden.clock.pass_by(minutes=61)

    record = mailwarden.finding("MW903", broken.ref.arn)

    said = english(record.finding.message)
    assert [state for rule, state in mailwarden.told() if rule == "MW903"] == ["open"]
    assert said.startswith("Mailwarden and another actor undo each other's change")
    assert f"Mailwarden wrote {SENDER.arn} 3 times" in said
    assert f"by {cause().actor} with DeleteEmailIdentityPolicy (aws-cli/2)" in said
    assert "when a person releases it" in said
    assert "undone each time" in english(mailwarden.finding("MW401", broken.ref.arn).write.reason)


def test_a_fight_about_a_pools_configuration_is_bounded_and_told() -> None:
    sender = identity_ref("hello@example.com", region="us-east-1")
    misplaced = pool("eu-west-3", email=developer(sender))
    mailwarden = Deployment()
    mailwarden.hold(
        identity("hello@example.com", region="us-east-1"), identity("hello@example.com", region="eu-west-3")
    )

    for _ in range(WEEK):
        mailwarden.hold(misplaced)
        hear(mailwarden, misplaced, event="UpdateUserPool")
        mailwarden.clock.pass_by(minutes=60)

    assert len(mailwarden.written) == 3
    assert mailwarden.finding("MW903", misplaced.ref.arn).lifecycle.state is FindingState.OPEN


def test_a_fight_about_the_role_is_one_for_all_pools() -> None:
    pools = [pool("us-east-1", pool_id=f"us-east-1_{name}", email=developer(identity_ref())) for name in "ABCD"]
    mailwarden = Deployment()
    mailwarden.hold(identity(), *pools)

    for hour in range(WEEK):
        mailwarden.role.held = ServiceLinkedRole.ABSENT
        hear(mailwarden, pools[hour % 4], event="DeleteServiceLinkedRole")
        mailwarden.clock.pass_by(minutes=60)

    assert len(mailwarden.written) == 3


def test_one_release_ends_the_fight_about_the_role_for_every_pool() -> None:
    pools = [pool("us-east-1", pool_id=f"us-east-1_{name}", email=developer(identity_ref())) for name in "ABCD"]
    newcomer = pool("us-east-1", pool_id="us-east-1_E", email=developer(identity_ref()))
    for released in (pools[2], newcomer):
        mailwarden = Deployment()
        mailwarden.hold(identity(), *pools, newcomer)
        for hour in range(12):
            mailwarden.role.held = ServiceLinkedRole.ABSENT
            hear(mailwarden, pools[hour % 4], event="DeleteServiceLinkedRole")
            mailwarden.clock.pass_by(minutes=60)
        paused = len(mailwarden.written)
        release = release_of(mailwarden.ledger, mailwarden.clock)

        ended = release.fights(released.ref)
        for each in pools:
            hear(mailwarden, each, event="TagResource")

        assert (paused, ended) == (3, 1)
        assert len(mailwarden.written) == 4
        for each in pools:
            assert mailwarden.finding("MW903", each.ref.arn).lifecycle.state is FindingState.RESOLVED


def test_a_pause_that_waits_for_a_person_is_told_and_kept_after_a_month() -> None:
    broken, mailwarden = seoul_pool("A"), Deployment()
    mailwarden.hold(broken, OPEN)
    for _ in range(3):
        mailwarden.hold(OPEN)
        hear(mailwarden, broken)
        mailwarden.clock.pass_by(minutes=61 * 24)
    mailwarden.hold(OPEN)

    for _ in range(40):
        hear(mailwarden, broken)
        mailwarden.clock.pass_by(minutes=60 * 24)

    assert len(mailwarden.written) == 3
    assert mailwarden.finding("MW903", broken.ref.arn).lifecycle.state is FindingState.OPEN


def test_a_pause_ends_and_the_finding_with_it() -> None:
    broken, mailwarden = seoul_pool("A"), Deployment()
    mailwarden.hold(broken, OPEN)
    for minutes in (5, 5):
        hear(mailwarden, broken)
        mailwarden.hold(OPEN)
        mailwarden.clock.pass_by(minutes=minutes)
    hear(mailwarden, broken)
    paused = mailwarden.finding("MW903", broken.ref.arn).lifecycle.state, len(mailwarden.written)

    mailwarden.clock.at += timedelta(hours=1)
    hear(mailwarden, broken, event="TagResource")

    assert paused == (FindingState.OPEN, 2)
    assert len(mailwarden.written) == 3
    assert mailwarden.finding("MW903", broken.ref.arn).lifecycle.state is FindingState.RESOLVED
    assert mailwarden.finding("MW401", broken.ref.arn).lifecycle.state is FindingState.REPAIRED


def test_a_pool_that_was_never_written_knows_that_the_role_is_fought_about() -> None:
    """The role is the account's: each pool that lacks it is told of the pause, and orders nothing while it holds."""
    pools = [pool("us-east-1", pool_id=f"us-east-1_{name}", email=developer(identity_ref())) for name in "AB"]
    mailwarden = Deployment()
    mailwarden.hold(identity(), pools[0])
    for _ in range(3):
        mailwarden.role.held = ServiceLinkedRole.ABSENT
        hear(mailwarden, pools[0], event="DeleteServiceLinkedRole")
    written = len(mailwarden.written)
    mailwarden.hold(pools[1])

    hear(mailwarden, pools[1], event="CreateUserPool")
    asked = mailwarden.inspect(PoolHint(pool=pools[1].ref))

    assert len(mailwarden.written) == written
    assert [each.ordered for each in asked] == [()]
    assert mailwarden.finding("MW903", pools[1].ref.arn).lifecycle.state is FindingState.OPEN
    reason = mailwarden.finding("MW409", pools[1].ref.arn).write.reason
    assert reason is not None
    assert reason.id == "guard.fight"
