"""The history of one pool: everything that the ledger and the journal have of it, as one course of events."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from mailwarden.domain.findings.record import FindingRecord, FindingState
from mailwarden.domain.incidents.culprits import culprits_of
from mailwarden.domain.incidents.share import root_cause_of
from mailwarden.domain.known_good.record import KnownGood
from mailwarden.domain.mail_path.look_record import LookRecord, ShadowCase
from mailwarden.domain.operator.asked_pool import AskedPool
from mailwarden.domain.operator.journal_question import FoundEntries
from mailwarden.domain.refs.causes import POOL_WRITES, Cause
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryQuestion:
    """The question for the past of a pool since ``since``, in at most ``most`` events."""

    pool: AskedPool
    since: datetime
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingOpened:
    """A finding was found, at its last occurrence."""

    at: datetime
    record: FindingRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingEnded:
    """A finding was repaired or resolved, or became exempt."""

    at: datetime
    record: FindingRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMade:
    """A call that wrote the pool, or that could have led to findings of ``rules``."""

    at: datetime
    call: Cause
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteEntered:
    """An entry of the journal."""

    at: datetime
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderFound:
    """The first look that found the sender that the pool is expected to have."""

    at: datetime
    known: KnownGood


@dataclass(frozen=True, slots=True, kw_only=True)
class FixHeldBack:
    """A fix became due, and RepairMode was off."""

    at: datetime
    case: ShadowCase


type HistoryEvent = FindingOpened | FindingEnded | CallMade | WriteEntered | SenderFound | FixHeldBack


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolHistory:
    """All records of a pool at ``at``; ``look`` is None if the pool is gone, or no look at it can be read.

    ``findings`` are those about the pool, the open ones about something shared that affect it, and the ended ones about
    what its mail uses. ``consents`` are the ARNs of its identities that the settings open.
    """

    question: HistoryQuestion
    at: datetime
    pool: PoolRef
    look: LookRecord | None
    findings: tuple[FindingRecord, ...]
    entries: FoundEntries
    consents: tuple[str, ...]

    @property
    def events(self) -> tuple[HistoryEvent, ...]:
        """Everything since the time that the question names, the latest first."""
        found = sorted(self._events(), key=lambda event: event.at, reverse=True)
        return tuple(event for event in found if event.at >= self.question.since)

    def _events(self) -> Iterator[HistoryEvent]:
        # Of one moment the later step comes first: a write, the end of a finding, its opening, the call.
        yield from (WriteEntered(at=entry.intention.at, entry=entry) for entry in self.entries.entries)
        for record in self.findings:
            if record.lifecycle.state is not FindingState.OPEN:
                yield FindingEnded(at=record.lifecycle.changed_at, record=record)
        if self.look is not None:
            yield from (FixHeldBack(at=case.opened_at, case=case) for case in self.look.shadow)
            if self.look.known_good is not None:
                yield SenderFound(at=self.look.known_good.since, known=self.look.known_good)
        yield from (FindingOpened(at=record.lifecycle.opened_at, record=record) for record in self.findings)
        yield from _calls(self.findings, self.look)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoHistory:
    """There is no record of the pool in these regions."""

    question: HistoryQuestion
    at: datetime
    regions: tuple[str, ...]


def _calls(findings: Iterable[FindingRecord], look: LookRecord | None) -> Iterator[CallMade]:
    """Each known call once."""
    calls: dict[tuple[str, str, datetime, str], Cause] = {}
    rules: dict[tuple[str, str, datetime, str], set[str]] = {}
    for rule_id, call in (*_named(findings), *_writes(look)):
        # The id may be unknown.
        key = call.event_id, call.event_name, call.at, call.actor
        calls.setdefault(key, call)
        rules.setdefault(key, set()).update({rule_id} - {""})
    for key, call in calls.items():
        yield CallMade(at=call.at, call=call, rules=tuple(sorted(rules[key])))


def _named(findings: Iterable[FindingRecord]) -> Iterator[tuple[str, Cause]]:
    for record in findings:
        yield from ((record.finding.rule_id, call) for call in culprits_of(record, root_cause_of(record.finding)))


def _writes(look: LookRecord | None) -> Iterator[tuple[str, Cause]]:
    """The calls that wrote the pool, as far as the last look knows them; the journal has our own."""
    if look is None:
        return
    known = () if look.known_good is None else look.known_good.calls
    changed = () if look.changed_by is None else look.changed_by.calls
    yield from (("", call) for call in (*changed, *known) if call.event_name in POOL_WRITES)
