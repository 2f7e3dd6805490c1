"""A pool as a person names it: by its id, and by its region where the person knows it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPool:
    """The pool of a question or an order; ``region`` is None if the caller does not know it."""

    pool_id: str
    region: str | None = None

    def regions(self, watched: Sequence[str]) -> tuple[str, ...]:
        """The regions where it may be: the named one; else the one in the id and, for a replica, every watched one."""
        if self.region is not None:
            return (self.region,)
        return tuple(dict.fromkeys((self.pool_id.rpartition("_")[0], *watched)))
