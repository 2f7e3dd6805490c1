"""What was done about a finding ⇄ members of its item."""

from mailwarden.adapters.aws.dynamodb.items import optional_document
from mailwarden.adapters.ledger.repair.proposed_writes import proposed_document, proposed_from
from mailwarden.documents.reader import Members
from mailwarden.domain.findings.record import Handling, LastWrite


def last_write_document(write: LastWrite) -> dict[str, object]:
    """The members of a finding's item that say it."""
    return {
        "handling": write.handling.value,
        "reason": optional_document(write.reason),
        "proposed": None if write.proposed is None else proposed_document(write.proposed),
        "undo_id": write.undo_id,
        "retryable": write.retryable or None,
        "by_order": write.by_order or None,
        "source": optional_document(write.source),
    }


def last_write_from(members: Members) -> LastWrite:
    """Read them back; raises MalformedDocument."""
    return LastWrite(
        handling=members.choice("handling", Handling),
        reason=members.optional_message("reason"),
        proposed=proposed_from(members.optional_members("proposed")),
        undo_id=members.optional_text("undo_id"),
        retryable=members.values.get("retryable") is True,
        by_order=members.values.get("by_order") is True,
        source=members.optional_message("source"),
    )
