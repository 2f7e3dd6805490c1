"""How many repairs an hour may hold."""

from datetime import datetime
from typing import Protocol

from mailwarden.domain.refs.resources import PoolRef
from mailwarden.message import Message


class RepairBudgets(Protocol):
    """Counts the writes of each hour, for the account and for each pool."""

    def spent(self, pool: PoolRef, *, now: datetime, per_account: int, per_pool: int) -> Message | None:
        """Why this hour holds no further write for the pool; None if it does. Nothing is counted."""
        ...

    def charge(self, pool: PoolRef, *, entry_id: str, at: datetime) -> None:
        """Count the write of a journal entry in the hour of *at*: the first call for an entry counts."""
        ...
