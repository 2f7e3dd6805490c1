"""What becomes of an order: what is written, for whom, and what is said of it afterwards."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.changes import Change, GrantSending
from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.readings import Identity, IdentityReading, Pool
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import IdentityRef
from mailwarden.domain.repair.journal import Drifted, Intention, Refused, SideEffect, WriteOutcome, Written
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.message import Message, message, verbatim
from mailwarden.policy import LEGACY_PRINCIPAL
from mailwarden.ports.repair.change_writer import ChangeWriter
from mailwarden.service.inspection.inspect import PoolNotReadable
from mailwarden.service.repair.repair import Repaired
from mailwarden.service.repair.repair_guard import Budget
from tests.builders import (
    NOON,
    HeldIdentities,
    custom_from,
    developer,
    identity,
    identity_ref,
    pool,
    sending_policy,
    unread,
)
from tests.fakes.deployment import Deployment, cause, hint, order
from tests.tables import Row, table

OREGON = identity_ref(region="us-west-2")
OPENED = identity(region="us-west-2", tags={"mailwarden:cognito": "account"})
TERRAFORM = replace(cause(event_id="e-tf"), user_agent="APN/1.0 HashiCorp/1.0 Terraform/1.9.5")
BEFORE = replace(cause("DeleteEmailIdentityPolicy", event_id="e-before"), at=NOON - timedelta(minutes=1))
BECAUSE = verbatim("LimitExceeded")
OUTCOMES: dict[str, WriteOutcome] = {
    "Written": Written(entry_id="as asked"),
    "Drifted": Drifted(reason=BECAUSE),
    "Refused": Refused(reason=BECAUSE),
    "SideEffect": SideEffect(reason=BECAUSE),
}


def reason_in(id_: str) -> Message | None:
    """The reason with this id; what the writer said is part of it, where it said anything."""
    if not id_ or id_ == "repair.still-found":
        return message(id_) if id_ else None
    return message(id_, reason=BECAUSE)


def seoul(name: str) -> Pool:
    """A pool that sends through Oregon and lacks the grant."""
    return pool("ap-northeast-2", pool_id=f"ap-northeast-2_{name}", email=custom_from(OREGON))


def deployed(
    *held: Pool | Identity,
    answer: WriteOutcome | None = None,
    budget: Budget | None = None,
    mode: RepairMode = RepairMode.SAFE,
) -> Deployment:
    mailwarden = Deployment(answer=answer, budget=budget or Budget(per_account=20, per_pool=5), mode=mode)
    mailwarden.hold(*held)
    return mailwarden


def granted(mailwarden: Deployment) -> list[set[str]]:
    """Which pools each write gave the grant to, by the names in their ids."""
    changes = [change for change in mailwarden.written if isinstance(change, GrantSending)]
    return [{ref.pool_id.partition("_")[2] for ref in change.pools} for change in changes]


@pytest.mark.parametrize(
    "row",
    table("outcome", "The writer's answer").rows,
    ids=lambda row: f"{row.conditions['outcome']}, live: {row.conditions['live']}",
)
def test_what_the_writer_answered_is_told(row: Row) -> None:
    broken, outcome = seoul("A"), OUTCOMES[row.conditions["outcome"]]
    mailwarden = deployed(broken, OPENED, answer=None if row.conditions["live"] == "yes" else outcome)
    mailwarden.inspect(hint(broken))
    (ordered,) = mailwarden.repairs.take_all()
    begun = mailwarden.finding("MW401", broken.ref.arn)
    repairer, entry_id = mailwarden.repairer(), f"entry-{row.conditions['outcome']}"
    writer = Answering(told=outcome, by=repairer.writer)

    done = replace(repairer, writer=writer, new_entry_id=lambda _: entry_id).repair(ordered)

    record = mailwarden.finding("MW401", broken.ref.arn)
    expected = row.outcome
    assert (record.lifecycle.state, record.write.handling) == (
        FindingState(expected["state"]),
        Handling(expected["handling"]),
    )
    assert record.write.undo_id == (entry_id if expected["undo"] == "yes" else None)
    assert record.write.reason == reason_in(expected["reason"])
    assert record.write.proposed is not None
    assert begun.write.proposed is not None
    assert record.write.proposed.title == begun.write.proposed.title
    later = PoolHint(pool=broken.ref, cause=cause())
    assert [(each.hint, each.delay) for each in mailwarden.hints.waiting] == (
        [(later, timedelta(seconds=10))] if expected["looks again"] == "yes" else []
    )
    assert done == Repaired(
        pool=broken.ref,
        rule_id="MW401",
        note=done.note,
        outcome=outcome,
        entry_id=entry_id,
        took=done.took,
    )
    assert done.note == (
        record.write.reason if record.write.handling is Handling.FAILED else record.write.proposed.title
    )
    assert (done.took is not None) == (expected["took time"] == "yes")
    assert writer.entry_id == entry_id


@dataclass(slots=True, kw_only=True)
class Answering:
    """Lets the writer do its work, and answers something of its own."""

    told: WriteOutcome
    by: ChangeWriter
    entry_id: str = ""

    def write(self, change: Change, *, entry_id: str) -> WriteOutcome:
        self.entry_id = entry_id
        self.by.write(change, entry_id=entry_id)
        return self.told


def test_the_intention_is_written_down_before_the_write() -> None:
    broken = seoul("A")
    mailwarden = deployed(broken, OPENED)
    mailwarden.inspect(hint(broken))

    (done,) = mailwarden.repair()

    assert done.entry_id is not None
    assert done.note is not None
    (intention,) = mailwarden.journal.intentions.values()
    (change,) = mailwarden.written
    key = next(key for key in mailwarden.ledger.findings.held if key.rule_id == "MW401")
    assert intention == Intention(
        entry_id=done.entry_id,
        at=intention.at,
        finding=key,
        title=done.note,
        change=change,
        change_digest=intention.change_digest,
        cause=cause(),
    )
    assert NOON < intention.at <= mailwarden.journal.outcomes[done.entry_id][1]


class Died(Exception):
    """The function's time is over."""


