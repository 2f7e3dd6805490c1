"""One table of DynamoDB: reading one item consistently, telling a lost race from a failure, and trying again."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from mailwarden.adapters.aws.dynamodb.items import key_of, members_of
from mailwarden.documents.reader import Members

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


type Client = DynamoDBClient

# Somebody else was faster, or is at it: read again and decide again (DynamoDB API reference, TransactWriteItems).
_LOST = frozenset({"ConditionalCheckFailedException", "TransactionConflictException"})
_LOST_WITHIN = frozenset({"None", "ConditionalCheckFailed", "TransactionConflict"})
_ATTEMPTS = 20
# Most races are with one other write, which is over when it is noticed. Several writers in one item, as in a flood,
# only get past each other if they come back at different times; together the pauses last less than three seconds.
_AT_ONCE = 3
_FIRST_PAUSE = 0.01
_LONGEST_PAUSE = 0.2


class Contended(RuntimeError):
    """Somebody else was faster each time; the message names the item. Trying again later may help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with the keys ``pk`` and ``sk``; ``sleep`` takes seconds, ``luck`` gives a part of one."""

    client: Client
    name: str
    sleep: Callable[[float], None] = time.sleep
    luck: Callable[[], float] = random.random  # noqa: S311 - no secret

    def read(self, pk: str, sk: str) -> Members | None:
        """An item as it is now; raises MalformedDocument."""
        answer = self.client.get_item(TableName=self.name, Key=key_of(pk, sk), ConsistentRead=True)
        return members_of(answer["Item"]) if "Item" in answer else None

    def attempts(self, item: str) -> Iterator[None]:
        """Go round a loop of reading, deciding and writing a limited number of times; raises Contended at the end.

        From the fourth time on it waits before: up to a pause that doubles, at random.
        """
        pause = _FIRST_PAUSE
        for attempt in range(_ATTEMPTS):
            if attempt >= _AT_ONCE:
                self.sleep(pause * self.luck())
                pause = min(2 * pause, _LONGEST_PAUSE)
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
