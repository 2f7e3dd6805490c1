"""Suppression lists of SES accounts, and what is counted of them."""

from datetime import datetime
from typing import Protocol

from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.reputation.suppression_count import SuppressedPage, SuppressionCount


class TokenRejected:
    """SES does not know the token of the next page, or not any more."""


class SuppressionLists(Protocol):
    """Reads suppression lists; the addresses on them are not shown."""

    def page(
        self, account: SesAccountRef, *, since: datetime | None, to: datetime | None, after: str | None
    ) -> SuppressedPage | TokenRejected | Unreadable:
        """A page of up to 1,000 entries from the token *after* on.

        All entries of the time from *since* until *to* are shown, and perhaps a few from just before and after it.
        """
        ...


class SuppressionCounts(Protocol):
    """Keeps what is counted of suppression lists, with the passes under way."""

    def read(self, account: SesAccountRef) -> SuppressionCount | None:
        """What is counted of an account's suppression list; raises MalformedDocument."""
        ...

    def put(self, count: SuppressionCount, *, replaces: int | None) -> bool:
        """Keep a count if the stored revision is *replaces* (None: there is none); False otherwise."""
        ...

    def forget(self, account: SesAccountRef) -> None:
        """Remove what is counted of an account's suppression list, because it cannot be read."""
        ...
