"""An operator's order to undo an entry of the journal, and its possible results."""

from dataclasses import dataclass

from mailwarden.domain.findings.changes import WrittenChange
from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.mail_path.verdict import Verdict
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import Entry, WriteResult
from mailwarden.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoOrder:
    """The order; without ``confirm`` it is a dry run. ``by`` and ``reason`` are the caller's own claims."""

    entry_id: str
    by: str
    reason: str = ""
    confirm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeseenPool:
    """The verdict on one pool now, and the verdict and findings after the undo."""

    pool: PoolRef
    pool_name: str
    now: Verdict
    after: Verdict
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnjudgedPool:
    """A pool that could not be read, or that is gone (``refusal`` is None): it cannot be judged."""

    pool: PoolRef
    refusal: Unreadable | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoRefused:
    """Nothing was undone, for ``reason``; ``entry`` is None if no entry has this id.

    ``change`` and ``foreseen`` are there if the rules judge the result worse.
    """

    reason: Message
    entry: Entry | None = None
    change: WrittenChange | None = None
    foreseen: tuple[ForeseenPool | UnjudgedPool, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoPlanned:
    """The result of a dry run: the write, and the judgment of the first of the pools after it."""

    entry: Entry
    change: WrittenChange
    foreseen: tuple[ForeseenPool | UnjudgedPool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoCarriedOut:
    """The write was attempted; ``found_later``: an earlier call that did not end had made it."""

    entry: Entry
    change: WrittenChange
    undo_id: str
    outcome: WriteResult
    foreseen: tuple[ForeseenPool | UnjudgedPool, ...] = ()
    found_later: bool = False


type UndoAnswer = UndoRefused | UndoPlanned | UndoCarriedOut
