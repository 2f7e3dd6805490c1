"""How many repairs an hour may hold."""

from datetime import datetime
from typing import Protocol

from mailwarden.domain.refs.resources import PoolRef
from mailwarden.message import Message


class RepairBudgets(Protocol):
    """Counts the repairs of each hour, for the account and for each pool."""

    def take(self, pool: PoolRef, *, now: datetime, per_account: int, per_pool: int) -> Message | None:
        """Take one repair from this hour's budgets; the reason if either is spent (nothing is taken then)."""
        ...

    def give_back(self, pool: PoolRef, *, now: datetime) -> None:
        """Undo what was taken at *now*, because the repair will be tried again."""
        ...
