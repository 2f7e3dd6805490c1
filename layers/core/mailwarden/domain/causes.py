"""Who did what, as the event that woke us tells it: shown to people, never the ground of a decision to write."""

import re
from dataclasses import dataclass
from datetime import datetime

_SESSION = re.compile(r"arn:(?P<partition>[a-z-]+):sts::(?P<account>[0-9]{12}):assumed-role/(?P<role>[^/]+)/.+")
_ROLE = re.compile(r"arn:(?P<partition>[a-z-]+):iam::(?P<account>[0-9]{12}):role/(?:.+/)?(?P<role>[^/]+)")


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


def acts_as(actor: str, principal_arn: str) -> bool:
    """Whether a call's actor is this principal, or a session of it if it is a role.

    The ARN of a session has the role's name without its path (IAM user guide, "IAM identifiers").
    """
    if actor == principal_arn:
        return True
    session, role = _SESSION.fullmatch(actor), _ROLE.fullmatch(principal_arn)
    return session is not None and role is not None and session.groupdict() == role.groupdict()
