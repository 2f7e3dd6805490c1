"""What becomes of an order: what is written, for whom, and what is recorded where nothing is."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.changes import WrittenChange
from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.readings import IdentityReading, Pool
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import IdentityRef
from mailwarden.domain.repair.journal import WriteResult, Written
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.message import message
from mailwarden.policy import LEGACY_PRINCIPAL
from mailwarden.service.inspection.inspect import PoolNotReadable
from mailwarden.service.repair.repair import Repaired
from mailwarden.service.repair.repair_guard import Budget
from tests.builders import NOON, HeldIdentities, custom_from, developer, identity, pool, sending_policy, unread
from tests.fakes.deployment import SETTLE, Deployment, cause, hint, order
from tests.unit.decisions.repairs import BEFORE, OPENED, OREGON, TERRAFORM, deployed, granted, seoul


def test_pools_that_need_the_same_grant_get_it_together_and_nobody_else_does() -> None:
    # In the order of their ids, after the one that was ordered: each stands before one that does need the grant.
    due = [seoul(name) for name in "ADFHJ"]
    exempt = replace(seoul("B"), tags={"mailwarden": "report"})
    gone, unreadable, deployed_elsewhere = seoul("C"), seoul("E"), seoul("G")
    moving = pool("eu-west-3", pool_id="eu-west-3_X", email=developer(OREGON))
    mailwarden = deployed(*due, exempt, gone, unreadable, deployed_elsewhere, moving, OPENED)
    mailwarden.hold(identity(region="eu-west-3"))
    by_id = sorted((*due, exempt, gone, unreadable, moving), key=lambda each: each.ref.pool_id)
    mailwarden.inspect(*map(hint, by_id))
    mailwarden.inspect(PoolHint(pool=deployed_elsewhere.ref, cause=TERRAFORM))
    del mailwarden.pools.held[gone.ref]
    mailwarden.pools.held[unreadable.ref] = unread("cognito-idp:DescribeUserPool")
    first = next(each for each in mailwarden.repairs.take_all() if each.pool_arn == due[0].ref.arn)
    mailwarden.clock.at += SETTLE

    mailwarden.repairer().repair(first)

    assert granted(mailwarden) == [set("ADFHJ")]


def test_a_moved_pool_is_moved_alone() -> None:
    paris = [pool("eu-west-3", pool_id=f"eu-west-3_{name}", email=developer(OREGON)) for name in "AB"]
    mailwarden = deployed(*paris, OPENED, identity(region="eu-west-3"))
    mailwarden.inspect(*map(hint, paris))
    first, _ = mailwarden.repairs.take_all()

    mailwarden.repairer().repair(first)

    assert len(mailwarden.written) == 1


def test_one_write_serves_so_many_pools_and_no_more() -> None:
    pools = [seoul(f"{number:02}") for number in range(53)]
    mailwarden = deployed(*pools, OPENED, budget=Budget(per_account=100, per_pool=5))
    mailwarden.inspect(*map(hint, pools))
    first, *_ = mailwarden.repairs.take_all()
    mailwarden.clock.at += SETTLE

    mailwarden.repairer().repair(first)

    assert [len(pools) for pools in granted(mailwarden)] == [48]
    # Those that one policy has no room for are served by the next write.
    assert mailwarden.hints.waiting == []


@dataclass(slots=True, kw_only=True)
class AskedIdentities(HeldIdentities):
    """Remembers whether what was read had to be fresh."""

    fresh: list[bool] = field(default_factory=list)

    def read(self, identity: IdentityRef, *, fresh: bool) -> IdentityReading:
        self.fresh.append(fresh)
        return HeldIdentities.read(self, identity, fresh=fresh)


def test_an_identity_is_read_anew_before_and_after_and_once_for_all_pools() -> None:
    pools = [seoul(name) for name in "ABC"]
    mailwarden = deployed(*pools, OPENED)
    mailwarden.inspect(*map(hint, pools))
    (first, *_) = mailwarden.repairs.take_all()
    mailwarden.clock.at += SETTLE
    asked = AskedIdentities(held=mailwarden.identities.held)
    mailwarden.identities = asked

    mailwarden.repairer().repair(first)

    assert asked.fresh == [True, False, False, True, False, False, False]


def test_a_pool_that_goes_while_we_write_does_not_hold_up_the_others() -> None:
    pools = [seoul(name) for name in "ABC"]
    mailwarden = deployed(*pools, OPENED)
    mailwarden.inspect(*map(hint, pools))
    (first, *_) = mailwarden.repairs.take_all()
    mailwarden.clock.at += SETTLE

    @dataclass(slots=True, kw_only=True)
    class Deleting:
        def write(self, change: WrittenChange, *, entry_id: str) -> WriteResult:
            outcome = mailwarden.held_writer().write(change, entry_id=entry_id)
            del mailwarden.pools.held[pools[1].ref]
            return outcome

    mailwarden.writer = Deleting()
    mailwarden.repairer().repair(first)
    mailwarden.inspect(PoolHint(pool=pools[1].ref, cause=cause("DeleteUserPool", event_id="e-gone")))

    assert mailwarden.ledger.looks.last(pools[1].ref) is None
    assert {mailwarden.finding("MW401", each.ref.arn).lifecycle.state for each in pools} == {FindingState.REPAIRED}


def test_a_pool_that_is_gone_is_forgotten_and_the_call_that_removed_it_is_known() -> None:
    broken, deleted = seoul("A"), replace(cause("DeleteUserPool", event_id="e-gone"), at=NOON + timedelta(minutes=1))
    mailwarden = deployed(broken, OPENED)
    mailwarden.inspect(hint(broken))
    (ordered,) = mailwarden.repairs.take_all()
    del mailwarden.pools.held[broken.ref]

    done = mailwarden.repairer().repair(replace(ordered, cause=deleted))

    assert done == Repaired(pool=broken.ref, rule_id="MW401", note=done.note)
    assert done.note == message("look.pool-gone")
    assert mailwarden.ledger.looks.last(broken.ref) is None
    assert mailwarden.ledger.looks.gone.keys() == {broken.ref}
    record = mailwarden.finding("MW401", broken.ref.arn)
    assert (record.lifecycle.state, record.seen.cause) == (FindingState.RESOLVED, deleted)


def test_a_pool_that_cannot_be_read_is_tried_again() -> None:
    broken = seoul("A")
    mailwarden = deployed(broken, OPENED)
    mailwarden.inspect(hint(broken))
    (ordered,) = mailwarden.repairs.take_all()
    mailwarden.pools.held[broken.ref] = unread("cognito-idp:DescribeUserPool")

    with pytest.raises(PoolNotReadable, match=f"{broken.ref.arn}: AccessDenied"):
        mailwarden.repairer().repair(ordered)

    assert mailwarden.journal.intentions == {}


@pytest.mark.parametrize("mended", [True, False])
def test_an_order_that_is_not_due_any_more_writes_nothing_and_records_what_it_saw(mended: bool) -> None:
    broken, mending = seoul("A"), replace(cause("PutEmailIdentityPolicy", event_id="e-mended"), at=NOON)
    mailwarden = deployed(broken, OPENED)
    mailwarden.inspect(PoolHint(pool=broken.ref))
    (ordered,) = mailwarden.repairs.take_all()
    policies = {"theirs": sending_policy(OREGON, broken.ref)} if mended else {}
    mailwarden.hold(replace(OPENED, policies=policies, tags={"mailwarden": "report", **OPENED.tags}))

    done = mailwarden.repairer().repair(replace(ordered, cause=mending))

    record = mailwarden.finding("MW401", broken.ref.arn)
    assert done == Repaired(pool=broken.ref, rule_id="MW401", note=done.note)
    assert done.note == message("repair.nothing-due")
    assert mailwarden.journal.intentions == {}
    assert record.seen.cause == mending
    assert record.lifecycle.state is (FindingState.RESOLVED if mended else FindingState.OPEN)
    assert mended or record.write.handling is Handling.WITHHELD


@pytest.mark.parametrize("known_to", ["the order", "the record"])
def test_what_a_deployment_broke_is_left_to_it(known_to: str) -> None:
    broken = seoul("A")
    mailwarden = deployed(broken, OPENED)
    mailwarden.inspect(PoolHint(pool=broken.ref, cause=TERRAFORM if known_to == "the record" else None))
    (ordered,) = mailwarden.repairs.take_all()

    done = mailwarden.repairer().repair(replace(ordered, cause=TERRAFORM if known_to == "the order" else None))

    assert done == Repaired(pool=broken.ref, rule_id="MW401", note=done.note)
    assert done.note == message("guard.deployed", deployment=message("deployment.tool", tool="terraform"))
    record = mailwarden.finding("MW401", broken.ref.arn)
    assert (record.write.handling, record.write.reason) == (Handling.WITHHELD, done.note)
    assert mailwarden.written == []


def test_a_withheld_repair_blames_the_call_of_its_order() -> None:
    broken = seoul("A")
    mailwarden = deployed(broken, OPENED, budget=Budget(per_account=0, per_pool=0))
    mailwarden.inspect(PoolHint(pool=broken.ref))
    (ordered,) = mailwarden.repairs.take_all()

    mailwarden.repairer().repair(replace(ordered, cause=BEFORE))

    record = mailwarden.finding("MW401", broken.ref.arn)
    assert (record.write.handling, record.seen.cause) == (Handling.WITHHELD, BEFORE)


def test_what_else_is_wrong_is_recorded_with_its_own_reason() -> None:
    broken = seoul("A")
    too_wide = sending_policy(OREGON, principal=LEGACY_PRINCIPAL, conditions={})
    mailwarden = deployed(broken, replace(OPENED, policies={"theirs": too_wide}))
    mailwarden.inspect(PoolHint(pool=broken.ref))
    (ordered,) = mailwarden.repairs.take_all()

    mailwarden.severities = {"MW404": Severity.LOW}
    done = mailwarden.repairer().repair(replace(ordered, cause=BEFORE))

    record = mailwarden.finding("MW404", OREGON.arn)
    assert (done.rule_id, done.outcome) == ("MW403", Written(entry_id=str(done.entry_id)))
    assert (record.lifecycle.state, record.write.handling) == (FindingState.OPEN, Handling.WITHHELD)
    assert (record.finding.severity, record.seen.cause) == (Severity.LOW, BEFORE)
    assert mailwarden.hints.waiting == []


def changed_again(mailwarden: Deployment, broken: Pool) -> Cause:
    """Somebody changes the pool's mail after it was looked at, without mending it."""
    mailwarden.clock.pass_by(minutes=1)
    at = mailwarden.clock.now()
    mailwarden.hold(replace(broken, email=custom_from(OREGON, reply_to="else@example.com"), last_modified=at))
    mailwarden.clock.pass_by(hours=1)
    return replace(cause(event_id="e-later"), at=at)


