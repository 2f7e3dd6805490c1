"""A finding as the ledger keeps it, with its lifecycle and its announcements."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from mailwarden.domain.findings.finding import LONGEST_SENTENCE, Finding
from mailwarden.domain.mail_path.verdict import Answer, Link, Verdict
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import PoolRef, Subject
from mailwarden.message import Message, clipped_message, storable

# One side of a proposed write, in characters: more than people are shown.
_LONGEST_WRITE = 16_000


class FindingState(StrEnum):
    """The state of a finding per (subject, rule)."""

    OPEN = "open"
    REPAIRED = "repaired"
    RESOLVED = "resolved"
    EXEMPT = "exempt"


class Handling(StrEnum):
    """What was done about a finding."""

    PENDING = "pending"
    """A repair was ordered; the announcement waits for its outcome for a while."""
    WITHHELD = "withheld"
    """Nothing was written; ``reason`` says why."""
    WRITING = "writing"
    """A write began; ``undo_id`` is its journal entry."""
    WRITTEN = "written"
    """We wrote; ``undo_id`` is the journal entry."""
    FAILED = "failed"
    """We tried and AWS refused, or somebody else was faster; ``reason`` says what happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedWrite:
    """A fix as people read it: the resource, and what is there before and after, as JSON texts.

    ``before_cut`` and ``after_cut`` count the characters that the record leaves out at the end of each.
    """

    title: Message
    applicability: str
    resource: str
    before: str
    after: str
    before_cut: int = 0
    after_cut: int = 0

    def recorded(self) -> "ProposedWrite":
        """The part that the ledger keeps, of bounded size: what is replaced may come from outside."""
        return replace(
            self,
            title=clipped_message(self.title, LONGEST_SENTENCE),
            resource=storable(self.resource, LONGEST_SENTENCE),
            before=storable(self.before[:_LONGEST_WRITE], _LONGEST_WRITE),
            after=storable(self.after[:_LONGEST_WRITE], _LONGEST_WRITE),
            before_cut=self.before_cut + len(self.before[_LONGEST_WRITE:]),
            after_cut=self.after_cut + len(self.after[_LONGEST_WRITE:]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """The last look that described the finding: its pool, the verdict about that pool, and the call that led to it.

    ``pool`` is None where no pool was looked at, and in records written before it was stored. ``pool_name`` is empty
    where the pool's name is unknown; both change only together with the verdict. ``pool_is_gone``: the finding ended
    because the pool was deleted. ``application`` are the tags of the pool that alerts show.
    """

    pool: PoolRef | None
    pool_name: str
    verdict: Answer
    deciding: Link | None
    cause: Cause | None
    pool_is_gone: bool = False
    application: Mapping[str, str] = field(default_factory=dict)

    def judged_again(self, pool: Subject, verdict: Verdict) -> "Sighting":
        """The verdict of the look that closes a finding, and its pool, which may be another one."""
        return replace(
            self,
            pool=pool if isinstance(pool, PoolRef) else None,
            pool_name=self.pool_name if pool == self.pool else "",
            application=self.application if pool == self.pool else {},
            verdict=verdict.answer,
            deciding=verdict.deciding,
            pool_is_gone=False,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LastWrite:
    """What was done about a finding: the fix that was proposed, and what came of it.

    ``retryable``: nothing was written because something else changed meanwhile, so the next look tries again.
    ``by_order``: an order found the reason, which no look knows, such as the stack that owns a pool.
    ``source``: that infrastructure as code sets the resource, where it is known and is not the reason.
    """

    handling: Handling
    reason: Message | None = None
    proposed: ProposedWrite | None = None
    undo_id: str | None = None
    retryable: bool = False
    by_order: bool = False
    source: Message | None = None

    @property
    def phase(self) -> str:
        """The handling and the id of its reason, as far as a change is worth a message: a write is pending."""
        if self.handling in {Handling.PENDING, Handling.WRITING}:
            return Handling.PENDING.value
        return self.handling.value if self.reason is None else f"{self.handling.value} {self.reason.id}"

    def is_withheld_unlike(self, announced: "LastWrite") -> bool:
        """Whether nothing will be written although it was announced, or for another reason than that."""
        return self.handling is Handling.WITHHELD and self.phase != announced.phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """The state of a finding, its times, and its announcements. Times are UTC.

    ``version`` counts the changes that are worth an announcement; ``announced`` holds, per channel, the last version
    sent there; ``opened_version`` is the one with which it was opened. ``revision`` counts every write of the record
    and guards against lost updates. ``affected`` maps the ARN of each affected pool (or of the monitoring of a region)
    to the time of the look that first saw it; ``exempt`` holds those of them whose owners asked for silence.

    Thousands of pools may be affected, so ``affected`` holds some of them, and always the pool of the look that reads
    it. Of these, ``apart`` are stored apart. ``others`` counts the rest, ``others_exempt`` the exempt ones among them.
    """

    state: FindingState
    version: int
    revision: int
    affected: Mapping[str, datetime]
    opened_at: datetime
    changed_at: datetime
    looked_at: datetime
    announce_after: datetime
    opened_version: int = 1
    exempt: frozenset[str] = frozenset()
    announced: Mapping[str, int] = field(default_factory=dict)
    apart: frozenset[str] = field(default=frozenset(), compare=False)
    others: int = 0
    others_exempt: int = 0

    @property
    def affected_count(self) -> int:
        """How many pools are affected."""
        return len(self.affected) + self.others

    @property
    def speaker(self) -> str | None:
        """The one affected pool whose looks retell the finding; None if no pool is affected."""
        listed = self.affected.keys() - self.apart
        return min(listed or self.affected, default=None)

    @property
    def is_over(self) -> bool:
        """Whether the finding was repaired or resolved."""
        return self.state in {FindingState.REPAIRED, FindingState.RESOLVED}

    @property
    def was_announced(self) -> bool:
        """Whether any channel got a version since it opened."""
        return any(sent >= self.opened_version for sent in self.announced.values())

    @property
    def awaits(self) -> bool:
        """Whether some channel got an older version than this."""
        return any(sent < self.version for sent in self.announced.values())

    @property
    def is_exempt_everywhere(self) -> bool:
        """Whether every affected pool is exempt."""
        return self.affected.keys() <= self.exempt and self.others == self.others_exempt


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRecord:
    """A finding as the ledger keeps it: what the rule says, who saw it last, its lifecycle, and its last write."""

    finding: Finding
    seen: Sighting
    lifecycle: Lifecycle
    write: LastWrite

    @property
    def key(self) -> FindingKey:
        """Which finding it is."""
        return self.finding.key
