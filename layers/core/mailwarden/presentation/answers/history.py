"""The history of a pool as a versioned JSON document (``docs/history.schema.json``), bounded and masked."""

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.known_good.record import KnownGood
from mailwarden.domain.mail_path.look_record import LookRecord, ShadowCase
from mailwarden.domain.operator.exemptions import exemptions_in
from mailwarden.domain.operator.history import (
    CallMade,
    FindingEnded,
    FindingOpened,
    FixHeldBack,
    HistoryEvent,
    NoHistory,
    PoolHistory,
    SenderFound,
    WriteEntered,
)
from mailwarden.domain.repair.change_documents import email_document
from mailwarden.domain.repair.undo import why_not_undone
from mailwarden.masking import identities_named_in, masked
from mailwarden.message import Argument, Message, message
from mailwarden.presentation.answers.journal_entry import entry_document
from mailwarden.presentation.answers.lists.exemptions import exemption_rows
from mailwarden.presentation.answers.lists.incidents import call_row
from mailwarden.presentation.catalogue.spoken import spoken
from mailwarden.presentation.masking import configured_in, masked_argument, one_line, senders_of

KIND = "history"
VERSION = 1
_NAME = 128
_VALUE = 400
_SENTENCE = 800
_FINDINGS = 50
_EXEMPTIONS = 20


def history_document(history: PoolHistory | NoHistory) -> JsonDocument:
    """The whole document."""
    head: JsonDocument = {
        "mailwarden": KIND,
        "version": VERSION,
        "at": history.at.isoformat(timespec="seconds"),
        "since": history.question.since.isoformat(timespec="seconds"),
    }
    match history:
        case NoHistory():
            return head | {
                "answer": "not found",
                "pool_id": history.question.pool.pool_id,
                "not_in": list(history.regions),
            }
        case PoolHistory():
            return head | _whole(history)


def _whole(history: PoolHistory) -> JsonDocument:
    pool, look, events = history.pool, history.look, history.events
    shown = events[: history.question.most]
    name = "" if look is None else look.pool_name
    exemptions = () if look is None else exemptions_in((look,), today=history.at.date())
    return {
        "answer": "history",
        "pool": {
            "name": one_line(masked(name), _NAME),
            "id": pool.pool_id,
            "arn": pool.arn,
            "region": pool.region,
            "account": pool.account,
            "tags": _tags(look),
        },
        "now": None if look is None else _now(look),
        "known_good": None if look is None or look.known_good is None else _known_good(look.known_good),
        "exemptions": exemption_rows(exemptions[:_EXEMPTIONS], today=history.at.date()),
        "consents": [one_line(arn, _VALUE) for arn in history.consents],
        "count": len(events),
        "events": [_event(event, history) for event in shown],
        "not_kept": [
            one_line(spoken().text(said), _SENTENCE) for said in _limits(history, shown=len(shown), count=len(events))
        ],
    }


def _tags(look: LookRecord | None) -> dict[str, str]:
    tags = {} if look is None else look.application
    return {one_line(masked(name), _NAME): one_line(masked(value), _NAME) for name, value in tags.items()}


def _limits(history: PoolHistory, *, shown: int, count: int) -> list[Message]:
    """What the history leaves out, because it is not kept, or because there is too much of it."""
    limits = [
        message("history.findings"),
        message("history.shared"),
        message("history.consents"),
        message("history.calls"),
    ]
    if history.look is None:
        limits.insert(0, message("history.no-look"))
    if shown < count:
        limits.insert(0, message("history.cut", shown=shown, count=count))
    if not history.entries.is_complete:
        limits.insert(0, message("history.more-entries"))
    return limits


def _now(look: LookRecord) -> JsonDocument:
    return {
        "can_send": look.answer.value,
        "deciding_link": None if look.deciding is None else look.deciding.value,
        "looked_at": look.looked_at.isoformat(timespec="seconds"),
        "rules": sorted({key.rule_id for key in look.findings})[:_FINDINGS],
    }


def _known_good(known: KnownGood) -> JsonDocument:
    return {
        "standing": known.standing.value,
        "since": known.since.isoformat(timespec="seconds"),
        "sender": {name: one_line(str(value), _VALUE) for name, value in email_document(known.email).items()},
    }


def _event(event: HistoryEvent, history: PoolHistory) -> JsonDocument:
    head: JsonDocument = {"at": event.at.isoformat(timespec="seconds")}
    match event:
        case FindingOpened() | FindingEnded():
            return head | _finding(event)
        case CallMade(call=call, rules=rules):
            return head | {"kind": "call", "rules": list(rules), "call": call_row(call)}
        case WriteEntered(entry=entry):
            no_undo = why_not_undone(entry, at=history.at, account=history.pool.account)
            return head | {"kind": "write", "entry": entry_document(entry, no_undo=no_undo)}
        case SenderFound(known=known):
            return head | {"kind": "sender found", "known_good": _known_good(known)}
        case FixHeldBack(case=case):
            return head | _held_back(case)


def _finding(event: FindingOpened | FindingEnded) -> JsonDocument:
    record = event.record
    finding, write, keep = record.finding, record.write, configured_in(record.finding)

    def shown(said: Argument) -> str:
        return one_line(spoken().text(masked_argument(said, keep=keep)), _SENTENCE)

    return {
        "kind": "finding opened" if isinstance(event, FindingOpened) else "finding over",
        "rule": finding.rule_id,
        "severity": finding.severity.label,
        "effect": finding.effect.value,
        "subject": one_line(finding.subject.arn, _VALUE),
        "text": shown(finding.message),
        "state": record.lifecycle.state.value,
        "returned": record.lifecycle.opened_version > 1,
        "handling": write.handling.value,
        "because": None if write.reason is None else shown(write.reason),
        "undo_id": write.undo_id,
    }


def _held_back(case: ShadowCase) -> JsonDocument:
    keep = frozenset().union(*map(senders_of, (case.email, case.wanted)), identities_named_in(case.resource))

    def shown(said: Message) -> str:
        return one_line(spoken().text(masked_argument(said, keep=keep)), _SENTENCE)

    return {
        "kind": "fix held back",
        "rule": case.rule_id,
        "text": shown(case.title),
        "because": None if case.withheld is None else shown(case.withheld),
    }
