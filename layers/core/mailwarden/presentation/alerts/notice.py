"""What people are told of an alert: bounded, masked, and the same on every channel. Channels only choose the form."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from mailwarden.domain.findings.alert import Alert
from mailwarden.domain.findings.finding import Effect, Severity
from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling, ProposedWrite
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.resources import IdentityRef, NotASubject, PoolRef, Subject
from mailwarden.message import Argument
from mailwarden.presentation.catalogue.catalogue import Catalogue
from mailwarden.presentation.catalogue.languages import ENGLISH
from mailwarden.presentation.masking import clipped, identities_named_in, lines, masked, one_line

# Bounds that keep every message within its channel's limit whatever the texts hold; all in characters.
_NAME = 128
_SENTENCE = 800
_CAUSE = 300
_EVIDENCE_ITEMS = 12
_EVIDENCE_NAME = 80
_EVIDENCE = 400
_WRITE = 10_000
_AFFECTED = 50
# Members of an EmailConfiguration and of a policy that hold the sender: configuration, not a recipient.
_SENDERS = ("From", "ReplyToEmailAddress", "ses:FromAddress")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownWrite:
    """A proposed write as it may be shown: a title in words, and what stands there before and after, as JSON texts."""

    title: str
    applicability: str
    resource: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An alert as it may be shown.

    ``pool`` is the pool that ``pool_name`` and ``verdict`` belong to, ``identity`` the one it has to do with; None
    where that is not known. ``affected`` holds the first of the affected pools, ``affected_count`` counts them all.
    ``rule_page`` is a URL, or a path in the repository.
    """

    alert_id: str
    version: int
    rule_id: str
    rule_name: str
    rule_page: str
    severity: Severity
    state: FindingState
    effect: Effect
    link: Link
    subject: Subject
    message: str
    why: str
    remediation: str
    evidence: Mapping[str, str]
    pool: PoolRef | None
    pool_name: str
    identity: IdentityRef | None
    verdict: Answer
    deciding: Link | None
    opened_at: datetime
    changed_at: datetime
    cause: Cause | None
    handling: Handling
    note: str
    proposed: ShownWrite | None
    undo_id: str | None
    affected: tuple[PoolRef, ...]
    affected_count: int


def notice_of(alert: Alert, *, rule_pages: str, catalogue: Catalogue = ENGLISH) -> Notice:
    """Make an alert fit to be shown; *rule_pages* is what the path of a rule's page begins with."""
    record = alert.record
    pool = _pool(record)
    evidence = _evidence(record, catalogue)
    keep = _identities(record, evidence, catalogue)

    def shown(said: Argument | None, longest: int = _SENTENCE) -> str:
        text = "" if said is None else catalogue.text(said)
        return one_line(masked(text, keep=keep), longest)

    affected = _affected_pools(record)
    return Notice(
        alert_id=alert.alert_id,
        version=record.lifecycle.version,
        rule_id=record.finding.rule_id,
        rule_name=record.finding.rule_name,
        rule_page=f"{rule_pages}{record.finding.rule_id}.md",
        severity=record.finding.severity,
        state=record.lifecycle.state,
        effect=record.finding.effect,
        link=record.finding.link,
        subject=record.finding.subject,
        message=shown(record.finding.message),
        why=shown(record.finding.why),
        remediation=shown(record.finding.remediation),
        evidence={shown(name, _EVIDENCE_NAME): shown(value, _EVIDENCE) for name, value in evidence.items()},
        pool=pool,
        pool_name=shown(record.seen.pool_name, _NAME) if record.seen.pool in {pool, None} else "",
        identity=_identity(record, evidence),
        verdict=record.seen.verdict,
        deciding=record.seen.deciding,
        opened_at=record.lifecycle.opened_at,
        changed_at=record.lifecycle.changed_at,
        cause=None if record.seen.cause is None else _cause(record.seen.cause),
        handling=record.write.handling,
        note=shown(record.write.reason),
        proposed=None if record.write.proposed is None else _proposed(record.write.proposed, keep, catalogue),
        undo_id=record.write.undo_id,
        affected=affected[:_AFFECTED],
        affected_count=len(affected),
    )


