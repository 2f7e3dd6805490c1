"""Holds event source mappings to what the function's execution role may read from its source."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from sandbox.platform.iam import authorization

# Lambda Developer Guide, "Using Lambda with Amazon SQS" and "... with Amazon DynamoDB": execution role permissions.
_QUEUE_ACTIONS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
_STREAM_ACTIONS = (
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
)


def install() -> None:
    """Wrap `lambda_svc._create_esm` and CloudFormation's own creation of mappings, which ask no role.

    CloudFormation's also reports a mapping that was created disabled as enabled.
    """
    from ministack.services import lambda_svc
    from ministack.services.cloudformation import provisioners

    lambda_svc._create_esm = _checked_call(lambda_svc._create_esm)
    handlers = provisioners._RESOURCE_HANDLERS["AWS::Lambda::EventSourceMapping"]
    handlers["create"] = _checked_resource(handlers["create"])


def missing_action(source_arn: str, function: Mapping[str, Any]) -> str | None:
    """The first action the execution role lacks on the source, `None` if it has them all."""
    config = function.get("config") or function
    for action in _QUEUE_ACTIONS if ":sqs:" in source_arn else _STREAM_ACTIONS:
        if not authorization.role_may_always(
            role_arn=str(config.get("Role", "")),
            action=action,
            resource=source_arn,
            region=source_arn.split(":")[3],
            session=config["FunctionName"][:64],
            source="mapping",
        ):
            return action
    return None


def is_enabled(mapping: Mapping[str, Any]) -> bool:
    """Whether the mapping polls; templates may use a string."""
    return str(mapping.get("Enabled", True)).lower() == "true"


def _refusal(source_arn: str, function_name: str) -> str | None:
    from ministack.services import lambda_svc

    function, _ = lambda_svc._get_func_record_for_qualifier(function_name, None)
    if function is None or ":kinesis:" in source_arn:
        return None
    action = missing_action(source_arn, function)
    if action is None:
        return None
    if ":sqs:" in source_arn:
        return f"The function execution role does not have permissions to call {action.partition(':')[2]} on SQS"
    return (
        f"Cannot access stream {source_arn}. Please ensure the role can perform the GetRecords, GetShardIterator, "
        "DescribeStream, and ListStreams Actions on your stream in IAM."
    )


def _checked_call(create: Callable[[Mapping[str, Any]], Any]) -> Callable[[Mapping[str, Any]], Any]:
    def created(data: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the emulator's answer
        from ministack.core.responses import error_response_json
        from ministack.services import lambda_svc

        name, _ = lambda_svc._resolve_request_scoped_name_and_qualifier(data.get("FunctionName", ""))
        refusal = _refusal(data.get("EventSourceArn", ""), name) if name else None
        if refusal is not None:
            return error_response_json("InvalidParameterValueException", refusal, HTTPStatus.BAD_REQUEST)
        return create(data)

    return created


def _checked_resource(create: Callable[..., Any]) -> Callable[..., Any]:
    def created(logical_id: str, properties: Mapping[str, Any], stack_name: str) -> Any:  # noqa: ANN401
        from ministack.services import lambda_svc

        name = lambda_svc._resolve_name(properties.get("FunctionName", ""))
        refusal = _refusal(properties.get("EventSourceArn", ""), name)
        if refusal is not None:
            # CloudFormation shows the service's message as the resource's failure.
            raise ValueError(refusal)
        mapping_id, attributes = create(logical_id, properties, stack_name)
        mapping = lambda_svc._esms[mapping_id]
        mapping["Enabled"] = is_enabled(mapping)
        mapping["State"] = "Enabled" if mapping["Enabled"] else "Disabled"
        return mapping_id, attributes

    return created
