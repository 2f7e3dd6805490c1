"""Which pools exist, as far as the table tells: many at once, for policies name many.

A pool with a look that is no mark of its deletion was there then. That AWS did not have a pool when it was asked for
is an item of its own, ``POOL#… / GONE``, so that nothing here gets in the way of looks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING

from mailwarden.adapters.aws.dynamodb.items import FORMAT, StoredItem, expiry, item_of, key_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.adapters.ledger.codec import LOOK, pool_key
from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.refs.resources import PoolRef

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import KeysAndAttributesOutputTypeDef, KeysAndAttributesTypeDef

_GONE = "GONE"
_SWEEP = "STATE"
# DynamoDB API reference, BatchGetItem: "as many as 100 items", and what is too much for one answer is UnprocessedKeys.
_MOST_AT_ONCE = 100
_ROUNDS = 4
# Asked again long before; a pool that no policy names any more is forgotten.
_REMEMBER_GONE = timedelta(days=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoKnownPools:
    """Implements ``KnownPools``: the items ``POOL#… / GONE`` and ``SWEEP#region``, beside looks."""

    table: Table

    def alive(self, pools: frozenset[PoolRef]) -> frozenset[PoolRef]:
        """Those of *pools* whose last look found them."""
        return frozenset(pool for pool, item in self._items(pools, LOOK) if "gone" not in item)

    def gone(self, pools: frozenset[PoolRef]) -> Mapping[PoolRef, datetime]:
        """Those of *pools* that AWS did not have, and when it last said so; AWS is asked again where it is garbled."""
        return {
            pool: asked_at
            for pool, item in self._items(pools, _GONE)
            for asked_at in self.table.readable([item], lambda members: members.time("asked_at"))
        }

    def remember_gone(self, pool: PoolRef, *, at: datetime) -> None:
        """Keep AWS's word that there is no such pool."""
        said = {"asked_at": sortable(at), "expires_at": expiry(at, after=_REMEMBER_GONE)}
        self.table.client.put_item(TableName=self.table.name, Item=item_of(pool_key(pool), _GONE, said))

    def swept_at(self, region: str) -> datetime | None:
        """When the last complete sweep of a region ended; None also if that is garbled."""
        try:
            members = self.table.read(_sweep_key(region), _SWEEP)
            return None if members is None else members.time("swept_at")
        except MalformedDocument as error:
            self.table.corrupt(error)
            return None

    def mark_swept(self, region: str, *, at: datetime) -> None:
        """Remember a complete sweep of a region, unless a later one is known."""
        try:
            self.table.client.put_item(
                TableName=self.table.name,
                Item=item_of(_sweep_key(region), _SWEEP, {"swept_at": sortable(at)}),
                # A garbled item is replaced: otherwise the region would never count as swept.
                ConditionExpression="swept_at < :at OR NOT attribute_type(swept_at, :text) OR #format <> :format",
                ExpressionAttributeNames={"#format": "format"},
                ExpressionAttributeValues=values_of({":at": sortable(at), ":text": "S", ":format": FORMAT}),
            )
        except self.table.client.exceptions.ConditionalCheckFailedException:
            return

    def _items(self, pools: frozenset[PoolRef], sk: str) -> Iterator[tuple[PoolRef, StoredItem]]:
        """The items of *pools*; one that DynamoDB had no time for is left out, and counts as not known."""
        by_key = {pool_key(pool): pool for pool in pools}
        for keys in batched(sorted(by_key), _MOST_AT_ONCE, strict=False):
            # Not read consistently, at half the price: a word that is a moment old is as good here.
            wanted: Mapping[str, KeysAndAttributesTypeDef | KeysAndAttributesOutputTypeDef] = {
                self.table.name: {"Keys": [key_of(pk, sk) for pk in keys]}
            }
            for _ in range(_ROUNDS):
                answer = self.table.client.batch_get_item(RequestItems=wanted)
                for item in answer["Responses"].get(self.table.name, ()):
                    yield by_key[item["pk"]["S"]], item
                wanted = answer["UnprocessedKeys"]
                if not wanted:
                    break


def _sweep_key(region: str) -> str:
    return f"SWEEP#{region}"
