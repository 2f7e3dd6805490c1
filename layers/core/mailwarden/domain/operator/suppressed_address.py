"""What SES does with a mail to one address: whether it is on an account's suppression list, and whether that counts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mailwarden.domain.mail_path.path import SesRegionState
from mailwarden.domain.readings import ConfigurationSet, Missing, Unreadable
from mailwarden.domain.refs.resources import IdentityRef, SesAccountRef

COMPLAINT = "COMPLAINT"
_BECAUSE = {"BOUNCE": "it bounced", COMPLAINT: "its owner complained about a mail"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressedEntry:
    """An entry of an account's list (SES v2 API reference, SuppressedDestination), without the address.

    ``reason`` is BOUNCE or COMPLAINT, ``since`` when it was put or renewed. ``message_id`` and ``feedback_id`` are of
    the mail that led to it, None where a person or an import put it there.
    """

    reason: str
    since: datetime
    message_id: str | None = None
    feedback_id: str | None = None

    @property
    def because(self) -> str:
        """Why the address is on the list, as people say it."""
        return _BECAUSE.get(self.reason, f"SES says {self.reason}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSuppressed:
    """The address is not on the account's list."""


type SuppressionReading = SuppressedEntry | NotSuppressed | Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonsInForce:
    """For which reasons SES does not send to an address on the list; ``by`` is what says so, as people call it."""

    reasons: frozenset[str]
    by: str


class Fate(StrEnum):
    """What SES does with a mail to an address, as far as the account's list decides it."""

    SENT = "sent"
    NOT_SENT = "not sent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressInRegion:
    """One address, seen from one SES side of a pool's path."""

    identity: IdentityRef
    account: SesAccountRef
    reading: SuppressionReading
    in_force: ReasonsInForce | Unreadable

    @property
    def fate(self) -> Fate:
        """What SES does with the mail; never "sent" where anything that decides it is not known."""
        match self.reading, self.in_force:
            case NotSuppressed(), _:
                return Fate.SENT
            case SuppressedEntry(reason=reason), ReasonsInForce(reasons=reasons):
                return Fate.NOT_SENT if reason in reasons else Fate.SENT
            case _:
                return Fate.UNKNOWN

    @property
    def sentence(self) -> str:
        """The same for people, in one sentence without a full stop."""
        region = self.account.region
        match self.reading, self.in_force:
            case Unreadable() as refused, _:
                return f"whether it is on the suppression list of the SES account in {region} is not known ({refused})"
            case NotSuppressed(), _:
                return f"it is not on the suppression list of the SES account in {region}"
            case SuppressedEntry() as entry, Unreadable() as refused:
                return (
                    f"it is on the suppression list of the SES account in {region} since {_moment(entry.since)}, "
                    f"because {entry.because}; whether that counts for this pool's mail is not known ({refused})"
                )
            case SuppressedEntry() as entry, ReasonsInForce() as in_force:
                return _known(entry, in_force, region)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp:
    """The address was looked up for each SES side of the pool."""

    ses_states: tuple[AddressInRegion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOfCognito:
    """The pool's mail leaves through an SES account of Cognito's, whose list nobody else can see or clear."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoListOfOurs:
    """No list that could be read decides about this pool's mail."""

    because: str


type AddressAnswer = LookedUp | ListOfCognito | NoListOfOurs


def reasons_in_force(ses_state: SesRegionState) -> ReasonsInForce | Unreadable:
    """Those of the configuration set where it has its own, else the account's; Unread where one of them is.

    An empty list turns suppression off (SES guide, "Using configuration set-level suppression to override your
    account-level suppression list").
    """
    match ses_state.configuration_set:
        case Unreadable() as refused:
            return refused
        case ConfigurationSet(ref=ref, suppressed_reasons=frozenset() as reasons):
            return ReasonsInForce(reasons=reasons, by=f"the configuration set {ref.name}")
        case ConfigurationSet() | Missing() | None:
            pass
    if isinstance(ses_state.account, Unreadable):
        return ses_state.account
    return ReasonsInForce(
        reasons=ses_state.account.suppressed_reasons, by=f"the SES account in {ses_state.account_ref.region}"
    )


def _known(entry: SuppressedEntry, in_force: ReasonsInForce, region: str) -> str:
    since = f"since {_moment(entry.since)}"
    if entry.reason in in_force.reasons:
        return f"SES in {region} takes mail to this address and does not send it, {since}, because {entry.because}"
    off = "suppression" if not in_force.reasons else f"suppression for {entry.reason}"
    return (
        f"it is on the suppression list of the SES account in {region} {since}, because {entry.because}, but "
        f"{in_force.by} switches {off} off, so it is sent"
    )


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
