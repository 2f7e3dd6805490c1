"""The looks that wait: at most one for each pool, whatever the number of hints."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.hints import GarbledLook, WaitingLook
from mailwarden.domain.refs.resources import PoolRef


class WaitingLooks(Protocol):
    """Keeps one waiting look for each pool, for as long as its message can be in the queue."""

    def read(self, pools: Collection[PoolRef]) -> Mapping[PoolRef, WaitingLook | GarbledLook]:
        """The looks that wait for *pools*; those whose time was over long ago, and those that are garbled, too."""
        ...

    def join(
        self, pools: Collection[PoolRef], *, cause: Cause | None, anew: bool, now: datetime
    ) -> Mapping[PoolRef, WaitingLook]:
        """Let the looks that wait for *pools* cover one more hint, and keep its cause; returns those that do.

        One that is garbled covers none.
        """
        ...

    def put(self, look: WaitingLook, *, now: datetime) -> bool:
        """Let a look wait; False if another one waits for its pool, readable or not."""
        ...

    def postpone(self, look: WaitingLook) -> None:
        """Keep the new time and attempt of a look that waits; hints that came meanwhile stay with it."""
        ...

    def end(self, look: WaitingLook) -> bool:
        """The look was made; False if another hint came since it was read, which needs another look."""
        ...
