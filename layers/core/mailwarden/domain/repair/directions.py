"""Which direction a change has, and whether it starts from what an earlier one left."""

from mailwarden.documents.reader import digest_of
from mailwarden.domain.findings.changes import (
    Change,
    CreateServiceLinkedRole,
    GrantSending,
    ReplaceEmailConfiguration,
)
from mailwarden.domain.monitoring.fights import Direction, WriteHistory
from mailwarden.domain.repair.change_documents import email_document


def direction_of(change: Change) -> Direction:
    """The direction of a change."""
    match change:
        case GrantSending():
            return Direction.GRANT
        case ReplaceEmailConfiguration():
            return Direction.CONFIGURE
        case CreateServiceLinkedRole():
            return Direction.CREATE


def state_left(change: Change) -> str:
    """The digest of the state that a change leaves."""
    match change:
        case GrantSending(after=after):
            return _digest(dict(after))
        case ReplaceEmailConfiguration(after=after):
            return _digest(email_document(after))
        case CreateServiceLinkedRole():
            return _digest(change.resource)


def undoes(change: Change, history: WriteHistory) -> bool:
    """Whether *change* is due because the last write of *history* is no longer there: it starts from another state."""
    match change:
        case GrantSending(before=before):
            return _digest(dict(before)) != history.wrote
        case ReplaceEmailConfiguration(before=before):
            return _digest(email_document(before)) != history.wrote
        case CreateServiceLinkedRole():
            return True


def _digest(state: object) -> str:
    return digest_of(state)[:32]
