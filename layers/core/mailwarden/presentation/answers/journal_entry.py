"""An entry of the journal as a document: what was changed, for which pools, who caused it, and its result."""

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.findings.changes import ReplaceEmailConfiguration
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.repair.change_documents import change_document, email_document
from mailwarden.domain.repair.journal import (
    Drifted,
    Entry,
    Intention,
    NotWritten,
    Overtaken,
    Refused,
    SideEffect,
    Written,
)
from mailwarden.masking import identities_named_in, masked
from mailwarden.message import Argument, Message
from mailwarden.presentation.catalogue.spoken import spoken
from mailwarden.presentation.masking import masked_argument, one_line, sender_addresses

_SENTENCE = 800
_ACTOR = 300
_POOLS = 5


def entry_document(entry: Entry, *, no_undo: Message | None, whole: bool = False) -> JsonDocument:
    """The entry; *no_undo* is why it has no undo, if it has none. Only a *whole* entry names all of its pools."""
    intention = entry.intention
    kind, reason = _outcome(entry)
    pools = [{"id": pool.pool_id, "arn": pool.arn, "region": pool.region} for pool in intention.pools]
    return {
        "id": intention.entry_id,
        "at": intention.at.isoformat(timespec="seconds"),
        "resource": intention.resource,
        "kind": str(change_document(intention.change)["kind"]),
        "title": shown_of(intention, intention.title),
        "pools": pools if whole else pools[:_POOLS],
        "pools_count": len(pools),
        "rules": sorted({key.rule_id for key in intention.findings}),
        "by_a_person": intention.is_ordered_by_person,
        "cause": None if intention.cause is None else _cause(intention.cause),
        "outcome": kind,
        "reason": None if reason is None else shown_of(intention, reason),
        "concluded_at": None if entry.concluded_at is None else entry.concluded_at.isoformat(timespec="seconds"),
        "undoes": intention.undoes,
        "undone_by": entry.undone_by,
        "no_undo": None if no_undo is None else shown_of(intention, no_undo),
    }


def shown_of(intention: Intention, said: Argument) -> str:
    """A sentence about an entry on one line; its identity and its pool's senders are not masked."""
    keep = identities_named_in(intention.resource) | sender_addresses(said)
    if isinstance(intention.change, ReplaceEmailConfiguration):
        for email in (intention.change.before, intention.change.after):
            keep |= identities_named_in(str(email_document(email).get("SourceArn", "")))
    return one_line(spoken().text(masked_argument(said, keep=keep)), _SENTENCE)


def _outcome(entry: Entry) -> tuple[str, Message | None]:
    match entry.outcome:
        case None:
            return "open", None
        case Written():
            return "written", None
        case Drifted(reason=reason):
            return "drifted", reason
        case Refused(reason=reason):
            return "refused", reason
        case SideEffect(reason=reason):
            return "side effect", reason
        case NotWritten(reason=reason):
            return "not written", reason
        case Overtaken(reason=reason):
            return "overtaken", reason


def _cause(cause: Cause) -> JsonDocument:
    return {
        "call": one_line(masked(cause.event_name), _ACTOR),
        "actor": one_line(masked(cause.actor), _ACTOR),
        "user_agent": one_line(masked(cause.user_agent), _ACTOR),
        "at": cause.at.isoformat(timespec="seconds"),
    }
