"""What other principals of the account gain by tags, hints and user agents that they choose (SECURITY.md)."""

from dataclasses import replace

import pytest

from mailwarden.domain.readings import Identity, Pool
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import PoolRef
from tests.builders import custom_from, identity, identity_ref, pool, pool_ref, sending_policy
from tests.fakes.deployment import Deployment, cause, hint

SENDER = identity_ref("hello@example.com", region="us-west-2")
OPEN = {"mailwarden:cognito": "account"}
OURS, TERRAFORM = "Boto3/1.44 mailwarden/repair", "APN/1.0 HashiCorp/1.0 Terraform/1.9"


def broken(*, pool_tags: dict[str, str] | None = None, tags: dict[str, str] | None = None) -> tuple[Pool, Identity]:
    """A Seoul pool whose identity lacks its grant."""
    return (
        pool("ap-northeast-2", email=custom_from(SENDER), tags=pool_tags or {}),
        identity("hello@example.com", region="us-west-2", tags=OPEN if tags is None else tags),
    )


def by(agent: str, each: PoolRef, *, at: Deployment) -> PoolHint:
    now = at.clock.now()
    told = cause("DeleteEmailIdentityPolicy", event_id=f"e-{now}", at=now)
    return PoolHint(pool=each, cause=replace(told, user_agent=agent))


def test_who_untags_a_pool_lets_mailwarden_write_it_again() -> None:
    exempt, sender = broken(pool_tags={"mailwarden": "off"})
    mailwarden = Deployment()
    mailwarden.hold(exempt, sender)
    mailwarden.settle_down(hint(exempt))
    before = list(mailwarden.written)

    mailwarden.hold(broken()[0])
    mailwarden.settle_down(hint(exempt, event_id="untagged"))

    assert (len(before), len(mailwarden.written)) == (0, 1)


def test_who_untags_an_identity_ends_its_consent() -> None:
    each, sender = broken(tags={})
    mailwarden = Deployment()
    mailwarden.hold(each, sender)

    mailwarden.settle_down(hint(each))

    assert mailwarden.written == []


@pytest.mark.parametrize("named", [pool_ref("ap-northeast-2"), pool_ref(pool_id="us-east-1_NOWHERE")])
def test_a_forged_hint_causes_a_look_and_no_write(named: PoolRef) -> None:
    each, sender = broken()
    sound = replace(sender, policies={"theirs": sending_policy(sender.ref, each.ref)})
    mailwarden = Deployment()
    mailwarden.hold(each, sound)

    mailwarden.settle_down(PoolHint(pool=named, cause=cause("DeleteEmailIdentityPolicy")))

    assert mailwarden.written == []


def test_a_forged_user_agent_of_ours_neither_hides_a_breakage_nor_a_fight() -> None:
    each, sender = broken()
    mailwarden = Deployment()
    mailwarden.hold(each)

    for _ in range(24 * 7):
        mailwarden.hold(sender)
        mailwarden.settle_down(by(OURS, each.ref, at=mailwarden))
        mailwarden.settle_down(*mailwarden.hints.take_all())
        mailwarden.clock.pass_by(minutes=60)

    assert len(mailwarden.written) == 3
    assert ("MW903", "open") in mailwarden.told()


def test_a_forged_user_agent_of_a_deployment_tool_only_withholds_a_repair_and_is_alerted() -> None:
    each, sender = broken()
    mailwarden = Deployment()
    mailwarden.hold(each, sender)

    mailwarden.settle_down(by(TERRAFORM, each.ref, at=mailwarden))

    assert mailwarden.written == []
    assert mailwarden.told() == [("MW401", "open")]
