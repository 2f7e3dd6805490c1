"""The history of calls that CloudTrail keeps."""

from datetime import datetime
from typing import Protocol

from mailwarden.domain.known_good.past_calls import PastCall
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import PoolRef


class PastCalls(Protocol):
    """Finds calls that were made; a call of the last minutes may be missing."""

    def updates_of(self, pool: PoolRef, *, since: datetime, until: datetime) -> tuple[PastCall, ...] | Unreadable:
        """The calls of UpdateUserPool in a period that may be some of *pool*, as ``past_call_in`` reads them."""
        ...
