"""The result of an order to set the sender of a pool, as a versioned JSON document."""

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.findings.changes import ReplaceEmailConfiguration, ReplaceRiskConfiguration
from mailwarden.domain.known_good.risk_configuration import notices_in
from mailwarden.domain.operator.sender_order import (
    SenderAccepted,
    SenderAnswer,
    SenderCarriedOut,
    SenderChange,
    SenderOrder,
    SenderPlanned,
    SenderRefused,
    SenderUnchanged,
)
from mailwarden.domain.operator.undo import ForeseenPool
from mailwarden.domain.repair.change_documents import email_document
from mailwarden.domain.repair.journal import (
    Drifted,
    NotWritten,
    Overtaken,
    Refused,
    SideEffect,
    Unconfirmed,
    WriteResult,
    Written,
)
from mailwarden.masking import addresses_in, identities_named_in
from mailwarden.message import Message, message
from mailwarden.presentation.answers.change_rows import change_rows
from mailwarden.presentation.answers.foreseen_pool import foreseen_document
from mailwarden.presentation.catalogue.spoken import spoken
from mailwarden.presentation.masking import masked_argument, one_line, sender_addresses

KIND = "set-sender"
VERSION = 1
_SENTENCE = 800


def sender_document(answer: SenderAnswer, order: SenderOrder) -> JsonDocument:
    """The whole document. ``answer`` and ``code`` are for programs, ``text`` and ``warnings`` for people."""
    match answer:
        case SenderRefused(reason=reason, change=change, foreseen=foreseen, warnings=warnings):
            said = message("set-sender.refused", reason=reason)
            return _document(order, "refused", said, change, foreseen, warnings=warnings, code=reason.id)
        case SenderUnchanged(foreseen=foreseen):
            return _document(order, "no change", message("set-sender.unchanged"), None, foreseen)
        case SenderAccepted(foreseen=foreseen):
            return _document(order, "accepted", message("restore.accepted"), None, foreseen)
        case SenderPlanned(change=change, foreseen=foreseen, warnings=warnings):
            return _document(order, "dry run", message("set-sender.planned"), change, foreseen, warnings=warnings)
        case SenderCarriedOut(change=change, foreseen=foreseen, warnings=warnings, entry_id=entry_id, outcome=outcome):
            word, said = _outcome(outcome)
            return _document(order, word, said, change, foreseen, warnings=warnings, entry_id=entry_id)


def _document(
    order: SenderOrder,
    answer: str,
    said: Message,
    change: SenderChange | None,
    foreseen: ForeseenPool | None,
    *,
    warnings: tuple[Message, ...] = (),
    entry_id: str | None = None,
    code: str | None = None,
) -> JsonDocument:
    keep = _configured(order, change)
    return {
        "mailwarden": KIND,
        "version": VERSION,
        "answer": answer,
        "text": _shown(said, keep),
        "code": code,
        "entry_id": entry_id,
        "resource": None if change is None else change.resource,
        "diff": [] if change is None else change_rows(change),
        "warnings": [_shown(each, keep) for each in warnings],
        "pool": None if foreseen is None else foreseen_document(foreseen),
    }


def _configured(order: SenderOrder, change: SenderChange | None) -> frozenset[str]:
    """The addresses that are configuration: those of the order, and those of the change."""
    texts = [order.identity or "", *(value or "" for value in order.settings.values())]
    match change:
        case ReplaceEmailConfiguration(before=before, after=after):
            texts += [value for email in (before, after) for value in email_document(email).values()]
        case ReplaceRiskConfiguration(before=earlier, after=later):
            senders = [notices for notices in map(notices_in, (earlier, later)) if notices is not None]
            texts += [each or "" for one in senders for each in (one.source_arn, one.from_address, one.reply_to)]
        case None:
            pass
    return frozenset(found for text in texts for found in (*addresses_in(text), *identities_named_in(text)))


def _shown(said: Message, keep: frozenset[str]) -> str:
    return one_line(spoken().text(masked_argument(said, keep=keep | sender_addresses(said))), _SENTENCE)


def _outcome(outcome: WriteResult) -> tuple[str, Message]:
    match outcome:
        case Written():
            return "written", message("set-sender.written")
        case Drifted(reason=reason) | Refused(reason=reason) | NotWritten(reason=reason):
            return "not written", message("set-sender.refused", reason=reason)
        case SideEffect(reason=reason) | Overtaken(reason=reason) | Unconfirmed(reason=reason):
            return "not certain", message("set-sender.not-certain", reason=reason)
