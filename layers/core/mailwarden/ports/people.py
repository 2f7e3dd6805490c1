"""What the functions that people invoke need from the world besides ``ports``, in the words of the domain."""

from typing import Protocol

from mailwarden.domain.findings.changes import RemoveSuppression
from mailwarden.domain.operator.removal import Removal
from mailwarden.domain.operator.suppressed_address import SuppressionReading
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.repair.journal import Entry, WriteOutcome
from mailwarden.ports import Journal


class SuppressedAddresses(Protocol):
    """Looks addresses up on the suppression lists of SES accounts."""

    def read(self, account: SesAccountRef, address: str) -> SuppressionReading:
        """One address on one account's list, as it is now."""
        ...


class SuppressionRemover(SuppressedAddresses, Protocol):
    """Takes addresses from suppression lists."""

    def remove(self, change: RemoveSuppression, address: str, *, entry_id: str) -> WriteOutcome:
        """Remove the entry if it is still the one of *change*, and look again; the journal entry must exist already."""
        ...


class Removals(Protocol):
    """Remembers what was removed from suppression lists, by the digest of the address."""

    def last(self, account: SesAccountRef, address_digest: str) -> Removal | None:
        """The last removal of an address, if it is not long since."""
        ...

    def put(self, removal: Removal, *, replaces: Removal | None) -> bool:
        """Keep a removal if the stored one is *replaces* (None: there is none); False otherwise."""
        ...


class OperatorJournal(Journal, Protocol):
    """The journal, with what is needed to conclude what somebody else began."""

    def entry(self, entry_id: str) -> Entry | None:
        """What is written under an id; None if nothing is."""
        ...
