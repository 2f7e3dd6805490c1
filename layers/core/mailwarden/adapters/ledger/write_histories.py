"""The writes for each pool that somebody may undo: what a fight is known by."""

import hashlib
from dataclasses import dataclass

from mailwarden.adapters.aws.dynamodb.items import Item, expiry, item_of, members_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.adapters.ledger.codec import pool_key
from mailwarden.documents.reader import Members, time_from_text
from mailwarden.domain.findings.changes import CreateServiceLinkedRole
from mailwarden.domain.monitoring.fights import REMEMBERED, Direction, Undoing, WriteHistory
from mailwarden.domain.refs.causes import cause_document, optional_cause_from
from mailwarden.domain.refs.resources import PoolRef

WROTE = "WROTE#"


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoWriteHistories:
    """Implements ``WriteHistories`` and ``HistoryOfRole``.

    The items are ``POOL#… / WROTE#direction#digest of the resource``. The role's is ``ROLE#… / …``. They expire 30 days
    after the last write, unless a person has to release it. A look reads them with the other items of its pool.
    """

    table: Table

    def of(self, pool: PoolRef, resource: str, direction: Direction) -> WriteHistory | None:
        """The history of a pool's writes to a resource; raises MalformedDocument."""
        members = self.table.read(_key(pool, resource, direction), _sort_key(resource, direction))
        return None if members is None else write_history_from(members)

    def all_of(self, pool: PoolRef) -> tuple[WriteHistory, ...]:
        """Every history of a pool, and that of the account's role; raises MalformedDocument."""
        answer = self.table.client.query(
            TableName=self.table.name,
            KeyConditionExpression="pk = :pool AND begins_with(sk, :wrote)",
            ExpressionAttributeValues=values_of({":pool": pool_key(pool), ":wrote": WROTE}),
            ConsistentRead=True,
        )
        of_role = self.of_role(pool)
        own = tuple(write_history_from(members_of(item)) for item in answer["Items"])
        return own if of_role is None else (*own, of_role)

    def of_role(self, pool: PoolRef) -> WriteHistory | None:
        """The history of the role of the pool's account; raises MalformedDocument."""
        role = CreateServiceLinkedRole(partition=pool.partition, account=pool.account)
        return self.of(pool, role.resource, Direction.CREATE)

    def put(self, pool: PoolRef, history: WriteHistory) -> None:
        """Keep a history in place of the known one."""
        key = _key(pool, history.resource, history.direction)
        self.table.client.put_item(TableName=self.table.name, Item=_item(key, history))


def _key(pool: PoolRef, resource: str, direction: Direction) -> str:
    """The role is of the whole account: one history, which one release ends for every pool."""
    return f"ROLE#{resource}" if direction is Direction.CREATE else pool_key(pool)


def _item(key: str, history: WriteHistory) -> Item:
    undone = history.undone
    cause = None if undone is None or undone.cause is None else cause_document(undone.cause)
    return item_of(
        key,
        _sort_key(history.resource, history.direction),
        {
            "resource": history.resource,
            "direction": history.direction.value,
            "writes": [sortable(at) for at in history.writes],
            "wrote": history.wrote,
            "entry_id": history.entry_id,
            "undone_at": None if undone is None else sortable(undone.seen_at),
            "undone_by": cause,
            # What a person has to release stays until then.
            "expires_at": None if history.awaits_a_person else expiry(history.writes[-1], after=REMEMBERED),
        },
    )


def write_history_from(members: Members) -> WriteHistory:
    """Read a history back; raises MalformedDocument."""
    undone_at = members.optional_time("undone_at")
    return WriteHistory(
        resource=members.text("resource"),
        direction=members.choice("direction", Direction),
        writes=tuple(map(time_from_text, members.texts("writes"))),
        wrote=members.text("wrote"),
        entry_id=members.text("entry_id"),
        undone=None
        if undone_at is None
        else Undoing(seen_at=undone_at, cause=optional_cause_from(members, "undone_by")),
    )


def _sort_key(resource: str, direction: Direction) -> str:
    # A sort key holds 1,024 bytes, which an ARN alone may have.
    return f"{WROTE}{direction.value}#{hashlib.sha256(resource.encode()).hexdigest()[:32]}"
