"""The further permissions that the caller of a Cognito operation needs, although no separate call shows them.

The registry schema of ``AWS::Cognito::UserPool`` lists ``iam:PassRole`` for the SMS role and
``iam:CreateServiceLinkedRole`` for sending through the account's own SES.
"""

from collections.abc import Mapping
from contextvars import ContextVar, Token

from sandbox.mail import emulator
from sandbox.mail.policies import authorization
from sandbox.platform.calls import call_list

_ACCESS_KEY: ContextVar[str | None] = ContextVar("sandbox_caller_access_key", default=None)


def remember(headers: Mapping[str, str]) -> Token[str | None]:
    """Remember who makes the current call; give the token back to ``forget``."""
    return _ACCESS_KEY.set(str(emulator.module("core.router").extract_access_key_id(headers)))


def forget(token: Token[str | None]) -> None:
    """Forget the caller when the call is over."""
    _ACCESS_KEY.reset(token)


def refusal_to_pass_role(role_arn: str) -> emulator.Answer | None:
    """Refuse a caller who may not hand this role to Cognito."""
    return _refusal("iam:PassRole", role_arn, {"iam:PassedToService": "cognito-idp.amazonaws.com"})


def refusal_to_create_service_linked_role(account: str) -> emulator.Answer | None:
    """Refuse a caller who may not create the role through which Cognito calls SES."""
    service = authorization.SERVICE_LINKED_ROLE_SERVICE
    return _refusal("iam:CreateServiceLinkedRole", authorization.role_arn(account), {"iam:AWSServiceName": service})


def _refusal(action: str, resource: str, context: dict[str, str]) -> emulator.Answer | None:
    access_key = _ACCESS_KEY.get()
    if not access_key or not emulator.roles_enforced():
        return None  # not an API call of its own, such as a stack's provisioning
    evaluator, region = emulator.module("core.iam_evaluator"), emulator.region()
    denied = evaluator.enforce(access_key, action, "iam", region, resource_arn=resource, service_context=context)
    who = (evaluator.resolve_caller_identity(access_key) or {}).get("userArn", "anonymous")
    call_list.record_service(
        source="cognito-idp",
        action=action,
        region=region,
        resource=resource,
        caller=who,
        allowed=denied is None,
    )
    if denied is None:
        return None
    return emulator.cognito_error(
        "AccessDeniedException",
        f"User: {who} is not authorized to perform: {action} on resource: {resource} because no identity-based "
        f"policy allows the {action} action",
    )
