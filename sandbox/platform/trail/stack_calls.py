"""Records what CloudFormation does to user pools, as it makes no API calls inside the emulator."""

import dataclasses
import json
import uuid
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from sandbox.platform.calls import call_list
from sandbox.platform.trail import delivery, records

_SERVICE = "cloudformation.amazonaws.com"
_EVENTS = {"create": "CreateUserPool", "update": "UpdateUserPool", "delete": "DeleteUserPool"}


def install() -> None:
    """Wrap the user pool's entry of `provisioners._RESOURCE_HANDLERS`, which calls the service's functions directly."""
    from ministack.services.cloudformation import provisioners

    handlers = provisioners._RESOURCE_HANDLERS["AWS::Cognito::UserPool"]
    handlers["create"] = _recorded("create", handlers["create"])
    handlers["update"] = _recorded("update", handlers["update"])
    handlers["delete"] = _recorded("delete", handlers["delete"])


def _recorded(step: str, handler: Callable[..., Any]) -> Callable[..., Any]:
    def handled(*arguments: Any) -> Any:  # noqa: ANN401 - each step has its own parameters
        result = handler(*arguments)
        parameters: dict[str, Any] = {}
        if step != "create":
            parameters["UserPoolId"] = arguments[0]
        if step != "delete":
            properties: Mapping[str, Any] = arguments[1] if step == "create" else arguments[2]
            parameters |= properties
        answer = {"UserPool": {"Id": result[0], "Arn": result[1]["Arn"]}} if step == "create" else {}
        _publish(_EVENTS[step], parameters, answer)
        return result

    return handled


def _publish(name: str, parameters: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """Send the record of the call that CloudFormation would have made with the caller's session."""
    from ministack.core.responses import get_region

    asked = call_list.origin.get()
    if asked is None:
        return
    request = dataclasses.replace(
        asked,
        service="cognito-idp",
        action=name,
        region=get_region(),
        request_id=str(uuid.uuid4()),
        path="/",
        headers={"user-agent": _SERVICE},
        body=json.dumps(parameters, default=str).encode(),
    )
    body = json.dumps(answer).encode()
    detail = records.record(request, (HTTPStatus.OK, {"content-type": "application/x-amz-json-1.1"}, body))
    detail["sourceIPAddress"] = _SERVICE
    detail["userIdentity"] |= {"invokedBy": _SERVICE}
    delivery.publish(detail, source=request.service)
