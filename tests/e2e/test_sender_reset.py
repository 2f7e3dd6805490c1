"""A partial update resets a pool's sender: the loss is told with its author, and restored as the evidence allows."""

import json
from collections.abc import Callable

import pytest

from tests.e2e.people import Identity, Pool, developer, pools_of, sending_policy
from tests.e2e.stage import Stage
from tests.e2e.test_set_sender import SETTINGS, described

PARIS = "eu-west-3"
# What each tool calls itself, and how an alert names it.
CALLERS = {
    "aws-cli/2.15.0 md/prompt#off md/command#cognito-idp.update-user-pool": "aws-cli/2.15.0",
    "Boto3/1.34.0 md/Botocore#1.34.0 ua/2.0": "Boto3/1.34.0",
    "APN/1.0 HashiCorp/1.0 Terraform/1.9.0 aws-sdk-go-v2/1.30": "Terraform/1.9.0",
    "cloudformation.amazonaws.com": "cloudformation.amazonaws.com",
}


def update(stage: Stage, pool: Pool, *, agent: str, **members: object) -> None:
    """UpdateUserPool with nothing but these members, by a tool that calls itself so."""
    cognito = stage.box.client("cognito-idp", pool.region)

    def name_itself(request: object, **_: object) -> None:
        request.headers["User-Agent"] = agent  # type: ignore[attr-defined] # a request of botocore

    events: tuple[str, Callable[..., None]] = ("before-send.cognito-idp.UpdateUserPool", name_itself)
    cognito.meta.events.register(*events)
    try:
        cognito.update_user_pool(UserPoolId=pool.pool_id, **members)
    finally:
        cognito.meta.events.unregister(*events)


HANDS = [agent for agent, name in CALLERS.items() if name.startswith(("aws-cli", "Boto3"))]
SOURCES = [agent for agent in CALLERS if agent not in HANDS]


def taught(stage: Stage, identity: Identity) -> None:
    """A record of the region that names EmailConfiguration: from then on its absence means something."""
    pool = stage.known(stage.people.pool(identity.region, developer(identity)))
    update(stage, pool, agent="aws-cli/2.15.0", EmailConfiguration=developer(identity))
    stage.box.quiet()


def shows_after(stage: Stage, *, seconds: float) -> None:
    stage.box.control("POST", "trail/history", {"delay_seconds": seconds})


@pytest.mark.parametrize("agent", HANDS, ids=[CALLERS[agent] for agent in HANDS])
def test_an_accident_by_hand_is_told_with_its_author_and_restored(stage: Stage, agent: str) -> None:
    identity = stage.people.identity(PARIS)
    taught(stage, identity)
    sender = developer(identity, ReplyToEmailAddress=f"help@{identity.name}")
    pool = stage.known(stage.people.pool(PARIS, sender, **SETTINGS))

    # CloudTrail's own history shows the call only later: until then it is reported.
    shows_after(stage, seconds=600)
    try:
        update(stage, pool, agent=agent, AutoVerifiedAttributes=["email"])
        stage.alert(pool.arn, "MW108", "open")
    finally:
        shows_after(stage, seconds=0)
    told = stage.alert(pool.arn, "MW108", "open").document
    assert CALLERS[agent] in told["evidence"]["changed_by"], told["evidence"]
    assert "CloudTrail may still show another call" in json.dumps(told), told
    repaired = stage.alert(pool.arn, "MW108", "repaired").document
    assert repaired["verdict"]["can_send"] == "yes"
    assert described(stage, pool)[1] == sender
    assert stage.agreed(pool) == ("yes", None)
    stage.alert(pool.arn, "MW108", "repaired")
    stage.box.quiet()
    assert stage.told(pool.arn, "MW108") == [("MW108", "open"), ("MW108", "repaired")]


@pytest.mark.parametrize("agent", SOURCES, ids=[CALLERS[agent] for agent in SOURCES])
def test_a_reset_by_a_deployment_is_told_and_restored_by_one_command_only(stage: Stage, agent: str) -> None:
    identity = stage.people.identity(PARIS)
    taught(stage, identity)
    sender = developer(identity, ReplyToEmailAddress=f"help@{identity.name}")
    pool = stage.known(stage.people.pool(PARIS, sender, **SETTINGS))

    update(stage, pool, agent=agent, AutoVerifiedAttributes=["email"])

    alert = stage.alert(pool.arn, "MW108", "open").document
    assert (alert["rule"]["severity"] if "severity" in alert["rule"] else alert["severity"]) == "critical"
    assert alert["verdict"] == {"can_send": "at risk", "deciding_link": "sender"}
    evidence = alert["evidence"]
    assert CALLERS[agent] in evidence["changed_by"], evidence
    assert identity.arn in evidence["configuration_before"]
    assert evidence["mails_a_day"] == "50 for the account"
    for name in ("DeletionProtection", "AdminCreateUserConfig.AllowAdminCreateUserOnly", "UserPoolTags"):
        assert name in evidence["also_changed"], evidence
    stage.box.quiet()
    others, reset = described(stage, pool)
    assert reset.get("SourceArn") is None

    document = json.loads(stage.box.tool("orders.restore", pool.pool_id, "--apply", "--json"))

    assert (document["answer"], document["pool"]["then"]) == ("written", "yes")
    assert described(stage, pool) == (others, sender)
    stage.alert(pool.arn, "MW108", "repaired")
    stage.box.quiet()
    assert stage.told(pool.arn, "MW108") == [("MW108", "open"), ("MW108", "repaired")]


