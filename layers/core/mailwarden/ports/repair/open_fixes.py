"""The open findings by the resource that their fix would write."""

from typing import Protocol

from mailwarden.domain.refs.finding_key import FindingKey


class OpenFixes(Protocol):
    """Finds open findings without going through everything that uses a resource."""

    def on(self, resource: str, *, most: int) -> tuple[FindingKey, ...]:
        """At most *most* open findings whose fix writes *resource*, the oldest first, ordered repairs before others.

        Changes of the last moments may be missing, so read the finding before anything is decided.
        """
        ...
