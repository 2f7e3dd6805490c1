"""An operator's question about the journal: one entry, or the latest entries of a time, a pool or an identity."""

from dataclasses import dataclass
from datetime import datetime

from mailwarden.domain.repair.journal import Entry, Intention


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryQuestion:
    """One entry, whole."""

    entry_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntriesQuestion:
    """At most ``most`` entries since ``since``, the latest first.

    ``pool`` is the id or the ARN of a user pool that the entry wrote or served, ``identity`` the name or the ARN of an
    identity that it wrote; None: any.
    """

    since: datetime
    most: int
    pool: str | None = None
    identity: str | None = None

    def concerns(self, intention: Intention) -> bool:
        """Whether an entry is about the pool and the identity of the question."""
        pools = {intention.resource, *(pool.arn for pool in intention.pools)}
        return _names(self.pool, ":userpool/", pools) and _names(self.identity, ":identity/", {intention.resource})


def _names(wanted: str | None, kind: str, arns: set[str]) -> bool:
    return wanted is None or any(arn == wanted or arn.partition(kind)[2] == wanted for arn in arns)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEntries:
    """The entries, the latest first; ``is_complete``: there are no others since ``since``."""

    entries: tuple[Entry, ...]
    is_complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalAnswer:
    """The entries that were found at ``at``."""

    question: EntryQuestion | EntriesQuestion
    found: FoundEntries
    at: datetime


type JournalQuestion = EntryQuestion | EntriesQuestion
