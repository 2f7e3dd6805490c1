"""SES accounts as they were last read."""

from typing import Protocol

from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.reputation.account_snapshot import AccountSnapshot


class AccountSnapshots(Protocol):
    """Keeps the last reading of each SES account."""

    def last(self, account: SesAccountRef) -> AccountSnapshot | None:
        """An SES account as it was last kept; raises MalformedDocument."""
        ...

    def put(self, snapshot: AccountSnapshot) -> None:
        """Keep what was read of an SES account."""
        ...
