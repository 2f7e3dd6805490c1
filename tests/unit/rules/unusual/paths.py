"""Mail paths of pools in Seoul, in the UAE and on DEVELOPER, with whatever policies."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.readings import (
    EmailConfiguration,
    PoolReading,
)
from mailwarden.domain.refs.resources import IdentityRef, PoolRef
from tests.builders import (
    ACCOUNT,
    custom_from,
    identity,
    identity_ref,
    mail_path,
    pool,
    pool_ref,
    sending_policy,
)

SEOUL = pool_ref("ap-northeast-2")
OREGON = identity_ref(region="us-west-2")
DOMAIN = identity_ref("example.com")
NEIGHBOR = pool_ref(pool_id="us-east-1_Neighbor1")
GLOBAL = "email.cognito-idp.amazonaws.com"
UAE = "cognito-idp.me-central-1.amazonaws.com"
OWN_ACCOUNT: dict[str, dict[str, object]] = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def in_seoul(**policies: str) -> MailPath:
    """A Seoul pool on the default sender, as an identity in Oregon with these policies."""
    return mail_path(pool("ap-northeast-2", email=custom_from(OREGON)), identity(region="us-west-2", policies=policies))


def granted_in_seoul(**others: Any) -> MailPath:  # noqa: ANN401 - members of a mail path
    """A sound Seoul pool on the default sender, with *others* as ``mail_path`` takes them."""
    granted = identity(region="us-west-2", policies={"cognito": sending_policy(OREGON, SEOUL)})
    return mail_path(pool("ap-northeast-2", email=custom_from(OREGON)), granted, **others)


def statement_for(principal: str, action: str, **others: object) -> str:
    """A policy that lets a principal of IAM call an action of SES on the identity."""
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": OREGON.arn, **others}
    return json.dumps({"Statement": statement})


def conditioned(conditions: dict[str, dict[str, object]], **others: object) -> MailPath:
    document = json.loads(sending_policy(OREGON, conditions=conditions))
    document["Statement"][0] |= others
    return in_seoul(cognito=json.dumps(document))


def of_developer(email: EmailConfiguration, name: str = "example.com", **policies: str) -> MailPath:
    return mail_path(pool(email=email), identity(name, policies=policies))


def in_uae(*principals: str) -> MailPath:
    def policy(ref: IdentityRef) -> str:
        document = json.loads(sending_policy(ref, pool_ref("me-central-1")))
        document["Statement"][0]["Principal"] = {"Service": list(principals)}
        return json.dumps(document)

    regions = ("eu-central-1", "eu-west-2")
    return mail_path(
        pool("me-central-1", email=custom_from(identity_ref(region="*"))),
        *(identity(region=region, policies={"p": policy(identity_ref(region=region))}) for region in regions),
    )


def naming(arn: str, *, others: Mapping[PoolRef, PoolReading], unwatched: tuple[str, ...]) -> MailPath:
    """A Seoul pool whose statement names another pool besides, in this form."""
    document = json.loads(sending_policy(OREGON, SEOUL))
    document["Statement"][0]["Condition"]["ArnLike"]["aws:SourceArn"].append(arn)
    return mail_path(
        pool("ap-northeast-2", email=custom_from(OREGON)),
        identity(region="us-west-2", policies={"cognito": json.dumps(document)}),
        others=others,
        unwatched=unwatched,
    )


def named(name: str, path: MailPath) -> ParameterSet:
    return pytest.param(path, id=name)