def test_a_choice_is_left_alone_and_a_loss_can_be_accepted(stage: Stage) -> None:
    identity = stage.people.identity(PARIS)
    taught(stage, identity)
    chosen = stage.known(stage.people.pool(PARIS, developer(identity)))
    lost = stage.known(stage.people.pool(PARIS, developer(identity)))
    default = {"EmailSendingAccount": "COGNITO_DEFAULT"}

    update(stage, chosen, agent="aws-cli/2.15.0", EmailConfiguration=default, AutoVerifiedAttributes=["email"])
    update(stage, lost, agent=SOURCES[0], AutoVerifiedAttributes=["email"])
    stage.alert(lost.arn, "MW108", "open")
    stage.box.quiet()

    assert stage.told(chosen.arn, "MW108") == []
    assert stage.agreed(chosen) == ("yes", None)
    accepted = json.loads(stage.box.tool("orders.restore", lost.pool_id, "--accept", "--json"))
    assert accepted["answer"] == "accepted"
    stage.box.quiet()
    assert stage.told(lost.arn, "MW108") == [("MW108", "open"), ("MW108", "resolved")]
    assert described(stage, lost)[1] == default


def guarded(stage: Stage, identity: Identity) -> tuple[Pool, Callable[..., None]]:
    """A pool whose threat protection sends notices, and the call that replaces its risk configuration."""
    stage.people.attach(identity, sending_policy(identity, pools_of(stage.box, PARIS)))
    protected = {"UserPoolTier": "PLUS", "UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}}
    pool = stage.people.pool(PARIS, developer(identity), **protected)
    cognito = stage.box.client("cognito-idp", PARIS)

    def set_risks(**parts: object) -> None:
        cognito.set_risk_configuration(UserPoolId=pool.pool_id, **parts)

    return pool, set_risks


def test_a_call_that_drops_the_verification_or_the_sender_of_notices_is_told(stage: Stage) -> None:
    identity = stage.people.identity(PARIS)
    sender = developer(identity)
    watched, set_risks = guarded(stage, identity)
    notifies = {
        "NotifyConfiguration": {"SourceArn": identity.arn, "From": f"security@{identity.name}"},
        "Actions": {"HighAction": {"Notify": True, "EventAction": "BLOCK"}},
    }
    set_risks(AccountTakeoverRiskConfiguration=notifies)
    pool = stage.known(stage.people.pool(PARIS, sender, AutoVerifiedAttributes=["email"]))

    update(stage, pool, agent="aws-cli/2.15.0", EmailConfiguration=sender)
    set_risks(CompromisedCredentialsRiskConfiguration={"Actions": {"EventAction": "BLOCK"}})

    lost = stage.alert(watched.arn, "MW117", "open").document
    assert identity.arn in lost["evidence"]["notices_before"]
    assert "SetRiskConfiguration" in lost["evidence"]["changed_by"]
    set_risks(AccountTakeoverRiskConfiguration=notifies)
    told = stage.alert(pool.arn, "MW115", "open").document
    assert "aws-cli/2.15.0" in told["evidence"]["changed_by"]
    assert told["verdict"] == {"can_send": "at risk", "deciding_link": "sender"}
    stage.box.quiet()
    assert stage.told(pool.arn, "MW108", "MW115") == [("MW115", "open")]

    update(stage, pool, agent="aws-cli/2.15.0", EmailConfiguration=sender, AutoVerifiedAttributes=["email"])

    stage.alert(pool.arn, "MW115", "resolved")
    stage.box.quiet()
    update(stage, pool, agent="aws-cli/2.15.0", EmailConfiguration=sender, AutoVerifiedAttributes=[])
    set_risks()
    stage.box.quiet()
    assert stage.told(watched.arn, "MW117") == [("MW117", "open"), ("MW117", "resolved")]
    assert stage.told(pool.arn, "MW115") == [("MW115", "open"), ("MW115", "resolved")]
