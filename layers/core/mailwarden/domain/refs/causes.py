"""The cause of a look: the actor and the call of its event, for display only, never a reason to write."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mailwarden.documents.reader import Members
from mailwarden.message import Message, message

_SESSION = re.compile(r"arn:(?P<partition>[a-z-]+):sts::(?P<account>[0-9]{12}):assumed-role/(?P<role>[^/]+)/.+")
_ROLE = re.compile(r"arn:(?P<partition>[a-z-]+):iam::(?P<account>[0-9]{12}):role/(?:.+/)?(?P<role>[^/]+)")

# The calls that write a pool's EmailConfiguration or its surroundings.
POOL_WRITES = frozenset({"CreateUserPool", "UpdateUserPool"})
# The user agent of our own SDK clients: it marks the events of our own writes.
OUR_USER_AGENT = "mailwarden/"
# The names of infrastructure-as-code tools in events, in lower case. CloudFormation uses its own name (CloudTrail user
# guide, "invokedBy"); Terraform and Pulumi add theirs to the SDK's user agent.
_DEPLOYMENT_TOOLS = ("cloudformation.amazonaws.com", "terraform", "opentofu", "pulumi", "crossplane")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """The API call that led to a look (CloudTrail record contents: eventName, userIdentity, userAgent, eventTime).

    Every text comes from outside: escape it where it is shown.
    """

    event_name: str
    event_id: str
    actor: str
    user_agent: str
    region: str
    at: datetime


def cause_document(cause: Cause) -> dict[str, str]:
    """A cause as a document; ``cause_from`` reads it back."""
    return {
        "event_name": cause.event_name,
        "event_id": cause.event_id,
        "actor": cause.actor,
        "user_agent": cause.user_agent,
        "region": cause.region,
        "at": cause.at.isoformat(),
    }


def cause_from(members: Members) -> Cause:
    """Read a cause back; raises MalformedDocument."""
    return Cause(
        event_name=members.text("event_name"),
        event_id=members.text("event_id"),
        actor=members.text("actor"),
        user_agent=members.text("user_agent"),
        region=members.text("region"),
        at=members.time("at"),
    )


def optional_cause_from(members: Members, name: str) -> Cause | None:
    """The cause in the member *name*, or None; raises MalformedDocument."""
    inner = members.optional_members(name)
    return None if inner is None else cause_from(inner)


def deployed_by(cause: Cause, deployment_roles: Iterable[str]) -> Message | None:
    """Why a call counts as a deployment: its role is a deployment role, or it names such a tool; otherwise None."""
    if any(acts_as(cause.actor, role) for role in deployment_roles):
        return message("deployment.role", actor=cause.actor)
    said = cause.user_agent.lower()
    tool = next((tool for tool in _DEPLOYMENT_TOOLS if tool in said), None)
    return None if tool is None else message("deployment.tool", tool=tool)


def acts_as(actor: str, principal_arn: str) -> bool:
    """Whether a call's actor is this principal, or a session of it if it is a role.

    The ARN of a session has the role's name without its path (IAM user guide, "IAM identifiers").
    """
    if actor == principal_arn:
        return True
    session, role = _SESSION.fullmatch(actor), _ROLE.fullmatch(principal_arn)
    return session is not None and role is not None and session.groupdict() == role.groupdict()
