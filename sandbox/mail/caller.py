"""What the caller of a Cognito operation must be allowed to do besides it, although no separate call shows it.

The registry schema of ``AWS::Cognito::UserPool`` lists ``iam:PassRole`` for the SMS role and
``iam:CreateServiceLinkedRole`` for sending through the account's own SES.
"""

from sandbox.mail import authorization, emulator
from sandbox.platform import calls


def refusal_to_pass_role(role_arn: str) -> emulator.Answer | None:
    """Refuse a caller who may not hand this role to Cognito."""
    return _refusal("iam:PassRole", role_arn, {"iam:PassedToService": "cognito-idp.amazonaws.com"})


def refusal_to_create_service_linked_role(account: str) -> emulator.Answer | None:
    """Refuse a caller who may not create the role through which Cognito calls SES."""
    service = authorization.SERVICE_LINKED_ROLE_SERVICE
    return _refusal("iam:CreateServiceLinkedRole", authorization.role_arn(account), {"iam:AWSServiceName": service})


def _refusal(action: str, resource: str, context: dict[str, str]) -> emulator.Answer | None:
    request = calls.current.get()
    if request is None or not emulator.roles_enforced():
        return None  # not an API call of its own, such as a stack's provisioning
    region = emulator.region()
    denied = emulator.module("core.iam_evaluator").enforce(
        request.access_key_id, action, "iam", region, resource_arn=resource, service_context=context
    )
    calls.record_service(
        source="cognito-idp",
        action=action,
        region=region,
        resource=resource,
        caller=request.caller,
        allowed=denied is None,
    )
    if denied is None:
        return None
    return emulator.cognito_error(
        "AccessDeniedException",
        f"User: {request.caller} is not authorized to perform: {action} on resource: {resource} because no "
        f"identity-based policy allows the {action} action",
    )
