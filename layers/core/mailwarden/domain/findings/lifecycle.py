"""How a finding's record moves from state to state; pure, so that every order of looks can be tested.

A finding about an identity, an SES account or our watch is seen from many pools at once, so everything that one look
says of one pool (affected or not, exempt or not) is kept per pool, and no look speaks for another pool.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from mailwarden.domain.findings.channels import CHANNELS
from mailwarden.domain.findings.finding import Effect, Finding
from mailwarden.domain.findings.handled import Handled
from mailwarden.domain.findings.record import (
    FindingRecord,
    FindingState,
    Handling,
    LastWrite,
    Lifecycle,
    Sighting,
)
from mailwarden.domain.mail_path.look_record import LONGEST_POOL_NAME
from mailwarden.domain.mail_path.verdict import Verdict
from mailwarden.domain.refs.causes import Cause, folded
from mailwarden.domain.refs.resources import PoolRef, Subject
from mailwarden.message import storable

# An interrupted order comes again after the visibility timeout of its queue (6 minutes), and brings the outcome.
OUTCOME_PATIENCE = timedelta(minutes=15)
# What we began to write, or wrote, is forgotten by no later look: it names the way back.
_OURS = frozenset({Handling.WRITING, Handling.WRITTEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A finding as one look saw it; ``seen_from`` is the pool that was looked at, or the watch itself."""

    finding: Finding
    seen_from: Subject
    pool_name: str
    verdict: Verdict
    handled: Handled
    cause: Cause | None
    at: datetime
    application: Mapping[str, str] = field(default_factory=dict)

    def sighting(self, cause: Cause | None) -> Sighting:
        """The part that the ledger keeps, with the likeliest cause."""
        return Sighting(
            pool=self.seen_from if isinstance(self.seen_from, PoolRef) else None,
            pool_name=storable(self.pool_name, LONGEST_POOL_NAME),
            verdict=self.verdict.answer,
            deciding=self.verdict.deciding,
            cause=cause,
            application=self.application,
        )


def observe(current: FindingRecord | None, observation: Observation) -> FindingRecord | None:
    """The record after a look found it (again); None if there is nothing to change."""
    if current is None:
        return opened(None, observation)
    before = current.lifecycle
    if before.is_over:
        return None if before.changed_at > observation.at else opened(current, observation)
    arn = observation.seen_from.arn
    if before.affected.get(arn, observation.at) > observation.at:
        return None
    updated = _retold(current, observation) if _speaks(current, observation) else _blamed(current, observation)
    lifecycle = replace(
        updated.lifecycle,
        # The time tells how old the word on this pool is. It is not refreshed: thousands of pools share some findings.
        affected=before.affected if arn in before.affected else {**before.affected, arn: observation.at},
        exempt=before.exempt | {arn} if observation.handled.exempt else before.exempt - {arn},
    )
    updated = replace(updated, lifecycle=_settled(before, lifecycle, at=observation.at))
    return None if updated == current else _revised(updated, after=before)


def clear(
    current: FindingRecord,
    seen_from: Subject,
    verdict: Verdict | None,
    *,
    cause: Cause | None,
    at: datetime,
    is_gone: bool = False,
) -> FindingRecord | None:
    """The record after a look from *seen_from* no longer found it; None if there is nothing to change.

    *is_gone*: the pool was deleted. A finding is over when nothing is affected any more: *repaired* if we wrote, else
    *resolved*. While a write is under way only its outcome tells, so the announcement waits for it. What nobody was
    told of while it was open, nor is due to be told, is not announced when it is over, unless we wrote or failed to.
    """
    before = current.lifecycle
    known_at = before.affected.get(seen_from.arn)
    if before.is_over or known_at is None or known_at > at:
        return None
    affected = {arn: seen_at for arn, seen_at in before.affected.items() if arn != seen_from.arn}
    fewer = replace(before, affected=affected, exempt=before.exempt - {seen_from.arn})
    if affected or before.others:
        left = _exempted(fewer, at=at) if fewer.is_exempt_everywhere else fewer
        return _revised(replace(current, lifecycle=left), after=before)
    repaired = current.write.handling is Handling.WRITTEN
    writing = current.write.handling is Handling.WRITING
    caller = None if repaired or writing else cause
    over = replace(
        fewer,
        state=FindingState.REPAIRED if repaired else FindingState.RESOLVED,
        version=before.version + 1,
        changed_at=at,
        looked_at=max(at, before.looked_at),
        announce_after=at + OUTCOME_PATIENCE if writing else at,
    )
    if not _is_end_announced(current, at=at):
        over = _silenced(over)
    seen = current.seen if verdict is None else current.seen.judged_again(seen_from, verdict)
    seen = replace(seen, cause=caller or current.seen.cause, pool_is_gone=is_gone)
    return _revised(replace(current, seen=seen, lifecycle=over), after=before)


