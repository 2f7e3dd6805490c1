"""SES accounts, one in each region."""

from typing import Protocol

from mailwarden.domain.readings import SesAccountReading
from mailwarden.domain.refs.resources import SesAccountRef


class SesAccounts(Protocol):
    """Reads SES accounts."""

    def read(self, account: SesAccountRef, /, *, fresh: bool) -> SesAccountReading:
        """One region's account; ``fresh`` forbids an answer from a cache (at most 60 seconds old)."""
        ...
