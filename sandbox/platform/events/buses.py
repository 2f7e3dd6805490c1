"""Delivers EventBridge events as AWS does: to buses of other regions, and only where policies and roles allow it."""

import json
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from sandbox.platform.iam import authorization
from sandbox.platform.isolation import ACCOUNT_ID
from sandbox.platform.messaging import queues

_SERVICE = "events.amazonaws.com"
_SCHEDULER = "scheduler.amazonaws.com"
_FROM_CLOUDTRAIL = "AWS API Call via CloudTrail"
_WITH_READS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


class _Refused(Exception):
    """A target did not take an event; `code` is what EventBridge writes to the dead-letter queue."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


_delivery: ContextVar[tuple[Mapping[str, Any], Mapping[str, Any]]] = ContextVar("_delivery")
"""The target and the rule (or schedule) of the delivery in progress; the emulator passes neither on."""


def install() -> None:
    """Replace how `eventbridge` dispatches to buses, and guard its dispatch to SQS, SNS and Lambda.

    `_dispatch_event` knows one state of enabled rules, `_dispatch_to_event_bus` no other region; `_dispatch_to_sqs`
    and `_dispatch_to_lambda` ask no policy and no role; `_invoke_target` has no dead-letter queue.
    """
    from ministack.services import eventbridge

    invoke = eventbridge._invoke_target
    to_sqs, to_lambda, to_sns = (
        eventbridge._dispatch_to_sqs,
        eventbridge._dispatch_to_lambda,
        eventbridge._dispatch_to_sns,
    )

    def invoke_target(target: Mapping[str, Any], event: Any, rule: Mapping[str, Any], view: Any = None) -> None:  # noqa: ANN401
        token = _delivery.set((target, rule))
        try:
            invoke(target, event, rule, view)
        finally:
            _delivery.reset(token)

    def guarded_sqs(spec: Any, payload: str, parameters: Any = None) -> None:  # noqa: ANN401
        if _permitted("sqs:SendMessage", str(spec), payload):
            to_sqs(spec, payload, parameters)

    def guarded_lambda(arn: str, payload: str) -> None:
        if _permitted("lambda:InvokeFunction", arn, payload):
            to_lambda(arn, payload)

    def guarded_sns(arn: str, payload: str) -> None:
        if _permitted("sns:Publish", arn, payload):
            to_sns(arn, payload)

    eventbridge._dispatch_event = _to_rules
    eventbridge._invoke_target = invoke_target
    eventbridge._dispatch_to_sqs = guarded_sqs
    eventbridge._dispatch_to_lambda = guarded_lambda
    eventbridge._dispatch_to_sns = guarded_sns
    eventbridge._dispatch_to_event_bus = _to_event_bus


def _to_rules(event: Mapping[str, Any], view: Any = None) -> None:  # noqa: ANN401 - the emulator's own view
    """Hand an event to the targets of every rule that matches it; reads of CloudTrail only if the rule's state asks.

    EventBridge user guide, "Receiving read-only management events from AWS services": on every bus.
    """
    from ministack.services import eventbridge

    bus, path = event.get("EventBusName", "default"), set(event.get("_DispatchPath") or ())
    view = view or eventbridge._pattern_event_view(event)
    states = {_WITH_READS} if _is_read(event) else {"ENABLED", _WITH_READS}
    for key, rule in list(eventbridge._rules.items()):
        on_this_bus = rule.get("EventBusName", "default") == bus and key not in path
        if not on_this_bus or rule.get("State") not in states or not rule.get("EventPattern"):
            continue
        if eventbridge._matches_pattern_view(rule["EventPattern"], view, f"rule {key}"):
            for target in eventbridge._targets.get(key, []):
                eventbridge._invoke_target(target, event, rule, view)


def asks_for_read(name: str) -> bool:
    """Whether a rule of the default bus in the current region may match a read of this name."""
    from ministack.services import eventbridge

    patterns = (str(rule.get("EventPattern", "")) for rule in eventbridge._rules.values() if _takes_reads(rule))
    return any(name in pattern or '"eventName"' not in pattern for pattern in patterns)


def _takes_reads(rule: Mapping[str, Any]) -> bool:
    return rule.get("State") == _WITH_READS and rule.get("EventBusName", "default") == "default"


def _is_read(event: Mapping[str, Any]) -> bool:
    if event.get("DetailType") != _FROM_CLOUDTRAIL:
        return False
    detail = event.get("Detail")
    return bool((json.loads(detail) if isinstance(detail, str) else detail or {}).get("readOnly"))


def _to_event_bus(
    spec: Any,  # noqa: ANN401 - the emulator's parsed ARN
    event: Mapping[str, Any],
    rule: Mapping[str, Any],
    event_path: set[str],
    payload: str | None = None,
) -> None:
    """Hand an event to a bus of this account in any region; `region` in the envelope stays where it came from."""
    from ministack.core.responses import request_scope
    from ministack.services import eventbridge

    key = eventbridge._rule_key(rule.get("Name"), rule.get("EventBusName", "default"))
    if key in event_path or not _permitted("events:PutEvents", str(spec), json.dumps(event, default=str)):
        return
    bus = spec.resource.split("/", 1)[1]
    forwarded = {**event, "EventBusName": bus, "_DispatchPath": [*event_path, key]}
    if payload is not None:
        forwarded["Detail"] = payload
    with request_scope(ACCOUNT_ID, spec.region):
        eventbridge._dispatch_event(forwarded)
        eventbridge._archive_event({name: value for name, value in forwarded.items() if name != "_DispatchPath"})


def _permitted(action: str, resource: str, payload: str) -> bool:
    """Whether the target may be called; a refusal goes to the target's dead-letter queue if it has one."""
    target, rule = _delivery.get()
    try:
        _check(action, resource, target, rule)
    except _Refused as refusal:
        _count_failure(rule)
        _dead_letter(refusal, payload, target, rule)
        return False
    return True


