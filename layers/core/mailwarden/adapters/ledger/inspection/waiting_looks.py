"""The looks that wait, one item for each pool."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from botocore.exceptions import ClientError

from mailwarden.adapters.aws.dynamodb.items import (
    Item,
    StoredItem,
    expiry,
    item_of,
    key_of,
    members_of,
    sortable,
    values_of,
)
from mailwarden.adapters.aws.dynamodb.table import Table, lost_race
from mailwarden.documents.reader import MalformedDocument, Members
from mailwarden.domain.refs.causes import Cause, call_document, cause_from, joined_calls
from mailwarden.domain.refs.hints import GarbledLook, WaitingLook
from mailwarden.domain.refs.references import reference_in
from mailwarden.domain.refs.resources import PoolRef

_LOOK = "LOOK"
# A message whose function dies comes again every six minutes, and is set aside after the eighth time: later than this
# after its time, a look is not in the queue any more, and the next hint lets another one wait.
_IN_THE_QUEUE = timedelta(minutes=50)
# The queue keeps a message for four days. Without the item it would be taken for the message of a look that was made.
_REMEMBER = timedelta(days=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoWaitingLooks:
    """Implements ``WaitingLooks``: the items ``WAITING#pool / LOOK``."""

    table: Table

    def read(self, pools: Collection[PoolRef]) -> Mapping[PoolRef, WaitingLook | GarbledLook]:
        """The looks that wait for *pools*; a garbled one stands for itself."""
        known = {_pk(pool): pool for pool in pools}
        items = self.table.read_many([(pk, _LOOK) for pk in sorted(known)], consistently=True)
        return {look.pool: look for look in (_readable(known[item["pk"]["S"]], item) for item in items)}

    def join(
        self, pools: Collection[PoolRef], *, cause: Cause | None, anew: bool, now: datetime
    ) -> Mapping[PoolRef, WaitingLook]:
        """Let waiting looks cover one more hint; one that began to end meanwhile does not cover it."""
        waiting = self._waiting(pools, now)
        return {look.pool: look for look in waiting if self._join(look, cause, anew=anew, now=now)}

    def put(self, look: WaitingLook, *, now: datetime) -> bool:
        """Let a look wait in place of none, or of one whose message is lost."""
        return self._done(
            lambda: self.table.client.put_item(
                TableName=self.table.name,
                Item=_item(look),
                ConditionExpression="attribute_not_exists(pk) OR #until <= :now",
                ExpressionAttributeNames={"#until": "until"},
                ExpressionAttributeValues=values_of({":now": sortable(now)}),
            )
        )

    def postpone(self, look: WaitingLook) -> None:
        """Keep the new time and attempt, or the whole look if its item is gone. Raises Contended."""
        moved = {name: f":{name}" for name in ("due", "until", "expires_at", "attempt", "paid")}
        item = _item(look)
        for _ in self.table.attempts(f"look {look.pool.arn}"):
            if self._update(
                look.pool,
                "SET " + ", ".join(f"#{name} = {value}" for name, value in moved.items()),
                condition="attribute_exists(pk)",
                names={f"#{name}": name for name in moved},
                values={value: item[name] for name, value in moved.items()},
            ) or self.put(look, now=look.wanted_at):
                return

    def end(self, look: WaitingLook) -> bool:
        """Delete the item, unless another hint came."""
        return self._done(
            lambda: self.table.client.delete_item(
                TableName=self.table.name,
                Key=_key(look.pool),
                ConditionExpression="attribute_not_exists(pk) OR revision = :revision",
                ExpressionAttributeValues=values_of({":revision": look.revision}),
            )
        )

    def _waiting(self, pools: Collection[PoolRef], now: datetime) -> list[WaitingLook]:
        looks = self.read(pools).values()
        return [look for look in looks if isinstance(look, WaitingLook) and look.due + _IN_THE_QUEUE > now]

    def _join(self, look: WaitingLook, cause: Cause | None, *, anew: bool, now: datetime) -> bool:
        """Keep one more hint with a look that waits, as long as it does. Raises Contended."""
        known: WaitingLook | None = look
        for _ in self.table.attempts(f"look {look.pool.arn}"):
            if known is None or self._keep(known, cause, anew=anew, now=now):
                return known is not None
            known = next(iter(self._waiting([look.pool], now)), None)
        return False

    def _keep(self, look: WaitingLook, cause: Cause | None, *, anew: bool, now: datetime) -> bool:
        """Most often calls are added, whoever adds others meanwhile; who leaves one out has to know the item."""
        calls = joined_calls(look.causes, () if cause is None else cause.calls)
        changes, condition = "SET wanted_at = :now, revision = :revision", "#until > :now"
        values: dict[str, object] = {":now": sortable(now), ":revision": _revision(now, cause)}
        if anew:
            changes += ", anew = :anew"
            values[":anew"] = True
        added = calls[len(look.causes) :] if calls[: len(look.causes)] == look.causes else None
        if added is None:
            changes += ", causes = :causes"
            condition += " AND revision = :known"
            values |= {":causes": list(map(call_document, calls)), ":known": look.revision}
        elif added:
            changes += ", causes = list_append(causes, :causes)"
            values[":causes"] = list(map(call_document, added))
        return self._update(
            look.pool, changes, condition=condition, names={"#until": "until"}, values=values_of(values)
        )

    def _update(self, pool: PoolRef, changes: str, *, condition: str, names: Mapping[str, str], values: Item) -> bool:
        return self._done(
            lambda: self.table.client.update_item(
                TableName=self.table.name,
                Key=_key(pool),
                UpdateExpression=changes,
                ConditionExpression=condition,
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=values,
            )
        )

    def _done(self, write: Callable[[], object]) -> bool:
        try:
            write()
        except ClientError as error:
            if lost_race(error):
                return False
            raise
        return True


def _revision(at: datetime, cause: Cause | None) -> str:
    """Differs for any two hints, but for one that comes twice in the same microsecond."""
    return f"{sortable(at)} {'' if cause is None else cause.event_id}"


def _pk(pool: PoolRef) -> str:
    return f"WAITING#{pool.arn}"


def _key(pool: PoolRef) -> Item:
    return key_of(_pk(pool), _LOOK)


def _item(look: WaitingLook) -> Item:
    return item_of(
        _pk(look.pool),
        _LOOK,
        {
            "pool": look.pool.arn,
            "wanted_at": sortable(look.wanted_at),
            "due": sortable(look.due),
            "until": sortable(look.due + _IN_THE_QUEUE),
            "expires_at": expiry(look.due, after=_REMEMBER),
            "causes": [call_document(cause) for cause in look.causes],
            "anew": look.asks_anew,
            "attempt": look.attempt,
            "asker": look.asker,
            "paid": list(look.paid),
            "revision": look.revision or _revision(look.wanted_at, next(iter(look.causes), None)),
        },
    )


def _readable(pool: PoolRef, item: StoredItem) -> WaitingLook | GarbledLook:
    try:
        return _look(members_of(item))
    except MalformedDocument as error:
        return GarbledLook(pool=pool, reason=str(error))


def _look(members: Members) -> WaitingLook:
    return WaitingLook(
        pool=reference_in(members, "pool", PoolRef),
        wanted_at=members.time("wanted_at"),
        due=members.time("due"),
        causes=tuple(map(cause_from, members.list_of_members("causes"))),
        asks_anew=members.values.get("anew") is True,
        attempt=members.number("attempt"),
        asker=members.text("asker"),
        paid=members.texts("paid"),
        revision=members.text("revision"),
    )
