"""How many repairs an hour may still bring: to the account, and to one pool."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from mailwarden.adapters.aws.dynamodb.items import expiry, item_of, key_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table, lost_race, refusals
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.message import Message, message

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_KEEP_BUDGETS = timedelta(days=2)
# An entry that stays open is concluded, and charged, by the next order for its resource: sweeps come within hours.
_KEEP_CHARGES = timedelta(days=15)
_CHARGED = "CHARGED"


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoRepairBudgets:
    """Implements ``RepairBudgets``: the items ``BUDGET#account / hour``, ``BUDGET#pool / hour`` and ``CHARGED#entry``.

    Two repairs at the same moment may both find one write left: an hour may hold one more for each further repair that
    runs at a time.
    """

    table: Table

    def spent(self, pool: PoolRef, *, now: datetime, per_account: int, per_pool: int) -> Message | None:
        """Why this hour holds no further write for the pool; None if it does."""
        if self._taken(pool.account, now) >= per_account:
            return message("budget.account-spent", limit=per_account)
        if self._taken(pool.arn, now) >= per_pool:
            return message("budget.pool-spent", limit=per_pool)
        return None

    def charge(self, pool: PoolRef, *, entry_id: str, at: datetime) -> None:
        """Count the write of an entry, once, in the hour of *at*. Raises Contended."""
        charged: TransactWriteItemTypeDef = {
            "Put": {
                "TableName": self.table.name,
                "Item": item_of(f"{_CHARGED}#{entry_id}", _CHARGED, {"expires_at": expiry(at, after=_KEEP_CHARGES)}),
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }
        for _ in self.table.attempts(f"the budget of {pool.arn}"):
            try:
                self.table.client.transact_write_items(
                    TransactItems=[charged, self._taking(pool.account, at), self._taking(pool.arn, at)],
                )
            except ClientError as error:
                if not lost_race(error):
                    raise
                if "ConditionalCheckFailed" in refusals(error):
                    return
            else:
                return

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


def _hour(at: datetime) -> str:
    return sortable(at.replace(minute=0, second=0, microsecond=0))
