"""Entries of the journal ⇄ the items of its table: an intention, an outcome, and a note of what undid it."""

from collections.abc import Mapping

from mailwarden.adapters.aws.dynamodb.items import sortable
from mailwarden.documents.faults import wrong
from mailwarden.documents.reader import MalformedDocument, Members, json_from_text
from mailwarden.domain.findings.changes import Change, OperatorChange
from mailwarden.domain.findings.finding import LONGEST_SENTENCE
from mailwarden.domain.refs.causes import call_document, optional_cause_from
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.references import references_in
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.change_documents import change_from, journal_text
from mailwarden.domain.repair.journal import (
    Drifted,
    Entry,
    Intention,
    NotWritten,
    Overtaken,
    Refused,
    SideEffect,
    WriteOutcome,
    Written,
)
from mailwarden.domain.repair.write_window import WriteWindow
from mailwarden.message import Message, argument_document, clipped_message, message

INTENTION = "INTENTION"
OUTCOME = "OUTCOME"
UNDONE = "UNDONE"
WRITTEN = "written"
SIDE_EFFECT = "side effect"
OVERTAKEN = "overtaken"


def intention_members(intention: Intention) -> dict[str, object]:
    """The members of an intention; ``intention_from`` reads them back. ``month`` is what the index by time has."""
    return {
        "at": sortable(intention.at),
        "month": sortable(intention.at)[:7],
        "resource": intention.change.resource,
        "findings": [{"subject": key.subject_arn, "rule": key.rule_id} for key in intention.findings],
        "pools": [pool.arn for pool in intention.pools],
        "title": argument_document(clipped_message(intention.title, LONGEST_SENTENCE)),
        "change": journal_text(intention.change),
        "change_digest": intention.change_digest,
        "cause": None if intention.cause is None else call_document(intention.cause),
        "undoes": intention.undoes,
    }


def entry_from(entry_id: str, intention: Members, *, outcome: Members | None, undo: Members | None) -> Entry:
    """Read an entry back from its items; raises MalformedDocument."""
    return Entry(
        intention=intention_from(entry_id, intention),
        outcome=None if outcome is None else outcome_from(entry_id, outcome),
        concluded_at=None if outcome is None else outcome.time("at"),
        undone_by=None if undo is None else undo.text("by"),
    )


def kind_and_reason(outcome: WriteOutcome) -> tuple[str, Message | None]:
    """How an outcome is stored, and why it is so."""
    match outcome:
        case Written():
            return WRITTEN, None
        case Drifted(reason=reason):
            return "drifted", reason
        case Refused(reason=reason):
            return "refused", reason
        case SideEffect(reason=reason):
            return SIDE_EFFECT, reason
        case NotWritten(reason=reason):
            return "not written", reason
        case Overtaken(reason=reason):
            return OVERTAKEN, reason


def window_members(outcome: WriteOutcome) -> Mapping[str, str]:
    """When a write was compared and made, if that is known."""
    if not isinstance(outcome, Written) or outcome.window is None:
        return {}
    return {"compared_at": sortable(outcome.window.compared_at), "written_at": sortable(outcome.window.written_at)}


def _window_from(members: Members) -> WriteWindow | None:
    compared_at, written_at = members.optional_time("compared_at"), members.optional_time("written_at")
    if compared_at is None or written_at is None:
        return None
    return WriteWindow(resource=members.text("resource"), compared_at=compared_at, written_at=written_at)


def outcome_from(entry_id: str, members: Members) -> WriteOutcome:
    """Read an outcome back; raises MalformedDocument."""
    match members.text("outcome"):
        case "written":
            return Written(entry_id=entry_id, window=_window_from(members))
        case "drifted":
            return Drifted(reason=members.message("reason"))
        case "refused":
            return Refused(reason=members.message("reason"))
        case "side effect":
            return SideEffect(reason=members.message("reason"))
        case "not written":
            return NotWritten(reason=members.message("reason"))
        case "overtaken":
            return Overtaken(reason=members.message("reason"))
        case kind:
            raise MalformedDocument(wrong(f"{members.where}.outcome", kind, message("expected.outcome")))


def intention_from(entry_id: str, members: Members) -> Intention:
    """Read an intention back; raises MalformedDocument."""
    return Intention(
        entry_id=entry_id,
        at=members.time("at"),
        findings=_findings_from(members),
        pools=references_in(members, "pools", PoolRef) if "pools" in members.values else (),
        title=members.message("title"),
        change=_change_from(members),
        change_digest=members.text("change_digest"),
        cause=optional_cause_from(members, "cause"),
        undoes=members.optional_text("undoes"),
    )


def _findings_from(members: Members) -> tuple[FindingKey, ...]:
    """The findings of an entry; earlier versions stored one."""
    if "findings" not in members.values:
        return (FindingKey(subject_arn=members.text("subject"), rule_id=members.text("rule_id")),)
    return tuple(
        FindingKey(subject_arn=key.text("subject"), rule_id=key.text("rule"))
        for key in members.list_of_members("findings")
    )


def _change_from(members: Members) -> Change | OperatorChange:
    where = f"{members.where}.change"
    return change_from(Members.of(json_from_text(members.text("change"), where=where), where=where))
