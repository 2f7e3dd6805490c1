"""The tables of the template, in an emulator: what a test stores is stored as it would be in a deployment."""

from typing import TYPE_CHECKING, Any

from tests.infrastructure.templates import HOME, template

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_OF_CREATE_TABLE = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")


def create_table(client: "DynamoDBClient", logical_id: str, *, name: str) -> None:
    """Create a table of the template by another name, with its keys, indexes and stream."""
    properties = template(HOME).properties(logical_id)
    stream = properties.get("StreamSpecification", {})
    members: dict[str, Any] = {member: properties[member] for member in _OF_CREATE_TABLE}
    members["StreamSpecification"] = {"StreamEnabled": bool(stream), **stream}
    client.create_table(TableName=name, **members)
