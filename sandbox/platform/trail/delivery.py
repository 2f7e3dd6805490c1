"""Hands CloudTrail records to LookupEvents and to the default event bus of the call's region."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sandbox.platform.calls.call_list import HttpAnswer, Request
from sandbox.platform.events import buses, service_events
from sandbox.platform.isolation import ACCOUNT_ID, HOME_REGION
from sandbox.platform.trail import records

DEFAULT_TRAIL = "management-events"

# The services whose calls this project's rules listen to; the others would only cost time here.
_ON_THE_BUS = frozenset({"cognito-idp", "ses", "iam"})
_RESOURCE_TYPES = {
    "cognito-idp.amazonaws.com": "AWS::Cognito::UserPool",
    "ses.amazonaws.com": "AWS::SES::EmailIdentity",
    "iam.amazonaws.com": "AWS::IAM::Role",
}
_NAMING_MEMBERS = ("userPoolId", "identity", "emailIdentity", "roleName", "resourceArn", "configurationSetName")


def install() -> None:
    """Start a trail that logs.

    The emulator's own recorder stays off: it does not see SES v2, nor whether a call succeeded.
    """
    from ministack.core.responses import request_scope
    from ministack.services import cloudtrail

    with request_scope(ACCOUNT_ID, HOME_REGION):
        cloudtrail._create_trail({"Name": DEFAULT_TRAIL, "S3BucketName": "cloudtrail-logs", "IsMultiRegionTrail": True})
        cloudtrail._start_logging({"Name": DEFAULT_TRAIL})


def deliver(request: Request, answer: HttpAnswer) -> None:
    """Record a finished call, and queue the event it makes."""
    if not records.is_management(request):
        return
    publish(records.record(request, answer), source=request.service)


def publish(detail: dict[str, Any], *, source: str) -> None:
    """Keep one record for LookupEvents of its region and send it to that region's bus.

    Without a trail that logs the region's management events EventBridge gets nothing; LookupEvents needs none.
    """
    _remember(detail)
    if source in _ON_THE_BUS and _is_asked_for(detail) and _is_logged(detail):
        service_events.put_soon(
            region=detail["awsRegion"],
            source=f"aws.{source}",
            detail_type="AWS API Call via CloudTrail",
            detail=detail,
        )


def _remember(detail: dict[str, Any]) -> None:
    """Fill `cloudtrail`'s event queue, which `LookupEvents` reads; `record_event` would build its own record."""
    from ministack.core.responses import request_scope
    from ministack.services import cloudtrail

    identity = detail["userIdentity"]
    names = [
        {"ResourceName": value, "ResourceType": _RESOURCE_TYPES.get(detail["eventSource"], "AWS::Unknown")}
        for value in _named_resources(detail["requestParameters"]) | _named_resources(detail["responseElements"])
    ]
    line = {
        "EventId": detail["eventID"],
        "EventName": detail["eventName"],
        "EventSource": detail["eventSource"],
        "EventTime": datetime.fromisoformat(detail["eventTime"]).timestamp(),
        "Username": _user_name(identity),
        "AccessKeyId": identity.get("accessKeyId", ""),
        "ReadOnly": str(detail["readOnly"]).lower(),
        "Resources": names,
        "CloudTrailEvent": json.dumps(detail),
    }
    with request_scope(ACCOUNT_ID, detail["awsRegion"]):
        cloudtrail._get_event_queue().append(line)


def _named_resources(parameters: object) -> set[str]:
    if not isinstance(parameters, Mapping):
        return set()
    found = {str(parameters[name]) for name in _NAMING_MEMBERS if isinstance(parameters.get(name), str)}
    created = parameters.get("userPool")
    return found | ({str(created["id"])} if isinstance(created, Mapping) and "id" in created else set())


def _user_name(identity: Mapping[str, Any]) -> str:
    if identity["type"] == "AssumedRole":
        return str(identity["arn"]).rsplit("/", 1)[-1]
    return str(identity.get("userName") or identity["type"].lower())


def _is_asked_for(detail: Mapping[str, Any]) -> bool:
    """A shortcut: without it every read of every look would be an event that no rule takes."""
    from ministack.core.responses import request_scope

    if not detail["readOnly"]:
        return True
    with request_scope(ACCOUNT_ID, detail["awsRegion"]):
        return buses.asks_for_read(detail["eventName"])


def _is_logged(detail: Mapping[str, Any]) -> bool:
    from ministack.services import cloudtrail

    return any(
        stored.get("IsLogging")
        and (stored.get("IsMultiRegionTrail") or stored.get("HomeRegion") == detail["awsRegion"])
        and _selects(stored, detail)
        for _key, stored in cloudtrail._trails.all_items()
    )


def _selects(stored: Mapping[str, Any], detail: Mapping[str, Any]) -> bool:
    """Whether a trail's event selectors take a record; of the advanced ones, by exact values only."""
    from ministack.services import cloudtrail

    selectors = cloudtrail._event_selectors.get_scoped(
        ACCOUNT_ID, stored["HomeRegion"], stored["Name"], cloudtrail._DEFAULT_EVENT_SELECTORS
    )
    not_taken = "WriteOnly" if detail["readOnly"] else "ReadOnly"
    return any(
        _takes(selector["FieldSelectors"], detail)
        if "FieldSelectors" in selector
        else selector.get("IncludeManagementEvents", True) and selector.get("ReadWriteType", "All") != not_taken
        for selector in selectors
    )


def _takes(fields: Sequence[Mapping[str, Any]], detail: Mapping[str, Any]) -> bool:
    record = {
        "eventCategory": "Management",
        "readOnly": str(detail["readOnly"]).lower(),
        "eventSource": detail["eventSource"],
    }
    return all(
        record.get(field["Field"]) in field.get("Equals", [record.get(field["Field"])])
        and record.get(field["Field"]) not in field.get("NotEquals", [])
        for field in fields
    )
