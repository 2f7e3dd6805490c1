"""The last look at each pool, and from each thing a pool's mail uses back to the pools (the reverse index).

A look and its index entries change in one transaction, under the condition that the look they were computed against is
still there: no crash and no race leaves an entry behind or loses one. A look that uses what the last one used, as
nearly all do, is a plain conditional put. What a look newly uses is listed among what is in use before the look is put.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from mailwarden.adapters.aws.dynamodb.items import Item, expiry, item_of, key_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table, lost_race
from mailwarden.adapters.ledger.codec import LOOK, look_from, look_item, pool_key
from mailwarden.adapters.ledger.resources_in_use import DynamoResourcesInUse, uses_key
from mailwarden.documents.reader import Members
from mailwarden.domain.findings.record import LookRecord
from mailwarden.domain.refs.resources import PoolRef

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef


# The look's uses are listed among what is in use; looks of versions that kept no list lack the mark.
_LISTED = "uses_listed"
# A look that started before a pool was deleted may still be on its way; no message lives longer than 14 days.
_REMEMBER_GONE = timedelta(days=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoLooks:
    """Implements ``Looks``: the items ``POOL#… / LOOK`` and ``USES#… / POOL#…``."""

    table: Table

    def last(self, pool: PoolRef) -> LookRecord | None:
        """The last look at a pool."""
        members = self.table.read(pool_key(pool), LOOK)
        return None if members is None or _is_gone(members) else look_from(members)

    def put(self, look: LookRecord) -> bool:
        """Keep a look and its reverse index; False if a newer one is there already. Raises Contended."""
        item = look_item(look) | values_of({_LISTED: True})
        return self._put(look.pool, item, uses=look.uses, at=look.looked_at)

    def forget(self, pool: PoolRef, *, at: datetime) -> None:
        """Put a mark in place of a pool's look and drop its index, unless a newer look is there. Raises Contended.

        The mark keeps a look that is older than the deletion from bringing the pool back.
        """
        gone = {"gone": True, "looked_at": sortable(at), "uses": [], "expires_at": expiry(at, after=_REMEMBER_GONE)}
        self._put(pool, item_of(pool_key(pool), LOOK, gone), uses=(), at=at)

    def _put(self, pool: PoolRef, item: Item, *, uses: tuple[str, ...], at: datetime) -> bool:
        for _ in self.table.attempts(f"the look at {pool.arn}"):
            known = self.table.read(pool_key(pool), LOOK)
            if known is not None and known.time("looked_at") > at:
                return False
            used = frozenset(() if known is None else known.texts("uses"))
            listed = used if known is not None and known.values.get(_LISTED) is True else frozenset[str]()
            DynamoResourcesInUse(table=self.table).put(sorted(frozenset(uses) - listed), at=at)
            try:
                self._replace(known, pool, item, added=frozenset(uses) - used, dropped=used - frozenset(uses))
            except ClientError as error:
                if not lost_race(error):
                    raise
            else:
                return True
        return False

    def _replace(
        self,
        known: Members | None,
        pool: PoolRef,
        item: Item,
        *,
        added: frozenset[str],
        dropped: frozenset[str],
    ) -> None:
        table, client = self.table.name, self.table.client
        condition = "attribute_not_exists(pk)" if known is None else "looked_at = :looked_at AND uses = :uses"
        values = {} if known is None else _values_of(known)
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


def _values_of(known: Members) -> Item:
    return values_of({":looked_at": known.text("looked_at"), ":uses": list(known.texts("uses"))})


def _is_gone(members: Members) -> bool:
    return members.values.get("gone") is True
