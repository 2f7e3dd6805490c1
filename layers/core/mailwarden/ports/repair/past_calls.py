"""The history of calls that CloudTrail keeps."""

from datetime import datetime
from typing import Protocol

from mailwarden.domain.known_good.evidence import PastCall
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import PoolRef


class PastCalls(Protocol):
    """Finds calls that were made; a call of the last minutes may be missing."""

    def updates_of(self, pool: PoolRef, *, since: datetime, until: datetime) -> tuple[PastCall, ...] | Unreadable:
        """The successful calls of UpdateUserPool for *pool* in a period."""
        ...
