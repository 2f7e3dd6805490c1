"""What Mailwarden wrote for whom, and whether somebody undid it."""

from typing import Protocol

from mailwarden.domain.monitoring.fights import Direction, WriteHistory
from mailwarden.domain.refs.resources import PoolRef


class HistoryOfRole(Protocol):
    """Returns what was written for all pools of an account, for a look."""

    def of_role(self, pool: PoolRef) -> WriteHistory | None:
        """The history of the service-linked role of the pool's account: one for all pools; None if there is none."""
        ...


class WriteHistories(HistoryOfRole, Protocol):
    """Keeps one small item for each pool, resource and direction: for 30 days, or until a person releases a pause.

    Whoever calls holds the lease of the resource, so nobody else changes the item at the same time.
    """

    def of(self, pool: PoolRef, resource: str, direction: Direction) -> WriteHistory | None:
        """The history of a pool's writes to a resource; None if there is none."""
        ...

    def all_of(self, pool: PoolRef) -> tuple[WriteHistory, ...]:
        """Every history of a pool, and that of the account's role."""
        ...

    def put(self, pool: PoolRef, history: WriteHistory) -> None:
        """Keep a history in place of the known one."""
        ...
