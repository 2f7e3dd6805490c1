"""Pools that lack a grant, in a deployment that may repair them."""

from dataclasses import replace
from datetime import timedelta

from mailwarden.domain.findings.changes import GrantSending
from mailwarden.domain.readings import Identity, Pool
from mailwarden.domain.repair.journal import WriteResult
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.service.repair.repair_guard import Budget
from tests.builders import NOON, custom_from, identity, identity_ref, pool
from tests.fakes.deployment import Deployment, cause

OREGON = identity_ref(region="us-west-2")
OPENED = identity(region="us-west-2", tags={"mailwarden:cognito": "account"})
TERRAFORM = replace(cause(event_id="e-tf"), user_agent="APN/1.0 HashiCorp/1.0 Terraform/1.9.5")
BEFORE = replace(cause("DeleteEmailIdentityPolicy", event_id="e-before"), at=NOON - timedelta(minutes=1))


def seoul(name: str) -> Pool:
    """A pool that sends through Oregon and lacks the grant."""
    return pool("ap-northeast-2", pool_id=f"ap-northeast-2_{name}", email=custom_from(OREGON))


def deployed(
    *held: Pool | Identity,
    answer: WriteResult | None = None,
    budget: Budget | None = None,
    mode: RepairMode = RepairMode.SAFE,
) -> Deployment:
    mailwarden = Deployment(answer=answer, budget=budget or Budget(per_account=20, per_pool=5), mode=mode)
    mailwarden.hold(*held)
    return mailwarden


def granted(mailwarden: Deployment) -> list[set[str]]:
    """Which pools each write gave the grant to, by the names in their ids."""
    changes = [change for change in mailwarden.written if isinstance(change, GrantSending)]
    return [{ref.pool_id.partition("_")[2] for ref in change.pools} for change in changes]
