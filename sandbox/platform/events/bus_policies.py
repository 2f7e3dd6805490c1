"""Keeps the resource policies of event buses, and asks them when a rule names a bus of another region as its target."""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from sandbox.platform.isolation import ACCOUNT_ID

_ACTIONS = frozenset({"events:PutEvents", "events:*", "*"})
_ACCOUNT = frozenset({ACCOUNT_ID, f"arn:aws:iam::{ACCOUNT_ID}:root", "*"})


def install() -> None:
    """Wrap `eventbridge._validate_target_arn`, and add `AWS::Events::EventBusPolicy` to CloudFormation's handlers.

    EventBridge checks the policy of the target bus when the target is put, also in the same account. Source:
    EventBridge user guide, "Sending and receiving events between AWS Regions"; reported with its error in
    https://github.com/ministryofjustice/modernisation-platform-environments/pull/19002.
    """
    from ministack.services import eventbridge
    from ministack.services.cloudformation import provisioners

    eventbridge._validate_target_arn = _checked(eventbridge._validate_target_arn)
    # A rule of a stack is created past PutTargets, only its update calls it.
    rules = provisioners._RESOURCE_HANDLERS["AWS::Events::Rule"]
    rules["create"] = _with_targets(rules["create"])
    provisioners._RESOURCE_HANDLERS["AWS::Events::EventBusPolicy"] = {
        "create": _create,
        "update": _update,
        "delete": _delete,
    }


def _with_targets(create: Callable[..., Any]) -> Callable[..., Any]:
    def created(logical_id: str, properties: Mapping[str, Any], stack: str) -> Any:  # noqa: ANN401 - as the emulator's
        from ministack.services import eventbridge

        for target in properties.get("Targets", ()):
            if refused := eventbridge._validate_target_arn(target):
                raise ValueError(json.loads(refused[2])["message"])
        return create(logical_id, properties, stack)

    return created


def _checked(validate: Callable[[Mapping[str, Any]], Any]) -> Callable[[Mapping[str, Any]], Any]:
    def validated(target: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the emulator's answer, None where it is valid
        from ministack.core.responses import get_region

        refused = validate(target)
        arn = str(target.get("Arn", ""))
        _, _, service, region, account, resource = (arn.split(":", 5) + [""] * 6)[:6]
        if refused or service != "events" or not resource.startswith("event-bus/") or region == get_region():
            return refused
        if _admits_account(account, region, resource.partition("/")[2]):
            return None
        return access_denied(arn)

    return validated


def _admits_account(account: str, region: str, bus: str) -> bool:
    from ministack.services import eventbridge

    policy = eventbridge._event_bus_policies.get_scoped(account, region, bus) or {}
    return any(
        statement["Effect"] == "Allow"
        and _ACTIONS & set(_as_list(statement["Action"]))
        and _ACCOUNT & _principals(statement["Principal"])
        for statement in policy.get("Statement", ())
    )


def _principals(principal: Any) -> set[str]:  # noqa: ANN401 - a text, or texts by kind
    return set(_as_list(principal.get("AWS", [])) if isinstance(principal, Mapping) else [principal])


def _as_list(value: Any) -> list[str]:  # noqa: ANN401 - one or several
    return value if isinstance(value, list) else [value]


def access_denied(arn: str, *, action: str = "events:PutEvents") -> tuple[int, dict[str, str], bytes]:
    """The answer for a bus whose policy does not admit the caller."""
    body = {
        "__type": "AccessDeniedException",
        "message": f"User: arn:aws:iam::{ACCOUNT_ID}:root is not authorized to perform: {action} on resource: "
        f"{arn} because no resource-based policy allows the {action} action",
    }
    return HTTPStatus.BAD_REQUEST, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(body).encode()


def _create(_logical_id: str, properties: Mapping[str, Any], _stack: str) -> tuple[str, Mapping[str, Any]]:
    """Add the statement; the physical id names the bus and the statement, as on AWS."""
    from ministack.services import eventbridge

    bus = str(properties.get("EventBusName") or "default")
    if bus not in eventbridge._event_buses:
        raise ValueError(f"Event bus {bus} does not exist.")
    sid = str(properties["StatementId"])
    statement = properties.get("Statement") or {
        "Effect": "Allow",
        "Principal": properties.get("Principal"),
        "Action": properties.get("Action"),
        **({"Condition": properties["Condition"]} if "Condition" in properties else {}),
    }
    others = [each for each in _statements(bus) if each["Sid"] != sid]
    _keep(bus, [*others, {**statement, "Sid": sid}])
    return f"{bus}|{sid}", {}


def _update(
    physical_id: str, old: Mapping[str, Any], new: Mapping[str, Any], stack: str
) -> tuple[str, Mapping[str, Any]]:
    _delete(physical_id, old)
    return _create("", new, stack)


def _delete(physical_id: str, _properties: Mapping[str, Any]) -> None:
    bus, _, sid = physical_id.partition("|")
    _keep(bus, [each for each in _statements(bus) if each["Sid"] != sid])


def _statements(bus: str) -> list[dict[str, Any]]:
    from ministack.services import eventbridge

    return list((eventbridge._event_bus_policies.get(bus) or {}).get("Statement", ()))


def _keep(bus: str, statements: list[dict[str, Any]]) -> None:
    from ministack.services import eventbridge

    if statements:
        eventbridge._event_bus_policies[bus] = {"Version": "2012-10-17", "Statement": statements}
    else:
        eventbridge._event_bus_policies.pop(bus, None)