def _check(action: str, resource: str, target: Mapping[str, Any], rule: Mapping[str, Any]) -> None:
    """Ask the target's role where it has one, the resource's own policy otherwise.

    Raises:
        _Refused: The target does not exist or permits nothing.
    """
    found, policy = _policy(action, resource)
    if not found:
        raise _Refused("NO_RESOURCE", f"{resource} does not exist")
    region = str(rule["Arn"]).split(":")[3]
    role = target.get("RoleArn") or rule.get("RoleArn")
    service = _SCHEDULER if ":scheduler:" in rule["Arn"] else _SERVICE
    if role:
        assumed = authorization.trusts(role_arn=role, service=service, source_arn=rule["Arn"], region=region)
        allowed = assumed and authorization.role_may(
            role_arn=role, action=action, resource=resource, region=region, session=rule["Name"][:64], source="events"
        )
    else:
        # A bus of another region needs a role: its policy is not asked for targets of the same account.
        allowed = action != "events:PutEvents" and authorization.service_may(
            policy=policy, service=service, action=action, resource=resource, source_arn=rule["Arn"], region=region
        )
    if not allowed:
        raise _Refused("NO_PERMISSIONS", f"{rule['Arn']} is not allowed to perform {action} on {resource}")


def _policy(action: str, resource: str) -> tuple[bool, Mapping[str, Any] | str | None]:
    """Whether the resource exists, and its own policy."""
    from ministack.services import eventbridge, lambda_svc, sns, sqs

    if action == "events:PutEvents":
        _, _, _, region, account, name = resource.split(":", 5)
        buses = eventbridge._event_buses
        return buses.get_scoped(account, region, name.partition("/")[2]) is not None, None
    lookup = {
        "sqs:SendMessage": sqs.queue_policy_for_arn,
        "sns:Publish": sns.topic_policy_for_arn,
        "lambda:InvokeFunction": lambda_svc.function_policy_for_arn,
    }[action]
    found = lookup(resource)
    if action == "lambda:InvokeFunction":
        function, _, _ = lambda_svc._get_func_record_for_ref(resource)
        return function is not None, found[0] if found else None
    return found is not None, found[0] if found else None


def _count_failure(rule: Mapping[str, Any]) -> None:
    """Count a permanent failure, by rule, and by bus where it is not the default one.

    EventBridge user guide, "Monitoring Amazon EventBridge": FailedInvocations.
    """
    from ministack.core.responses import request_scope
    from ministack.services import cloudwatch

    dimensions = {"RuleName": str(rule["Name"])}
    bus = str(rule.get("EventBusName") or "default")
    if bus != "default":
        dimensions["EventBusName"] = bus
    with request_scope(ACCOUNT_ID, str(rule["Arn"]).split(":")[3]):
        cloudwatch.record_metric("AWS/Events", "FailedInvocations", 1.0, "Count", dimensions)


def _dead_letter(refusal: _Refused, payload: str, target: Mapping[str, Any], rule: Mapping[str, Any]) -> None:
    from ministack.services import sqs

    queue_arn = (target.get("DeadLetterConfig") or {}).get("Arn")
    region = str(rule["Arn"]).split(":")[3]
    if not queue_arn or not authorization.service_may(
        policy=(sqs.queue_policy_for_arn(queue_arn) or (None,))[0],
        service=_SERVICE,
        action="sqs:SendMessage",
        resource=queue_arn,
        source_arn=rule["Arn"],
        region=region,
    ):
        return
    attributes = {
        "RULE_ARN": rule["Arn"],
        "TARGET_ARN": target["Arn"],
        "ERROR_CODE": refusal.code,
        "ERROR_MESSAGE": str(refusal),
        "RETRY_ATTEMPTS": "0",
    }
    queues.enqueue(queue_arn, payload, attributes=attributes)
