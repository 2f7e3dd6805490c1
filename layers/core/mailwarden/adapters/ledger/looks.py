"""The last look at each pool, and from each thing a pool's mail uses back to the pools (the reverse index).

A look and its index entries change in one transaction, under the condition that the look they were computed against is
still there: no crash and no race leaves an entry behind or loses one. A look that uses what the last one used, as
nearly all do, is a plain conditional put. What a look newly uses is listed among what is in use before the look is put.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from mailwarden.adapters.aws.dynamodb.items import Item, expiry, item_of, key_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table, lost_race
from mailwarden.adapters.ledger.codec import LOOK, look_from, look_item, pool_key
from mailwarden.adapters.ledger.resources_in_use import DynamoResourcesInUse, uses_key
from mailwarden.documents.reader import Members
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.refs.resources import PoolRef

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef


# A look that started before a pool was deleted may still be on its way; no message lives longer than 14 days.
_REMEMBER_GONE = timedelta(days=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoLooks:
    """Implements ``Looks``: the items ``POOL#… / LOOK`` and ``USES#… / POOL#…``."""

    table: Table

    def last(self, pool: PoolRef) -> LookRecord | None:
        """The last look at a pool."""
        members = self.table.read(pool_key(pool), LOOK)
        return None if members is None else live_look_from(members)

    def last_of(self, pools: Collection[PoolRef]) -> Mapping[PoolRef, LookRecord]:
        """The last looks at *pools*, at half the price of consistent reads; without those that cannot be read."""
        keys = [(pool_key(pool), LOOK) for pool in sorted(set(pools), key=lambda pool: pool.arn)]
        looks = self.table.readable(self.table.read_many(keys, consistently=False), live_look_from)
        return {look.pool: look for look in looks if look is not None}

    def replace(self, last: LookRecord | None, look: LookRecord) -> bool:
        """Keep a look in place of the one it was computed from, which is not read again; False if another is there.

        A mark in place of the look at a pool that is gone counts as none, unless it is newer. Raises Contended.
        """
        known = None if last is None else _Known(looked_at=sortable(last.looked_at), uses=last.uses)
        if self._is_replaced(known, look.pool, look_item(look), uses=look.uses, at=look.looked_at):
            return True
        return last is None and self.last(look.pool) is None and self.put(look)

    def put(self, look: LookRecord) -> bool:
        """Keep a look and its reverse index; False if a newer one is there already. Raises Contended."""
        return self._put(look.pool, look_item(look), uses=look.uses, at=look.looked_at)

    def forget(self, pool: PoolRef, *, at: datetime) -> None:
        """Put a mark in place of a pool's look and drop its index, unless a newer look is there. Raises Contended.

        The mark keeps a look that is older than the deletion from bringing the pool back.
        """
        gone = {"gone": True, "looked_at": sortable(at), "uses": [], "expires_at": expiry(at, after=_REMEMBER_GONE)}
        self._put(pool, item_of(pool_key(pool), LOOK, gone), uses=(), at=at)

    def _put(self, pool: PoolRef, item: Item, *, uses: tuple[str, ...], at: datetime) -> bool:
        for _ in self.table.attempts(f"look {pool.arn}"):
            known = self.table.read(pool_key(pool), LOOK)
            if known is not None and known.time("looked_at") > at:
                return False
            replaced = None if known is None else _Known(looked_at=known.text("looked_at"), uses=known.texts("uses"))
            if self._is_replaced(replaced, pool, item, uses=uses, at=at):
                return True
        return False

    def _is_replaced(
        self, known: "_Known | None", pool: PoolRef, item: Item, *, uses: tuple[str, ...], at: datetime
    ) -> bool:
        """Whether what is known was still there, and now the item is."""
        used = frozenset(() if known is None else known.uses)
        added = frozenset(uses) - used
        DynamoResourcesInUse(table=self.table).put(sorted(added), at=at)
        try:
            self._replace(known, pool, item, added=added, dropped=used - frozenset(uses))
        except ClientError as error:
            if lost_race(error):
                return False
            raise
        return True

    def _replace(
        self,
        known: "_Known | None",
        pool: PoolRef,
        item: Item,
        *,
        added: frozenset[str],
        dropped: frozenset[str],
    ) -> None:
        table, client = self.table.name, self.table.client
        condition = "attribute_not_exists(pk)" if known is None else "looked_at = :looked_at AND uses = :uses"
        values = {} if known is None else known.values
        if not added and not dropped:
            if values:
                client.put_item(
                    TableName=table, Item=item, ConditionExpression=condition, ExpressionAttributeValues=values
                )
            else:
                client.put_item(TableName=table, Item=item, ConditionExpression=condition)
            return
        look: TransactWriteItemTypeDef = {"Put": {"TableName": table, "Item": item, "ConditionExpression": condition}}
        if values:
            look["Put"]["ExpressionAttributeValues"] = values
        pool_sk = pool_key(pool)
        entries: list[TransactWriteItemTypeDef] = [
            {"Put": {"TableName": table, "Item": item_of(uses_key(arn), pool_sk, {"pool": pool.arn})}}
            for arn in sorted(added)
        ]
        entries += [{"Delete": {"TableName": table, "Key": key_of(uses_key(arn), pool_sk)}} for arn in sorted(dropped)]
        client.transact_write_items(TransactItems=[look, *entries])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """By what a stored look, or a mark in its place, is recognized."""

    looked_at: str
    uses: tuple[str, ...]

    @property
    def values(self) -> Item:
        return values_of({":looked_at": self.looked_at, ":uses": list(self.uses)})


def live_look_from(members: Members) -> LookRecord | None:
    """A stored look; None for the mark in place of the look at a pool that is gone. Raises MalformedDocument."""
    return None if members.values.get("gone") is True else look_from(members)
