"""A person undoes a repair: what is refused, what is written, and what is left alone afterwards."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.changes import GrantSending, ReplaceEmailConfiguration
from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.operator.undo import (
    ForeseenPool,
    UndoCarriedOut,
    UndoPlanned,
    UndoRefused,
    UnjudgedPool,
)
from mailwarden.domain.readings import Identity, Missing, Pool
from mailwarden.domain.repair.decision import left_alone
from mailwarden.domain.repair.journal import (
    OPERATOR,
    Written,
)
from mailwarden.domain.repair.limits import RepairMode
from tests.builders import NOON, identity, sending_policy, unread
from tests.fakes.deployment import Deployment, hint
from tests.unit.decisions.repairs import OPENED, OREGON, seoul
from tests.unit.operator.repaired import MOVED, NAME, PARIS, granted, live_policies, moved, undo


def test_a_dry_run_writes_nothing_and_tells_what_would_be_judged() -> None:
    mailwarden, entry_id = granted("A")
    before = live_policies(mailwarden), len(mailwarden.written), dict(mailwarden.ledger.looks.held)

    answer = undo(mailwarden, entry_id, confirm=False)

    assert isinstance(answer, UndoPlanned)
    assert isinstance(answer.change, GrantSending)
    assert answer.change.before == before[0]
    assert answer.change.after == {"mailwarden-cognito": None}
    (foreseen,) = answer.foreseen
    assert isinstance(foreseen, ForeseenPool)
    assert (foreseen.now.answer, foreseen.after.answer) == (Answer.YES, Answer.NO)
    assert "MW401" in {finding.rule_id for finding in foreseen.findings}
    assert before == (live_policies(mailwarden), len(mailwarden.written), dict(mailwarden.ledger.looks.held))
    assert (mailwarden.ledger.resource_leases.held, list(mailwarden.journal.intentions)) == ({}, [entry_id])


def test_an_undo_is_journaled_in_both_directions_and_charged_to_no_budget() -> None:
    mailwarden, entry_id = granted("A")
    charged = set(mailwarden.ledger.budgets.charged)

    answer = undo(mailwarden, entry_id, reason="not wanted")

    assert isinstance(answer, UndoCarriedOut)
    assert answer.outcome == Written(entry_id=answer.undo_id)
    entry, back = mailwarden.journal.entry(entry_id), mailwarden.journal.entry(answer.undo_id)
    assert entry is not None
    assert back is not None
    assert (entry.undone_by, back.intention.undoes) == (answer.undo_id, entry_id)
    assert back.intention.pools == (seoul("A").ref,)
    assert [(key.subject_arn, key.rule_id) for key in back.intention.findings] == [(OREGON.arn, OPERATOR)]
    cause = back.intention.cause
    assert cause is not None
    assert (cause.event_name, cause.event_id, cause.actor) == ("undo", "r-1", "alice")
    assert dict(back.intention.title.args)["reason"] == "not wanted"
    assert mailwarden.ledger.budgets.charged == charged
    assert (mailwarden.ledger.resource_leases.held, mailwarden.ledger.resource_leases.open_entries) == ({}, {})
    assert live_policies(mailwarden) == {}


def test_the_finding_opens_again_and_is_left_alone() -> None:
    mailwarden, entry_id = granted("A")

    answer = undo(mailwarden, entry_id)

    assert isinstance(answer, UndoCarriedOut)
    record = mailwarden.finding("MW401", seoul("A").ref.arn)
    assert (record.lifecycle.state, record.write.handling) == (FindingState.OPEN, Handling.WITHHELD)
    undone_at = mailwarden.journal.intentions[answer.undo_id].at
    assert record.write.reason == left_alone(answer.undo_id, undone_at)
    assert record.write.undo_id is None
    assert mailwarden.told()[-1] == ("MW401", "open")
    for _ in range(3):
        mailwarden.clock.pass_by(hours=1)
        mailwarden.settle_down(hint(seoul("A"), event_id="e-2"))
    assert len(mailwarden.written) == 2
    assert mailwarden.finding("MW401", seoul("A").ref.arn).write.reason == record.write.reason


def test_an_order_that_was_given_before_the_undo_is_refused_by_repair() -> None:
    mailwarden, entry_id = granted("A")
    mailwarden.hold(OPENED)
    mailwarden.inspect(hint(seoul("A"), event_id="e-2"))
    (order,) = mailwarden.repairs.take_all()
    mailwarden.clock.pass_by(minutes=1)
    mailwarden.repairer().repair(order)
    latest = [each for each in mailwarden.journal.intentions if each != entry_id]
    undo(mailwarden, latest[0])

    mailwarden.repairer().repair(replace(order, looked_at=mailwarden.clock.now()))

    assert live_policies(mailwarden) == {}


def edit_pool(mailwarden: Deployment) -> None:
    live = mailwarden.pools.held[seoul("A").ref]
    assert isinstance(live, Pool)
    mailwarden.hold(replace(live, email=replace(live.email, reply_to="else@example.com")))


def edit_policies(mailwarden: Deployment) -> None:
    live = mailwarden.identities.held[OREGON]
    assert isinstance(live, Identity)
    mailwarden.hold(replace(live, policies={**live.policies, "theirs": sending_policy(OREGON, seoul("Z").ref)}))


def mend_and_break(mailwarden: Deployment) -> None:
    """Somebody lets the pool send, a look sees that, and takes it back."""
    live = mailwarden.identities.held[OREGON]
    mended, _ = granted("A")
    mailwarden.hold(replace(OPENED, policies=live_policies(mended)))
    mailwarden.clock.pass_by(minutes=5)
    mailwarden.settle_down(hint(seoul("A"), event_id="e-3"))
    assert isinstance(live, Identity)
    mailwarden.hold(live)


@pytest.mark.parametrize("change", [edit_pool, edit_policies, mend_and_break])
def test_when_what_it_rests_on_changes_it_is_repaired_again(change: Callable[[Deployment], None]) -> None:
    mailwarden, entry_id = granted("A")
    undo(mailwarden, entry_id)
    mailwarden.clock.pass_by(minutes=10)

    change(mailwarden)
    mailwarden.settle_down(hint(seoul("A"), event_id="e-4"))

    assert "mailwarden-cognito" in live_policies(mailwarden)
    assert mailwarden.finding("MW401", seoul("A").ref.arn).lifecycle.state is FindingState.REPAIRED


def test_of_a_shared_policy_only_the_pools_of_the_entry_go() -> None:
    mailwarden, first = granted("A", "B")
    mailwarden.hold(seoul("C"))
    mailwarden.settle_down(hint(seoul("C")))
    (second,) = [each for each in mailwarden.journal.intentions if each != first]

    undo(mailwarden, second)

    change = mailwarden.journal.intentions[first].change
    assert isinstance(change, GrantSending)
    assert live_policies(mailwarden) == dict(change.after)
    mailwarden.clock.pass_by(hours=1)
    mailwarden.settle_down(*(hint(seoul(name), event_id="e-2") for name in "ABC"))
    assert len(mailwarden.written) == 3
    states = {name: mailwarden.finding("MW401", seoul(name).ref.arn).lifecycle.state for name in "ABC"}
    assert states == {"A": FindingState.REPAIRED, "B": FindingState.REPAIRED, "C": FindingState.OPEN}


def test_another_pools_repair_does_not_give_back_what_was_undone() -> None:
    mailwarden, first = granted("A")
    undo(mailwarden, first)
    mailwarden.clock.pass_by(hours=1)
    mailwarden.hold(seoul("B"))

    mailwarden.settle_down(hint(seoul("A"), event_id="e-2"), hint(seoul("B"), event_id="e-3"))

    (text,) = live_policies(mailwarden).values()
    assert (seoul("B").ref.arn in text, seoul("A").ref.arn in text) == (True, False)


def test_a_configuration_goes_back_only_if_its_mail_is_no_worse_for_it() -> None:
    mailwarden, entry_id = moved()
    live = mailwarden.pools.held[MOVED.ref]

    refused = undo(mailwarden, entry_id)

    assert isinstance(refused, UndoRefused)
    assert refused.reason.id == "undo.worse"
    assert isinstance(refused.change, ReplaceEmailConfiguration)
    assert len(refused.foreseen) == 1
    assert mailwarden.pools.held[MOVED.ref] == live
    mailwarden.identities.held[PARIS.ref] = Missing(arn=PARIS.ref.arn)

    done = undo(mailwarden, entry_id)

    assert isinstance(done, UndoCarriedOut)
    back = mailwarden.pools.held[MOVED.ref]
    assert isinstance(back, Pool)
    assert back.email == MOVED.email
    mailwarden.hold(PARIS)
    mailwarden.clock.pass_by(hours=1)
    mailwarden.settle_down(hint(MOVED, event_id="e-2"))
    assert len(mailwarden.written) == 2


def test_a_configuration_that_cannot_be_judged_stays() -> None:
    mailwarden, entry_id = moved()
    mailwarden.identities.held[PARIS.ref] = unread("ses:GetEmailIdentity")
    mailwarden.identities.held[identity(NAME).ref] = unread("ses:GetEmailIdentity")

    answer = undo(mailwarden, entry_id)

    assert isinstance(answer, UndoRefused)
    assert answer.reason.id == "undo.worse"


def test_what_was_written_and_is_still_found_is_told_as_undone() -> None:
    """The write did not help: the finding is open and says so, until a person undoes the write."""
    mailwarden, entry_id = granted("A")
    live = mailwarden.identities.held[OREGON]
    assert isinstance(live, Identity)
    denied = {**live.policies, "deny": live_policies(mailwarden)["mailwarden-cognito"].replace("Allow", "Deny")}
    mailwarden.hold(replace(live, policies=denied))
    mailwarden.inspect(hint(seoul("A"), event_id="e-2"))
    key = next(key for key in mailwarden.ledger.findings.held if key.rule_id == "MW401")
    record = mailwarden.ledger.findings.held[key]
    still = replace(
        record,
        write=replace(record.write, handling=Handling.WRITTEN, undo_id=entry_id),
        lifecycle=replace(record.lifecycle, state=FindingState.OPEN, affected={key.subject_arn: NOON}),
    )
    mailwarden.ledger.findings.held[key] = still

    undo(mailwarden, entry_id)

    after = mailwarden.ledger.findings.held[key]
    assert (after.write.handling, after.write.undo_id) == (Handling.WITHHELD, None)
    assert after.lifecycle.version > still.lifecycle.version


def test_pools_that_are_gone_or_unreadable_do_not_keep_a_grant_from_being_undone() -> None:
    mailwarden, entry_id = granted("A", "B", "C")
    mailwarden.pools.held[seoul("A").ref] = Missing(arn=seoul("A").ref.arn)
    mailwarden.pools.held[seoul("B").ref] = unread("cognito-idp:DescribeUserPool")

    dry = undo(mailwarden, entry_id, confirm=False)
    answer = undo(mailwarden, entry_id)

    assert isinstance(dry, UndoPlanned)
    assert [type(each) for each in dry.foreseen] == [UnjudgedPool, UnjudgedPool, ForeseenPool]
    assert isinstance(answer, UndoCarriedOut)
    assert live_policies(mailwarden) == {}


def test_a_pool_that_is_throttled_is_undone_later() -> None:
    mailwarden, entry_id = granted("A")
    mailwarden.pools.held[seoul("A").ref] = replace(unread("cognito-idp:DescribeUserPool"), transient=True)

    answer = undo(mailwarden, entry_id)

    assert isinstance(answer, UndoRefused)
    assert answer.reason.id == "undo.pools-busy"
    assert len(mailwarden.written) == 1


def test_many_pools_are_looked_at_by_hints_and_none_is_repaired_again() -> None:
    names = tuple("ABCDEFGHIJKL")
    mailwarden, entry_id = granted(*names)
    mailwarden.hints.take_all()

    dry = undo(mailwarden, entry_id, confirm=False)
    answer = undo(mailwarden, entry_id)

    assert isinstance(dry, UndoPlanned)
    assert len(dry.foreseen) == 10
    assert isinstance(answer, UndoCarriedOut)
    assert len(mailwarden.hints.waiting) == 2
    for minutes in (0, 5, 60):
        mailwarden.clock.pass_by(minutes=minutes)
        mailwarden.settle_down(*(hint(seoul(name), event_id=f"e-{minutes}") for name in names))
    assert len(mailwarden.written) == 2


@pytest.mark.parametrize("mode", [RepairMode.OFF, RepairMode.UNSAFE])
def test_no_repair_mode_keeps_a_person_from_an_undo(mode: RepairMode) -> None:
    mailwarden, entry_id = granted("A")
    mailwarden.mode = mode

    assert isinstance(undo(mailwarden, entry_id), UndoCarriedOut)
    assert mailwarden.finding("MW401", seoul("A").ref.arn).write.reason is not None
    mailwarden.clock.at += timedelta(hours=2)
    mailwarden.settle_down(hint(seoul("A"), event_id="e-9"))
    assert live_policies(mailwarden) == {}