def shortened(write: str, longest: int) -> str:
    """One side of a write, cut at *longest* characters with a line that says how much is missing."""
    if len(write) <= longest:
        return write
    return f"{write[:longest]}\n… {len(write) - longest} more characters"


def _evidence(record: FindingRecord, catalogue: Catalogue) -> dict[str, str]:
    """What was observed, as texts by name; the reason of what could not be judged comes first."""
    observed = {name: catalogue.text(value) for name, value in record.finding.evidence.items()}
    if record.finding.unknown_reason is not None:
        observed = {"reason": catalogue.text(record.finding.unknown_reason), **observed}
    return dict(list(observed.items())[:_EVIDENCE_ITEMS])


def _identities(record: FindingRecord, evidence: Mapping[str, str], catalogue: Catalogue) -> frozenset[str]:
    """The names of the identities the record is about: by them operators find what to look at."""
    said = (
        record.finding.message,
        record.finding.remediation,
        *(() if record.write.reason is None else (record.write.reason,)),
    )
    texts = [*evidence.values(), *map(catalogue.text, said), record.finding.subject.arn]
    if record.write.proposed is not None:
        texts += [record.write.proposed.resource, record.write.proposed.before, record.write.proposed.after]
    named = frozenset[str]().union(*map(identities_named_in, texts))
    return named | {record.finding.subject.name} if isinstance(record.finding.subject, IdentityRef) else named


def _identity(record: FindingRecord, evidence: Mapping[str, str]) -> IdentityRef | None:
    """The identity itself, the one that would be written, or the first one that was seen."""
    written = () if record.write.proposed is None else (record.write.proposed.resource,)
    for arn in (record.finding.subject.arn, *written, *evidence.values()):
        try:
            return IdentityRef.from_arn(arn)
        except NotASubject:
            continue
    return None


def _pool(record: FindingRecord) -> PoolRef | None:
    """The pool whose name and verdict are recorded; one pool's name never goes with another pool's id."""
    return record.finding.subject if isinstance(record.finding.subject, PoolRef) else record.seen.pool


def _affected_pools(record: FindingRecord) -> tuple[PoolRef, ...]:
    """In the order of their ARNs. What our watch of a region says of itself affects no pool by name."""
    return tuple(
        PoolRef.from_arn(arn)
        for arn in sorted(record.lifecycle.affected)
        if arn != record.finding.subject.arn or _is_pool(arn)
    )


def _is_pool(arn: str) -> bool:
    return ":userpool/" in arn


def _cause(cause: Cause) -> Cause:
    return replace(
        cause,
        event_name=one_line(masked(cause.event_name), _NAME),
        event_id=one_line(masked(cause.event_id), _NAME),
        actor=one_line(masked(cause.actor), _CAUSE),
        user_agent=one_line(masked(cause.user_agent), _CAUSE),
        region=one_line(cause.region, _NAME),
    )


def _proposed(proposed: ProposedWrite, keep: frozenset[str], catalogue: Catalogue) -> ShownWrite:
    """The exact write: the sender's addresses stand in it as they are, any other address is masked."""
    known = keep | _senders(proposed.before) | _senders(proposed.after)
    return ShownWrite(
        title=one_line(masked(catalogue.text(proposed.title), keep=keep), _CAUSE),
        applicability=one_line(proposed.applicability, _NAME),
        resource=clipped(one_line(proposed.resource, _CAUSE), _CAUSE),
        before=shortened(lines(masked(proposed.before, keep=known)), _WRITE),
        after=shortened(lines(masked(proposed.after, keep=known)), _WRITE),
    )


def _senders(write: str) -> frozenset[str]:
    try:
        document = json.loads(write)
    except ValueError:
        return frozenset()
    return frozenset(_addresses_under(document, within_sender=False))


def _addresses_under(value: object, *, within_sender: bool) -> list[str]:
    match value:
        case str() if within_sender:
            return [value.rpartition("<")[2].rstrip(">").strip()]
        case dict():
            return [
                address
                for name, inner in value.items()
                for address in _addresses_under(inner, within_sender=within_sender or name in _SENDERS)
            ]
        case list():
            return [address for inner in value for address in _addresses_under(inner, within_sender=within_sender)]
        case _:
            return []
