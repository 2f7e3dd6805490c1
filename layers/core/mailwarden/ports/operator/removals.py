"""What was removed from suppression lists."""

from typing import Protocol

from mailwarden.domain.operator.removal import Removal
from mailwarden.domain.refs.resources import SesAccountRef


class Removals(Protocol):
    """Remembers what was removed from suppression lists, by the digest of the address."""

    def last(self, account: SesAccountRef, address_digest: str) -> Removal | None:
        """The last removal of an address, if it is not long since."""
        ...

    def put(self, removal: Removal, *, replaces: Removal | None) -> bool:
        """Keep a removal if the stored one is *replaces* (None: there is none); False otherwise."""
        ...
