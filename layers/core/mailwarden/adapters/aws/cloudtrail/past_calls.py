"""Looks up calls in the history of CloudTrail, which keeps management events of 90 days without any trail."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.errors import unread
from mailwarden.documents.reader import MalformedDocument, Members, json_from_text
from mailwarden.domain.known_good.past_calls import PastCall, past_call_in
from mailwarden.domain.readings import OwnReason, Unreadable
from mailwarden.domain.refs.resources import PoolRef

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail.type_defs import LookupEventsRequestTypeDef

LOOK_UP = "cloudtrail:LookupEvents"
_UPDATE, _RECORD = "UpdateUserPool", "CloudTrailEvent"
_PAGE = 50  # The maximum of LookupEvents (CloudTrail API reference, LookupEvents, MaxResults).
# "The rate of lookup requests is limited to two per second, per account, per Region" (the same page).
_PAUSE = 0.6
# A repair has to end within a minute, of which a page may take up to five seconds: more calls are no clear evidence.
_MOST_PAGES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudTrailPastCalls:
    """Implements the port ``PastCalls`` with LookupEvents; ``sleep`` lets seconds pass between two pages."""

    clients: Clients
    sleep: Callable[[float], None]

    def updates_of(self, pool: PoolRef, *, since: datetime, until: datetime) -> tuple[PastCall, ...] | Unreadable:
        """The calls of UpdateUserPool in a period that may be some of *pool*; those of the last minutes may be missing.

        The region's calls are read by their name, because AWS does not document which resources a record of Cognito
        lists. A record that cannot be read makes the whole answer unreadable: it may be one that matters. No request is
        repeated: the look-up is made again minutes later.
        """
        request: LookupEventsRequestTypeDef = {
            "LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": _UPDATE}],
            "StartTime": since,
            "EndTime": until,
            "MaxResults": _PAGE,
        }
        found: list[PastCall] = []
        try:
            client = self.clients.cloudtrail_once(pool.region)
            for page in range(_MOST_PAGES):
                if page:
                    self.sleep(_PAUSE)
                answer = client.lookup_events(**request)
                found += (
                    call for event in answer["Events"] if (call := _call_of(event["CloudTrailEvent"], pool)) is not None
                )
                token = answer.get("NextToken")
                if not token:
                    return tuple(sorted(found, key=lambda call: call.at))
                request["NextToken"] = token
        except (ClientError, BotoCoreError) as error:
            return unread(error, action=LOOK_UP, region=pool.region)
        except MalformedDocument as error:
            return _unexpected(pool, error.said.id)
        return _unexpected(pool, f"more than {_MOST_PAGES * _PAGE} calls")


def _call_of(text: str, pool: PoolRef) -> PastCall | None:
    """The call in a record if it may be one of *pool*; raises MalformedDocument."""
    record = Members.of(json_from_text(text, where=_RECORD), where=_RECORD)
    return past_call_in(record, pool_id=pool.pool_id)


def _unexpected(pool: PoolRef, about: str) -> Unreadable:
    return Unreadable(action=LOOK_UP, region=pool.region, reason=OwnReason.UNEXPECTED_RESPONSE, about=about)
