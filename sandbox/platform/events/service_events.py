"""Delivers the events that services send on their own, in order, after the call that caused them.

Events of `aws.*` sources are put with `eventbridge._put_events(allow_aws_source=True)`, as only services may use these
sources; PutEvents goes on refusing them.
"""

import json
import logging
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from sandbox.control import ControlError, Json, Route
from sandbox.platform.isolation import ACCOUNT_ID

_MEMBERS = frozenset({"region", "source", "detail-type", "detail", "resources"})

_waiting: "queue.SimpleQueue[tuple[str, Callable[[], object]]]" = queue.SimpleQueue()
_logger = logging.getLogger(__name__)


def install() -> None:
    """Start the delivery thread: one, so that events keep their order."""
    threading.Thread(target=_deliver_forever, name="sandbox-service-events", daemon=True).start()


def soon(region: str, deliver: Callable[[], object]) -> None:
    """Do this in a region of the account, after everything that was asked for before."""
    _waiting.put((region, deliver))


def put_soon(
    *, region: str, source: str, detail_type: str, detail: Mapping[str, Any], resources: Sequence[str] = ()
) -> None:
    """Put an event of a service on the default bus of a region."""
    entry = {
        "Source": source,
        "DetailType": detail_type,
        "Detail": json.dumps(detail),
        "Resources": list(resources),
    }
    soon(region, lambda: _put(entry))


def _put(entry: Mapping[str, Any]) -> None:
    from ministack.services import eventbridge

    eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)


def _deliver_forever() -> None:
    from ministack.core.responses import request_scope

    while True:
        region, deliver = _waiting.get()
        try:
            with request_scope(ACCOUNT_ID, region):
                deliver()
        except Exception:
            # An error of one receiver must not keep the event from the others.
            _logger.exception("an event of a service was not delivered")


def _put_by_control(_path: Mapping[str, str], body: Json, _query: Mapping[str, str]) -> Json:
    """Put an event like the service itself: for events that this sandbox's services never send on their own."""
    if not isinstance(body, dict) or not set(body) <= _MEMBERS:
        raise ControlError(HTTPStatus.BAD_REQUEST, f"the members are {', '.join(sorted(_MEMBERS))}")
    region, source, detail_type = (body.get(name) for name in ("region", "source", "detail-type"))
    if not isinstance(region, str) or not isinstance(source, str) or not isinstance(detail_type, str):
        raise ControlError(HTTPStatus.BAD_REQUEST, "region, source and detail-type are texts")
    if not source.startswith("aws."):
        raise ControlError(HTTPStatus.BAD_REQUEST, "PutEvents takes events that are not of an aws.* source")
    detail, resources = body.get("detail", {}), body.get("resources", [])
    if not isinstance(detail, dict) or not isinstance(resources, list):
        raise ControlError(HTTPStatus.BAD_REQUEST, "detail is an object and resources a list")
    put_soon(
        region=region,
        source=source,
        detail_type=detail_type,
        detail=detail,
        resources=[str(resource) for resource in resources],
    )
    return {"put": True}


def routes() -> tuple[Route, ...]:
    """An event of an `aws.*` source, by control only."""
    return (
        Route(
            "POST",
            "/_sandbox/events",
            _put_by_control,
            "Put an event of an AWS service on the default bus of a region.",
            body={
                "region": "eu-west-1",
                "source": "aws.ses",
                "detail-type": "Advisor Recommendation Status Open",
                "detail": {},
                "resources": [],
            },
        ),
    )
