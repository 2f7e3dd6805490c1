"""Leases, open entries, and readings that fail for a moment."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.changes import RemoveSuppression, WrittenChange
from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.repair.journal import NotWritten, Overtaken, RepairOrder, Unconfirmed, WriteResult, Written
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.domain.repair.write_window import WriteWindow
from mailwarden.message import message, verbatim
from mailwarden.service.inspection.fan_out import EVERY_LOOK
from mailwarden.service.inspection.inspect import PoolNotReadable
from mailwarden.service.repair.repair import Repaired
from mailwarden.service.repair.write_protocol import LONGEST_WRITE, OutcomeUnknown, ResourceBusy
from tests.builders import NOON, sending_policy, ses_account, unread
from tests.fakes.deployment import SETTLE, Deployment, cause, hint
from tests.fakes.ledger.writes import ExpiredOrders
from tests.fakes.mortal import Died, Life, mortal
from tests.texts import says
from tests.unit.decisions.repairs import OPENED, OREGON, deployed, seoul

THROTTLED = replace(unread("ses:GetEmailIdentity", "us-west-2", reason="TooManyRequestsException"), transient=True)
DENIED = unread("ses:GetEmailIdentity", "us-west-2")


def orders_of(mailwarden: Deployment, *names: str) -> list[RepairOrder]:
    pools = [seoul(name) for name in names]
    mailwarden.hold(*pools, OPENED)
    mailwarden.ledger.waiting_orders = ExpiredOrders()
    mailwarden.inspect(*map(hint, pools))
    mailwarden.clock.at += SETTLE
    return mailwarden.repairs.take_all()


def die(mailwarden: Deployment, order: RepairOrder, moment: str) -> None:
    """Let a repair die at the first moment of this name."""
    whole = Life()
    twin = Deployment()
    (of_twin,) = orders_of(twin, "A")
    mortal(twin, whole).repairer().repair(of_twin)
    with pytest.raises(Died):
        mortal(mailwarden, Life(ends_at=whole.moments.index(moment))).repairer().repair(order)


def test_another_order_for_a_leased_resource_waits_until_the_lease_is_over() -> None:
    mailwarden = Deployment()
    first, second = orders_of(mailwarden, "A", "B")
    now = mailwarden.clock.now()
    mailwarden.ledger.resource_leases.acquire(OREGON.arn, holder="operate", now=now, until=now + LONGEST_WRITE)

    with pytest.raises(ResourceBusy, match=r"support@example\.com"):
        mailwarden.repairer().repair(first)
    assert mailwarden.journal.intentions == {}

    mailwarden.clock.at = now + LONGEST_WRITE
    mailwarden.repairer().repair(second)
    assert len(mailwarden.written) == 1


def test_the_lease_is_released_after_a_write_and_after_an_error() -> None:
    mailwarden = Deployment()
    (order,) = orders_of(mailwarden, "A")

    class Throttled:
        def write(self, change: WrittenChange, *, entry_id: str) -> WriteResult:
            raise ConnectionError(f"{entry_id}: {change.resource}")

    mailwarden.writer = Throttled()
    with pytest.raises(ConnectionError):
        mailwarden.repairer().repair(order)
    mailwarden.writer = None
    assert mailwarden.ledger.resource_leases.held == {}
    assert len(mailwarden.ledger.resource_leases.open_entries) == 1
    mailwarden.clock.pass_by(minutes=6)

    mailwarden.repairer().repair(order)

    assert (mailwarden.ledger.resource_leases.held, mailwarden.ledger.resource_leases.open_entries) == ({}, {})
    outcomes = [type(outcome) for outcome, _ in mailwarden.journal.outcomes.values()]
    assert outcomes == [NotWritten, Written]
    assert mailwarden.finding("MW401", seoul("A").ref.arn).lifecycle.state is FindingState.REPAIRED


@pytest.mark.parametrize("reading", [DENIED, THROTTLED])
def test_an_entry_whose_resource_cannot_be_read_stays_open_and_nothing_is_written(reading: Unreadable) -> None:
    mailwarden = Deployment()
    (order,) = orders_of(mailwarden, "A")
    die(mailwarden, order, "before writer.write")
    mailwarden.clock.pass_by(minutes=6)
    live, mailwarden.identities.held[OREGON] = mailwarden.identities.held[OREGON], reading
    (open_entry,) = mailwarden.journal.intentions

    with pytest.raises(OutcomeUnknown, check=says(re.escape(f"entry {open_entry} stays open: {reading}"))):
        mailwarden.repairer().repair(order)

    assert mailwarden.hints.waiting == []
    assert mailwarden.journal.outcomes == {}
    assert mailwarden.ledger.resource_leases.open_entries == {OREGON.arn: open_entry}
    assert mailwarden.finding("MW401", seoul("A").ref.arn).write.handling is Handling.WRITING
    mailwarden.identities.held[OREGON] = live
    mailwarden.repairer().repair(order)
    assert len(mailwarden.written) == 1


def test_a_write_that_nobody_could_confirm_is_concluded_by_the_next_order() -> None:
    mailwarden = Deployment()
    (order,) = orders_of(mailwarden, "A")
    by = mailwarden.held_writer()

    class Invisible:
        def write(self, change: WrittenChange, *, entry_id: str) -> WriteResult:
            by.write(change, entry_id=entry_id)
            window = WriteWindow(resource=change.resource, compared_at=NOON, written_at=NOON)
            return Unconfirmed(reason=verbatim("not visible"), window=window)

    mailwarden.writer = Invisible()
    mailwarden.repairer().repair(order)
    mailwarden.writer = None
    assert mailwarden.ledger.budgets.charged == set()
    # The event of the write: nothing is found, so nothing is ordered, and the outcome is still open.
    mailwarden.inspect(hint(seoul("A")))
    mailwarden.announce()
    assert (mailwarden.told(), mailwarden.repairs.waiting, mailwarden.journal.outcomes) == ([], [], {})

    done = mailwarden.repairer().repair(order)

    (entry_id,) = mailwarden.journal.intentions
    assert (done.pool, done.outcome, done.entry_id) == (seoul("A").ref, Written(entry_id=entry_id), entry_id)
    assert done.took is not None
    assert mailwarden.ledger.budgets.charged == {entry_id}
    assert mailwarden.finding("MW401", seoul("A").ref.arn).lifecycle.state is FindingState.REPAIRED


def test_an_order_of_another_pool_concludes_what_was_begun_for_all() -> None:
    mailwarden = Deployment()
    first, second, third = orders_of(mailwarden, "A", "B", "C")
    with pytest.raises(Died):
        mortal(mailwarden, Life(ends_at=a_moment_after_the_write())).repairer().repair(first)
    mailwarden.clock.pass_by(minutes=6)

    done = [mailwarden.repairer().repair(order) for order in (second, third, first)]

    assert len(mailwarden.written) == 1
    assert [each.note for each in done[1:]] == [message("repair.over")] * 2
    states = {mailwarden.finding("MW401", seoul(name).ref.arn).lifecycle.state for name in "ABC"}
    assert states == {FindingState.REPAIRED}


def a_moment_after_the_write() -> int:
    mailwarden, life = Deployment(), Life()
    mortal(mailwarden, life).repairer().repair(orders_of(mailwarden, "A", "B", "C")[0])
    return life.moments.index("after writer.write")


def test_a_passing_throttle_puts_an_order_off_a_few_times_and_then_sqs_delivers_it_again() -> None:
    mailwarden = Deployment()
    (order,) = orders_of(mailwarden, "A")
    mailwarden.identities.held[OREGON] = THROTTLED

    for attempt in (0, 1):
        mailwarden.hints.waiting.clear()
        done = mailwarden.repairer().repair(replace(order, attempt=attempt))
        (waiting,) = mailwarden.hints.waiting
        put_off = message("look.put-off", refusal=THROTTLED.message)
        assert done == Repaired(pool=seoul("A").ref, rule_id="MW401", note=put_off)
        assert waiting.hint == PoolHint(pool=seoul("A").ref, cause=cause(), attempt=attempt + 1, asks_anew=True)
        assert waiting.delay == (attempt + 1) * timedelta(seconds=2)
    with pytest.raises(PoolNotReadable, match="TooManyRequestsException"):
        mailwarden.repairer().repair(replace(order, attempt=2))

    mailwarden.announce()
    assert mailwarden.told() == []
    assert mailwarden.finding("MW401", seoul("A").ref.arn).write.handling is Handling.PENDING
    mailwarden.hold(OPENED)
    mailwarden.inspect(*mailwarden.hints.take_all())
    mailwarden.repair()
    assert len(mailwarden.written) == 1
    assert mailwarden.told() == [("MW401", "repaired")]


@pytest.mark.parametrize("of", ["pool", "account", "identity"])
def test_a_refusal_that_does_not_pass_is_recorded_and_one_of_the_pool_comes_again(of: str) -> None:
    mailwarden = Deployment()
    (order,) = orders_of(mailwarden, "A")
    if of == "pool":
        mailwarden.pools.held[seoul("A").ref] = unread("cognito-idp:DescribeUserPool")
        with pytest.raises(PoolNotReadable):
            mailwarden.repairer().repair(order)
    else:
        if of == "account":
            mailwarden.accounts.held["us-west-2"] = unread("ses:GetAccount", "us-west-2")
        else:
            mailwarden.identities.held[OREGON] = DENIED
        mailwarden.repairer().repair(order)

    assert mailwarden.hints.waiting == []
    assert len(mailwarden.written) == (of == "account")


def test_an_attempt_travels_from_the_hint_to_the_order() -> None:
    mailwarden = deployed(seoul("A"), OPENED)

    mailwarden.inspect(PoolHint(pool=seoul("A").ref, cause=cause(), attempt=1))

    assert [order.attempt for order in mailwarden.repairs.take_all()] == [1]


def test_the_live_state_of_what_only_a_person_removes_is_not_known() -> None:
    change = RemoveSuppression(account=ses_account().ref, address_digest="0" * 64, reason="BOUNCE", since=NOON)

    state = Deployment().protocol().live.state_of(change)

    assert isinstance(state, Unreadable)


def test_a_look_after_the_write_that_fails_comes_again_by_a_hint() -> None:
    mailwarden = Deployment()
    (order,) = orders_of(mailwarden, "A")
    by = mailwarden.held_writer()
    refusal = unread("ses:GetEmailIdentity")

    class Blinding:
        def write(self, change: WrittenChange, *, entry_id: str) -> WriteResult:
            result = by.write(change, entry_id=entry_id)
            mailwarden.identities.held[OREGON] = refusal
            return result

    mailwarden.writer = Blinding()
    done = mailwarden.repairer().repair(order)

    assert isinstance(done.outcome, Written)
    assert [(each.hint, each.delay) for each in mailwarden.hints.waiting] == [
        (PoolHint(pool=seoul("A").ref, waits=True), timedelta(seconds=10))
    ]


@pytest.mark.parametrize("again", [True, False])
def test_the_looks_that_a_repair_died_before_are_made_by_its_order(again: bool) -> None:
    mailwarden, life = Deployment(), Life()
    mortal(mailwarden, life).repairer().repair(orders_of(mailwarden, "A", "B")[0])
    mailwarden = Deployment()
    order, _ = orders_of(mailwarden, "A", "B")
    with pytest.raises(Died):
        mortal(mailwarden, Life(ends_at=life.moments.index("after resource_leases.release"))).repairer().repair(order)
    other = seoul("B").ref
    assert mailwarden.finding("MW401", other.arn).lifecycle.state is FindingState.OPEN
    if not again:
        # Somebody looked at the order's pool, and the order would be younger than that.
        mailwarden.inspect(hint(seoul("A")))
        order = replace(order, looked_at=mailwarden.clock.now())

    before = len(mailwarden.identities.reads)
    done = mailwarden.repairer().repair(order)

    assert (done.note, done.outcome) == (message("repair.nothing-due"), None)
    assert len(mailwarden.identities.reads) - before == (3 if again else 1)
    state = mailwarden.finding("MW401", other.arn).lifecycle.state
    assert state is (FindingState.REPAIRED if again else FindingState.OPEN)
    assert mailwarden.finding("MW401", seoul("A").ref.arn).lifecycle.state is FindingState.REPAIRED


def test_an_order_that_finds_nothing_due_looks_at_no_other_pool() -> None:
    mailwarden = Deployment()
    order, _ = orders_of(mailwarden, "A", "B")
    granting = replace(OPENED, policies={"theirs": sending_policy(OREGON, seoul("A").ref, seoul("B").ref)})
    mailwarden.hold(granting)

    mailwarden.repairer().repair(order)

    assert mailwarden.finding("MW401", seoul("A").ref.arn).lifecycle.state is FindingState.RESOLVED
    assert mailwarden.finding("MW401", seoul("B").ref.arn).lifecycle.state is FindingState.OPEN


@pytest.mark.parametrize("mended", [True, False])
def test_after_a_recovery_that_wrote_nothing_the_other_pools_are_looked_at_by_hints(mended: bool) -> None:
    mailwarden = Deployment()
    order, _, _ = orders_of(mailwarden, "A", "B", "C")
    with pytest.raises(Died):
        mortal(mailwarden, Life(ends_at=a_moment_after_the_write() - 1)).repairer().repair(order)
    mailwarden.clock.pass_by(minutes=6)
    if mended:
        theirs = sending_policy(OREGON, *(seoul(name).ref for name in "ABC"))
        mailwarden.hold(replace(OPENED, policies={"mailwarden-cognito": theirs}))
    mailwarden.mode = RepairMode.OFF

    done = mailwarden.repairer().repair(replace(order, cause=None))

    assert isinstance(done.outcome, Overtaken if mended else NotWritten)
    assert done.took is None
    assert [(each.hint, each.delay) for each in mailwarden.hints.waiting] == [
        (PoolHint(pool=seoul(name).ref, waits=True), place * EVERY_LOOK) for place, name in enumerate("BC")
    ]
