"""Whether the policies of an identity let Cognito send from it, by the emulator's own policy evaluator.

The product brings an evaluator of its own; this one is independent of it on purpose. Cognito is taken to need both
``ses:SendEmail`` and ``ses:SendRawEmail``, because the policy that AWS documents for it lists both.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sandbox.mail import emulator
from sandbox.mail.mail_path.header import Header

ACTIONS = ("ses:SendEmail", "ses:SendRawEmail")
ANY_RECIPIENT = "someone@customer.example"
SERVICE_LINKED_ROLE = "AWSServiceRoleForAmazonCognitoIdpEmailService"
SERVICE_LINKED_ROLE_SERVICE = "email.cognito-idp.amazonaws.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Who wants to do what to which identity, and what the request carries."""

    service: str | None = None
    role_arn: str = ""
    action: str
    resource: str
    region: str
    context: Mapping[str, Any]


def decide(policies: Mapping[str, Any], question: Question) -> str:
    """Evaluate all policies of an identity at once: ``Allow``, ``Deny`` or ``ImplicitDeny``."""
    evaluator = emulator.module("core.iam_evaluator")
    context = {key.lower(): value for key, value in question.context.items()}
    request = evaluator.EvalContext(
        principal_arn=question.role_arn,
        principal_type="AssumedRole" if question.role_arn else "Service",
        principal_account=question.role_arn.split(":")[4] if question.role_arn else "",
        action=question.action,
        resource_arn=question.resource,
        region=question.region,
        source_ip=None,  # a service's request has no address, so the key is absent
        secure_transport=True,
        service_context=context,
    )
    statements = [statement for policy in policies.values() for statement in _statements(policy)]
    result = evaluator.evaluate_resource_policy({"Statement": statements}, request, service=question.service)
    return str(result.decision)


def message_keys(header: Header, recipient: str | None) -> Mapping[str, Any]:
    """Give SES's condition keys of a message (SES guide, "Policy anatomy"); without a recipient, any customer's."""
    named = {"ses:FromDisplayName": header.name} if header.name else {}
    return {"ses:FromAddress": header.address, "ses:Recipients": [recipient or ANY_RECIPIENT], **named}


def decide_for_service(
    policies: Mapping[str, Any],
    service: str,
    identity_arn: str,
    pool_arn: str,
    keys: Mapping[str, Any] = MappingProxyType({}),
) -> str:
    """Evaluate for Cognito's service principal acting for a pool; the worst decision of both actions counts.

    ``keys`` are those of the message; Cognito's check of a configuration has none.
    """
    _, _, _, region, account, _ = pool_arn.split(":", 5)
    context = {
        "aws:SourceAccount": account,
        "aws:SourceArn": pool_arn,
        "aws:PrincipalIsAWSService": "true",
        "aws:PrincipalServiceName": service,
        **keys,
    }
    ses_region = identity_arn.split(":")[3] or region
    return _worst(
        decide(
            policies,
            Question(service=service, action=action, resource=identity_arn, region=ses_region, context=context),
        )
        for action in ACTIONS
    )


def decide_for_service_linked_role(
    policies: Mapping[str, Any], identity_arn: str, keys: Mapping[str, Any] = MappingProxyType({})
) -> str:
    """Evaluate for the service-linked role; its own policy allows sending, so only a Deny matters here."""
    _, _, _, region, account, _ = identity_arn.split(":", 5)
    context = {"aws:PrincipalIsAWSService": "false", **keys}  # true only of a service's own principal
    return _worst(
        decide(
            policies,
            Question(
                role_arn=role_arn(account, region), action=action, resource=identity_arn, region=region, context=context
            ),
        )
        for action in ACTIONS
    )


def role_arn(account: str, region: str = "us-east-1") -> str:
    """Give the ARN of Cognito's service-linked role for mail, in the partition of a region."""
    path = f"aws-service-role/{SERVICE_LINKED_ROLE_SERVICE}/{SERVICE_LINKED_ROLE}"
    return f"arn:{emulator.partition_of(region)}:iam::{account}:role/{path}"


def _worst(decisions: Iterable[str]) -> str:
    seen = set(decisions)
    return next(one for one in ("Deny", "ImplicitDeny", "Allow") if one in seen)


def _statements(policy: object) -> list[object]:
    try:
        document = json.loads(policy) if isinstance(policy, str) else policy
    except ValueError:
        return []
    statements = document.get("Statement", []) if isinstance(document, dict) else []
    return statements if isinstance(statements, list) else [statements]
