"""Removals from suppression lists: what was asked for, how far it came, and when the same may be asked for again."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from mailwarden.domain.operator.suppressed_address import SuppressedEntry
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.repair.journal import Drifted, Refused, SideEffect, WriteOutcome, Written

# An address that is removed and bounces again costs reputation each time, so the reason has to be gone first.
COOL_DOWN = timedelta(days=7)


class Progress(StrEnum):
    """How far a removal came."""

    BEGUN = "begun"
    """Nobody has said yet what came of it."""
    DONE = "done"
    """The address was removed, as far as anybody knows."""
    UNDONE = "undone"
    """Nothing was removed: it may be tried again at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """One removal, remembered without the address; ``entry_id`` is its journal entry."""

    account: SesAccountRef
    address_digest: str
    entry_id: str
    begun_at: datetime
    progress: Progress

    @property
    def again_at(self) -> datetime:
        """When the same address may be removed again."""
        return self.begun_at + COOL_DOWN


def progress_after(outcome: WriteOutcome) -> Progress:
    """What an outcome means for the next removal: only what certainly removed nothing starts no cool-down."""
    match outcome:
        case Written() | SideEffect():
            return Progress.DONE
        case Drifted() | Refused():
            return Progress.UNDONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsuppress:
    """A person's order to take an address from an SES account's list. ``by`` is the caller's own word.

    The address is of a recipient: it is in no text that this value makes of itself.
    """

    account: SesAccountRef
    address: str = field(repr=False)
    reason: str
    by: str
    confirm: bool = False
    although_complaint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOnTheList:
    """There is nothing to remove, and nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotKnown:
    """The list could not be read, and nothing is removed unseen."""

    unread: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsConsent:
    """What would be removed. Nothing was written: the order lacks these words."""

    entry: SuppressedEntry
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TooSoon:
    """The same address was removed a short while ago and is on the list again. Nothing was written."""

    entry: SuppressedEntry
    last: Removal


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """Another removal of the same address began a moment ago. Nothing was written."""

    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOut:
    """The removal was tried; the journal says the same. ``found_later``: it was begun by a call that did not end."""

    entry_id: str
    outcome: WriteOutcome
    entry: SuppressedEntry
    found_later: bool = False


type Operated = NotOnTheList | NotKnown | NeedsConsent | TooSoon | UnderWay | CarriedOut
