"""The part of the answer to "why?" that is about one address: what SES does with mail to it, and what decides that."""

from collections.abc import Callable

from mailwarden.adapters.masking import masked, one_line
from mailwarden.domain.addresses import masked_address
from mailwarden.domain.readings import Unread
from mailwarden.domain.suppressed_address import (
    AddressAnswer,
    AddressOnSide,
    ListOfCognito,
    LookedUp,
    NoListOfOurs,
    NotSuppressed,
    ReasonsInForce,
    SuppressedEntry,
)

_NAME = 128

# SES guide, "Using the global suppression list": it has no API, and entries leave it by themselves.
_GLOBAL_LIST = (
    "SES also has a global suppression list that nobody can query: an address that bounced for any customer "
    "may be on it for up to 14 days"
)
_COGNITOS_LIST = (
    "the mail leaves through an SES account of Cognito's: its suppression list is Cognito's and can neither be seen "
    "nor cleared"
)

type Shown = Callable[[str], str]
type Document = dict[str, object]


def address_document(answer: AddressAnswer, address: str, shown: Shown) -> Document:
    """What SES does with mail to an address; *shown* makes a text fit to be shown."""
    sides: list[Document] = []
    match answer:
        case LookedUp(sides=looked_up):
            sides = [_on_side(side) for side in looked_up]
            decided_by, sentence = "the account's list", "; ".join(side.sentence for side in looked_up)
        case ListOfCognito(because=because):
            decided_by, sentence = "Cognito's list", f"{because}; {_COGNITOS_LIST}"
        case NoListOfOurs(because=because):
            decided_by, sentence = "nothing that can be read", because
    return {
        "address": masked_address(address),
        "decided_by": decided_by,
        "sentence": shown(sentence),
        "sides": sides,
        "global_list": _GLOBAL_LIST,
    }


def _on_side(side: AddressOnSide) -> Document:
    return {
        "ses_region": side.account.region,
        "identity": side.identity.arn,
        "fate": side.fate.value,
        "sentence": side.sentence,
        "on_the_list": _on_the_list(side),
        "entry": _entry(side.reading) if isinstance(side.reading, SuppressedEntry) else None,
        "in_force": _in_force(side.in_force),
    }


def _on_the_list(side: AddressOnSide) -> bool | None:
    match side.reading:
        case SuppressedEntry():
            return True
        case NotSuppressed():
            return False
        case Unread():
            return None


def _entry(entry: SuppressedEntry) -> Document:
    return {
        "reason": entry.reason,
        "since": entry.since.isoformat(timespec="seconds"),
        "message_id": None if entry.message_id is None else _shown_id(entry.message_id),
        "feedback_id": None if entry.feedback_id is None else _shown_id(entry.feedback_id),
    }


def _in_force(in_force: ReasonsInForce | Unread) -> Document:
    match in_force:
        case ReasonsInForce(reasons=reasons, by=by):
            return {"reasons": sorted(reasons), "by": _shown_id(by), "refused": None}
        case Unread():
            return {"reasons": None, "by": None, "refused": str(in_force)}


def _shown_id(text: str) -> str:
    return one_line(masked(text), _NAME)
