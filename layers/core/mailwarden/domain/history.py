"""How a finding's record moves from state to state; pure, so that every order of looks can be tested."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mailwarden.domain.causes import Cause
from mailwarden.domain.findings import Effect, Finding
from mailwarden.domain.records import FindingRecord, FindingState, Handling, ProposedWrite
from mailwarden.domain.subjects import PoolRef
from mailwarden.domain.verdicts import Verdict

CHANNELS = ("topic", "chat")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What was decided or done about a finding in this look.

    ``patience``: how long an announcement may wait for the outcome of an ordered repair.
    """

    handling: Handling
    note: str = ""
    proposed: ProposedWrite | None = None
    undo_id: str | None = None
    exempt: bool = False
    patience: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A finding as one look saw it."""

    finding: Finding
    pool: PoolRef
    pool_name: str
    verdict: Verdict
    handled: Handled
    cause: Cause | None
    at: datetime


def seen(current: FindingRecord | None, sighting: Sighting) -> FindingRecord | None:
    """The record after a look found it (again); None if there is nothing to change."""
    if current is not None and current.looked_at > sighting.at:
        return _affects_one_more(current, sighting)
    state = FindingState.EXEMPT if sighting.handled.exempt else FindingState.OPEN
    if current is None or _is_over(current):
        return _opened(current, sighting, state)
    finding = sighting.finding
    if finding.effect is Effect.UNKNOWN and current.effect is not Effect.UNKNOWN and current.state is state:
        # A refused read is no news about what was certain before; the verdict of the look says "unknown" all the same.
        affected = dict(current.affected) | {sighting.pool.arn: sighting.at}
        return replace(current, affected=affected, looked_at=sighting.at, revision=current.revision + 1)
    worse = finding.severity != current.severity or finding.effect is not current.effect
    tells_more = worse or state is not current.state
    handled = _keep_what_was_written(current, sighting.handled)
    if _outcome_became_known(current, handled):
        tells_more = tells_more or _is_announced(current)
    affected = dict(current.affected) | {sighting.pool.arn: sighting.at}
    updated = replace(
        current,
        severity=finding.severity,
        effect=finding.effect,
        state=state,
        version=current.version + int(tells_more),
        revision=current.revision + 1,
        message=finding.message,
        why=finding.why,
        to_do=finding.to_do,
        evidence=finding.evidence,
        affected=affected,
        pool_name=sighting.pool_name,
        verdict=sighting.verdict.answer,
        deciding=sighting.verdict.deciding,
        handling=handled.handling,
        note=handled.note,
        proposed=handled.proposed,
        undo_id=handled.undo_id,
        cause=_likelier_cause(current, sighting.cause),
        changed_at=sighting.at if tells_more else current.changed_at,
        looked_at=sighting.at,
        announce_after=_announce_after(current, handled, sighting.at),
    )
    return _silenced(updated) if state is FindingState.EXEMPT else updated


def not_seen(
    current: FindingRecord,
    pool: PoolRef,
    verdict: Verdict | None,
    *,
    cause: Cause | None,
    at: datetime,
) -> FindingRecord | None:
    """The record after a look at *pool* no longer found it; None if there is nothing to change.

    A finding is over when no pool is affected any more. It counts as *repaired* if we wrote, else as *resolved*. What
    nobody was told of while it was open is not announced when it is over.
    """
    known_at = current.affected.get(pool.arn)
    if _is_over(current) or known_at is None or known_at > at:
        return None
    affected = {arn: seen_at for arn, seen_at in current.affected.items() if arn != pool.arn}
    if affected:
        return replace(current, affected=affected, revision=current.revision + 1)
    repaired = current.handling is Handling.WRITTEN
    over = replace(
        current,
        state=FindingState.REPAIRED if repaired else FindingState.RESOLVED,
        version=current.version + 1,
        revision=current.revision + 1,
        affected={},
        verdict=current.verdict if verdict is None else verdict.answer,
        deciding=current.deciding if verdict is None else verdict.deciding,
        cause=current.cause if repaired else (cause or current.cause),
        changed_at=at,
        looked_at=max(at, current.looked_at),
        announce_after=at,
    )
    was_told = any(told > 0 and told == current.version for told in current.announced.values())
    return over if repaired or was_told else _silenced(over)


def _affects_one_more(current: FindingRecord, sighting: Sighting) -> FindingRecord | None:
    """The record after an older look found it: of what is known it only says that this pool is affected too.

    Looks at different pools overtake each other all the time; none of them may get lost.
    """
    known_at = current.affected.get(sighting.pool.arn)
    if _is_over(current) or (known_at is not None and known_at >= sighting.at):
        return None
    affected = dict(current.affected) | {sighting.pool.arn: sighting.at}
    return replace(current, affected=affected, revision=current.revision + 1)


def _likelier_cause(current: FindingRecord, cause: Cause | None) -> Cause | None:
    """Of the calls made before it was found, the last one broke it; events of one story come in any order."""
    if cause is None or current.cause is None:
        return current.cause or cause
    return cause if current.cause.at < cause.at <= current.opened_at else current.cause


def _is_over(record: FindingRecord) -> bool:
    return record.state in {FindingState.REPAIRED, FindingState.RESOLVED}


def _is_announced(record: FindingRecord) -> bool:
    return any(told >= record.version for told in record.announced.values())


def _outcome_became_known(current: FindingRecord, handled: Handled) -> bool:
    """A repair that was tried and failed is news, once."""
    return handled.handling is Handling.FAILED and (
        current.handling is not Handling.FAILED or current.note != handled.note
    )


def _keep_what_was_written(current: FindingRecord, handled: Handled) -> Handled:
    """The echo of our own write may be seen before the write has taken effect: it must not forget that we wrote."""
    if current.handling is Handling.WRITTEN and handled.handling is Handling.WITHHELD:
        return replace(handled, handling=Handling.WRITTEN, undo_id=current.undo_id)
    return handled


def _announce_after(current: FindingRecord, handled: Handled, at: datetime) -> datetime:
    if handled.handling in {Handling.PENDING, Handling.WRITTEN}:
        # The outcome is on its way; seeing it again must not push the announcement further and further away.
        return max(current.announce_after, current.opened_at + handled.patience)
    return min(current.announce_after, at)


def _opened(current: FindingRecord | None, sighting: Sighting, state: FindingState) -> FindingRecord:
    finding, handled = sighting.finding, sighting.handled
    record = FindingRecord(
        subject=finding.subject,
        rule_id=finding.rule_id,
        rule_name=finding.rule_name,
        link=finding.link,
        severity=finding.severity,
        effect=finding.effect,
        state=state,
        version=1 if current is None else current.version + 1,
        revision=1 if current is None else current.revision + 1,
        message=finding.message,
        why=finding.why,
        to_do=finding.to_do,
        evidence=finding.evidence,
        affected={sighting.pool.arn: sighting.at},
        pool_name=sighting.pool_name,
        verdict=sighting.verdict.answer,
        deciding=sighting.verdict.deciding,
        handling=handled.handling,
        note=handled.note,
        proposed=handled.proposed,
        undo_id=handled.undo_id,
        cause=sighting.cause,
        opened_at=sighting.at,
        changed_at=sighting.at,
        looked_at=sighting.at,
        announce_after=sighting.at + handled.patience,
        announced={} if current is None else current.announced,
    )
    return _silenced(record) if state is FindingState.EXEMPT else record


def _silenced(record: FindingRecord) -> FindingRecord:
    return replace(record, announced=dict.fromkeys(CHANNELS, record.version))
