"""The record of a look, made from its judgment and the record before it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from mailwarden.domain.mail_path.look_record import EVERY_RULE, LONGEST_POOL_NAME, LookRecord
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.refs.causes import OUR_USER_AGENT, POOL_WRITES, Cause, folded
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import PoolRef, monitoring_of
from mailwarden.domain.repair.unannounced_change import announced_digest_after
from mailwarden.domain.repair.undone_repairs import undone_after
from mailwarden.message import storable
from mailwarden.rules.judging import Judgment
from mailwarden.service.findings.known_exemptions import exemptions_of
from mailwarden.service.findings.used_resources import used_by


def look_after(
    last: LookRecord | None,
    judgment: Judgment,
    found: Iterable[FindingKey],
    *,
    cause: Cause | None,
    at: datetime,
) -> LookRecord:
    """A judged look that found these, after the last one."""
    pool = judgment.path.pool
    return LookRecord(
        pool=pool.ref,
        pool_name=storable(pool.name, LONGEST_POOL_NAME),
        looked_at=at,
        answer=judgment.verdict.answer,
        deciding=judgment.verdict.deciding,
        findings=ordered(found),
        uses=used_by(judgment.path),
        changed_by=_changed_by(last, cause),
        announced_digest=announced_digest_after(last, pool, cause=cause, at=at),
        exemptions=exemptions_of(judgment.path),
        application=judgment.path.application,
        undecided=judgment.undecided.rules,
        undone=undone_after(last, judgment.path, judgment.findings, undecided=judgment.undecided.rules, at=at),
    )


def look_at_nothing(pool: PoolRef, last: LookRecord | None, *, at: datetime) -> LookRecord:
    """A look at a pool that could not be read: what is known of it stays, and no rule judged anything."""
    if last is not None:
        unknown = replace(last, answer=Answer.UNKNOWN, deciding=Link.SENDER, undecided=(EVERY_RULE,))
        return replace(unknown, looked_at=at)
    return LookRecord(
        pool=pool,
        pool_name="",
        looked_at=at,
        answer=Answer.UNKNOWN,
        deciding=Link.SENDER,
        findings=(),
        uses=(monitoring_of(pool).arn,),
        undecided=(EVERY_RULE,),
    )


def ordered(keys: Iterable[FindingKey]) -> tuple[FindingKey, ...]:
    """Keys in one order, each once."""
    return tuple(sorted(set(keys), key=lambda key: (key.rule_id, key.subject_arn)))


def _changed_by(last: LookRecord | None, cause: Cause | None) -> Cause | None:
    """The last known call that wrote the pool, and others of the same time; ours do not count, the journal has them."""
    known = None if last is None else last.changed_by
    writes = [
        call
        for call in (() if cause is None else cause.calls)
        if call.event_name in POOL_WRITES and OUR_USER_AGENT not in call.user_agent
    ]
    latest = max(call.at for call in (*writes, *(() if known is None else (known,)))) if writes or known else None
    return folded(*(call for call in writes if call.at == latest), known if known and known.at == latest else None)
