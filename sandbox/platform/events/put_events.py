"""PutEvents and DescribeEventBus as EventBridge answers them: by entry, with a limit, and by the ARN of a bus."""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from sandbox.platform.events.bus_policies import access_denied
from sandbox.platform.isolation import ACCOUNT_ID

# EventBridge user guide, "Calculating PutEvents event entry size", and how it is counted.
_MOST_BYTES = 262_144
_TIME_BYTES = 14
_MOST_ENTRIES = 10
_REQUIRED = ("Source", "DetailType", "Detail")

type _Answer = tuple[int, Mapping[str, str], bytes]


def install() -> None:
    """Wrap `eventbridge._put_events`, `eventbridge._describe_event_bus` and `iam_actions.extract_resource_arn`.

    The emulator knows no limit, takes entries without required members, looks for a bus by its name only, and takes the
    bus that is described for a rule.
    """
    from ministack.core import iam_actions
    from ministack.services import eventbridge

    resource_arn = iam_actions.extract_resource_arn

    def with_bus(service: str, *request: Any) -> str:  # noqa: ANN401 - passed on as it is
        arn = str(resource_arn(service, *request))
        return _described_bus(request) or arn if service == "events" else arn

    iam_actions.extract_resource_arn = with_bus

    eventbridge._put_events = _checked(eventbridge._put_events)
    eventbridge._describe_event_bus = _by_arn(eventbridge._describe_event_bus)


def _checked(put: Callable[..., _Answer]) -> Callable[..., _Answer]:
    def put_events(data: Mapping[str, Any], allow_aws_source: bool = False) -> _Answer:  # noqa: FBT001, FBT002 - as it is
        entries = data.get("Entries", [])
        if allow_aws_source:
            return put(data, allow_aws_source=True)
        if not 0 < len(entries) <= _MOST_ENTRIES:
            return _error("ValidationException", f"Member must have length between 1 and {_MOST_ENTRIES}: entries")
        if sum(map(_size, entries)) >= _MOST_BYTES:
            return _error("ValidationException", "Total size of the entries in the request is over the limit.")
        for bus in (str(entry.get("EventBusName", "")) for entry in entries):
            # No account of the box but its own admits anyone.
            if bus.startswith("arn:") and bus.split(":")[4] != ACCOUNT_ID:
                return access_denied(bus)
        results = [_faults_of(entry) or _put_one(put, entry) for entry in entries]
        failed = sum("ErrorCode" in result for result in results)
        return _json({"FailedEntryCount": failed, "Entries": results})

    return put_events


def _put_one(put: Callable[..., _Answer], entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """The emulator's result; a bus that does not exist takes everything (aws/aws-sdk issue 186 on GitHub)."""
    _, _, body = put({"Entries": [entry]})
    result: Mapping[str, Any] = json.loads(body)["Entries"][0]
    return result


def _faults_of(entry: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for name in _REQUIRED:
        if not entry.get(name):
            message = f"Parameter {name} is not valid. Reason: {name} is a required argument."
            return {"ErrorCode": "InvalidArgument", "ErrorMessage": message}
    try:
        is_object = isinstance(json.loads(str(entry["Detail"])), dict)
    except ValueError:
        is_object = False
    return None if is_object else {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}


def _size(entry: Mapping[str, Any]) -> int:
    texts = [str(entry.get(name, "")) for name in _REQUIRED] + [str(each) for each in entry.get("Resources", [])]
    return sum(len(text.encode()) for text in texts) + (_TIME_BYTES if "Time" in entry else 0)


def _by_arn(describe: Callable[[Mapping[str, Any]], _Answer]) -> Callable[[Mapping[str, Any]], _Answer]:
    def described(data: Mapping[str, Any]) -> _Answer:
        from ministack.core.responses import get_region

        name = str(data.get("Name", "default"))
        if not name.startswith("arn:"):
            return describe(data)
        _, _, _, region, account, resource = (name.split(":", 5) + [""] * 6)[:6]
        if account != ACCOUNT_ID:
            return access_denied(name, action="events:DescribeEventBus")
        known = resource.partition("/")[2] if region == get_region() else name
        return describe({**data, "Name": known})

    return described


def _described_bus(request: tuple[Any, ...]) -> str | None:
    _method, _path, headers, body, _query, region, account = request
    if not str(headers.get("x-amz-target", "")).endswith(".DescribeEventBus"):
        return None
    name = str(json.loads(body or b"{}").get("Name") or "default")
    return name if name.startswith("arn:") else f"arn:aws:events:{region}:{account}:event-bus/{name}"


def _error(code: str, message: str) -> _Answer:
    _, headers, body = _json({"__type": code, "message": message})
    return HTTPStatus.BAD_REQUEST, headers, body


def _json(content: object) -> _Answer:
    return HTTPStatus.OK, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(content).encode()
