"""Removals from suppression lists: the order, its progress, and the cool-down."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from mailwarden.domain.operator.suppressed_address import SuppressedEntry
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.repair.journal import WriteOutcome, WriteResult, may_have_taken_effect
from mailwarden.message import Message

# An address that is removed and bounces again costs reputation each time, so its cause has to be fixed first.
COOL_DOWN = timedelta(days=7)


class Progress(StrEnum):
    """The progress of a removal."""

    BEGUN = "begun"
    """The result is not known yet."""
    DONE = "done"
    """The address was removed, as far as is known."""
    UNDONE = "undone"
    """Nothing was removed: a retry is allowed at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """One removal, stored without the address; ``entry_id`` is its journal entry."""

    account: SesAccountRef
    address_digest: str
    entry_id: str
    begun_at: datetime
    progress: Progress

    @property
    def again_at(self) -> datetime:
        """The time from which the same address may be removed again."""
        return self.begun_at + COOL_DOWN


def progress_after(outcome: WriteOutcome) -> Progress:
    """The progress after an outcome: only an outcome that certainly removed nothing starts no cool-down."""
    return Progress.DONE if may_have_taken_effect(outcome) else Progress.UNDONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsuppress:
    """An operator's order to remove an address from an SES account's list. ``by`` is the caller's own claim.

    The address is a recipient's: the representation of this value never contains it.
    """

    account: SesAccountRef
    address: str = field(repr=False)
    reason: str
    by: str
    confirm: bool = False
    although_complaint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOnTheList:
    """The address is not on the list; nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotKnown:
    """The list is unreadable, so nothing is removed."""

    refusal: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsConsent:
    """The entry that would be removed. Nothing was written: the order lacks these confirmations."""

    entry: SuppressedEntry
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TooSoon:
    """The same address was removed recently and is on the list again. Nothing was written."""

    entry: SuppressedEntry
    last: Removal


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """Another removal of the same address has just begun. Nothing was written."""

    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOut:
    """The removal was attempted and journaled. ``found_later``: an earlier call that did not finish began it."""

    entry_id: str
    outcome: WriteResult
    entry: SuppressedEntry
    found_later: bool = False


type Operated = NotOnTheList | NotKnown | NeedsConsent | TooSoon | UnderWay | CarriedOut
