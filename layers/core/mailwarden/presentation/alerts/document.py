"""An alert as the versioned JSON document that machines subscribe to, and back (its schema: docs/alert.schema.json)."""

from collections.abc import Mapping

from mailwarden.documents.members import Members
from mailwarden.domain.findings.finding import Effect, Link, Severity
from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.findings.verdict import Answer
from mailwarden.domain.refs.resources import IdentityRef, NotASubject, PoolRef, kind_of
from mailwarden.domain.repair.change_documents import (
    MalformedDocument,
    canonical_json,
    cause_document,
    cause_from_document,
)
from mailwarden.presentation.alerts.notice import Notice, ShownWrite
from mailwarden.presentation.alerts.wording import console_links, done_line, headline
from mailwarden.queue_messages.codec import KIND, VERSION, headed, json_object

_ALERT = "alert"
_SEVERITIES = {severity.label: severity for severity in Severity}


def alert_body(notice: Notice) -> str:
    """The document as a text; ``notice_from_body`` reads it back."""
    return canonical_json(alert_document(notice))


def alert_document(notice: Notice) -> Mapping[str, object]:
    """The document."""
    subject = notice.subject
    return {
        KIND: _ALERT,
        "version": VERSION,
        "alert_id": notice.alert_id,
        "finding_version": notice.version,
        "headline": headline(notice),
        "state": notice.state.value,
        "severity": notice.severity.label,
        "rule": {"id": notice.rule_id, "name": notice.rule_name, "page": notice.rule_page},
        "link": notice.link.value,
        "effect": notice.effect.value,
        "verdict": {
            "can_send": notice.verdict.value,
            "deciding_link": None if notice.deciding is None else notice.deciding.value,
        },
        "what": notice.message,
        "why": notice.why,
        "to_do": notice.remediation,
        "evidence": dict(notice.evidence),
        "subject": {
            "kind": kind_of(subject).value,
            "arn": subject.arn,
            "region": subject.region,
            "account": subject.account,
        },
        "pool": _pool(notice),
        "identity": None if notice.identity is None else notice.identity.arn,
        "affected": {"count": notice.affected_count, "pools": [pool.arn for pool in notice.affected]},
        "since": notice.opened_at.isoformat(),
        "changed_at": notice.changed_at.isoformat(),
        "cause": None if notice.cause is None else cause_document(notice.cause),
        "handling": {"kind": notice.handling.value, "note": notice.note, "summary": done_line(notice)},
        "write": None if notice.proposed is None else _write(notice.proposed),
        "undo_id": notice.undo_id,
        "console": _links(notice),
    }


def notice_from_body(body: str) -> Notice:
    """Read the document back; raises MalformedMessage or MalformedDocument."""
    members = headed(json_object(body), _ALERT)
    rule, verdict = members.members("rule"), members.members("verdict")
    pool, affected = members.members("pool"), members.members("affected")
    handling, write = members.members("handling"), members.optional_members("write")
    cause = members.optional_members("cause")
    return Notice(
        alert_id=members.text("alert_id"),
        version=members.number("finding_version"),
        rule_id=rule.text("id"),
        rule_name=rule.text("name"),
        rule_page=rule.text("page"),
        severity=_severity(members),
        state=members.choice("state", FindingState),
        effect=members.choice("effect", Effect),
        link=members.choice("link", Link),
        subject=members.members("subject").subject("arn"),
        message=members.text("what"),
        why=members.text("why"),
        remediation=members.text("to_do"),
        evidence=members.texts_by_name("evidence"),
        pool=None if (arn := pool.optional_text("arn")) is None else _pool_from(pool, arn),
        pool_name=pool.text("name"),
        identity=_identity_from(members),
        verdict=verdict.choice("can_send", Answer),
        deciding=verdict.optional_choice("deciding_link", Link),
        opened_at=members.time("since"),
        changed_at=members.time("changed_at"),
        cause=None if cause is None else cause_from_document(cause.values),
        handling=handling.choice("kind", Handling),
        note=handling.text("note"),
        proposed=None if write is None else _write_from(write),
        undo_id=members.optional_text("undo_id"),
        affected=tuple(_pool_from(affected, arn) for arn in affected.texts("pools")),
        affected_count=affected.number("count"),
    )


def _pool(notice: Notice) -> dict[str, str | None]:
    pool = notice.pool
    return {
        "name": notice.pool_name,
        "id": None if pool is None else pool.pool_id,
        "region": None if pool is None else pool.region,
        "account": None if pool is None else pool.account,
        "arn": None if pool is None else pool.arn,
    }


def _pool_from(members: Members, arn: str) -> PoolRef:
    try:
        return PoolRef.from_arn(arn)
    except NotASubject as error:
        raise MalformedDocument(f"{members.where}: {error}") from error


def _identity_from(members: Members) -> IdentityRef | None:
    if not members.has("identity"):
        return None
    subject = members.subject("identity")
    if not isinstance(subject, IdentityRef):
        raise MalformedDocument(f"{members.where}.identity is {subject.arn!r}, not an identity")
    return subject


def _write(proposed: ShownWrite) -> dict[str, str]:
    return {
        "title": proposed.title,
        "applicability": proposed.applicability,
        "resource": proposed.resource,
        "before": proposed.before,
        "after": proposed.after,
    }


def _write_from(members: Members) -> ShownWrite:
    return ShownWrite(
        title=members.text("title"),
        applicability=members.text("applicability"),
        resource=members.text("resource"),
        before=members.text("before"),
        after=members.text("after"),
    )


def _links(notice: Notice) -> list[dict[str, str]]:
    return [{"label": link.label, "url": link.url} for link in console_links(notice)]


def _severity(members: Members) -> Severity:
    label = members.text("severity")
    if label not in _SEVERITIES:
        raise MalformedDocument(f"{members.where}.severity is {label[:40]!r}, not one of {', '.join(_SEVERITIES)}")
    return _SEVERITIES[label]
