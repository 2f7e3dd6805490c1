"""How many repairs an hour may still bring: to the account, and to one pool."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from mailwarden.adapters.aws.dynamodb.items import FORMAT, expiry, item_of, key_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table, lost_race, refusals
from mailwarden.domain.monitoring.monitoring import BudgetQueue
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.message import Message, message

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_KEEP_BUDGETS = timedelta(days=2)
# An entry that stays open is concluded, and charged, by the next order for its resource: sweeps come within hours.
_KEEP_CHARGES = timedelta(days=15)
_CHARGED = "CHARGED"
_HOUR = timedelta(hours=1)
# What waited for the hour comes again within 15 minutes of its turn, and waits some seconds more.
_COMES_AGAIN_WITHIN = timedelta(minutes=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoRepairBudgets:
    """Implements ``RepairBudgets``.

    The items are ``BUDGET#account / hour``, ``BUDGET#pool / hour``, ``CHARGED#entry``, ``CHARGED#account#cause``,
    ``RELEASED#account / hour``, ``WAITS#account / hour`` and ``WAITS#account / hour#pool``; all expire.

    Two repairs at the same moment may both find one write left: an hour may hold one more for each further repair that
    runs at a time.
    """

    table: Table

    def spent(
        self, pool: PoolRef, *, cause_id: str | None, now: datetime, per_account: int, per_pool: int
    ) -> Message | None:
        """Why this hour holds no further write for the pool; None if it does."""
        if self._taken(pool.arn, now) >= per_pool:
            return message("budget.pool-spent", limit=per_pool)
        if self._taken(pool.account, now) < per_account:
            return None
        if cause_id is not None and self.table.read(_cause_key(pool.account, cause_id), _CHARGED) is not None:
            return None
        if self._is_released(pool.account, now):
            return None
        return message("budget.account-spent", limit=per_account)

    def charge(self, pool: PoolRef, *, entry_id: str, cause_id: str | None, at: datetime) -> None:
        """Count the write of an entry, once, in the hour of *at*. Raises Contended."""
        entry, cause = f"{_CHARGED}#{entry_id}", None if cause_id is None else _cause_key(pool.account, cause_id)
        for _ in self.table.attempts(f"budget {pool.arn}"):
            if self.table.read(entry, _CHARGED) is not None:
                return
            takings = [self._put_once(entry, at), self._taking(pool.arn, at)]
            if cause is None or self.table.read(cause, _CHARGED) is None:
                takings.append(self._taking(pool.account, at))
                if cause is not None:
                    takings.append(self._put_once(cause, at))
            try:
                self.table.client.transact_write_items(TransactItems=takings)
            except ClientError as error:
                if not lost_race(error):
                    raise
            else:
                return

    def wait(self, pool: PoolRef, *, limit: int, now: datetime) -> None:
        """Count a pool among those that wait, once an hour. Raises Contended."""
        key, hour = f"WAITS#{pool.account}", _hour(now)
        first: TransactWriteItemTypeDef = {
            "Put": {
                "TableName": self.table.name,
                "Item": item_of(key, f"{hour}#{pool.arn}", {"expires_at": expiry(now, after=_KEEP_BUDGETS)}),
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }
        counted: TransactWriteItemTypeDef = {
            "Update": {
                "TableName": self.table.name,
                "Key": key_of(key, hour),
                "UpdateExpression": (
                    "SET #number = if_not_exists(#number, :none) + :one, #limit = :limit, expires_at = :expires_at, "
                    "#since = if_not_exists(#since, :now), #format = :format"
                ),
                "ExpressionAttributeNames": {
                    "#number": "number",
                    "#limit": "limit",
                    "#since": "since",
                    "#format": "format",
                },
                "ExpressionAttributeValues": values_of(
                    {
                        ":none": 0,
                        ":one": 1,
                        ":limit": limit,
                        ":now": sortable(now),
                        ":format": FORMAT,
                        ":expires_at": expiry(now, after=_KEEP_BUDGETS),
                    }
                ),
            }
        }
        for _ in self.table.attempts(f"queue {pool.account}"):
            try:
                self.table.client.transact_write_items(TransactItems=[first, counted])
            except ClientError as error:
                if not lost_race(error):
                    raise
                if "ConditionalCheckFailed" in refusals(error):
                    return
            else:
                return

    def waiting(self, account: str, *, now: datetime) -> BudgetQueue | None:
        """The repairs that wait in this hour, or did in the last one while they still come again."""
        if self._is_released(account, now):
            return None
        this, last = (self._waited_in(account, hour) for hour in (now, now - _HOUR))
        if this is not None:
            return this if last is None else replace(this, since=last.since)
        return last if now - _start_of(now) < _COMES_AGAIN_WITHIN else None

    def release(self, account: str, *, now: datetime) -> None:
        """Lift the account's budget for this hour."""
        item = item_of(f"RELEASED#{account}", _hour(now), {"expires_at": expiry(now, after=_KEEP_BUDGETS)})
        self.table.client.put_item(TableName=self.table.name, Item=item)

    def _waited_in(self, account: str, hour: datetime) -> BudgetQueue | None:
        members = self.table.read(f"WAITS#{account}", _hour(hour))
        if members is None:
            return None
        return BudgetQueue(
            number=members.number("number"),
            limit=members.number("limit"),
            since=members.time("since"),
            goes_on_at=_start_of(hour) + _HOUR,
        )

    def _is_released(self, account: str, now: datetime) -> bool:
        return self.table.read(f"RELEASED#{account}", _hour(now)) is not None

    def _put_once(self, key: str, at: datetime) -> "TransactWriteItemTypeDef":
        return {
            "Put": {
                "TableName": self.table.name,
                "Item": item_of(key, _CHARGED, {"expires_at": expiry(at, after=_KEEP_CHARGES)}),
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }

    def _taken(self, owner: str, now: datetime) -> int:
        answer = self.table.client.get_item(
            TableName=self.table.name, Key=key_of(f"BUDGET#{owner}", _hour(now)), ConsistentRead=True
        )
        return int(answer["Item"]["taken"]["N"]) if "Item" in answer else 0

    def _taking(self, owner: str, at: datetime) -> "TransactWriteItemTypeDef":
        return {
            "Update": {
                "TableName": self.table.name,
                "Key": key_of(f"BUDGET#{owner}", _hour(at)),
                "UpdateExpression": "SET taken = if_not_exists(taken, :none) + :one, expires_at = :expires_at",
                "ExpressionAttributeValues": values_of(
                    {":none": 0, ":one": 1, ":expires_at": expiry(at, after=_KEEP_BUDGETS)}
                ),
            },
        }


def _start_of(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _hour(at: datetime) -> str:
    return sortable(_start_of(at))


def _cause_key(account: str, cause_id: str) -> str:
    return f"{_CHARGED}#{account}#{cause_id}"
