"""SES identities."""

from typing import Protocol

from mailwarden.domain.readings import IdentityReading
from mailwarden.domain.refs.resources import IdentityRef


class Identities(Protocol):
    """Reads SES identities."""

    def read(self, identity: IdentityRef, /, *, fresh: bool) -> IdentityReading:
        """One identity; ``fresh`` forbids an answer from a cache (at most 60 seconds old)."""
        ...