def _is_end_announced(current: FindingRecord, *, at: datetime) -> bool:
    """Whether people are told that a finding is over: see ``clear``."""
    before = current.lifecycle
    if before.state is FindingState.EXEMPT:
        # That it became exempt was not sent to every channel yet: some still show it as open.
        return before.was_announced and before.awaits
    wrote = current.write.handling in {Handling.WRITTEN, Handling.FAILED}
    return wrote or before.was_announced or before.announce_after <= at


def record_write(current: FindingRecord, handled: Handled, *, at: datetime) -> FindingRecord:
    """The record once we write, whatever looks came in between; *handled* has the undo id.

    A finding that an echo closed while we were writing was repaired, not resolved, and people are told so.
    """
    before = lifecycle = current.lifecycle
    if handled.handling is Handling.WRITTEN and before.state is FindingState.RESOLVED:
        lifecycle = replace(
            before, state=FindingState.REPAIRED, version=before.version + 1, changed_at=at, announce_after=at
        )
    elif handled.handling is Handling.FAILED and not before.is_over:
        news = current.write.handling is not Handling.FAILED or current.write.reason != handled.write.reason
        lifecycle = replace(
            before,
            version=before.version + int(news and before.was_announced),
            announce_after=min(before.announce_after, at),
        )
    elif not before.is_over and before.was_announced and handled.write.is_withheld_unlike(current.write):
        lifecycle = replace(before, version=before.version + 1, announce_after=at)
    return _revised(replace(current, write=handled.write, lifecycle=lifecycle), after=before)


def is_over_since(known: FindingRecord, looked_at: datetime) -> bool:
    """Whether a look later than *looked_at* found nothing. A finding that is being written may hide an open entry."""
    lifecycle = known.lifecycle
    return lifecycle.is_over and lifecycle.looked_at > looked_at and known.write.handling is not Handling.WRITING


def _revised(record: FindingRecord, *, after: Lifecycle) -> FindingRecord:
    return replace(record, lifecycle=replace(record.lifecycle, revision=after.revision + 1))


def _speaks(current: FindingRecord, observation: Observation) -> bool:
    """Whether this look may retell the finding.

    A refused read is no news about what was certain before; the verdict of the look says "unknown" all the same. Of the
    pools that share a finding one speaks, so that texts do not change with every look; a change of severity or effect
    is everybody's news.
    """
    if observation.finding.effect is Effect.UNKNOWN and current.finding.effect is not Effect.UNKNOWN:
        return False
    return _is_news(current, observation) or observation.seen_from.arn == current.lifecycle.speaker


def _is_news(current: FindingRecord, observation: Observation) -> bool:
    known, found = current.finding, observation.finding
    return (found.severity, found.effect, found.root_cause) != (known.severity, known.effect, known.root_cause)


def _retold(current: FindingRecord, observation: Observation) -> FindingRecord:
    before, handled = current.lifecycle, _remembering(current.write, observation.handled)
    withheld = before.was_announced and not handled.exempt and handled.write.is_withheld_unlike(current.write)
    news = withheld or _is_news(current, observation)
    return FindingRecord(
        finding=observation.finding.recorded(),
        seen=observation.sighting(_likelier_cause(current, observation.cause)),
        write=handled.write,
        lifecycle=replace(
            before,
            version=before.version + int(news),
            changed_at=observation.at if news else before.changed_at,
            looked_at=observation.at if news else before.looked_at,
            announce_after=_announce_after(before, handled, observation.at, news=news),
        ),
    )


