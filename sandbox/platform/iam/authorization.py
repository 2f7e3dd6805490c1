"""Judges what a service does with a role it was given, by MiniStack's own IAM evaluator."""

import json
import time
from collections.abc import Mapping
from typing import Any

from sandbox.platform.calls import call_list
from sandbox.platform.isolation import ACCOUNT_ID

_TRUSTED_FOR_SECONDS = 2.0
_SERVICE_KEYS = {"aws:principalisawsservice": ("false", "true"), "aws:viaawsservice": ("false", "false")}

_decisions: dict[tuple[str, str, str, str], tuple[float, bool, int]] = {}


def install() -> None:
    """Wrap `iam_evaluator._resolve_condition_key`, which knows neither key by which a policy can spare services.

    A service principal has `aws:PrincipalServiceName` and no `aws:PrincipalArn`, a role's session has its role's; every
    other caller has `aws:PrincipalIsAWSService` = false. Source: IAM User Guide, "AWS global condition context keys".
    The loopback counts as TLS: AWS is not reached without it, and policies that deny plain HTTP would deny
    everything here.
    """
    from ministack.core import iam_evaluator

    original = iam_evaluator._resolve_condition_key

    def resolve(key: str, context: Any) -> Any:  # noqa: ANN401 - the emulator's own context type
        name = key.lower()
        is_service = context.principal_type == "Service"
        if name == "aws:securetransport":
            return "true"
        if name in _SERVICE_KEYS:
            return _SERVICE_KEYS[name][is_service]
        if is_service and name in {"aws:principalarn", "aws:principalaccount"}:
            return None
        if name == "aws:principalservicename":
            return context.principal_arn if is_service else None
        if name == "aws:principalarn":
            return _principal_arn(context.principal_arn)
        return original(key, context)

    iam_evaluator._resolve_condition_key = resolve


def _principal_arn(arn: str) -> str:
    """The ARN a policy compares with: of the role, path included, for a role's session."""
    from ministack.services import iam

    if ":assumed-role/" not in arn:
        return arn
    name = arn.split("/")[1]
    role = iam._roles.get_scoped(ACCOUNT_ID, None, name)
    return str(role["Arn"]) if role else f"arn:aws:iam::{ACCOUNT_ID}:role/{name}"


def role_may(*, role_arn: str, action: str, resource: str, region: str, session: str, source: str) -> bool:
    """Whether the role's own policies let a service do this, noted in the call list under `source`.

    Only identity policies are asked, so the resource's own policy is the caller's to check.
    """
    allowed = _judged(role_arn=role_arn, action=action, resource=resource, region=region, session=session)
    call_list.record_service(
        source=source,
        action=action,
        region=region,
        resource=resource,
        caller=_session_arn(role_arn, session),
        allowed=allowed,
    )
    return allowed


def role_may_always(*, role_arn: str, action: str, resource: str, region: str, session: str, source: str) -> bool:
    """As `role_may`, for what a service does all the time: judged again every two seconds, noted when it changes."""
    key = (role_arn, action, resource, session)
    until, known, resets = _decisions.get(key, (0.0, None, -1))
    if known is not None and until > time.monotonic() and resets == call_list.resets():
        return known
    allowed = _judged(role_arn=role_arn, action=action, resource=resource, region=region, session=session)
    _decisions[key] = (time.monotonic() + _TRUSTED_FOR_SECONDS, allowed, call_list.resets())
    if allowed != known or resets != call_list.resets():
        caller = _session_arn(role_arn, session)
        call_list.record_service(
            source=source, action=action, region=region, resource=resource, caller=caller, allowed=allowed
        )
    return allowed


def _session_arn(role_arn: str, session: str) -> str:
    return f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/{role_arn.rsplit('/', 1)[-1]}/{session}"


def _judged(*, role_arn: str, action: str, resource: str, region: str, session: str) -> bool:
    from ministack.core import iam_evaluator
    from ministack.services import iam

    name = role_arn.rsplit("/", 1)[-1]
    if iam._roles.get_scoped(ACCOUNT_ID, None, name) is None:
        return False
    context = iam_evaluator.EvalContext(
        principal_arn=_session_arn(role_arn, session),
        principal_type="AssumedRole",
        principal_account=ACCOUNT_ID,
        action=action,
        resource_arn=resource,
        region=region,
    )
    decision: str = iam_evaluator.evaluate(context, iam_evaluator._gather_role_policies(name, ACCOUNT_ID)).decision
    return decision == "Allow"


def trusts(*, role_arn: str, service: str, source_arn: str, region: str) -> bool:
    """Whether the role exists and its trust policy lets the service assume it on behalf of `source_arn`."""
    from ministack.core import iam_evaluator
    from ministack.services import iam

    role: Mapping[str, Any] | None = iam._roles.get_scoped(ACCOUNT_ID, None, role_arn.rsplit("/", 1)[-1])
    document = (role or {}).get("AssumeRolePolicyDocument") or {}
    parsed = json.loads(document) if isinstance(document, str) else document
    context = _service_context(
        service=service, action="sts:AssumeRole", resource=role_arn, source_arn=source_arn, region=region
    )
    statements = parsed.get("Statement", [])
    return any(
        statement.get("Effect") == "Allow"
        and iam_evaluator._service_principal_matches(statement.get("Principal"), service)
        and iam_evaluator._conditions_met(statement.get("Condition", {}), context)
        for statement in (statements if isinstance(statements, list) else [statements])
    )


def service_may(
    *, policy: Mapping[str, Any] | str | None, service: str, action: str, resource: str, source_arn: str, region: str
) -> bool:
    """Whether a resource's policy lets a service principal do this on behalf of `source_arn`."""
    from ministack.core import iam_evaluator

    context = _service_context(service=service, action=action, resource=resource, source_arn=source_arn, region=region)
    decision: str = iam_evaluator.evaluate_resource_policy(policy, context, service=service).decision
    return decision == "Allow"


def _service_context(*, service: str, action: str, resource: str, source_arn: str, region: str) -> Any:  # noqa: ANN401
    from ministack.core import iam_evaluator

    return iam_evaluator.EvalContext(
        principal_arn=service,
        principal_type="Service",
        principal_account="",
        action=action,
        resource_arn=resource,
        region=region,
        service_context={"aws:sourcearn": source_arn, "aws:sourceaccount": ACCOUNT_ID},
    )
