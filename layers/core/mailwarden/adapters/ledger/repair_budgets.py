"""How many repairs an hour may still bring: to the account, and to one pool."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from mailwarden.adapters.aws.dynamodb.items import expiry, key_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table, lost_race, refusals
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.message import Message, message

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_KEEP_BUDGETS = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoRepairBudgets:
    """Implements ``RepairBudgets``: the items ``BUDGET#account / hour`` and ``BUDGET#pool / hour``."""

    table: Table

    def take(self, pool: PoolRef, *, now: datetime, per_account: int, per_pool: int) -> Message | None:
        """Take one repair from this hour's budgets; the reason if either is spent (nothing is taken then)."""
        budgets = (
            (f"BUDGET#{pool.account}", per_account, message("budget.account-spent", limit=per_account)),
            (f"BUDGET#{pool.arn}", per_pool, message("budget.pool-spent", limit=per_pool)),
        )
        for _, limit, spent in budgets:
            if limit < 1:
                return spent
        for _ in self.table.attempts(f"the budget of {pool.arn}"):
            try:
                self.table.client.transact_write_items(
                    TransactItems=[self._taking(pk, now, limit) for pk, limit, _ in budgets],
                )
            except ClientError as error:
                if not lost_race(error):
                    raise
                for refusal, (_, _, spent) in zip(refusals(error), budgets, strict=False):
                    if refusal == "ConditionalCheckFailed":
                        return spent
            else:
                return None
        return None

    def give_back(self, pool: PoolRef, *, now: datetime) -> None:
        """Undo what was taken at *now*, because the repair will be tried again."""
        hour = sortable(now.replace(minute=0, second=0, microsecond=0))
        for pk in (f"BUDGET#{pool.account}", f"BUDGET#{pool.arn}"):
            try:
                self.table.client.update_item(
                    TableName=self.table.name,
                    Key=key_of(pk, hour),
                    UpdateExpression="SET taken = taken - :one",
                    ConditionExpression="taken >= :one",
                    ExpressionAttributeValues=values_of({":one": 1}),
                )
            except self.table.client.exceptions.ConditionalCheckFailedException:
                # Nothing was taken that could be given back.
                continue

    def _taking(self, pk: str, now: datetime, limit: int) -> "TransactWriteItemTypeDef":
        hour = now.replace(minute=0, second=0, microsecond=0)
        return {
            "Update": {
                "TableName": self.table.name,
                "Key": key_of(pk, sortable(hour)),
                "UpdateExpression": "SET taken = if_not_exists(taken, :none) + :one, expires_at = :expires_at",
                "ConditionExpression": "attribute_not_exists(taken) OR taken < :limit",
                "ExpressionAttributeValues": values_of(
                    {":none": 0, ":one": 1, ":limit": limit, ":expires_at": expiry(hour, after=_KEEP_BUDGETS)},
                ),
            },
        }
