"""The part of the answer to "why?" that is about one address: what SES does with mail to it, and what decides that."""

from collections.abc import Callable

from mailwarden.domain.operator.addresses import masked_address
from mailwarden.domain.operator.suppressed_address import (
    AddressAnswer,
    AddressInRegion,
    ListOfCognito,
    LookedUp,
    NoListOfOurs,
    NotSuppressed,
    ReasonsInForce,
    SuppressedEntry,
)
from mailwarden.domain.readings import Unreadable
from mailwarden.message import Argument
from mailwarden.presentation.masking import masked, one_line

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

type Shown = Callable[[Argument], str]
type Document = dict[str, object]


def address_document(answer: AddressAnswer, address: str, shown: Shown) -> Document:
    """What SES does with mail to an address; *shown* makes a text fit to be shown."""
    ses_states: list[Document] = []
    match answer:
        case LookedUp(ses_states=looked_up):
            ses_states = [_on_side(ses_state) for ses_state in looked_up]
            decided_by, sentence = "the account's list", "; ".join(ses_state.sentence for ses_state in looked_up)
        case ListOfCognito(because=because):
            decided_by, sentence = "Cognito's list", f"{because}; {_COGNITOS_LIST}"
        case NoListOfOurs(because=because):
            decided_by, sentence = "nothing that can be read", because
    return {
        "address": masked_address(address),
        "decided_by": decided_by,
        "sentence": shown(sentence),
        "sides": ses_states,
        "global_list": _GLOBAL_LIST,
    }


def _on_side(ses_state: AddressInRegion) -> Document:
    return {
        "ses_region": ses_state.account.region,
        "identity": ses_state.identity.arn,
        "fate": ses_state.fate.value,
        "sentence": ses_state.sentence,
        "on_the_list": _on_the_list(ses_state),
        "entry": _entry(ses_state.reading) if isinstance(ses_state.reading, SuppressedEntry) else None,
        "in_force": _in_force(ses_state.in_force),
    }


def _on_the_list(ses_state: AddressInRegion) -> bool | None:
    match ses_state.reading:
        case SuppressedEntry():
            return True
        case NotSuppressed():
            return False
        case Unreadable():
            return None


def _entry(entry: SuppressedEntry) -> Document:
    return {
        "reason": entry.reason,
        "since": entry.since.isoformat(timespec="seconds"),
        "message_id": None if entry.message_id is None else _shown_id(entry.message_id),
        "feedback_id": None if entry.feedback_id is None else _shown_id(entry.feedback_id),
    }


def _in_force(in_force: ReasonsInForce | Unreadable) -> Document:
    match in_force:
        case ReasonsInForce(reasons=reasons, by=by):
            return {"reasons": sorted(reasons), "by": _shown_id(by), "refused": None}
        case Unreadable():
            return {"reasons": None, "by": None, "refused": str(in_force)}


def _shown_id(text: str) -> str:
    return one_line(masked(text), _NAME)
