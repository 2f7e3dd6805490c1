"""The windows of our writes and the calls of others, item by item: none is ever read in order to be written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from mailwarden.adapters.aws.dynamodb.items import expiry, item_of, key_of, members_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.adapters.ledger.codec import pool_key
from mailwarden.documents.reader import Members
from mailwarden.domain.mail_path.overlap import OtherCall, ResourceWrites, StoredWindow
from mailwarden.domain.refs.causes import cause_document, cause_from
from mailwarden.domain.refs.resources import NotASubject, PoolRef

WINDOW = "WINDOW#"
OTHER = "OTHER#"
# An event may wait for as long as the hints queue keeps it, four days.
_KEPT = timedelta(days=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoWriteWindows:
    """Implements ``WriteWindows`` and ``WindowsOfResources``.

    They are the items ``POOL#… / WINDOW#…`` and ``… / OTHER#…``, ``WRITES#…`` for the rest.
    """

    table: Table

    def put(self, window: StoredWindow) -> None:
        """Store the window of a write, in place of what is stored of the same journal entry."""
        item = item_of(
            _partition(window.resource),
            f"{WINDOW}{window.entry_id}",
            {
                "resource": window.resource,
                "entry_id": window.entry_id,
                "compared_at": sortable(window.compared_at),
                "written_at": None if window.written_at is None else sortable(window.written_at),
                "of_risk": window.is_of_risk or None,
                "expires_at": expiry(window.compared_at, after=_KEPT),
            },
        )
        self.table.client.put_item(TableName=self.table.name, Item=item)

    def drop(self, window: StoredWindow) -> None:
        """Forget the window of a write that AWS did not take."""
        key = key_of(_partition(window.resource), f"{WINDOW}{window.entry_id}")
        self.table.client.delete_item(TableName=self.table.name, Key=key)

    def note(self, other: OtherCall) -> None:
        """Store another actor's call; the first time it was noted stays."""
        item = item_of(
            _partition(other.resource),
            f"{OTHER}{other.call.event_id}",
            {
                "resource": other.resource,
                "call": cause_document(other.call),
                "members": list(other.call.members),
                "noted_at": sortable(other.noted_at),
                "expires_at": expiry(other.noted_at, after=_KEPT),
            },
        )
        self.table.put(item, replaces=None)

    def of(self, resource: str) -> ResourceWrites:
        """Everything stored about a resource, by its ARN; raises MalformedDocument."""
        answer = self.table.client.query(
            TableName=self.table.name,
            KeyConditionExpression="pk = :resource",
            ExpressionAttributeValues=values_of({":resource": _partition(resource)}),
            ConsistentRead=True,
        )
        return history_from({item["sk"]["S"]: members_of(item) for item in answer["Items"]})


def history_from(items: Mapping[str, Members]) -> ResourceWrites:
    """The windows and calls among the items of one partition, by sort key; raises MalformedDocument."""
    return ResourceWrites(
        windows=tuple(map(_window_from, _of_kind(items, WINDOW))),
        calls=tuple(map(_other_from, _of_kind(items, OTHER))),
    )


def _of_kind(items: Mapping[str, Members], kind: str) -> Iterable[Members]:
    return (members for sort_key, members in items.items() if sort_key.startswith(kind))


def _window_from(members: Members) -> StoredWindow:
    return StoredWindow(
        resource=members.text("resource"),
        entry_id=members.text("entry_id"),
        compared_at=members.time("compared_at"),
        written_at=members.optional_time("written_at"),
        is_of_risk=members.flag("of_risk"),
    )


def _other_from(members: Members) -> OtherCall:
    call = cause_from(members.members("call"), members=members.texts("members"))
    return OtherCall(resource=members.text("resource"), call=call, noted_at=members.time("noted_at"))


def _partition(resource: str) -> str:
    """A pool's stand among its other items, which a look reads anyway."""
    try:
        return pool_key(PoolRef.from_arn(resource))
    except NotASubject:
        return f"WRITES#{resource}"
