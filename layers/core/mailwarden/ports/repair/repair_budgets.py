"""How many repairs an hour may hold."""

from datetime import datetime
from typing import Protocol

from mailwarden.domain.monitoring.monitoring import BudgetQueue
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.message import Message


class RepairBudgets(Protocol):
    """Counts the writes of each hour, for the account and for each pool."""

    def spent(
        self, pool: PoolRef, *, cause_id: str | None, now: datetime, per_account: int, per_pool: int
    ) -> Message | None:
        """Why this hour holds no further write for the pool; None if it does. Nothing is counted.

        The account has one unit for everything that one call broke: a cause that was charged already is free there.
        """
        ...

    def charge(self, pool: PoolRef, *, entry_id: str, cause_id: str | None, at: datetime) -> None:
        """Count the write of a journal entry in the hour of *at*: the first call for an entry counts.

        Of all writes with the same cause, the account is charged for the first.
        """
        ...

    def wait(self, pool: PoolRef, *, limit: int, now: datetime) -> None:
        """Count a pool among those that wait for the account's next hour: each pool once an hour."""
        ...

    def waiting(self, account: str, *, now: datetime) -> BudgetQueue | None:
        """The repairs of the account that wait; None if none do, or if a person released the hour."""
        ...

    def release(self, account: str, *, now: datetime) -> None:
        """Lift the account's budget for this hour: a person decided it. Each pool's budget still holds."""
        ...
