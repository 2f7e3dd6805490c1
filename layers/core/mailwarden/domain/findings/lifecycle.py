"""How a finding's record moves from state to state; pure, so that every order of looks can be tested.

A finding about an identity, an SES account or our watch is seen from many pools at once, so everything that one look
says of one pool (affected or not, exempt or not) is kept per pool, and no look speaks for another pool.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mailwarden.domain.findings.finding import Effect, Finding
from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling, ProposedWrite
from mailwarden.domain.findings.verdict import Verdict
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.resources import Subject
from mailwarden.message import Message

CHANNELS = ("topic", "chat")
# What we began to write, or wrote, is forgotten by no later look: it names the way back.
_OURS = frozenset({Handling.WRITING, Handling.WRITTEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What was decided or done about a finding in this look.

    ``exempt``: it is recorded in silence, because its owner asked for it or because it is a note.
    ``patience``: how long an announcement may wait for the outcome of an ordered repair.
    """

    handling: Handling
    reason: Message | None = None
    proposed: ProposedWrite | None = None
    undo_id: str | None = None
    exempt: bool = False
    patience: timedelta = timedelta(0)


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


def observe(current: FindingRecord | None, observation: Observation) -> FindingRecord | None:
    """The record after a look found it (again); None if there is nothing to change."""
    if current is not None and _is_over(current) and current.changed_at > observation.at:
        return None
    if current is None or _is_over(current):
        return _opened(current, observation)
    arn = observation.seen_from.arn
    if current.affected.get(arn, observation.at) > observation.at:
        return None
    updated = _retold(current, observation) if _speaks(current, observation) else current
    updated = replace(
        updated,
        # The time tells how old the word on this pool is. It is not refreshed: thousands of pools share some findings.
        affected=current.affected if arn in current.affected else {**current.affected, arn: observation.at},
        exempt=current.exempt | {arn} if observation.handled.exempt else current.exempt - {arn},
    )
    updated = _settled(current, updated, at=observation.at)
    return None if updated == current else replace(updated, revision=current.revision + 1)


def clear(
    current: FindingRecord,
    seen_from: Subject,
    verdict: Verdict | None,
    *,
    cause: Cause | None,
    at: datetime,
) -> FindingRecord | None:
    """The record after a look from *seen_from* no longer found it; None if there is nothing to change.

    A finding is over when nothing is affected any more: *repaired* if we wrote, else *resolved*. What nobody was told
    of while it was open, nor is due to be told, is not announced when it is over, unless we wrote or failed to.
    """
    known_at = current.affected.get(seen_from.arn)
    if _is_over(current) or known_at is None or known_at > at:
        return None
    affected = {arn: seen_at for arn, seen_at in current.affected.items() if arn != seen_from.arn}
    fewer = replace(current, affected=affected, exempt=current.exempt - {seen_from.arn})
    if affected:
        left = _exempted(fewer) if _all_exempt(fewer) else fewer
        return replace(left, revision=current.revision + 1)
    repaired = current.handling in _OURS
    over = replace(
        fewer,
        state=FindingState.REPAIRED if repaired else FindingState.RESOLVED,
        version=current.version + 1,
        revision=current.revision + 1,
        verdict=current.verdict if verdict is None else verdict.answer,
        deciding=current.deciding if verdict is None else verdict.deciding,
        cause=current.cause if repaired else (cause or current.cause),
        changed_at=at,
        looked_at=max(at, current.looked_at),
        announce_after=at,
    )
    if current.state is FindingState.EXEMPT:
        return _silenced(over)
    told = _was_told(current) or current.announce_after <= at
    return over if told or repaired or current.handling is Handling.FAILED else _silenced(over)


def record_write(current: FindingRecord, handled: Handled, *, at: datetime) -> FindingRecord:
    """The record once we write, whatever looks came in between; *handled* has the undo id.

    A finding that an echo closed while we were writing was repaired, not resolved, and people are told so.
    """
    updated = replace(
        current,
        handling=handled.handling,
        reason=handled.reason,
        proposed=handled.proposed,
        undo_id=handled.undo_id,
        revision=current.revision + 1,
    )
    if handled.handling in _OURS and current.state is FindingState.RESOLVED:
        return replace(
            updated,
            state=FindingState.REPAIRED,
            version=current.version + 1,
            changed_at=at,
            announce_after=at,
        )
    if handled.handling is Handling.FAILED and not _is_over(current):
        news = current.handling is not Handling.FAILED or current.reason != handled.reason
        return replace(
            updated,
            version=current.version + int(news and _was_told(current)),
            announce_after=min(current.announce_after, at),
        )
    return updated


def _speaks(current: FindingRecord, observation: Observation) -> bool:
    """Whether this look may retell the finding.

    A refused read is no news about what was certain before; the verdict of the look says "unknown" all the same. Of the
    pools that share a finding one speaks, so that texts do not change with every look; a change of severity or effect
    is everybody's news.
    """
    finding = observation.finding
    if finding.effect is Effect.UNKNOWN and current.effect is not Effect.UNKNOWN:
        return False
    if finding.severity != current.severity or finding.effect is not current.effect:
        return True
    return observation.seen_from.arn == min(current.affected)


