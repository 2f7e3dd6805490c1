"""The part of the answer to "why?" that is about one address: what SES does with mail to it, and what decides that."""

from collections.abc import Callable
from enum import StrEnum

from mailwarden.documents.reader import JsonDocument
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
from mailwarden.masking import masked
from mailwarden.message import Argument, message
from mailwarden.presentation.masking import one_line

_NAME = 128


class DecidedBy(StrEnum):
    """Which suppression list decides about a mail; programs read it."""

    ACCOUNT = "account-list"
    COGNITO = "cognito-list"
    NONE = "none-readable"


type Shown = Callable[[Argument], str]


def address_document(answer: AddressAnswer, address: str, shown: Shown) -> JsonDocument:
    """What SES does with mail to an address; *shown* makes a text fit to be shown."""
    ses_states: list[JsonDocument] = []
    match answer:
        case LookedUp(ses_states=looked_up):
            ses_states = [_on_side(ses_state, shown) for ses_state in looked_up]
            decided_by = DecidedBy.ACCOUNT
            sentence = message("sentences", sentences=tuple(ses_state.message for ses_state in looked_up))
        case ListOfCognito(reason=reason):
            decided_by, sentence = DecidedBy.COGNITO, message("address.list-of-cognito", reason=reason)
        case NoListOfOurs(reason=reason):
            decided_by, sentence = DecidedBy.NONE, reason
    return {
        "address": masked_address(address),
        "decided_by": decided_by.value,
        "sentence": shown(sentence),
        "sides": ses_states,
        # SES guide, "Using the global suppression list": it has no API, and entries leave it by themselves.
        "global_list": shown(message("address.global-list")),
    }


def _on_side(ses_state: AddressInRegion, shown: Shown) -> JsonDocument:
    return {
        "ses_region": ses_state.account.region,
        "identity": ses_state.identity.arn,
        "fate": ses_state.fate.value,
        "sentence": shown(ses_state.message),
        "on_the_list": _on_the_list(ses_state),
        "entry": _entry(ses_state.reading) if isinstance(ses_state.reading, SuppressedEntry) else None,
        "in_force": _in_force(ses_state.in_force, shown),
    }


def _on_the_list(ses_state: AddressInRegion) -> bool | None:
    match ses_state.reading:
        case SuppressedEntry():
            return True
        case NotSuppressed():
            return False
        case Unreadable():
            return None


def _entry(entry: SuppressedEntry) -> JsonDocument:
    return {
        "reason": entry.reason,
        "since": entry.since.isoformat(timespec="seconds"),
        "message_id": None if entry.message_id is None else _shown_id(entry.message_id),
        "feedback_id": None if entry.feedback_id is None else _shown_id(entry.feedback_id),
    }


def _in_force(in_force: ReasonsInForce | Unreadable, shown: Shown) -> JsonDocument:
    match in_force:
        case ReasonsInForce(reasons=reasons, by=by):
            return {"reasons": sorted(reasons), "by": shown(by), "refused": None}
        case Unreadable():
            return {"reasons": None, "by": None, "refused": str(in_force)}


def _shown_id(text: str) -> str:
    return one_line(masked(text), _NAME)