def _remembering(known: LastWrite, handled: Handled) -> Handled:
    """A decision does not undo what was done: what we write or wrote, or what AWS refused. A source stays known.

    Nor does a look that orders a repair again know better why the last order withheld it: the next order decides.
    """
    handled = replace(handled, source=handled.source or known.source)
    ordered_again = handled.handling is Handling.PENDING
    ours = known.handling in _OURS and (ordered_again or handled.handling is Handling.WITHHELD)
    withheld = known.handling is Handling.WITHHELD and known.by_order and not handled.by_order
    if ours or ((known.handling is Handling.FAILED or withheld) and ordered_again):
        return replace(
            handled,
            handling=known.handling,
            reason=known.reason,
            proposed=known.proposed or handled.proposed,
            undo_id=known.undo_id,
            retryable=known.retryable,
            by_order=known.by_order,
            patience=timedelta(0) if withheld else handled.patience,
        )
    return handled


def _settled(before: Lifecycle, updated: Lifecycle, *, at: datetime) -> Lifecycle:
    """Exempt if every affected pool is, else open; becoming open is told, becoming exempt only if it was told open."""
    if updated.is_exempt_everywhere:
        return _exempted(updated, at=at)
    if before.state is FindingState.EXEMPT:
        version = max(updated.version, before.version + 1)
        return replace(updated, state=FindingState.OPEN, version=version, opened_version=version, announce_after=at)
    return updated


def _blamed(current: FindingRecord, observation: Observation) -> FindingRecord:
    """A look that is in doubt adds no word to its own finding, but the calls that it knows of."""
    if observation.seen_from.arn != current.lifecycle.speaker:
        return current
    return replace(current, seen=replace(current.seen, cause=_likelier_cause(current, observation.cause)))


def _likelier_cause(current: FindingRecord, cause: Cause | None) -> Cause | None:
    """Of the calls made before it was found, the last one broke it; events of one story come in any order.

    The others are kept: any of them may be the deployment that nobody may write over.
    """
    known = current.seen.cause
    if cause is None or known is None:
        return known or cause
    return folded(known, *(call for call in cause.calls if call.at <= current.lifecycle.opened_at))


def _announce_after(before: Lifecycle, handled: Handled, at: datetime, *, news: bool) -> datetime:
    if handled.handling is Handling.PENDING or handled.handling in _OURS:
        # The outcome is on its way; seeing it again must not push the announcement further and further away.
        return max(before.announce_after, before.opened_at + handled.patience)
    patience = handled.patience if handled.handling is Handling.WITHHELD else timedelta(0)
    return at if news else min(before.announce_after, max(at, before.opened_at + patience))


def opened(current: FindingRecord | None, observation: Observation) -> FindingRecord:
    """The record of a finding that is new, or new again."""
    handled, at, arn = observation.handled, observation.at, observation.seen_from.arn
    before = None if current is None else current.lifecycle
    version = opened_version = 1 if before is None else before.version + 1
    if before is not None and handled.exempt and before.was_announced and before.awaits:
        # A channel still shows it as open: that it is exempt by now is the end that is announced there.
        opened_version = before.opened_version
    lifecycle = Lifecycle(
        state=FindingState.OPEN,
        version=version,
        opened_version=opened_version,
        revision=1 if before is None else before.revision + 1,
        affected={arn: at},
        exempt=frozenset({arn}) if handled.exempt else frozenset(),
        opened_at=at,
        changed_at=at,
        looked_at=at,
        announce_after=at + handled.patience,
        announced={} if before is None else before.announced,
    )
    return FindingRecord(
        finding=observation.finding.recorded(),
        seen=observation.sighting(observation.cause),
        write=handled.write,
        lifecycle=_exempted(lifecycle, at=at) if handled.exempt else lifecycle,
    )


def _exempted(lifecycle: Lifecycle, *, at: datetime) -> Lifecycle:
    exempt = replace(lifecycle, state=FindingState.EXEMPT)
    if lifecycle.state is FindingState.OPEN and lifecycle.was_announced:
        return replace(exempt, version=lifecycle.version + 1, announce_after=at)
    # That it became exempt may still have to be announced.
    return exempt if lifecycle.state is FindingState.EXEMPT and lifecycle.was_announced else _silenced(exempt)


def _silenced(lifecycle: Lifecycle) -> Lifecycle:
    return replace(lifecycle, announced=dict.fromkeys(CHANNELS, lifecycle.version))