def _retold(current: FindingRecord, observation: Observation) -> FindingRecord:
    finding = observation.finding
    handled = _remembering(current, observation.handled)
    changed = finding.severity != current.severity or finding.effect is not current.effect
    return replace(
        current,
        severity=finding.severity,
        effect=finding.effect,
        version=current.version + int(changed),
        message=finding.message,
        why=finding.why,
        remediation=finding.remediation,
        evidence=finding.evidence,
        unknown_reason=finding.unknown_reason,
        pool_name=observation.pool_name,
        verdict=observation.verdict.answer,
        deciding=observation.verdict.deciding,
        handling=handled.handling,
        reason=handled.reason,
        proposed=handled.proposed,
        undo_id=handled.undo_id,
        cause=_likelier_cause(current, observation.cause),
        changed_at=observation.at if changed else current.changed_at,
        looked_at=observation.at if changed else current.looked_at,
        announce_after=_announce_after(current, handled, observation.at, changed=changed),
    )


def _remembering(current: FindingRecord, handled: Handled) -> Handled:
    """What a look decides does not undo what was done: that we write or wrote, or that AWS refused it."""
    ordered_again = handled.handling is Handling.PENDING
    if current.handling in _OURS and (ordered_again or handled.handling is Handling.WITHHELD):
        return replace(handled, handling=current.handling, reason=current.reason, undo_id=current.undo_id)
    if current.handling is Handling.FAILED and ordered_again:
        return replace(handled, handling=Handling.FAILED, reason=current.reason, undo_id=current.undo_id)
    return handled


def _settled(current: FindingRecord, updated: FindingRecord, *, at: datetime) -> FindingRecord:
    """Exempt if every affected pool is, else open; becoming open is told, becoming exempt is not."""
    if _all_exempt(updated):
        return _exempted(updated)
    if current.state is FindingState.EXEMPT:
        version = max(updated.version, current.version + 1)
        return replace(updated, state=FindingState.OPEN, version=version, opened_version=version, announce_after=at)
    return updated


def _likelier_cause(current: FindingRecord, cause: Cause | None) -> Cause | None:
    """Of the calls made before it was found, the last one broke it; events of one story come in any order."""
    if cause is None or current.cause is None:
        return current.cause or cause
    return cause if current.cause.at < cause.at <= current.opened_at else current.cause


def _is_over(record: FindingRecord) -> bool:
    return record.state in {FindingState.REPAIRED, FindingState.RESOLVED}


def _was_told(record: FindingRecord) -> bool:
    """Whether any channel heard of it since it opened."""
    return any(told >= record.opened_version for told in record.announced.values())


def _announce_after(current: FindingRecord, handled: Handled, at: datetime, *, changed: bool) -> datetime:
    if handled.handling is Handling.PENDING or handled.handling in _OURS:
        # The outcome is on its way; seeing it again must not push the announcement further and further away.
        return max(current.announce_after, current.opened_at + handled.patience)
    return at if changed else min(current.announce_after, at)


def _opened(current: FindingRecord | None, observation: Observation) -> FindingRecord:
    finding, handled = observation.finding, observation.handled
    version = 1 if current is None else current.version + 1
    arn = observation.seen_from.arn
    record = FindingRecord(
        subject=finding.subject,
        rule_id=finding.rule_id,
        rule_name=finding.rule_name,
        link=finding.link,
        severity=finding.severity,
        effect=finding.effect,
        state=FindingState.EXEMPT if handled.exempt else FindingState.OPEN,
        version=version,
        opened_version=version,
        revision=1 if current is None else current.revision + 1,
        message=finding.message,
        why=finding.why,
        remediation=finding.remediation,
        evidence=finding.evidence,
        unknown_reason=finding.unknown_reason,
        affected={arn: observation.at},
        exempt=frozenset({arn}) if handled.exempt else frozenset(),
        pool_name=observation.pool_name,
        verdict=observation.verdict.answer,
        deciding=observation.verdict.deciding,
        handling=handled.handling,
        reason=handled.reason,
        proposed=handled.proposed,
        undo_id=handled.undo_id,
        cause=observation.cause,
        opened_at=observation.at,
        changed_at=observation.at,
        looked_at=observation.at,
        announce_after=observation.at + handled.patience,
        announced={} if current is None else current.announced,
    )
    return _silenced(record) if handled.exempt else record


def _all_exempt(record: FindingRecord) -> bool:
    return record.affected.keys() <= record.exempt


def _exempted(record: FindingRecord) -> FindingRecord:
    return _silenced(replace(record, state=FindingState.EXEMPT))


def _silenced(record: FindingRecord) -> FindingRecord:
    return replace(record, announced=dict.fromkeys(CHANNELS, record.version))
