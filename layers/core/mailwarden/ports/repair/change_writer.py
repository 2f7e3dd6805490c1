"""Writes to Cognito, SES and IAM."""

from typing import Protocol

from mailwarden.domain.findings.changes import WrittenChange
from mailwarden.domain.repair.journal import WriteResult


class ChangeWriter(Protocol):
    """Carries out one change: compares, writes, looks again."""

    def write(self, change: WrittenChange, *, entry_id: str) -> WriteResult:
        """Write *change* if ``before`` is still live; the journal entry must exist already.

        An error is raised only if AWS certainly wrote nothing.
        """
        ...
