"""Reads the CloudTrail trails that a region sees: whether they log, and their event selectors."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.errors import unread, without_member
from mailwarden.domain.monitoring.trails import EventSelector, FieldSelector, Trail
from mailwarden.domain.readings import OwnReason, Unreadable

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail.type_defs import (
        AdvancedEventSelectorOutputTypeDef,
        EventSelectorOutputTypeDef,
        TrailTypeDef,
    )

DESCRIBE = "cloudtrail:DescribeTrails"
STATUS = "cloudtrail:GetTrailStatus"
SELECTORS = "cloudtrail:GetEventSelectors"

_READ_ONLY_BY_TYPE: Mapping[str, tuple[str, ...]] = {
    "ReadOnly": ("true",),
    "WriteOnly": ("false",),
    "All": (),
}


class CloudTrailTrails:
    """Implements the port ``Trails``. It reads each trail once for all regions: create a new one for each sweep."""

    def __init__(self, *, clients: Clients) -> None:
        self._clients = clients
        self._known: dict[str, Trail] = {}

    def seen_in(self, region: str) -> tuple[Trail, ...] | Unreadable:
        """The trails of a region, including shadow trails of other regions and of the organization."""
        try:
            answer = self._clients.cloudtrail(region).describe_trails(includeShadowTrails=True)
        except (ClientError, BotoCoreError) as error:
            return unread(error, action=DESCRIBE, region=region)
        return tuple(self._trail(described) for described in answer["trailList"])

    def _trail(self, described: "TrailTypeDef") -> Trail:
        arn = described["TrailARN"]
        if arn not in self._known:
            home = described["HomeRegion"]
            self._known[arn] = Trail(
                arn=arn,
                home_region=home,
                multi_region=described["IsMultiRegionTrail"],
                organization=described["IsOrganizationTrail"],
                global_events=described["IncludeGlobalServiceEvents"],
                logging=self._logging(arn, home),
                selectors=self._selectors(arn, home, customized=described["HasCustomEventSelectors"]),
            )
        return self._known[arn]

    def _logging(self, arn: str, region: str) -> bool | Unreadable:
        try:
            return self._clients.cloudtrail(region).get_trail_status(Name=arn)["IsLogging"]
        except (ClientError, BotoCoreError) as error:
            return unread(error, action=STATUS, region=region)

    def _selectors(self, arn: str, region: str, *, customized: bool) -> tuple[EventSelector, ...] | Unreadable:
        try:
            answer = self._clients.cloudtrail(region).get_event_selectors(TrailName=arn)
        except (ClientError, BotoCoreError) as error:
            return unread(error, action=SELECTORS, region=region)
        advanced, basic = answer.get("AdvancedEventSelectors", []), answer.get("EventSelectors", [])
        if not advanced and not basic and not customized:
            return (_basic({}),)
        # The stubs call members required that AWS leaves out.
        members: Mapping[str, object] = answer
        if "AdvancedEventSelectors" not in members and "EventSelectors" not in members:
            return without_member("EventSelectors", action=SELECTORS, region=region)
        basic = [each for each in basic if each["IncludeManagementEvents"]]
        for each in basic:
            kind: str = each["ReadWriteType"]
            if kind not in _READ_ONLY_BY_TYPE:
                return Unreadable(action=SELECTORS, region=region, reason=OwnReason.UNEXPECTED_RESPONSE, about=kind)
        return (*map(_advanced, advanced), *map(_basic, basic))


def _advanced(selector: "AdvancedEventSelectorOutputTypeDef") -> EventSelector:
    return EventSelector(
        fields=tuple(
            FieldSelector(
                field=each["Field"],
                equals=_texts(each.get("Equals")),
                starts_with=_texts(each.get("StartsWith")),
                ends_with=_texts(each.get("EndsWith")),
                not_equals=_texts(each.get("NotEquals")),
                not_starts_with=_texts(each.get("NotStartsWith")),
                not_ends_with=_texts(each.get("NotEndsWith")),
            )
            for each in selector["FieldSelectors"]
        ),
    )


def _basic(selector: "EventSelectorOutputTypeDef") -> EventSelector:
    """A basic selector with management events, as the equivalent advanced selector."""
    return EventSelector(
        fields=(
            FieldSelector(field="eventCategory", equals=("Management",)),
            FieldSelector(field="readOnly", equals=_READ_ONLY_BY_TYPE[selector.get("ReadWriteType", "All")]),
            FieldSelector(field="eventSource", not_equals=_texts(selector.get("ExcludeManagementEventSources"))),
        ),
    )


def _texts(values: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(values or ())
