"""The journal: what we were about to write, why, for whom, and what came of it. Entries are put once."""

from dataclasses import dataclass, field
from datetime import datetime

from mailwarden.domain.findings.changes import Change, OperatorChange
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.write_window import WriteWindow
from mailwarden.message import Message

# In the place of a rule, where no rule but a person is the reason.
OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intention:
    """Written before the write of one resource: the change with its way back. An undo names its ``entry_id``.

    ``findings`` and ``pools`` are what the change serves; the repair of the first pool is charged for it. A person's
    order rests on no rule: its finding has the rule ``OPERATOR``, its ``cause`` holds what the caller said.
    ``change_digest`` is the same for the same change to the same resource. ``undoes`` is the entry that it undoes.
    """

    entry_id: str
    at: datetime
    findings: tuple[FindingKey, ...]
    pools: tuple[PoolRef, ...]
    title: Message
    change: Change | OperatorChange
    change_digest: str
    cause: Cause | None
    undoes: str | None = None

    @property
    def resource(self) -> str:
        """What is written; one intention at a time is open for it."""
        return self.change.resource

    @property
    def is_ordered_by_person(self) -> bool:
        """Whether a person ordered the change: no budget is charged for it."""
        return any(finding.rule_id == OPERATOR for finding in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """AWS took the write and the look afterwards showed ``after`` and nothing else changed.

    ``window`` is None if the write was found by a later look. Two outcomes that differ only in it are the same outcome.
    """

    entry_id: str
    window: WriteWindow | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drifted:
    """The live state was no longer ``before``: nothing was written."""

    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """AWS, or our own writer, refused the write for good; trying again would not help."""

    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class SideEffect:
    """The write was taken, but the look afterwards showed that something else changed too: an incident."""

    reason: Message
    window: WriteWindow | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotWritten:
    """The process ended before the write took effect: the live state is still ``before``."""

    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Overtaken:
    """The process ended, and the live state is another actor's: whether the write ever took effect is unknown."""

    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconfirmed:
    """AWS took the write, or may have, and no look showed it yet: nothing is concluded.

    The intention stays open, and a later comparison with ``before`` and ``after`` concludes it.
    """

    reason: Message
    window: WriteWindow


type WriteOutcome = Written | Drifted | Refused | SideEffect | NotWritten | Overtaken
"""What the journal stores of a write."""

type WriteResult = WriteOutcome | Unconfirmed
"""What a writer returns."""


def may_have_taken_effect(outcome: WriteOutcome) -> bool:
    """Whether the write counts as made, for budgets and for what is checked afterwards: unknown counts as yes."""
    return isinstance(outcome, Written | SideEffect | Overtaken)


def window_of(result: WriteResult | None) -> WriteWindow | None:
    """The window of a write that AWS took, or may have taken."""
    return result.window if isinstance(result, Written | SideEffect | Unconfirmed) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The journal's record of one write; ``outcome`` is None while it is open.

    ``undone_by`` is the entry of the write that undid it; None if none is known to have taken effect.
    """

    intention: Intention
    outcome: WriteOutcome | None
    concluded_at: datetime | None
    undone_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairOrder:
    """Look at this pool again and see whether this fix is still due: an order carries no change to apply.

    ``attempt`` counts the times it was put off because of transient failures.
    """

    pool_arn: str
    rule_id: str
    resource: str
    change_digest: str
    looked_at: datetime
    cause: Cause | None
    attempt: int = 0
