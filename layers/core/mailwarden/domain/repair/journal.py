"""The journal: what we were about to write, why, for whom, and what came of it. Entries are put once."""

from dataclasses import dataclass, field
from datetime import datetime

from mailwarden.domain.findings.changes import Change, OperatorChange
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.repair.write_window import WriteWindow
from mailwarden.message import Message

# In the place of a rule, where no rule but a person is the reason.
OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intention:
    """Written before the write: the change with its way back. ``entry_id`` is what an undo is asked for by.

    ``change_digest`` is the same for the same change to the same resource, so that a fight can be noticed. What a
    person ordered rests on no finding of a rule: its rule is ``OPERATOR``, its ``cause`` holds what the caller said.
    """

    entry_id: str
    at: datetime
    finding: FindingKey
    title: Message
    change: Change | OperatorChange
    change_digest: str
    cause: Cause | None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconfirmed:
    """AWS took the write, or may have, and no look showed it yet: nothing is concluded.

    The intention stays open, and a later comparison with ``before`` and ``after`` concludes it.
    """

    reason: Message
    window: WriteWindow


type WriteOutcome = Written | Drifted | Refused | SideEffect
"""What the journal stores of a write."""

type WriteResult = WriteOutcome | Unconfirmed
"""What a writer returns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the journal says of one write; ``outcome`` is None for one that nobody lived to conclude."""

    intention: Intention
    outcome: WriteOutcome | None
    concluded_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairOrder:
    """Look at this pool again and see whether this fix is still due: an order carries no change to apply."""

    pool_arn: str
    rule_id: str
    resource: str
    change_digest: str
    looked_at: datetime
    cause: Cause | None
