"""Builders of grants, and the plans for them carried out on a dictionary of policies."""

from collections.abc import Mapping, Sequence

from mailwarden.policy import (
    GLOBAL_PRINCIPAL,
    Grant,
    GrantImpossible,
    GrantPlan,
    grant_pools,
    own_grants,
    revoke_pools,
)
from tests.unit.policy.policies import ACCOUNT, IDENTITY, REGIONAL_PRINCIPAL

FIRST = "mailwarden-cognito"


def pool(number: int, region: str = "us-east-1", account: str = ACCOUNT) -> str:
    return f"arn:aws:cognito-idp:{region}:{account}:userpool/{region}_Pool{number:05d}"


def grant(number: int = 1, principal: str = GLOBAL_PRINCIPAL) -> Grant:
    region = "me-central-1" if principal == REGIONAL_PRINCIPAL else "us-east-1"
    return Grant(principal=principal, pool_arn=pool(number, region))


def added(policies: Mapping[str, str], grants: Sequence[Grant] | frozenset[Grant]) -> GrantPlan:
    plan = grant_pools(policies, identity_arn=IDENTITY, account=ACCOUNT, grants=grants)
    assert isinstance(plan, GrantPlan)
    return plan


def refused(policies: Mapping[str, str], grants: Sequence[Grant], identity_arn: str = IDENTITY) -> GrantImpossible:
    plan = grant_pools(policies, identity_arn=identity_arn, account=ACCOUNT, grants=grants)
    assert isinstance(plan, GrantImpossible)
    return plan


def removed(policies: Mapping[str, str], grants: Sequence[Grant] | frozenset[Grant]) -> GrantPlan:
    return revoke_pools(policies, identity_arn=IDENTITY, account=ACCOUNT, grants=grants)


def written(policies: Mapping[str, str], plan: GrantPlan) -> dict[str, str]:
    """The policies after the plan was carried out."""
    after = {**policies, **plan.after}
    return {name: text for name, text in after.items() if text is not None}


def held(policies: Mapping[str, str]) -> frozenset[Grant]:
    return own_grants(policies, identity_arn=IDENTITY, account=ACCOUNT)
