"""Brings what a look found into the ledger, in an order in which a crash loses nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.findings.handled import Handled
from mailwarden.domain.findings.lifecycle import Observation, clear, observe
from mailwarden.domain.findings.record import FindingRecord, Handling
from mailwarden.domain.findings.sender_reset import (
    known_good_after_look,
    notices_after_look,
    verification_after_look,
)
from mailwarden.domain.known_good.origin import shows_email
from mailwarden.domain.mail_path.look_record import LookRecord, UndoneRepair
from mailwarden.domain.mail_path.verdict import Verdict
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import PoolRef, Subject
from mailwarden.domain.repair.shadow import (
    EndedCase,
    FoundFix,
    ShadowAfter,
    ShadowDecision,
    ended_with_pool,
    shadow_after,
)
from mailwarden.domain.repair.unannounced_change import with_effects_known
from mailwarden.ports.findings.findings import Findings
from mailwarden.ports.mail_path.email_records import EmailRecords
from mailwarden.ports.mail_path.looks import Looks
from mailwarden.ports.monitoring.known_pools import KnownPools
from mailwarden.ports.repair.shadow_cases import ShadowCases
from mailwarden.rules.judging import Judgment
from mailwarden.service.findings.look_records import look_after, look_at_nothing, ordered

_ATTEMPTS = 8


class LedgerContention(RuntimeError):
    """Other looks changed the same record at each attempt; the message is retried."""


class UnstoredFindings(RuntimeError):
    """Some findings of a look could not be stored; ``records`` holds the others, which were."""

    def __init__(self, pool: PoolRef, errors: Sequence[Exception], records: Mapping[FindingKey, FindingRecord]) -> None:
        super().__init__(f"look {pool.arn}: " + "; ".join(f"{type(error).__name__}: {error}" for error in errors))
        self.records = records


@dataclass(frozen=True, slots=True, kw_only=True)
class HandledFinding:
    """A finding and what was decided or done about it; ``shadow``: the decision if RepairMode were not off."""

    finding: Finding
    handled: Handled
    shadow: ShadowDecision | None = None

    @property
    def key(self) -> FindingKey:
        """Which finding it is about."""
        return self.finding.key


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRecorder:
    """Writes looks and findings; an older look never wins.

    The look names the findings it holds before they are put and after: whatever dies in between, the next look knows
    what it has to close. ``settle``: the time after which an EmailConfiguration that was judged good counts as held.
    ``email_records`` learns from every call whether records show EmailConfiguration.
    """

    findings: Findings
    looks: Looks
    known_pools: KnownPools
    shadow_cases: ShadowCases
    email_records: EmailRecords
    settle: timedelta = timedelta(seconds=30)

    def record(
        self,
        judgment: Judgment,
        handlings: tuple[HandledFinding, ...],
        *,
        cause: Cause | None,
        at: datetime,
        remember: Callable[[tuple[UndoneRepair, ...]], tuple[UndoneRepair, ...]] = tuple,
    ) -> Mapping[FindingKey, FindingRecord] | None:
        """Keep a judged look; the records of its findings, or None if a newer look is known: then nothing is kept.

        *remember* changes what the look passes on of repairs that a person undid.
        Raises LedgerContention, and UnstoredFindings once everything else is kept.
        """
        pool = judgment.path.pool.ref
        last = judgment.path.ledger_facts.last_look
        for call in filter(shows_email, () if cause is None else cause.calls):
            self.email_records.remember(call)
        for attempt in range(_ATTEMPTS):
            if last is not None and last.looked_at > at:
                return None
            look = look_after(last, judgment, (each.key for each in handlings), cause=cause, at=at)
            known_good = known_good_after_look(
                last, judgment.path, judgment.findings, judgment.verdict, cause=cause, settle=self.settle
            )
            shadow = _shadow_after(last, judgment, handlings, cause=cause, at=at)
            look = replace(look, undone=remember(look.undone), known_good=known_good, shadow=shadow.going_on)
            look = replace(
                look,
                verification=verification_after_look(last, judgment.path, cause=cause),
                notices=notices_after_look(last, judgment.path, cause=cause),
            )
            records = self._record(look, last, judgment, handlings, cause=cause, anew=attempt > 0)
            if records is not None:
                self._end(shadow.ended)
                return records
            # Another look came in between: only a newer one may keep this one's findings out of the ledger.
            last = self.looks.last(pool)
            if last is None or last.looked_at > at:
                self._give_way(look, last, cause=cause)
                return None
        raise LedgerContention(f"look {pool.arn}")

    def _record(
        self,
        look: LookRecord,
        last: LookRecord | None,
        judgment: Judgment,
        handlings: tuple[HandledFinding, ...],
        *,
        cause: Cause | None,
        anew: bool,
    ) -> Mapping[FindingKey, FindingRecord] | None:
        """Keep a look and its findings in place of the last one; None if that is not the last any more."""
        at, before = look.looked_at, () if last is None else last.findings
        blamed = with_effects_known(last, judgment.path.pool, cause)
        if not set(look.findings) <= set(before):
            both = replace(look, findings=ordered((*before, *look.findings)))
            if not self.looks.replace(last, both):
                return None
            last = both
        # A finding that the last look did not name, or no longer names, may have lost this pool after it was read.
        records, failed = self._see_all(look, judgment, handlings, cause=blamed, known=() if anew else before)
        kept: list[FindingKey] = []
        for key in before:
            if key in look.findings:
                continue
            if judgment.undecided.covers(key):
                kept.append(key)
                continue
            try:
                self._no_longer_see(key, look.pool, judgment.verdict, cause=cause, at=at, is_gone=False)
            except Exception as error:  # noqa: BLE001 - the other findings are kept first, then it is raised
                kept.append(key)
                failed.append(error)
        for gone in judgment.path.named_pools.asked:
            self.known_pools.remember_gone(gone, at=at)
        if not self.looks.replace(last, replace(look, findings=ordered((*look.findings, *kept)))):
            return None
        if failed:
            raise UnstoredFindings(look.pool, failed, records) from failed[0]
        return records

    def _see_all(
        self,
        look: LookRecord,
        judgment: Judgment,
        handlings: tuple[HandledFinding, ...],
        *,
        cause: Cause | None,
        known: Sequence[FindingKey],
    ) -> tuple[dict[FindingKey, FindingRecord], list[Exception]]:
        """The records of the findings that could be stored, and why others could not: none costs another its place."""
        records: dict[FindingKey, FindingRecord] = {}
        failed: list[Exception] = []
        seen = {
            anew: self.findings.seen_from(
                look.pool, anew=anew, asks=[each.key for each in handlings if (each.key not in known) is anew]
            )
            for anew in {each.key not in known for each in handlings}
        }
        for handling in handlings:
            observation = Observation(
                finding=handling.finding,
                seen_from=look.pool,
                pool_name=look.pool_name,
                verdict=judgment.verdict,
                handled=handling.handled,
                cause=cause,
                at=look.looked_at,
                application=look.application,
            )
            try:
                records[handling.key] = _see(seen[handling.key not in known], handling.key, observation)
            except Exception as error:  # noqa: BLE001 - the other findings are kept first, then it is raised
                failed.append(error)
        return records, failed

    def unreadable(
        self,
        pool: PoolRef,
        *,
        at: datetime,
        remember: Callable[[tuple[UndoneRepair, ...]], tuple[UndoneRepair, ...]] = tuple,
    ) -> bool:
        """The pool could not be read: nobody can say that it sends mail. What was found about it stays as it is.

        False if a newer look is known. *remember* as in ``record``. Raises LedgerContention.
        """
        for _ in range(_ATTEMPTS):
            last = self.looks.last(pool)
            if last is not None and last.looked_at > at:
                return False
            look = look_at_nothing(pool, last, at=at)
            if self.looks.replace(last, replace(look, undone=remember(look.undone))):
                return True
            if last is None and self.looks.last(pool) is None:
                # The pool was gone when a later look began.
                return False
        raise LedgerContention(f"look {pool.arn}")

    def forget(self, pool: PoolRef, *, cause: Cause | None, at: datetime) -> None:
        """The pool is gone: what was found about it is over."""
        last = self.looks.last(pool)
        if last is not None and last.looked_at > at:
            return
        for key in () if last is None else last.findings:
            self._no_longer_see(key, pool, None, cause=cause, at=at, is_gone=True)
        self._end(() if last is None else ended_with_pool(last, cause=cause, at=at))
        # Also where nothing is known: a look that began before the deletion may still be on its way.
        self.looks.forget(pool, at=at)

    def _end(self, cases: Iterable[EndedCase]) -> None:
        """Keep ended cases once no other look can overrule this one; a process that dies here loses a figure."""
        for case in cases:
            self.shadow_cases.keep(case)

    def _give_way(self, look: LookRecord, newer: LookRecord | None, *, cause: Cause | None) -> None:
        """A newer look came in between, or the pool went: what it does not find is over, also if this one wrote later.

        What it could not judge stays open, and it names it from now on, so that a later look can close it.
        """
        known, at = ((), look.looked_at) if newer is None else (newer.findings, newer.looked_at)
        unknown = tuple(key for key in look.findings if key not in known)
        undecided = tuple(key for key in unknown if newer is not None and not newer.decides(key.rule_id))
        for key in unknown:
            if key not in undecided:
                self._no_longer_see(key, look.pool, None, cause=cause, at=at, is_gone=newer is None)
        if newer is not None and undecided:
            named = replace(newer, findings=ordered((*newer.findings, *undecided)))
            if not self.looks.replace(newer, named):
                raise LedgerContention(f"look {look.pool.arn}")

    def _no_longer_see(
        self,
        key: FindingKey,
        seen_from: Subject,
        verdict: Verdict | None,
        *,
        cause: Cause | None,
        at: datetime,
        is_gone: bool,
    ) -> None:
        def cleared(current: FindingRecord | None) -> FindingRecord | None:
            return current and clear(current, seen_from, verdict, cause=cause, at=at, is_gone=is_gone)

        self.findings.seen_from(seen_from).update(key, cleared)


def _see(findings: Findings, key: FindingKey, observation: Observation) -> FindingRecord:
    record = findings.update(key, lambda current: observe(current, observation))
    if record is None:
        raise LookupError(f"{key.subject_arn} {key.rule_id}")
    return record


def _shadow_after(
    last: LookRecord | None,
    judgment: Judgment,
    handlings: tuple[HandledFinding, ...],
    *,
    cause: Cause | None,
    at: datetime,
) -> ShadowAfter:
    known = () if last is None else last.findings
    return shadow_after(
        last,
        (
            FoundFix(finding=each.finding, shadow=each.shadow, is_ordered=each.handled.handling is Handling.PENDING)
            for each in handlings
        ),
        judgment.path,
        judgment.verdict.answer,
        undecided=[key for key in known if judgment.undecided.covers(key)],
        cause=cause,
        at=at,
    )
