"""The last look at each pool."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.refs.resources import PoolRef


class Looks(Protocol):
    """Keeps looks and what they used. An older look never wins."""

    def last(self, pool: PoolRef) -> LookRecord | None:
        """The last look at a pool."""
        ...

    def last_of(self, pools: Collection[PoolRef]) -> Mapping[PoolRef, LookRecord]:
        """The last looks at those of *pools* that have a readable one; one of the last moments may be missing."""
        ...

    def replace(self, last: LookRecord | None, look: LookRecord) -> bool:
        """Keep a look in place of *last* (None: there is none) and list what it uses; False if another one is there."""
        ...

    def put(self, look: LookRecord) -> bool:
        """Keep a look and list what it uses; False if a newer one is there already."""
        ...

    def forget(self, pool: PoolRef, *, at: datetime) -> None:
        """Remove the look at a pool that is gone, and what it used, unless a newer look is there."""
        ...
