"""Gives DynamoDB tables the resource policies their stacks declare, and holds callers to them."""

import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.platform.isolation import ACCOUNT_ID


def install() -> None:
    """Add DynamoDB to `iam_evaluator._RESOURCE_POLICY_LOOKUPS`; wrap CloudFormation's handlers of tables.

    The emulator keeps a table's policy but never asks it, and its CloudFormation drops the property.
    """
    from ministack.core import iam_evaluator
    from ministack.services import dynamodb
    from ministack.services.cloudformation import provisioners

    dynamodb.resource_policy_for_arn = _policy
    iam_evaluator._RESOURCE_POLICY_LOOKUPS["dynamodb"] = ("dynamodb", "resource_policy_for_arn")
    handlers = provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::Table"]
    handlers["create"] = _declared(handlers["create"])
    handlers["update"] = _declared(handlers["update"])


def _policy(arn: str) -> tuple[str, str] | None:
    """The policy of a table (also for its indexes) and the account that owns it, `None` where it has none."""
    from ministack.services import dynamodb

    kept = dynamodb._resource_policies.get("/".join(arn.split("/")[:2]))
    return (kept["Policy"], ACCOUNT_ID) if kept else None


def _declared(handler: Callable[..., tuple[str, Mapping[str, Any]]]) -> Callable[..., tuple[str, Mapping[str, Any]]]:
    def handled(*arguments: Any) -> tuple[str, Mapping[str, Any]]:  # noqa: ANN401 - creation and update differ
        from ministack.services import dynamodb

        name, attributes = handler(*arguments)
        # The last mapping is the template's current one; an update has the previous one before it.
        properties = [argument for argument in arguments if isinstance(argument, Mapping)][-1]
        document = (properties.get("ResourcePolicy") or {}).get("PolicyDocument")
        if document:
            kept = {"Policy": json.dumps(document), "RevisionId": str(uuid.uuid4())}
            dynamodb._resource_policies[attributes["Arn"]] = kept
        else:
            dynamodb._resource_policies.pop(attributes["Arn"], None)
        return name, attributes

    return handled
