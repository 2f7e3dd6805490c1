"""Calls about configuration sets that the emulator takes too easily; all others stay with it."""

from collections.abc import Callable
from typing import Any

from sandbox.mail import emulator
from sandbox.mail.ses.store import realm
from sandbox.mail.ses.v2.rest_call import Call, bad_request, not_found


def _delete(call: Call) -> emulator.Answer | None:
    name = call.path["name"]
    if emulator.configuration_set(realm().account_id, realm().region, name) is None:
        return not_found(f"Configuration set <{name}> does not exist.")
    return None


def install() -> None:
    """Wrap `ses_v2._event_destination`, through which the API and CloudFormation keep event destinations.

    SES API Reference, "EventBridgeDestination": only the default bus is supported.
    """
    ses_v2 = emulator.module("services.ses_v2")
    below = ses_v2._event_destination

    def event_destination(definition: emulator.Json) -> Any:  # noqa: ANN401 - the emulator's pair of form and error
        bus = (definition.get("EventBridgeDestination") or {}).get("EventBusArn")
        if bus is not None and bus != f"arn:aws:events:{realm().region}:{realm().account_id}:event-bus/default":
            return None, bad_request("Only the default event bus of the account and region is supported.")
        return below(definition)

    ses_v2._event_destination = event_destination


ROUTES: list[tuple[str, str, Callable[[Call], emulator.Answer | None]]] = [
    ("DELETE", r"/configuration-sets/(?P<name>[^/]+)", _delete),
]
