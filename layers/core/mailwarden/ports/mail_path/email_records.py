"""Whether CloudTrail's records of UpdateUserPool show EmailConfiguration at all."""

from typing import Protocol

from mailwarden.domain.refs.causes import Cause


class EmailRecords(Protocol):
    """Keeps, by region, that a record showed it once: until then a record without it proves nothing."""

    def are_shown(self, region: str) -> bool:
        """Whether a record of the region ever showed it."""
        ...

    def remember(self, call: Cause) -> None:
        """Note a call whose record showed it."""
        ...
