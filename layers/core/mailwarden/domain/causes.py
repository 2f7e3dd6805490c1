"""Who did what, as the event that woke us tells it: shown to people, never the ground of a decision to write."""

from dataclasses import dataclass
from datetime import datetime


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
