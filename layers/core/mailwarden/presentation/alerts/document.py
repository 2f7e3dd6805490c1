"""An alert as the versioned JSON document that machines subscribe to, and back (its schema: docs/alert.schema.json)."""

from collections.abc import Mapping

from mailwarden.documents.reader import Members, canonical_json
from mailwarden.domain.findings.finding import SEVERITY_BY_LABEL, Effect
from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.refs.causes import cause_document, optional_cause_from
from mailwarden.domain.refs.references import reference_in, references_in, subject_in
from mailwarden.domain.refs.resources import IdentityRef, PoolRef, kind_of
from mailwarden.domain.repair.source import SourceForm
from mailwarden.presentation.alerts.actions import verify_lines
from mailwarden.presentation.alerts.incident import incident_document, incident_from
from mailwarden.presentation.alerts.lines import done_line
from mailwarden.presentation.alerts.notice import Notice
from mailwarden.presentation.alerts.shown_write import ShownWrite
from mailwarden.presentation.alerts.source import snippet_document
from mailwarden.presentation.alerts.wording import headline
from mailwarden.presentation.catalogue.catalogue import Catalogue
from mailwarden.presentation.catalogue.spoken import spoken
from mailwarden.presentation.console_links import console_links
from mailwarden.presentation.snippets.snippet import Snippet
from mailwarden.queue_messages.codec import KIND, headed, json_object

_ALERT = "alert"
# Version 2 has the incident. Alerts of version 1 may still be in the chat queue while a deployment replaces another.
_VERSION, _READABLE = 2, (1, 2)


def alert_body(notice: Notice, *, catalogue: Catalogue | None = None) -> str:
    """The document as a text; ``notice_from_body`` reads it back."""
    catalogue = catalogue or spoken()
    return canonical_json(alert_document(notice, catalogue=catalogue))


def alert_document(notice: Notice, *, catalogue: Catalogue | None = None) -> Mapping[str, object]:
    """The document."""
    catalogue = catalogue or spoken()
    subject, done = notice.subject, done_line(notice)
    return {
        KIND: _ALERT,
        "version": _VERSION,
        "alert_id": notice.alert_id,
        "finding_version": notice.version,
        "headline": catalogue.text(headline(notice)),
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
        "verify": "".join(catalogue.text(line.text) for line in verify_lines(notice)),
        "evidence": dict(notice.evidence),
        "subject": {
            "kind": kind_of(subject).value,
            "arn": subject.arn,
            "region": subject.region,
            "account": subject.account,
        },
        "account": {"id": subject.account, "name": notice.account_name},
        "pool": _pool(notice),
        "identity": None if notice.identity is None else notice.identity.arn,
        "affected": {"count": notice.affected_count, "pools": [pool.arn for pool in notice.affected]},
        "incident": None if notice.incident is None else incident_document(notice.incident),
        "since": notice.opened_at.isoformat(),
        "changed_at": notice.changed_at.isoformat(),
        "cause": None if notice.cause is None else cause_document(notice.cause),
        "handling": {
            "kind": notice.handling.value,
            "note": notice.note,
            "summary": "" if done is None else catalogue.text(done),
        },
        "write": None if notice.proposed is None else _write(notice.proposed),
        "snippets": [snippet_document(snippet) for snippet in notice.snippets],
        "undo_id": notice.undo_id,
        "console": _links(notice, catalogue),
    }


def notice_from_body(body: str) -> Notice:
    """Read the document back; raises MalformedMessage or MalformedDocument."""
    members = headed(json_object(body), _ALERT, versions=_READABLE)
    rule, verdict = members.members("rule"), members.members("verdict")
    pool, affected = members.members("pool"), members.members("affected")
    handling, write = members.members("handling"), members.optional_members("write")
    incident = members.optional_members("incident")
    return Notice(
        alert_id=members.text("alert_id"),
        version=members.number("finding_version"),
        rule_id=rule.text("id"),
        rule_name=rule.text("name"),
        rule_page=rule.text("page"),
        severity=members.one_of("severity", SEVERITY_BY_LABEL),
        state=members.choice("state", FindingState),
        effect=members.choice("effect", Effect),
        link=members.choice("link", Link),
        subject=subject_in(members.members("subject"), "arn"),
        message=members.text("what"),
        why=members.text("why"),
        remediation=members.text("to_do"),
        evidence=members.texts_by_name("evidence"),
        pool=reference_in(pool, "arn", PoolRef) if pool.has("arn") else None,
        pool_name=pool.text("name"),
        application=pool.texts_by_name("tags") if pool.has("tags") else {},
        account_name=members.members("account").text("name") if members.has("account") else "",
        identity=reference_in(members, "identity", IdentityRef) if members.has("identity") else None,
        verdict=verdict.choice("can_send", Answer),
        deciding=verdict.optional_choice("deciding_link", Link),
        opened_at=members.time("since"),
        changed_at=members.time("changed_at"),
        cause=optional_cause_from(members, "cause"),
        handling=handling.choice("kind", Handling),
        note=handling.text("note"),
        proposed=None if write is None else _write_from(write),
        undo_id=members.optional_text("undo_id"),
        affected=references_in(affected, "pools", PoolRef),
        affected_count=affected.number("count"),
        snippets=tuple(map(_snippet_from, members.list_of_members("snippets"))) if members.has("snippets") else (),
        incident=None if incident is None else incident_from(incident),
    )


def _snippet_from(members: Members) -> Snippet:
    return Snippet(form=members.choice("form", SourceForm), code=members.text("code"))


def _pool(notice: Notice) -> dict[str, object]:
    pool = notice.pool
    return {
        "tags": dict(notice.application),
        "name": notice.pool_name,
        "id": None if pool is None else pool.pool_id,
        "region": None if pool is None else pool.region,
        "account": None if pool is None else pool.account,
        "arn": None if pool is None else pool.arn,
    }


def _write(proposed: ShownWrite) -> dict[str, str | int | None]:
    return {
        "title": proposed.title,
        "applicability": proposed.applicability,
        "resource": proposed.resource,
        "before": proposed.before,
        "after": proposed.after,
        "before_cut": proposed.before_cut,
        "after_cut": proposed.after_cut,
        "done": proposed.done,
        "entry_id": proposed.entry_id,
    }


def _write_from(members: Members) -> ShownWrite:
    return ShownWrite(
        title=members.text("title"),
        applicability=members.text("applicability"),
        resource=members.text("resource"),
        before=members.text("before"),
        after=members.text("after"),
        # Alerts that an earlier version queued have none of these.
        before_cut=members.optional_number("before_cut") or 0,
        after_cut=members.optional_number("after_cut") or 0,
        done=members.optional_text("done"),
        entry_id=members.optional_text("entry_id"),
    )


def _links(notice: Notice, catalogue: Catalogue) -> list[dict[str, str]]:
    return [{"label": catalogue.text(link.label), "url": link.url} for link in console_links(notice)]
