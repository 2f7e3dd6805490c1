"""SES's checks of a sending authorization policy before it stores it.

Source: "Policy anatomy" of the SES guide and the service models; the refusal of upper-case ``AWS:`` keys was observed
on the real service (amazon-cognito-developer-guide, pull request 41).
"""

import json
import re
from collections.abc import Iterator
from typing import Any

MAX_POLICIES = 20
MAX_BYTES = 4096
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_KEY_PREFIXES = ("aws:", "ses:")


def objection_to_name(name: str) -> str | None:
    """The error of a policy's name, or None."""
    if _NAME.fullmatch(name):
        return None
    return f"Invalid policy name: {name}. Only 1 to 64 alphanumeric characters, dashes and underscores are allowed."


def objection_to_policy(text: str, identity_arn: str) -> str | None:
    """Why SES would refuse a policy for this identity, or None."""
    if len(text.encode()) > MAX_BYTES:
        return f"The policy exceeds the maximum size of {MAX_BYTES} bytes."
    try:
        document = json.loads(text)
    except ValueError:
        return "The policy is not valid JSON."
    statements = document.get("Statement") if isinstance(document, dict) else None
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list) or not statements:
        return "The policy must contain at least one statement."
    objections = (_objection_to(statement, identity_arn) for statement in statements)
    return next((one for one in objections if one), None)


def _objection_to(statement: object, identity_arn: str) -> str | None:
    if not isinstance(statement, dict):
        return "A statement must be an object."
    if statement.get("Effect") not in ("Allow", "Deny"):
        return "A statement must have the effect Allow or Deny."
    if ("Action" in statement) == ("NotAction" in statement):
        return "A statement must have either Action or NotAction."
    if not list(_principals(statement)):
        return "A statement must name at least one principal."
    if _as_list(statement.get("Resource")) != [identity_arn]:
        return f"A statement must have exactly one resource, the ARN of the identity: {identity_arn}"
    return _objection_to_conditions(statement.get("Condition", {}))


def _objection_to_conditions(conditions: object) -> str | None:
    if not isinstance(conditions, dict):
        return "Condition must be an object."
    for tests in conditions.values():
        if not isinstance(tests, dict):
            return "A condition operator must hold an object."
        for key in tests:
            if not key.startswith(_KEY_PREFIXES):
                return f"Unknown or unapplicable condition field '{key}'."
    return None


def _principals(statement: dict[str, Any]) -> Iterator[str]:
    principal = statement.get("Principal", statement.get("NotPrincipal"))
    groups = principal.values() if isinstance(principal, dict) else [principal]
    for group in groups:
        yield from (name for name in _as_list(group) if isinstance(name, str) and name)


def _as_list(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
