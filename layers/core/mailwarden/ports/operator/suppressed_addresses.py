"""Single addresses on suppression lists."""

from typing import Protocol

from mailwarden.domain.findings.changes import RemoveSuppression
from mailwarden.domain.operator.suppressed_address import SuppressionReading
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.repair.journal import WriteResult


class SuppressedAddresses(Protocol):
    """Looks addresses up on the suppression lists of SES accounts."""

    def read(self, account: SesAccountRef, address: str) -> SuppressionReading:
        """One address on one account's list, as it is now."""
        ...


class SuppressionRemover(SuppressedAddresses, Protocol):
    """Takes addresses from suppression lists."""

    def remove(self, change: RemoveSuppression, address: str, *, entry_id: str) -> WriteResult:
        """Remove the entry if it is still the one of *change*, and look again; the journal entry must exist already."""
        ...
