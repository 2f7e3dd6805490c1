"""Repair orders in deployments in which the time stands still, and what they leave behind."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mailwarden.domain.findings.changes import WrittenChange
from mailwarden.domain.findings.record import LastWrite
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import RepairOrder, WriteResult
from mailwarden.domain.repair.write_window import WriteWindow
from mailwarden.message import Message
from mailwarden.service.repair.look_again import LookAgain
from mailwarden.service.repair.repair import Repaired
from mailwarden.service.repair.repair_guard import Budget
from tests.builders import NOON, unread
from tests.fakes.deployment import Deployment, TickingClock, cause
from tests.fakes.inspection import fan_out_of
from tests.unit.decisions.repairs import OPENED, OREGON, seoul

A, B = seoul("A").ref, seoul("B").ref
SETTLE, SOON = timedelta(seconds=30), timedelta(seconds=10)
BROKE = cause(event_id="e-broke", at=NOON - timedelta(seconds=7))
LATER = replace(BROKE, event_id="e-order", at=NOON + timedelta(seconds=9))
DENIED = unread("cognito-idp:DescribeUserPool")
THROTTLED = replace(DENIED, transient=True)
WINDOW = WriteWindow(resource=OREGON.arn, compared_at=NOON, written_at=NOON)


@dataclass(slots=True)
class StillClock(TickingClock):
    """It moves only when told, so that every time is known."""

    def now(self) -> datetime:
        return self.at


def ordered(*names: str, budget: Budget | None = None, at: datetime = NOON) -> tuple[Deployment, list[RepairOrder]]:
    """Pools that lack a grant, and the orders to repair them, which have settled."""
    mailwarden = Deployment(clock=StillClock(at=at), budget=budget or Budget(per_account=20, per_pool=5))
    mailwarden.hold(OPENED, *map(seoul, names))
    orders = []
    for name in names:
        mailwarden.ledger.waiting_orders.held.clear()
        mailwarden.inspect(PoolHint(pool=seoul(name).ref, cause=BROKE))
        orders += mailwarden.repairs.take_all()
    mailwarden.clock.at += SETTLE
    return mailwarden, orders


def waiting(mailwarden: Deployment) -> Mapping[PoolRef, tuple[tuple[Cause, ...], timedelta]]:
    """The looks that wait for a moment: their causes, and whether they are to be soon or in their turn."""
    now = mailwarden.clock.at
    return {
        pool: (look.causes, SOON if look.due - now >= SOON else timedelta(0))
        for pool, look in mailwarden.ledger.waiting.held.items()
    }


def nothing(note: Message, pool: PoolRef = A) -> Repaired:
    return Repaired(pool=pool, rule_id="MW401", note=note)


def last_look(mailwarden: Deployment) -> tuple[datetime, Cause | None]:
    look = mailwarden.ledger.looks.held[A]
    return look.looked_at, look.changed_by


def wrote(mailwarden: Deployment, pool: PoolRef = A) -> LastWrite:
    return mailwarden.finding("MW401", pool.arn).write


@dataclass(slots=True, kw_only=True)
class Answers:
    """A writer that says this, and writes if it is to."""

    mailwarden: Deployment
    result: WriteResult
    writes: bool = False

    def write(self, change: WrittenChange, *, entry_id: str) -> WriteResult:
        if self.writes:
            self.mailwarden.held_writer().write(change, entry_id=entry_id)
        return self.result


def look_again(mailwarden: Deployment) -> LookAgain:
    """The looks after a write, as a process of their own would make them."""
    return LookAgain(
        reviewer=mailwarden.reviewer(),
        fan_out=fan_out_of(mailwarden),
        hints=mailwarden.hints,
        clock=mailwarden.clock,
    )
