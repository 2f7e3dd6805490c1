"""Incidents as a versioned JSON document (``docs/incidents.schema.json``), in the words of their alerts."""

from collections.abc import Mapping
from datetime import datetime

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.incidents.alert import Alert, Extent, NamedPool, alert_of, incident_id_of, report_of
from mailwarden.domain.incidents.incident import Incident, Occasion
from mailwarden.domain.incidents.listing import IncidentPage, ListedIncident
from mailwarden.domain.incidents.speaking import next_message
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.root_causes import key_of_cause
from mailwarden.domain.refs.user_agents import tool_in
from mailwarden.masking import masked
from mailwarden.presentation.alerts.incident import kind_of_cause, subject_of_cause
from mailwarden.presentation.alerts.lines import done_line
from mailwarden.presentation.alerts.notice import Notice, notice_of
from mailwarden.presentation.alerts.wording import headline
from mailwarden.presentation.catalogue.spoken import spoken
from mailwarden.presentation.masking import one_line, shown_cause

KIND = "incidents"
VERSION = 1
_NAME = 128
_KEY = 800
_SENTENCE = 800
# 6 MB is the most that a function may answer (Lambda quotas); a row has at most 10 KB.
_POOLS = 10
_CALLS = 5
_ENDS = ("repaired", "resolved")


def incidents_document(page: IncidentPage) -> JsonDocument:
    """The whole document."""
    rows = [_row(each) for each in page.rows]
    return {
        "mailwarden": KIND,
        "version": VERSION,
        "answer": "listed",
        "at": page.at.isoformat(timespec="seconds"),
        "with_ended": page.with_ended,
        "count": page.count,
        "open": page.open_count,
        "unread": page.unread,
        "is_complete": page.is_complete,
        "has_more": page.has_more,
        "incidents": rows,
    }


def call_row(call: Cause) -> Mapping[str, str]:
    """A call as the answers show it, bounded and masked."""
    seen = shown_cause(call)
    return {
        "call": seen.event_name,
        "actor": seen.actor,
        "tool": one_line(masked(tool_in(call.user_agent)), _NAME),
        "region": seen.region,
        "at": call.at.isoformat(timespec="seconds"),
    }


def _row(each: ListedIncident) -> JsonDocument:
    incident = each.incident
    subject, severity = subject_of_cause(incident.cause), incident.severity
    alert = _alert(each)
    notice = None if alert is None else notice_of(alert, rule_pages="")
    due = next_message(incident)
    return {
        "id": incident_id_of(incident.cause),
        "state": incident.state.value,
        "severity": None if severity is None else severity.label,
        "headline": None if notice is None else one_line(spoken().text(headline(notice)), _SENTENCE),
        "rule": None if notice is None else notice.rule_id,
        "effect": None if notice is None else notice.effect.value,
        "cause": {
            "kind": kind_of_cause(incident.cause),
            "key": one_line(key_of_cause(incident.cause), _KEY),
            "subject": None if subject is None else one_line(subject.arn, _KEY),
        },
        "pools": _pools(incident, each.extent),
        "findings": {"open": incident.open_count, **{end: incident.ended.get(end, 0) for end in _ENDS}},
        "opened_at": incident.opened_at.isoformat(timespec="seconds"),
        "changed_at": incident.changed_at.isoformat(timespec="seconds"),
        "last_message": None if incident.told is None else _message(incident.told.at, incident.told.occasion),
        "next_message": None if due is None else _message(*due),
        "done": None if notice is None else _done(notice),
        "undo_id": None if notice is None else notice.undo_id,
        "calls": [] if each.extent is None else [call_row(call) for call in each.extent.culprits[:_CALLS]],
    }


def _alert(each: ListedIncident) -> Alert | None:
    if each.record is None or each.extent is None:
        return None
    return alert_of(each.record, report_of(each.incident, each.extent))


def _pools(incident: Incident, extent: Extent | None) -> JsonDocument:
    """``found`` counts the pools that are concerned now, or were when it ended; ``using`` those that may be."""
    return {
        "found": incident.pools if extent is None else extent.pool_count,
        "since_it_opened": incident.all_pools if extent is None else extent.all_pools,
        "using": None if extent is None else extent.using,
        "named": [] if extent is None else [_pool(pool) for pool in extent.pools[:_POOLS]],
    }


def _pool(pool: NamedPool) -> Mapping[str, str]:
    return {"id": pool.ref.pool_id, "name": one_line(masked(pool.name), _NAME), "region": pool.ref.region}


def _message(at: datetime, occasion: Occasion) -> Mapping[str, str]:
    return {"at": at.isoformat(timespec="seconds"), "occasion": occasion.value}


def _done(notice: Notice) -> str | None:
    done = done_line(notice)
    return None if done is None else one_line(spoken().text(done), _SENTENCE)
