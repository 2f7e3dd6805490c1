"""The whole answer to a repair order, and all that it leaves behind; the clock stands still."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.record import FindingState, Handling, LastWrite
from mailwarden.domain.readings import Missing, Unreadable
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.repair.change_documents import change_digest
from mailwarden.domain.repair.journal import (
    Drifted,
    Intention,
    Overtaken,
    Refused,
    SideEffect,
    Unconfirmed,
    Written,
)
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.message import message, verbatim
from mailwarden.ports.hint_queue import DelayedHint
from mailwarden.service.inspection.inspect import PoolNotReadable
from mailwarden.service.repair.repair import Repaired
from mailwarden.service.repair.repair_guard import Budget
from tests.builders import NOON, identity_ref
from tests.fakes.records import changed
from tests.unit.decisions.repairs import OPENED, OREGON
from tests.unit.service.standing import (
    BROKE,
    DENIED,
    LATER,
    SETTLE,
    THROTTLED,
    WINDOW,
    A,
    B,
    last_look,
    nothing,
    ordered,
    waiting,
    wrote,
)


def test_a_repair_is_answered_with_its_entry_and_its_time() -> None:
    mailwarden, (order, _) = ordered("A", "B")
    at = mailwarden.clock.at
    mailwarden.pools.asked.clear()
    mailwarden.identities.fresh_reads = 0

    done = mailwarden.repairer().repair(order)

    # Each pool before the write; the identity before it and after it.
    assert (mailwarden.pools.asked, mailwarden.identities.fresh_reads) == ([A, B], 2)

    entry_id = f"entry-{at.isoformat()}"
    (intention,) = mailwarden.journal.intentions.values()
    (change,) = mailwarden.written
    assert done == Repaired(
        pool=A,
        rule_id="MW401",
        note=message("fix.grant-pools", count=2, identity=OREGON.name, region="us-west-2"),
        outcome=Written(entry_id=entry_id),
        entry_id=entry_id,
        took=SETTLE + timedelta(seconds=7),
    )
    assert intention == Intention(
        entry_id=entry_id,
        at=at,
        findings=tuple(mailwarden.finding("MW401", pool.arn).finding.key for pool in (A, B)),
        pools=(A, B),
        title=message("fix.grant-pools", count=2, identity=OREGON.name, region="us-west-2"),
        change=change,
        change_digest=change_digest(change),
        cause=BROKE,
    )
    assert waiting(mailwarden) == {}
    for pool in (A, B):
        record = mailwarden.finding("MW401", pool.arn)
        assert record.lifecycle.state is FindingState.REPAIRED
        assert (record.write.handling, record.write.undo_id) == (Handling.WRITTEN, entry_id)
        assert record.write.proposed is not None


def test_without_a_cause_no_time_is_measured_and_a_cause_in_the_future_counts_as_no_time() -> None:
    for by, took in ((None, None), (replace(BROKE, at=NOON + timedelta(hours=1)), timedelta(0))):
        mailwarden, (order,) = ordered("A")

        assert mailwarden.repairer().repair(replace(order, cause=by)).took == took


def test_a_finding_that_a_later_look_ended_needs_no_repair() -> None:
    mailwarden, (order,) = ordered("A")
    mailwarden.identities.held[OREGON] = Missing(arn=OREGON.arn)
    mailwarden.inspect(PoolHint(pool=A, cause=BROKE))
    assert mailwarden.finding("MW401", A.arn).lifecycle.is_over

    assert mailwarden.repairer().repair(order) == nothing(message("repair.over"))
    mailwarden.identities.held[OREGON] = OPENED
    as_late = replace(order, looked_at=mailwarden.finding("MW401", A.arn).lifecycle.looked_at)
    assert isinstance(mailwarden.repairer().repair(as_late).outcome, Written)


def test_a_pool_that_is_gone_is_forgotten() -> None:
    mailwarden, (order,) = ordered("A")
    mailwarden.pools.held[A] = Missing(arn=A.arn)

    assert mailwarden.repairer().repair(replace(order, cause=LATER)) == nothing(message("look.pool-gone"))
    record = mailwarden.finding("MW401", A.arn)
    assert (record.lifecycle.state, record.seen.cause) == (FindingState.RESOLVED, LATER)


@pytest.mark.parametrize("attempt", [0, 1])
def test_a_throttle_puts_an_order_off(attempt: int) -> None:
    mailwarden, (order,) = ordered("A")
    mailwarden.pools.held[A] = THROTTLED

    done = mailwarden.repairer().repair(replace(order, attempt=attempt))

    assert done == nothing(message("look.put-off", refusal=THROTTLED.message))
    hint = PoolHint(pool=A, cause=BROKE, attempt=attempt + 1, asks_anew=True)
    assert mailwarden.hints.waiting == [DelayedHint(hint=hint, delay=timedelta(seconds=2 * (attempt + 1)))]


@pytest.mark.parametrize(("refusal", "attempt"), [(DENIED, 0), (THROTTLED, 2)])
def test_what_cannot_be_read_is_delivered_again(refusal: Unreadable, attempt: int) -> None:
    mailwarden, (order,) = ordered("A")
    mailwarden.pools.held[A] = refusal

    with pytest.raises(PoolNotReadable) as raised:
        mailwarden.repairer().repair(replace(order, attempt=attempt))

    assert str(raised.value) == f"{A.arn}: {refusal}"
    assert mailwarden.hints.waiting == []


def test_what_needs_no_repair_any_more_is_recorded() -> None:
    mailwarden, (order,) = ordered("A")
    mailwarden.mode = RepairMode.OFF

    assert mailwarden.repairer().repair(replace(order, cause=LATER)) == nothing(message("repair.nothing-due"))
    record = mailwarden.finding("MW401", A.arn)
    assert record.write.reason == message("decision.repair-mode-off")
    assert last_look(mailwarden) == (mailwarden.clock.at, LATER)
    assert waiting(mailwarden) == {}


def test_another_resource_is_left_to_an_order_of_its_group() -> None:
    mailwarden, (order,) = ordered("A")

    done = mailwarden.repairer().repair(replace(order, resource=identity_ref().arn, cause=LATER))

    assert done == nothing(message("repair.other-resource"))
    assert waiting(mailwarden) == {A: ((LATER,), timedelta(0))}
    assert last_look(mailwarden) == (mailwarden.clock.at, LATER)
    assert mailwarden.written == []


def test_an_order_serves_what_is_found_of_its_resource_by_whichever_rule() -> None:
    mailwarden, (order,) = ordered("A")

    done = mailwarden.repairer().repair(replace(order, rule_id="MW302"))

    assert (done.rule_id, type(done.outcome)) == ("MW401", Written)


def test_a_repair_that_the_budget_of_the_account_has_no_room_for_waits_for_the_hour() -> None:
    at = NOON + timedelta(minutes=49, seconds=30, microseconds=5)
    mailwarden, (order,) = ordered("A", budget=Budget(per_account=0, per_pool=5), at=at)
    proposed = wrote(mailwarden).proposed
    later = replace(LATER, at=at)

    done = mailwarden.repairer().repair(replace(order, cause=later))

    spent = message("budget.account-spent", limit=0)
    assert done == nothing(spent)
    record = mailwarden.finding("MW401", A.arn)
    assert record.write == LastWrite(handling=Handling.PENDING, reason=spent, proposed=proposed, by_order=True)
    turn = NOON + timedelta(hours=1)
    assert record.lifecycle.announce_after == turn + timedelta(minutes=20)
    assert last_look(mailwarden) == (mailwarden.clock.at, later)
    # Nearly ten minutes are left.
    assert mailwarden.hints.waiting == [
        DelayedHint(hint=PoolHint(pool=A, cause=later, asks_anew=True), delay=turn - mailwarden.clock.at)
    ]
    assert mailwarden.ledger.budgets.waits == {NOON: {A: mailwarden.clock.at}}
    assert mailwarden.ledger.budgets.limit == 0
    assert mailwarden.written == []


def test_an_order_that_comes_again_while_its_repair_waits_reads_nothing_and_waits_on() -> None:
    mailwarden, (order,) = ordered("A", budget=Budget(per_account=0, per_pool=5), at=NOON + timedelta(minutes=50))
    mailwarden.repairer().repair(order)
    known = mailwarden.finding("MW401", A.arn)
    mailwarden.hints.waiting.clear()
    mailwarden.pools.asked.clear()

    done = mailwarden.repairer().repair(replace(order, cause=LATER))

    assert done == nothing(message("budget.account-spent", limit=0))
    assert mailwarden.pools.asked == []
    assert mailwarden.finding("MW401", A.arn) == changed(known, revision=known.lifecycle.revision + 1)
    delay = NOON + timedelta(hours=1) - mailwarden.clock.at
    assert mailwarden.hints.waiting == [DelayedHint(hint=PoolHint(pool=A, cause=LATER, asks_anew=True), delay=delay)]


def test_a_repair_that_waits_and_is_not_on_record_is_told_as_late() -> None:
    mailwarden, (order,) = ordered("A", budget=Budget(per_account=0, per_pool=5))
    mailwarden.ledger.findings.held.clear()

    mailwarden.repairer().repair(order)

    assert mailwarden.finding("MW401", A.arn).lifecycle.announce_after == NOON + timedelta(minutes=80)


def test_a_pool_that_was_repaired_too_often_is_reported_and_looked_at_when_the_hour_turns() -> None:
    at = NOON + timedelta(minutes=50)
    mailwarden, (order,) = ordered("A", budget=Budget(per_account=5, per_pool=0), at=at)

    done = mailwarden.repairer().repair(order)

    spent = message("budget.pool-spent", limit=0)
    assert done == nothing(spent)
    assert (wrote(mailwarden).handling, wrote(mailwarden).reason) == (Handling.WITHHELD, spent)
    assert wrote(mailwarden).proposed is not None
    delay = timedelta(minutes=9, seconds=30)
    assert mailwarden.hints.waiting == [DelayedHint(hint=PoolHint(pool=A, cause=BROKE, asks_anew=True), delay=delay)]
    assert waiting(mailwarden) == {}


def test_what_a_deployment_changed_is_reported_and_not_looked_at_again() -> None:
    mailwarden, (order,) = ordered("A")
    by_tool = replace(LATER, user_agent="APN/1.0 HashiCorp/1.0 Terraform/1.9.5")

    done = mailwarden.repairer().repair(replace(order, cause=by_tool))

    reason = message("guard.deployed", deployment=message("deployment.tool", tool="terraform"))
    assert done == nothing(reason)
    assert (wrote(mailwarden).handling, wrote(mailwarden).reason) == (Handling.WITHHELD, reason)
    assert last_look(mailwarden) == (mailwarden.clock.at, by_tool)
    assert (waiting(mailwarden), mailwarden.hints.waiting) == ({}, [])


@pytest.mark.parametrize(
    ("result", "note"),
    [
        (Drifted(reason=verbatim("moved")), "repair.drifted"),
        (Refused(reason=verbatim("denied")), "repair.refused"),
        (SideEffect(reason=verbatim("more")), "repair.side-effect"),
        (Overtaken(reason=verbatim("theirs")), "repair.overtaken"),
    ],
    ids=lambda result: result if isinstance(result, str) else "",
)
def test_a_write_that_failed_is_answered_with_why(
    result: Drifted | Refused | SideEffect | Overtaken, note: str
) -> None:
    mailwarden, (order,) = ordered("A")
    mailwarden.answer = result

    done = mailwarden.repairer().repair(order)

    entry_id = f"entry-{mailwarden.clock.at.isoformat()}"
    said = message(note, reason=result.reason)
    assert done == Repaired(pool=A, rule_id="MW401", note=said, outcome=result, entry_id=entry_id)
    assert (wrote(mailwarden).handling, wrote(mailwarden).reason) == (Handling.FAILED, said)
    assert waiting(mailwarden) == {}


def test_a_write_that_is_not_confirmed_is_answered_and_stays_open() -> None:
    mailwarden, (order,) = ordered("A")
    result = Unconfirmed(reason=verbatim("not visible"), window=WINDOW)
    mailwarden.answer = result

    done = mailwarden.repairer().repair(order)

    entry_id = f"entry-{mailwarden.clock.at.isoformat()}"
    assert done == Repaired(pool=A, rule_id="MW401", note=result.reason, outcome=result, entry_id=entry_id)
    assert mailwarden.ledger.resource_leases.open_entries == {OREGON.arn: entry_id}
    assert (wrote(mailwarden).handling, wrote(mailwarden).undo_id) == (Handling.WRITING, entry_id)
    assert waiting(mailwarden) == {}
