"""One DynamoDB table: consistent reads of one item, lost races apart from failures, and retries."""

import logging
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mailwarden.adapters.aws.dynamodb.items import Item, StoredItem, key_of, members_of, values_of
from mailwarden.documents.reader import MalformedDocument, Members
from mailwarden.message import ExplainedError, message

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import KeysAndAttributesOutputTypeDef, KeysAndAttributesTypeDef


type DynamoClient = DynamoDBClient

# Another writer was faster, or is still writing: read and decide again (DynamoDB API reference, TransactWriteItems).
_LOST = frozenset({"ConditionalCheckFailedException", "TransactionConflictException"})
_LOST_WITHIN = frozenset({"None", "ConditionalCheckFailed", "TransactionConflict"})
_ATTEMPTS = 20
# DynamoDB API reference, BatchGetItem: "as many as 100 items", and what is too much for one answer is UnprocessedKeys.
_MOST_AT_ONCE = 100
# Most races are with one other write, which is complete when it is noticed. Several writers of one item, as in a
# flood, need retries at different times; the pauses add up to less than three seconds.
_AT_ONCE = 3
_FIRST_PAUSE = 0.01
_LONGEST_PAUSE = 0.2


_LOGGER = logging.getLogger(__name__)


def _log_corrupt(error: MalformedDocument) -> None:
    """The reason names the item and the member."""
    _LOGGER.error("the table holds what cannot be read: %s", error)


class Contended(ExplainedError, RuntimeError):
    """Another writer was faster each time; the message names the item. A later retry may succeed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with the keys ``pk`` and ``sk``; ``sleep`` waits for seconds, ``luck`` returns a random fraction.

    ``corrupt`` receives the error of an item that cannot be read and is left out, so that the others are read.
    """

    client: DynamoClient
    name: str
    sleep: Callable[[float], None] = time.sleep
    luck: Callable[[], float] = random.random  # noqa: S311 - no secret
    corrupt: Callable[[MalformedDocument], object] = _log_corrupt

    def read(self, pk: str, sk: str) -> Members | None:
        """The current item; raises MalformedDocument."""
        answer = self.client.get_item(TableName=self.name, Key=key_of(pk, sk), ConsistentRead=True)
        return members_of(answer["Item"]) if "Item" in answer else None

    def put(self, item: Item, *, replaces: Mapping[str, object] | None) -> bool:
        """Store an item if the stored one has the members *replaces* (None: if there is none); False otherwise."""
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
        if replaces is not None:
            condition = {
                "ConditionExpression": " AND ".join(f"#{name} = :{name}" for name in replaces),
                "ExpressionAttributeNames": {f"#{name}": name for name in replaces},
                "ExpressionAttributeValues": values_of({f":{name}": value for name, value in replaces.items()}),
            }
        try:
            self.client.put_item(TableName=self.name, Item=item, **condition)
        except ClientError as error:
            if lost_race(error):
                return False
            raise
        return True

    def readable[T](self, items: Iterable[StoredItem], read: Callable[[Members], T]) -> Iterator[T]:
        """The items as *read* converts them, without those that cannot be read: ``corrupt`` receives their errors."""
        for item in items:
            try:
                yield read(members_of(item))
            except MalformedDocument as error:
                self.corrupt(error)

    def read_many(self, keys: Sequence[tuple[str, str]], *, consistently: bool) -> Iterator[StoredItem]:
        """The items with these keys, a hundred in one call; raises Contended if DynamoDB leaves some out each time."""
        for some in batched(keys, _MOST_AT_ONCE, strict=False):
            asked: KeysAndAttributesTypeDef = {
                "Keys": [key_of(pk, sk) for pk, sk in some],
                "ConsistentRead": consistently,
            }
            wanted: Mapping[str, KeysAndAttributesTypeDef | KeysAndAttributesOutputTypeDef] = {self.name: asked}
            for _ in self.attempts(f"items: {len(some)}"):
                answer = self.client.batch_get_item(RequestItems=wanted)
                yield from answer["Responses"].get(self.name, ())
                wanted = answer["UnprocessedKeys"]
                if not wanted:
                    break

    def attempts(self, item: str) -> Iterator[None]:
        """Count the attempts of a loop that reads, decides and writes; raises Contended after the last one.

        From the fourth attempt on it first waits for a random time up to a limit that doubles.
        """
        pause = _FIRST_PAUSE
        for attempt in range(_ATTEMPTS):
            if attempt >= _AT_ONCE:
                self.sleep(pause * self.luck())
                pause = min(2 * pause, _LONGEST_PAUSE)
            yield
        raise Contended(message("item.contended", item=item, attempts=_ATTEMPTS))


def lost_race(error: ClientError) -> bool:
    """Whether a conditional write was refused because the item differs from the expected one."""
    code = error.response["Error"]["Code"]
    if code == "TransactionCanceledException":
        return set(refusals(error)) <= _LOST_WITHIN
    return code in _LOST


def refusals(error: ClientError) -> tuple[str, ...]:
    """Why a transaction was canceled: one code for each item, in order; ``None`` for an item without an error."""
    reasons = error.response.get("CancellationReasons", [])
    return tuple(str(reason.get("Code", "None")) for reason in reasons)
