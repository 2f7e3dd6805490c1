"""The service-linked role of Cognito's mail."""

from typing import Protocol

from mailwarden.domain.readings import RoleReading


class EmailServiceRole(Protocol):
    """Reads whether the service-linked role of Cognito's mail exists."""

    def read(self, *, fresh: bool) -> RoleReading:
        """The role; ``fresh`` forbids an answer from a cache (at most 60 seconds old)."""
        ...
