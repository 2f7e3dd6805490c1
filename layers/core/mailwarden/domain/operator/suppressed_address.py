"""Whether SES delivers to one address: whether it is on an account's suppression list, and whether that applies."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mailwarden.domain.mail_path.path import SesRegionState
from mailwarden.domain.readings import ConfigurationSet, Missing, Unreadable
from mailwarden.domain.refs.resources import IdentityRef, SesAccountRef
from mailwarden.message import Message, message

COMPLAINT = "COMPLAINT"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressedEntry:
    """An entry of an account's list (SES v2 API reference, SuppressedDestination), without the address.

    ``reason`` is BOUNCE or COMPLAINT, ``since`` the time of the entry. ``message_id`` and ``feedback_id`` identify the
    mail that caused it; None if a person or an import added it.
    """

    reason: str
    since: datetime
    message_id: str | None = None
    feedback_id: str | None = None

    @property
    def message(self) -> Message:
        """Since when the address is on the list, and why."""
        match self.reason:
            case "BOUNCE":
                return message("suppressed.bounce", since=_moment(self.since))
            case "COMPLAINT":
                return message("suppressed.complaint", since=_moment(self.since))
            case other:
                return message("suppressed.other", since=_moment(self.since), reason=other)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSuppressed:
    """The address is not on the account's list."""


type SuppressionReading = SuppressedEntry | NotSuppressed | Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonsInForce:
    """The suppression reasons in effect; ``by`` is the resource that defines them."""

    reasons: frozenset[str]
    by: Message


class Fate(StrEnum):
    """SES's handling of a mail to an address, as far as the account's list decides it."""

    SENT = "sent"
    NOT_SENT = "not sent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressInRegion:
    """One address in one SES region of a pool's path."""

    identity: IdentityRef
    account: SesAccountRef
    reading: SuppressionReading
    in_force: ReasonsInForce | Unreadable

    @property
    def fate(self) -> Fate:
        """SES's handling of the mail; never "sent" if a deciding fact is unknown."""
        match self.reading, self.in_force:
            case NotSuppressed(), _:
                return Fate.SENT
            case SuppressedEntry(reason=reason), ReasonsInForce(reasons=reasons):
                return Fate.NOT_SENT if reason in reasons else Fate.SENT
            case _:
                return Fate.UNKNOWN

    @property
    def message(self) -> Message:
        """The same as a message."""
        region = self.account.region
        match self.reading, self.in_force:
            case Unreadable() as refused, _:
                return message("address.list-unreadable", region=region, refusal=refused.message)
            case NotSuppressed(), _:
                return message("address.not-listed", region=region)
            case SuppressedEntry() as entry, Unreadable() as refused:
                return message("address.effect-unknown", region=region, entry=entry.message, refusal=refused.message)
            case SuppressedEntry() as entry, ReasonsInForce() as in_force:
                return _known(entry, in_force, region)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp:
    """The address was looked up for each SES region of the pool."""

    ses_states: tuple[AddressInRegion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOfCognito:
    """The pool's mail goes through an SES account of Cognito's, whose list is not accessible."""

    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class NoListOfOurs:
    """No readable list applies to this pool's mail."""

    reason: Message


type AddressAnswer = LookedUp | ListOfCognito | NoListOfOurs


def reasons_in_force(ses_state: SesRegionState) -> ReasonsInForce | Unreadable:
    """The reasons of the configuration set if it has its own, otherwise the account's; Unreadable if one of them is.

    An empty list turns suppression off (SES guide, "Using configuration set-level suppression to override your
    account-level suppression list").
    """
    match ses_state.configuration_set:
        case Unreadable() as refused:
            return refused
        case ConfigurationSet(ref=ref, suppressed_reasons=frozenset() as reasons):
            return ReasonsInForce(reasons=reasons, by=message("configuration-set.by-name", name=ref.name))
        case ConfigurationSet() | Missing() | None:
            pass
    if isinstance(ses_state.account, Unreadable):
        return ses_state.account
    return ReasonsInForce(
        reasons=ses_state.account.suppressed_reasons, by=message("ses-account", region=ses_state.account_ref.region)
    )


def _known(entry: SuppressedEntry, in_force: ReasonsInForce, region: str) -> Message:
    if entry.reason in in_force.reasons:
        return message("address.not-sent", region=region, entry=entry.message)
    if in_force.reasons:
        return message("address.sent-reason-off", region=region, entry=entry.message, by=in_force.by, off=entry.reason)
    return message("address.sent-suppression-off", region=region, entry=entry.message, by=in_force.by)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
