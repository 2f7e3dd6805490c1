"""Creates the service-linked role of Cognito's mail under its real name, and lets policies be written about it."""

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from sandbox.platform.isolation import ACCOUNT_ID

# Service Authorization Reference and Amazon Cognito Developer Guide, "Using service-linked roles".
_NAMES: Mapping[str, str] = {
    "email.cognito-idp.amazonaws.com": "AWSServiceRoleForAmazonCognitoIdpEmailService",
    "cognito-idp.amazonaws.com": "AWSServiceRoleForAmazonCognitoIdp",
}


def install() -> None:
    """Replace `iam._create_service_linked_role`; wrap `iam_actions.extract_resource_arn` and `request_tag_context`.

    The emulator makes names up, gives role ARNs without their path, and does not set `iam:AWSServiceName`.
    """
    from ministack.core import iam_actions
    from ministack.services import iam

    iam._create_service_linked_role = _create
    iam._IAM_HANDLERS["CreateServiceLinkedRole"] = _create
    resource_arn, tag_context = iam_actions.extract_resource_arn, iam_actions.request_tag_context

    def with_path(service: str, *arguments: Any) -> str:  # noqa: ANN401 - the request, passed on
        found: str = resource_arn(service, *arguments)
        return _with_path(found, arguments[4]) if service == "iam" else found

    def with_service_name(service: str, action: str, body: bytes, parameters: Mapping[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = tag_context(service, action, body, parameters)
        if action == "iam:CreateServiceLinkedRole":
            context["iam:AWSServiceName"] = _parameter(parameters, "AWSServiceName")
        return context

    iam_actions.extract_resource_arn = with_path
    iam_actions.request_tag_context = with_service_name


def _with_path(arn: str, parameters: Mapping[str, Any]) -> str:
    from ministack.services import iam

    service = _parameter(parameters, "AWSServiceName")
    if service:
        return f"arn:aws:iam::{ACCOUNT_ID}:role/aws-service-role/{service}/{_role_name(service)}"
    if ":role/" not in arn:
        return arn
    role = iam._roles.get_scoped(ACCOUNT_ID, None, arn.rsplit("/", 1)[-1])
    return str(role["Arn"]) if role else arn


def _parameter(parameters: Mapping[str, Any], name: str) -> str:
    value = parameters.get(name, "")
    return str(value[-1] if isinstance(value, list) else value)


def _role_name(service: str) -> str:
    """The documented name; for services not listed here, the emulator's way of making one up."""
    return _NAMES.get(service, "AWSServiceRoleFor" + service.partition(".")[0].capitalize())


def _create(parameters: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the emulator's answer
    """Create the role; one that exists is refused with `InvalidInput`, as public runbooks show."""
    from ministack.services import iam

    service = _parameter(parameters, "AWSServiceName")
    if not re.fullmatch(r"[a-z0-9.-]+\.amazonaws\.com", service):
        return iam._error(HTTPStatus.BAD_REQUEST, "InvalidInput", f"Service role name {service} is not valid.")
    name = _role_name(service)
    if name in iam._roles:
        message = f"Service role name {name} has been taken in this account, please try a different suffix."
        return iam._error(HTTPStatus.BAD_REQUEST, "InvalidInput", message)
    path = f"/aws-service-role/{service}/"
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": [service]}, "Action": ["sts:AssumeRole"]}],
    }
    iam._roles[name] = {
        "RoleName": name,
        "Arn": f"arn:aws:iam::{ACCOUNT_ID}:role{path}{name}",
        "RoleId": iam._gen_id("AROA"),
        "CreateDate": iam._now(),
        "Path": path,
        "AssumeRolePolicyDocument": json.dumps(trust),
        "Description": _parameter(parameters, "Description"),
        "MaxSessionDuration": 3600,
        "AttachedPolicies": [],
        "InlinePolicies": {},
        "Tags": [],
    }
    return iam._xml(
        HTTPStatus.OK,
        "CreateServiceLinkedRoleResponse",
        f"<CreateServiceLinkedRoleResult><Role>{iam._role_xml(name)}</Role></CreateServiceLinkedRoleResult>",
        ns="iam",
    )
