"""Every call that a run may make. A call that is not in the plan is refused before it is sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from boto3.session import Session
from botocore.model import OperationModel


class NotPlanned(Exception):
    """The program was about to make a call that --dry-run does not list: a fault of the program."""


class When(StrEnum):
    """The part of a run that makes a call."""

    ALWAYS = "always"
    IDENTITY = "with --identity"
    STACK = "with --stack or --deploy"
    DEPLOY = "with --deploy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Operations of one service that a run makes for one purpose, by the SDK's name of the service."""

    service: str
    operations: tuple[str, ...]
    purpose: str
    where: str = "in the region"
    when: When = When.ALWAYS


_EACH_TIER = "a user pool for each tier"
_SES = "in the SES region"
PLAN = (
    Planned(service="sts", operations=("GetCallerIdentity",), purpose="which account this is"),
    Planned(
        service="cognito-idp",
        operations=("ListUserPools",),
        purpose="the account has no user pools of others; none is left at the end",
        where="in every region of Cognito",
    ),
    Planned(
        service="events",
        operations=("PutRule", "PutTargets", "ListRules", "ListTargetsByRule", "RemoveTargets", "DeleteRule"),
        purpose="rules with the patterns of regions.yaml",
        where="in the regions of the pools, of SES and of IAM's events",
    ),
    Planned(
        service="sqs",
        operations=(
            "CreateQueue",
            "GetQueueAttributes",
            "ReceiveMessage",
            "DeleteMessage",
            "ListQueues",
            "DeleteQueue",
        ),
        purpose="a queue for the events that the rules match",
        where="in the same regions",
    ),
    Planned(
        service="cloudtrail",
        operations=("DescribeTrails", "GetTrailStatus", "GetEventSelectors"),
        purpose="a trail that delivers events",
    ),
    Planned(
        service="cloudtrail",
        operations=("LookupEvents",),
        purpose="the bodies of calls without an event",
        where="in the same regions",
    ),
    Planned(
        service="cognito-idp",
        operations=("CreateUserPool", "SetUserPoolMfaConfig", "TagResource", "UntagResource", "DeleteUserPool"),
        purpose=_EACH_TIER,
    ),
    Planned(
        service="cognito-idp",
        operations=("DescribeUserPool", "GetUserPoolMfaConfig", "UpdateUserPool"),
        purpose="the round trip of the writer, a partial update, two that Cognito refuses",
    ),
    Planned(
        service="sesv2",
        operations=(
            "CreateConfigurationSet",
            "PutConfigurationSetSendingOptions",
            "DeleteConfigurationSet",
            "ListConfigurationSets",
            "CreateEmailIdentity",
            "ListEmailIdentities",
        ),
        purpose="a configuration set, and a domain of example.com that is never verified",
        where=_SES,
    ),
    Planned(
        service="ses",
        operations=("SetIdentityFeedbackForwardingEnabled", "DeleteIdentity"),
        purpose="the same domain, by the older API",
        where=_SES,
    ),
    Planned(
        service="iam",
        operations=(
            "GetRole",
            "CreateServiceLinkedRole",
            "DeleteServiceLinkedRole",
            "GetServiceLinkedRoleDeletionStatus",
        ),
        purpose="Cognito's role for e-mail, only if the account has none",
        where="global",
    ),
    Planned(
        service="sesv2",
        operations=(
            "GetEmailIdentity",
            "CreateEmailIdentityPolicy",
            "UpdateEmailIdentityPolicy",
            "DeleteEmailIdentityPolicy",
        ),
        purpose="one grant to the scratch pools and its undo",
        where=_SES,
        when=When.IDENTITY,
    ),
    Planned(
        service="cloudformation",
        operations=("DescribeStacks",),
        purpose="the tables of the deployment",
        when=When.STACK,
    ),
    Planned(
        service="dynamodb",
        operations=("GetItem",),
        purpose="whether Mailwarden looked at the new pools",
        when=When.STACK,
    ),
    Planned(
        service="dynamodb",
        operations=("UpdateTable", "DeleteTable"),
        purpose="the table of the journal, which a deletion keeps",
        when=When.DEPLOY,
    ),
)


def planned(chosen: Sequence[When]) -> Iterator[Planned]:
    """The part of the plan for the options of a run."""
    return (each for each in PLAN if each.when in {When.ALWAYS, *chosen})


def keep_to_plan(session: Session, chosen: Sequence[When]) -> None:
    """Refuse every call of the session that is not planned; to be done before its first client is made."""
    allowed = {(each.service, operation) for each in planned(chosen) for operation in each.operations}

    def refuse(model: OperationModel, **_: object) -> None:
        if (model.service_model.service_name, model.name) not in allowed:
            raise NotPlanned(f"{model.service_model.service_name}:{model.name} is not in the plan")

    session.events.register_first("before-call", refuse)


def plan_lines(chosen: Sequence[When], *, deploys: bool) -> Iterator[str]:
    """The plan as text, a line for each operation."""
    for each in planned(chosen):
        yield f"{each.purpose} ({each.where})"
        for operation in each.operations:
            yield f"  {each.service}:{operation}"
    if deploys:
        yield "a deployment of Mailwarden, and its deletion: make deploy and make delete, with a file and a stack of"
        yield "  their own. Their calls are in docs/deployment.md, Permissions of the deployer."