@pytest.mark.parametrize("mode", [RepairMode.SAFE, RepairMode.OFF])
@pytest.mark.parametrize("announced", [True, False])
def test_a_change_that_the_order_tells_of_is_not_one_that_nobody_announced(announced: bool, mode: RepairMode) -> None:
    broken = seoul("A")
    mailwarden = deployed(broken, OPENED)
    mailwarden.inspect(hint(broken))
    (ordered,) = mailwarden.repairs.take_all()
    later = changed_again(mailwarden, broken)
    mailwarden.mode = mode

    mailwarden.repairer().repair(replace(ordered, cause=later if announced else None))

    assert ("MW902" in {key.rule_id for key in mailwarden.ledger.findings.held}) == (not announced)


@pytest.mark.parametrize("rule_id", ["MW401", "MW302", "MW999"])
def test_a_forged_order_writes_nothing_that_is_not_due(rule_id: str) -> None:
    broken = seoul("A")
    mailwarden = deployed(broken, replace(OPENED, verified_for_sending=False), mode=RepairMode.OFF)

    done = mailwarden.repairer().repair(order(broken, rule_id))

    assert done.outcome is None
    assert mailwarden.written == []
    assert done.rule_id == rule_id


def test_what_an_order_serves_instead_of_its_own_finding_is_told_and_recorded_as_that() -> None:
    """The order is of a finding that is over; another finding of the same resource is due, and the budget is spent."""
    broken = seoul("A")
    mailwarden = deployed(broken, OPENED, budget=Budget(per_account=20, per_pool=0))
    mailwarden.inspect(hint(broken))
    (ordered,) = mailwarden.repairs.take_all()

    done = mailwarden.repairer().repair(replace(ordered, rule_id="MW403"))

    assert done == Repaired(pool=broken.ref, rule_id="MW401", note=message("budget.pool-spent", limit=0))
    write = mailwarden.finding("MW401", broken.ref.arn).write
    assert (write.handling, write.reason) == (Handling.WITHHELD, done.note)


def test_a_stop_while_the_other_pools_are_looked_at_keeps_the_write_from_being_made() -> None:
    pools = [seoul(f"{number:02}") for number in range(8)]
    mailwarden = deployed(*pools, OPENED)
    mailwarden.inspect(*map(hint, pools))
    first, *_ = mailwarden.repairs.take_all()
    mailwarden.clock.at += SETTLE
    repairer, stop = mailwarden.repairer(), mailwarden.ledger.stop_switch
    joint = replace(repairer.joint, pause=lambda _: stop.stop(by="alice", now=mailwarden.clock.now()))

    done = replace(repairer, joint=joint).repair(first)

    assert (done.note, mailwarden.written, mailwarden.journal.intentions) == (message("repair.nothing-due"), [], {})
    write = mailwarden.finding("MW401", pools[0].ref.arn).write
    assert write.reason is not None
    assert (write.handling, write.reason.id) == (Handling.WITHHELD, "decision.stopped")
