"""An alert as it may be shown: bounded, masked, and the same on every channel. Channels only choose the form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mailwarden.domain.findings.finding import LONGEST_ADVICE, Effect, Severity
from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling
from mailwarden.domain.incidents.alert import Alert
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.resources import IdentityRef, PoolRef, Subject
from mailwarden.domain.repair.source import source_in
from mailwarden.masking import identities_named_in
from mailwarden.message import Argument, Message, message, texts_in
from mailwarden.presentation.advice import advice_of_finding
from mailwarden.presentation.alerts.identity_in_use import identity_in_use
from mailwarden.presentation.alerts.incident import ShownIncident, shown_incident
from mailwarden.presentation.alerts.shown_write import ShownWrite, can_be_undone, shown_write, texts_of_write
from mailwarden.presentation.catalogue.catalogue import Catalogue
from mailwarden.presentation.catalogue.spoken import spoken
from mailwarden.presentation.masking import configured_in, masked_argument, one_line, sender_addresses, shown_cause
from mailwarden.presentation.snippets.snippet import Snippet
from mailwarden.presentation.snippets.snippets import snippets_of_write

# Bounds that keep every message within its channel's limit whatever the texts hold; all in characters.
_NAME = 128
_SENTENCE = 800
_EVIDENCE_ITEMS = 12
_EVIDENCE_NAME = 80
_EVIDENCE = 400
_AFFECTED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An alert as it may be shown.

    ``pool`` is the pool that ``pool_name`` and ``verdict`` belong to, ``identity`` the one it has to do with; None
    where that is not known. ``affected`` holds the first of the affected pools, ``affected_count`` counts them all.
    ``snippets`` are for the source that sets what was not written, the likeliest language first.
    ``incident`` is None in alerts of an earlier version only. ``rule_page`` is a URL. ``undo_id`` is the journal entry
    of a write that took effect and can be undone. ``application`` are the tags of ``pool`` that alerts show.
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
    snippets: tuple[Snippet, ...] = ()
    incident: ShownIncident | None = None
    application: Mapping[str, str] = field(default_factory=dict)
    account_name: str = ""


def notice_of(alert: Alert, *, rule_pages: str, account_name: str = "", catalogue: Catalogue | None = None) -> Notice:
    """Make an alert fit to be shown; *rule_pages* is the address with which every rule's page begins.

    *account_name* is what operators call the account; empty where it has no name.
    """
    catalogue = catalogue or spoken()
    record = alert.record
    pool = _pool(record)
    evidence = _evidence(record)
    keep = _configured(record, evidence)

    def shown(said: Argument | None, longest: int = _SENTENCE) -> str:
        return "" if said is None else one_line(catalogue.text(masked_argument(said, keep=keep)), longest)

    extent = alert.report.extent
    return Notice(
        alert_id=alert.alert_id,
        version=alert.report.version,
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
        remediation=shown(advice_of_finding(record.finding, catalogue), LONGEST_ADVICE),
        evidence={shown(name, _EVIDENCE_NAME): shown(value, _EVIDENCE) for name, value in evidence.items()},
        pool=pool,
        pool_name=shown(record.seen.pool_name, _NAME) if record.seen.pool in {pool, None} else "",
        identity=identity_in_use(record, evidence.values()),
        verdict=record.seen.verdict,
        deciding=record.seen.deciding,
        opened_at=min(record.lifecycle.opened_at, alert.report.opened_at),
        changed_at=record.lifecycle.changed_at,
        cause=None if record.seen.cause is None else shown_cause(record.seen.cause),
        handling=record.write.handling,
        note=shown(_reason(record)),
        proposed=shown_write(record, keep=keep, catalogue=catalogue),
        undo_id=record.write.undo_id if can_be_undone(record) else None,
        affected=tuple(pool.ref for pool in extent.pools[:_AFFECTED]),
        affected_count=extent.pool_count,
        incident=shown_incident(alert.report),
        account_name=shown(account_name, _NAME),
        application={
            shown(name, _NAME): shown(value, _NAME)
            for name, value in (record.seen.application if record.seen.pool in {pool, None} else {}).items()
        },
        snippets=_snippets(record),
    )


def _reason(record: FindingRecord) -> Message | None:
    """Why nothing was written, and the source that the change belongs into, unless it is the reason."""
    reason, source = record.write.reason, _further_source(record)
    return reason if reason is None or source is None else message("reason.and-source", reason=reason, source=source)


def _further_source(record: FindingRecord) -> Message | None:
    """The source where something else is the reason that nothing was written."""
    write = record.write
    is_told = write.handling is Handling.WITHHELD and record.lifecycle.state is FindingState.OPEN
    return write.source if is_told and source_in(write.reason) is None else None


def _snippets(record: FindingRecord) -> tuple[Snippet, ...]:
    """What to put into the source."""
    source = source_in(_further_source(record) or record.write.reason)
    if source is None or record.write.proposed is None or record.lifecycle.state is not FindingState.OPEN:
        return ()
    return snippets_of_write(record.write.proposed, source)


def _evidence(record: FindingRecord) -> dict[str, Argument]:
    """What was observed, by name; the reason of what could not be judged comes first.

    An observation that the reason for not writing consists of is left out: the alert would say it twice.
    """
    unknown = record.finding.unknown_reason
    observed = record.finding.evidence if unknown is None else {"reason": unknown, **record.finding.evidence}
    said = frozenset(_inner_messages(record.write.reason))
    told_once = {name: value for name, value in observed.items() if said.isdisjoint(_inner_messages(value))}
    return dict(list(told_once.items())[:_EVIDENCE_ITEMS])


def _inner_messages(said: Argument | None) -> tuple[Message, ...]:
    """The messages that a message is made of."""
    return tuple(inner for _, inner in said.args if isinstance(inner, Message)) if isinstance(said, Message) else ()


def _configured(record: FindingRecord, evidence: Mapping[str, Argument]) -> frozenset[str]:
    """Addresses that are configuration, not recipients: identities, and the pool's own FROM and REPLY-TO.

    By them operators find what to look at.
    """
    said = [*evidence.values(), *([] if record.write.reason is None else [record.write.reason])]
    texts = [text for each in said for text in texts_in(each)]
    if record.write.proposed is not None:
        texts += [record.write.proposed.resource, *texts_of_write(record.write.proposed)]
    return configured_in(record.finding).union(*map(identities_named_in, texts), *map(sender_addresses, said))


def _pool(record: FindingRecord) -> PoolRef | None:
    """The pool whose name and verdict are recorded; one pool's name never goes with another pool's id."""
    return record.finding.subject if isinstance(record.finding.subject, PoolRef) else record.seen.pool
