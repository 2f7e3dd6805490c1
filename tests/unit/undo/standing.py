"""Deployments in which the time stands still, and what an order to undo leaves behind in them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mailwarden.domain.findings.changes import GrantSending
from mailwarden.domain.mail_path.look_record import UndoneRepair
from mailwarden.domain.operator.undo import (
    ForeseenPool,
    UndoAnswer,
    UndoOrder,
)
from mailwarden.domain.readings import PoolReading
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import (
    Entry,
)
from mailwarden.domain.repair.write_window import WriteWindow
from mailwarden.service.repair.pool_review import PoolReview
from tests.builders import NOON, HeldPools, unread
from tests.fakes.deployment import Deployment
from tests.fakes.undoing import undoing
from tests.unit.decisions.repairs import OREGON, seoul
from tests.unit.operator.repaired import live_policies
from tests.unit.service.standing import StillClock

A, B = seoul("A").ref, seoul("B").ref
DENIED = unread("cognito-idp:DescribeUserPool")
THROTTLED = replace(DENIED, transient=True)
SOON = timedelta(seconds=10)
WINDOW = WriteWindow(resource=OREGON.arn, compared_at=NOON, written_at=NOON)


@dataclass(slots=True, kw_only=True)
class ReadSoFar(HeldPools):
    """Pools that can be read a number of times, and then no more."""

    often: int
    refusal: PoolReading = DENIED

    def read(self, pool: PoolRef) -> PoolReading:
        self.often -= 1
        return HeldPools.read(self, pool) if self.often >= 0 else self.refusal


def still(mailwarden: Deployment, entry_id: str) -> tuple[Deployment, Entry, datetime]:
    """The deployment an hour later, with its entry and nothing that waits; the time stands still from now on."""
    mailwarden.clock = StillClock(at=mailwarden.clock.at + timedelta(hours=1))
    mailwarden.hints.take_all()
    mailwarden.ledger.waiting.held.clear()
    return mailwarden, entry_of(mailwarden, entry_id), mailwarden.clock.at


def entry_of(mailwarden: Deployment, entry_id: str) -> Entry:
    entry = mailwarden.journal.entry(entry_id)
    assert entry is not None
    return entry


def undo(mailwarden: Deployment, entry_id: str, *, confirm: bool = True, reason: str = "") -> UndoAnswer:
    """The order alone: nobody looks, and nothing is announced afterwards."""
    order = UndoOrder(entry_id=entry_id, by="alice", reason=reason, confirm=confirm)
    return undoing(mailwarden).undo(order, request_id="r-1")


def ordered(at: datetime) -> Cause:
    return Cause(event_name="undo", event_id="r-1", actor="alice", user_agent="", region="us-east-1", at=at)


def judged(mailwarden: Deployment, pool: PoolRef, cause: Cause | None = None) -> PoolReview:
    review = mailwarden.reviewer().review(pool, at=mailwarden.clock.at, fresh=True, cause=cause)
    assert isinstance(review, PoolReview)
    return review


def foreseen(pool: PoolRef, now: PoolReview, after: PoolReview) -> ForeseenPool:
    return ForeseenPool(
        pool=pool,
        pool_name="shop",
        now=now.judgment.verdict,
        after=after.judgment.verdict,
        findings=after.judgment.findings,
    )


def waiting(mailwarden: Deployment) -> Mapping[PoolRef, tuple[tuple[Cause, ...], timedelta]]:
    """The looks that wait: their causes, and for how long at least, without the place in our share of AWS's rates."""
    now = mailwarden.clock.at
    return {
        pool: (look.causes, SOON if look.due - now >= SOON else timedelta(0))
        for pool, look in mailwarden.ledger.waiting.held.items()
    }


def undone_at(mailwarden: Deployment, pool: PoolRef) -> tuple[UndoneRepair, ...]:
    look = mailwarden.ledger.looks.last(pool)
    assert look is not None
    return look.undone


def removal(mailwarden: Deployment, *pools: PoolRef) -> GrantSending:
    """The removal of the one policy of ours, which these pools need."""
    before = live_policies(mailwarden)
    return GrantSending(identity=OREGON, pools=pools, before=before, after=dict.fromkeys(before))
