"""Answers to "why?" as documents, made by the real services over held readings."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

from mailwarden.domain.operator.question import Question
from mailwarden.domain.readings import Pool
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.domain.repair.source import owner_stack
from mailwarden.domain.reputation.feedback import (
    Figures,
    NoticeKind,
    RateStatus,
    SesFeedback,
    SesNotice,
    SuppressionGrowth,
)
from mailwarden.domain.reputation.mail_events import CounterKey, day_period
from mailwarden.domain.reputation.rate_levels import RateLevel
from mailwarden.ports.repair.stacks import Owned
from mailwarden.presentation.answers.diagnosis import why_document
from mailwarden.rules import ALL
from mailwarden.service.operator.diagnose import Diagnosis
from mailwarden.service.operator.read_pools import PoolReader
from mailwarden.service.repair.source_owners import SourceOwners
from tests.builders import (
    ACCOUNT,
    LAMBDA,
    NOON,
    configuration_set,
    custom_from,
    developer,
    identity,
    identity_ref,
    pool,
    sending_policy,
    ses_account,
    unread,
)
from tests.fakes.deployment import Deployment
from tests.fakes.examples import a_look
from tests.fakes.operator import HeldSuppressionLists, an_entry

JANE = "jane.doe@corp.example"
POOL_ID = "eu-west-1_Shop00001"
SHOP = identity_ref("shop.example", region="eu-west-1")


def asker(deployment: Deployment, lists: HeldSuppressionLists | None = None) -> Diagnosis:
    """Somebody to ask about a deployment."""
    return Diagnosis(
        path_reader=deployment.path_reader(),
        looks=deployment.ledger.looks,
        findings=deployment.ledger.findings,
        owners=SourceOwners(stacks=deployment.stacks, deployment_roles=deployment.deployment_roles),
        lists=lists or HeldSuppressionLists(),
        rules=ALL,
        limits=replace(deployment.inspector().limits, repair_mode=deployment.mode),
        stop_switch=deployment.ledger.stop_switch,
        clock=deployment.clock,
        partition="aws",
        account=ACCOUNT,
        watched_regions=deployment.watched_regions,
    )


def pool_reader(deployment: Deployment) -> PoolReader:
    """What lists the pools of a deployment."""
    return PoolReader(
        resources=deployment.ledger.resources_in_use,
        looks=deployment.ledger.looks,
        clock=deployment.clock,
        partition="aws",
        account=ACCOUNT,
        watched_regions=deployment.watched_regions,
    )


def told(
    deployment: Deployment,
    lists: HeldSuppressionLists | None = None,
    *,
    pool_id: str = POOL_ID,
    address: str | None = None,
) -> dict[str, Any]:
    """The document."""
    question = Question(pool_id=pool_id, address=address)
    return why_document(asker(deployment, lists).answer(question), asked=question)


def a_shop(**members: Any) -> Pool:  # noqa: ANN401 - as the builder takes them
    """A pool in Ireland."""
    return pool("eu-west-1", pool_id=POOL_ID, **members)


def sound() -> Deployment:
    """A pool that can send, looked at a while ago, with feedback on record."""
    deployment = Deployment()
    ref = configuration_set("mail", region="eu-west-1").ref
    shop = a_shop(email=developer(SHOP, configuration_set="mail"))
    deployment.hold(shop, identity("shop.example", region="eu-west-1"), configuration_set("mail", region="eu-west-1"))
    deployment.ledger.looks.put(a_look(shop.ref, at=NOON - timedelta(minutes=40)))
    account = ses_account("eu-west-1").ref
    figures = Figures(sends=1_200, bounces=13, complaints=0, bounce_rate=0.0108)
    rate_status = RateStatus(subject=account, looked_at=NOON - timedelta(minutes=10), figures=figures)
    deployment.ledger.feedback.held[account] = SesFeedback(
        rates=rate_status,
        suppression=SuppressionGrowth(
            counted_to=NOON - timedelta(minutes=10),
            added={NOON.date(): {"BOUNCE": 3, "COMPLAINT": 1}},
            total={"BOUNCE": 210, "COMPLAINT": 7},
            total_at=NOON - timedelta(hours=9),
        ),
    )
    deployment.ledger.feedback.held[ref] = SesFeedback(
        rates=replace(rate_status, subject=ref, bounce_level=RateLevel.ELEVATED)
    )
    today = CounterKey(arn=shop.ref.arn, period=day_period(NOON.date()))
    deployment.ledger.counters.held[today] = Counter({"Bounce/Permanent/General": 2, "DeliveryDelay": 5})
    return deployment


def noticed() -> Deployment:
    """The same, and SES has said something with an address in it."""
    deployment = sound()
    account = ses_account("eu-west-1").ref
    notice = SesNotice(
        account=account,
        kind=NoticeKind.RECOMMENDATION,
        about=SHOP.arn,
        text=f"DMARC is missing;\x1b[31m ask {JANE}",
        at=NOON - timedelta(days=1),
    )
    known = deployment.ledger.feedback.held[account]
    deployment.ledger.feedback.held[account] = replace(known, notices=(notice,))
    return deployment


def missing_grant(mode: RepairMode = RepairMode.OFF) -> Deployment:
    """A pool on the default sender with a FROM of ours, and nobody lets it send."""
    deployment = Deployment(mode=mode)
    ref = identity_ref("codes@shop.example", region="eu-west-1")
    deployment.hold(
        a_shop(email=custom_from(ref)),
        identity("codes@shop.example", region="eu-west-1", tags={"mailwarden:cognito": "account"}),
    )
    return deployment


def narrowed_grant(mode: RepairMode) -> Deployment:
    """The same pool, which its owner lets send as another address only."""
    deployment = Deployment(mode=mode)
    ref = identity_ref("codes@shop.example", region="eu-west-1")
    shop = a_shop(email=custom_from(ref))
    conditions = {"ArnLike": {"aws:SourceArn": shop.ref.arn}, "StringLike": {"ses:FromAddress": "billing@*"}}
    deployment.hold(
        shop,
        identity(
            "codes@shop.example",
            region="eu-west-1",
            policies={"cognito": sending_policy(ref, conditions=conditions)},
            tags={"mailwarden:cognito": "account"},
        ),
    )
    return deployment


def owned_by_stack() -> Deployment:
    """A pool of a stack, on an identity in a region that it may not use; its repair was withheld."""
    deployment = Deployment(watched_regions=("eu-west-1",))
    elsewhere = identity("shop.example", region="ap-south-1")
    email = developer(elsewhere.ref, from_address='"Shop, Inc." <no-reply@shop.example>', reply_to="help@shop.example")
    shop = a_shop(email=email)
    deployment.hold(shop, elsewhere, identity("shop.example", region="eu-west-1"))
    deployment.stacks.owners[shop.ref] = Owned(
        by=owner_stack("identity-prod", logical_id="ShopUsers", types={"AWS::Cognito::UserPool"})
    )
    deployment.settle_down(PoolHint(pool=shop.ref))
    deployment.clock.pass_by(minutes=5)
    return deployment


def default_sender() -> Deployment:
    """A pool as it is when nobody configured anything."""
    deployment = Deployment()
    deployment.hold(a_shop())
    return deployment


def custom_sender() -> Deployment:
    """A Lambda sends."""
    deployment = Deployment()
    deployment.hold(a_shop(custom_sender_lambda=LAMBDA))
    return deployment


def refused() -> Deployment:
    """Nothing of SES may be read."""
    deployment = Deployment()
    deployment.hold(a_shop(email=developer(SHOP)))
    deployment.identities.held[SHOP] = unread("ses:GetEmailIdentity", "eu-west-1")
    deployment.accounts.held["eu-west-1"] = unread("ses:GetAccount", "eu-west-1")
    return deployment


def refused_regions() -> Deployment:
    """Where the pool may be, nothing may be read."""
    deployment = Deployment()
    ref = a_shop().ref
    deployment.pools.held[ref] = unread("cognito-idp:DescribeUserPool", "eu-west-1")
    return deployment


def listed(reason: str = "BOUNCE") -> HeldSuppressionLists:
    """Jane is on the list."""
    return HeldSuppressionLists(held={("eu-west-1", JANE): an_entry(reason, since=NOON - timedelta(days=3))})


def unreadable_lists() -> HeldSuppressionLists:
    """No list may be read."""
    return HeldSuppressionLists(refused=unread("ses:GetSuppressedDestination", "eu-west-1"))
