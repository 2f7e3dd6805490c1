"""The start of a scene: verified identities, pools with an app client, and the policies between them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from sandbox.demo.stage.stage import Actor, Stage

GLOBAL_PRINCIPAL = "email.cognito-idp.amazonaws.com"
OPEN_TO_COGNITO = {"mailwarden:cognito": "account"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A user pool and the client of its app."""

    region: str
    pool_id: str
    client_id: str
    name: str
    arn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An SES identity in one region."""

    region: str
    name: str
    arn: str


def verified_identity(stage: Stage, region: str, name: str, *, tags: Mapping[str, str] | None = None) -> Identity:
    """Create an identity; the sandbox plays the DNS, or the owner who clicks the link in SES's mail."""
    stage.client("sesv2", region).create_email_identity(
        EmailIdentity=name, Tags=[{"Key": key, "Value": value} for key, value in (tags or {}).items()]
    )
    stage.box.control("POST", f"ses/{region}/identities/{quote(name)}", {"verification_status": "SUCCESS"})
    return Identity(region=region, name=name, arn=f"arn:aws:ses:{region}:{stage.account}:identity/{name}")


def sending_policy(identity: Identity, principal: str, **condition: Mapping[str, str]) -> str:
    """A sending policy for Cognito as the page "Email settings" shows it."""
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": ["ses:SendEmail", "ses:SendRawEmail"],
        "Resource": identity.arn,
    }
    if condition:
        statement["Condition"] = condition
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def pools_of_this_account(stage: Stage, region: str) -> dict[str, dict[str, str]]:
    """The conditions that keep the pools of other customers out."""
    return {
        "StringEquals": {"aws:SourceAccount": stage.account},
        "ArnLike": {"aws:SourceArn": f"arn:aws:cognito-idp:{region}:{stage.account}:userpool/*"},
    }


def attach(stage: Stage, identity: Identity, name: str, policy: str, *, actor: Actor | None = None) -> None:
    """Attach a sending policy to an identity."""
    stage.client("sesv2", identity.region, actor=actor).create_email_identity_policy(
        EmailIdentity=identity.name, PolicyName=name, Policy=policy
    )


def new_pool(
    stage: Stage,
    region: str,
    name: str,
    email: Mapping[str, str],
    *,
    actor: Actor | None = None,
    **settings: Any,  # noqa: ANN401 - whatever CreateUserPool takes
) -> Pool:
    """Create a pool that verifies addresses by mail, and a client for its app."""
    cognito = stage.client("cognito-idp", region, actor=actor)
    settings.setdefault("AutoVerifiedAttributes", ["email"])
    pool_id = cognito.create_user_pool(PoolName=name, EmailConfiguration=email, **settings)["UserPool"]["Id"]
    client = cognito.create_user_pool_client(UserPoolId=pool_id, ClientName="app")["UserPoolClient"]
    return Pool(
        region=region,
        pool_id=pool_id,
        client_id=client["ClientId"],
        name=name,
        arn=f"arn:aws:cognito-idp:{region}:{stage.account}:userpool/{pool_id}",
    )


def known_pool(stage: Stage, region: str, name: str, email: Mapping[str, str], **settings: Any) -> Pool:  # noqa: ANN401
    """Create a pool and wait until Mailwarden has looked at it and has nothing left to do. Raises NotSeen."""
    before = datetime.now(UTC)
    pool = new_pool(stage, region, name, email, **settings)
    stage.records.first_look(pool.arn, since=before)
    stage.quiet()
    return pool


def stack_pool(stage: Stage, region: str, name: str, *, stack: str, template: str) -> Pool:
    """Create a stack of one pool and a client for its app, and wait as for a known pool. Raises NotSeen."""
    before, formation = datetime.now(UTC), stage.client("cloudformation", region)
    formation.create_stack(StackName=stack, TemplateBody=template)
    (made,) = formation.describe_stack_resources(StackName=stack)["StackResources"]
    pool_id = made["PhysicalResourceId"]
    client = stage.client("cognito-idp", region).create_user_pool_client(UserPoolId=pool_id, ClientName="app")
    arn = f"arn:aws:cognito-idp:{region}:{stage.account}:userpool/{pool_id}"
    pool = Pool(region=region, pool_id=pool_id, client_id=client["UserPoolClient"]["ClientId"], name=name, arn=arn)
    stage.records.first_look(pool.arn, since=before)
    stage.quiet()
    return pool


def policies_of(stage: Stage, identity: Identity) -> dict[str, Any]:
    """The sending policies of an identity by name, as documents."""
    answer = stage.client("sesv2", identity.region).get_email_identity(EmailIdentity=identity.name)
    return {name: json.loads(policy) for name, policy in answer["Policies"].items()}


def settings_of(stage: Stage, pool: Pool) -> dict[str, Any]:
    """Everything that can be read of a pool: DescribeUserPool and GetUserPoolMfaConfig."""
    cognito = stage.client("cognito-idp", pool.region)
    described = cognito.describe_user_pool(UserPoolId=pool.pool_id)["UserPool"]
    factors = cognito.get_user_pool_mfa_config(UserPoolId=pool.pool_id)
    return {**described, "Factors": {name: value for name, value in factors.items() if name != "ResponseMetadata"}}


def feedback_set(stage: Stage, region: str, name: str) -> str:
    """Create a configuration set that sends bounces and complaints to EventBridge; returns its name."""
    ses = stage.client("sesv2", region)
    ses.create_configuration_set(ConfigurationSetName=name)
    ses.create_configuration_set_event_destination(
        ConfigurationSetName=name,
        EventDestinationName="to-eventbridge",
        EventDestination={
            "Enabled": True,
            "MatchingEventTypes": ["BOUNCE", "COMPLAINT"],
            "EventBridgeDestination": {
                "EventBusArn": f"arn:aws:events:{region}:{stage.account}:event-bus/default",
            },
        },
    )
    return name
