"""One table of DynamoDB: reading one item consistently, and telling a lost race from a failure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from mailwarden.adapters.dynamo_items import key_of, members_of
from mailwarden.inbound.members import Members

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


type Client = DynamoDBClient

# Somebody else was faster, or is at it: read again and decide again (DynamoDB API reference, TransactWriteItems).
_LOST = frozenset({"ConditionalCheckFailedException", "TransactionConflictException"})
_LOST_WITHIN = frozenset({"None", "ConditionalCheckFailed", "TransactionConflict"})
_ATTEMPTS = 20


class Contended(RuntimeError):
    """Somebody else was faster each time; the message names the item. Trying again later may help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with the keys ``pk`` and ``sk``."""

    client: Client
    name: str

    def read(self, pk: str, sk: str) -> Members | None:
        """An item as it is now; raises MalformedDocument."""
        answer = self.client.get_item(TableName=self.name, Key=key_of(pk, sk), ConsistentRead=True)
        return members_of(answer["Item"]) if "Item" in answer else None


def attempts(item: str) -> Iterator[None]:
    """Go round a loop of reading, deciding and writing a limited number of times; raises Contended at the end."""
    for _ in range(_ATTEMPTS):
        yield
    raise Contended(f"{item} was changed by others {_ATTEMPTS} times while it was to be written")


def lost_race(error: ClientError) -> bool:
    """Whether a conditional write was refused because the item is not, or is not yet, what it was thought to be."""
    code = error.response["Error"]["Code"]
    if code == "TransactionCanceledException":
        return set(refusals(error)) <= _LOST_WITHIN
    return code in _LOST


def refusals(error: ClientError) -> tuple[str, ...]:
    """Why a transaction was canceled: one code for each of its items, in order, ``None`` where nothing was wrong."""
    reasons = error.response.get("CancellationReasons", [])
    return tuple(str(reason.get("Code", "None")) for reason in reasons)