@dataclass(slots=True, kw_only=True)
class DyingWriter:
    """Dies before it answers."""

    by: ChangeWriter | None = None

    def write(self, change: Change, *, entry_id: str) -> WriteOutcome:
        if self.by is not None:
            self.by.write(change, entry_id=entry_id)
        raise Died


@pytest.mark.parametrize("takes_effect", [True, False])
def test_what_was_begun_is_known_and_concluded_by_the_next_order(takes_effect: bool) -> None:
    broken = seoul("A")
    mailwarden = deployed(broken, OPENED)
    mailwarden.inspect(hint(broken))
    (ordered,) = mailwarden.repairs.take_all()
    repairer = mailwarden.repairer()
    with pytest.raises(Died):
        replace(repairer, writer=DyingWriter(by=repairer.writer if takes_effect else None)).repair(ordered)
    begun = mailwarden.finding("MW401", broken.ref.arn)

    began_at = mailwarden.clock.now()
    mailwarden.repairer().repair(ordered)

    after = mailwarden.finding("MW401", broken.ref.arn)
    assert begun.write.handling is Handling.WRITING
    assert begun.write.undo_id is not None
    assert begun.write.proposed is not None
    assert (after.lifecycle.state, after.write.handling) == (FindingState.REPAIRED, Handling.WRITTEN)
    if takes_effect:
        assert (after.write.undo_id, after.write.proposed) == (begun.write.undo_id, begun.write.proposed)
        outcome, at = mailwarden.journal.outcomes[begun.write.undo_id]
        assert outcome == Written(entry_id=begun.write.undo_id)
        assert began_at < at < mailwarden.clock.now()
        assert after.lifecycle.changed_at > began_at
    else:
        assert begun.write.undo_id not in mailwarden.journal.outcomes


def test_pools_that_need_the_same_grant_get_it_together_and_nobody_else_does() -> None:
    # In the order of their ARNs, after the one that was ordered: each stands before one that does need the grant.
    due = [seoul(name) for name in "ADFHJ"]
    exempt = replace(seoul("B"), tags={"mailwarden": "report"})
    gone, unreadable, deployed_elsewhere = seoul("C"), seoul("E"), seoul("G")
    moving = pool("eu-west-3", pool_id="eu-west-3_X", email=developer(OREGON))
    mailwarden = deployed(*due, exempt, gone, unreadable, deployed_elsewhere, moving, OPENED)
    mailwarden.hold(identity(region="eu-west-3"))
    mailwarden.inspect(*(hint(each) for each in (*due, exempt, gone, unreadable, moving)))
    mailwarden.inspect(PoolHint(pool=deployed_elsewhere.ref, cause=TERRAFORM))
    del mailwarden.pools.held[gone.ref]
    mailwarden.pools.held[unreadable.ref] = unread("cognito-idp:DescribeUserPool")
    first = next(each for each in mailwarden.repairs.take_all() if each.pool_arn == due[0].ref.arn)

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
    for each in pools:
        mailwarden.inspect(PoolHint(pool=each.ref))
    first, *_ = mailwarden.repairs.take_all()

    mailwarden.repairer().repair(first)

    assert [len(pools) for pools in granted(mailwarden)] == [51]


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
    asked = AskedIdentities(held=mailwarden.identities.held)
    mailwarden.identities = asked

    mailwarden.repairer().repair(first)

    assert asked.fresh == [True, False, False, True, False, False]


def test_a_pool_that_goes_while_we_write_does_not_hold_up_the_others() -> None:
    pools = [seoul(name) for name in "ABC"]
    mailwarden = deployed(*pools, OPENED)
    mailwarden.inspect(*map(hint, pools))
    (first, *_) = mailwarden.repairs.take_all()
    repairer = mailwarden.repairer()

    @dataclass(slots=True, kw_only=True)
    class Deleting:
        def write(self, change: Change, *, entry_id: str) -> WriteOutcome:
            outcome = repairer.writer.write(change, entry_id=entry_id)
            del mailwarden.pools.held[pools[1].ref]
            return outcome

    replace(repairer, writer=Deleting()).repair(first)

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

    done = replace(mailwarden.repairer(), severities={"MW404": Severity.LOW}).repair(replace(ordered, cause=BEFORE))

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


@pytest.mark.parametrize("announced", [True, False])
def test_a_change_that_the_order_tells_of_is_not_one_that_nobody_announced(announced: bool) -> None:
    broken = seoul("A")
    mailwarden = deployed(broken, OPENED)
    mailwarden.inspect(hint(broken))
    (ordered,) = mailwarden.repairs.take_all()
    later = changed_again(mailwarden, broken)

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
