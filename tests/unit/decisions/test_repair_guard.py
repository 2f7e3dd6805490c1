"""What forbids a write that is planned, as the table says it: every combination of what is asked just before."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from mailwarden.domain.findings.changes import Change, CreateServiceLinkedRole, GrantSending, ReplaceEmailConfiguration
from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.readings import EmailConfiguration
from mailwarden.domain.refs.causes import Cause, cause_id_of
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.change_documents import change_digest
from mailwarden.domain.repair.journal import Intention
from mailwarden.message import Message, message, verbatim
from mailwarden.ports.repair.stacks import Owned
from mailwarden.service.repair.fights import Fights
from mailwarden.service.repair.repair_guard import Budget, RepairGuard
from mailwarden.service.repair.source_owners import SourceOwners
from tests.builders import ACCOUNT, NOON, identity_ref, pool_ref
from tests.fakes.held_writer import HeldStacks
from tests.fakes.ledger.findings import InMemoryFindings
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.records import changed
from tests.tables import combinations, table
from tests.unit.decisions.records import call, record

POOL, NEIGHBOR = pool_ref(), pool_ref(pool_id="us-east-1_NEIGHBOR")
OTHER_REGION = pool_ref("eu-west-1")
ROLE = f"arn:aws:iam::{ACCOUNT}:role/deploy"
KEY = FindingKey(subject_arn=identity_ref().arn, rule_id="MW302")
BUDGET = Budget(per_account=3, per_pool=2)
HOUR = timedelta(hours=1)
GRANT = GrantSending(identity=identity_ref(), pools=(POOL,), before={"p": None}, after={"p": "{}"})
CHANGES: dict[str, Change] = {
    "grant": GRANT,
    "move": ReplaceEmailConfiguration(
        pool=POOL, before=EmailConfiguration(), after=EmailConfiguration(from_address="a@example.com")
    ),
    "role": CreateServiceLinkedRole(partition="aws", account=ACCOUNT),
}
CALLS: dict[str, Cause | None] = {
    "nobody": None,
    "person": call("person", seconds=0),
    "role": replace(call("role", seconds=0), actor=ROLE),
    "tool": replace(call("tool", seconds=0), user_agent="APN/1.0 HashiCorp/1.0 Terraform/1.9"),
}
STACK = verbatim("stack mail")


def reason_in(case: Mapping[str, str], id_: str) -> Message | None:
    """The reason with this id, as the facts of this case make it."""
    match id_:
        case "":
            return None
        case "guard.fight":
            who, written = undone_by(case), int(case["written"])
            by = message("fight.by-unknown")
            if who is not None:
                by = message("fight.by", actor=who.actor, event=who.event_name, agent=who.user_agent)
            until = message("fight.until", at=(NOON + HOUR).isoformat(timespec="minutes"))
            goes_on = until if written == 2 else message("fight.until-released")
            return message(id_, count=written, by=by, goes_on=goes_on)
        case "deployment.role":
            return message("guard.deployed", deployment=message(id_, actor=ROLE))
        case "deployment.tool":
            return message("guard.deployed", deployment=message(id_, tool="terraform"))
        case _:
            return message(id_, owner=STACK)


def written(fights: Fights, change: Change, number: int) -> None:
    """Let this change be written for what it serves, shortly before."""
    fights.note(
        Intention(
            entry_id=f"entry-{number}",
            at=NOON,
            findings=(KEY,),
            pools=change.pools if isinstance(change, GrantSending) else (POOL,),
            title=verbatim("Mend it"),
            change=change,
            change_digest=change_digest(change),
            cause=None,
        )
    )


def undone_by(case: Mapping[str, str]) -> Cause | None:
    """The first call of the ones that are known."""
    known = [CALLS[case["call"]], None if case["blamed"] == "no record" else CALLS[case["blamed"]]]
    return next((call for call in known if call is not None), None)


def look(changed_by: Cause | None) -> LookRecord:
    return LookRecord(
        pool=POOL,
        pool_name="shop",
        looked_at=NOON,
        answer=Answer.NO,
        deciding=Link.IDENTITY,
        findings=(KEY,),
        uses=(),
        changed_by=changed_by,
    )


def guard_of(case: Mapping[str, str]) -> RepairGuard:
    ledger = InMemoryLedger()
    fights = Fights(histories=ledger.histories)
    if case["blamed"] != "no record":
        found = record({"record": "open", "did": "pending", "pools": "this"})
        ledger.findings.held[KEY] = changed(found, cause=CALLS[case["blamed"]])
    if case["last writer"] != "no look":
        ledger.looks.held[POOL] = look(CALLS[case["last writer"]])
    for number in range(int(case["written"])):
        written(fights, CHANGES[case["change"]], number)
        fights.pause(POOL, CHANGES[case["change"]], causes=(), at=NOON)
    # Neither the grant of another pool nor one on another identity is part of a fight.
    for number in range(10, 14):
        written(fights, replace(GRANT, pools=(NEIGHBOR,)), number)
        written(fights, replace(GRANT, identity=identity_ref("else@example.com")), number)
    owner, owned = Owned(by=STACK), POOL if case["stack"] == "owned" else NEIGHBOR
    return RepairGuard(
        findings=ledger.findings,
        looks=ledger.looks,
        budgets=ledger.budgets,
        fights=fights,
        owners=SourceOwners(stacks=HeldStacks(owners={owned: owner}), deployment_roles=(ROLE,)),
        budget=BUDGET,
    )


def test_every_combination_is_as_the_table_says() -> None:
    expected = table("repair_guard", "Just before a write")
    for case in combinations(
        **{
            "written": ("0", "1", "2", "3"),
            "change": tuple(CHANGES),
            "call": tuple(CALLS),
            "blamed": ("no record", *CALLS),
            "last writer": ("no look", *CALLS),
            "stack": ("owned", "not owned"),
        }
    ):
        guard, change, cause = guard_of(case), CHANGES[case["change"]], CALLS[case["call"]]

        forbidden = guard.forbids(POOL, change, KEY, cause=cause, at=NOON)

        assert forbidden == reason_in(case, expected.decide(case)["forbidden by"]), case
    assert expected.idle == []


CASE = {"written": "0", "change": "grant", "blamed": "no record", "last writer": "no look", "stack": "not owned"}


@pytest.mark.parametrize(
    ("taken_by", "spent"),
    [
        ([], None),
        ([POOL], None),
        ([POOL, POOL], "pool"),
        ([POOL, NEIGHBOR], None),
        ([NEIGHBOR, NEIGHBOR], None),
        ([NEIGHBOR, POOL, OTHER_REGION], "account"),
    ],
)
def test_the_hours_budget_holds_so_many_writes(taken_by: list[PoolRef], spent: str | None) -> None:
    guard = guard_of(CASE)
    for number, pool in enumerate(taken_by):
        assert guard.spent(pool, cause=None, at=NOON) is None
        guard.budgets.charge(pool, entry_id=f"entry-{number}", cause_id=None, at=NOON)

    reason = guard.spent(POOL, cause=None, at=NOON + timedelta(minutes=59))

    limits = {"pool": BUDGET.per_pool, "account": BUDGET.per_account}
    assert reason == (None if spent is None else message(f"budget.{spent}-spent", limit=limits[spent]))
    assert guard.spent(POOL, cause=None, at=NOON + timedelta(hours=1)) is None


FOUND = record({"record": "open", "did": "pending", "pools": "this"})
ALL_TAKEN = (POOL, NEIGHBOR, OTHER_REGION)
# At ten to one o'clock, a wait until after one is one for the next hour.
TEN_TO, TURN = NOON + timedelta(minutes=50), NOON + HOUR
WAITING = changed(FOUND, announce_after=TURN + timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("known", "taken_by", "waits"),
    [
        (WAITING, ALL_TAKEN, True),
        (WAITING, ALL_TAKEN[1:], False),
        (WAITING, (POOL, POOL), False),
        (changed(FOUND, announce_after=TURN), ALL_TAKEN, False),
        (changed(WAITING, state=FindingState.RESOLVED), ALL_TAKEN, False),
        (changed(WAITING, handling=Handling.WITHHELD), ALL_TAKEN, False),
        (None, ALL_TAKEN, False),
    ],
)
def test_a_repair_waits_still_if_the_ledger_shows_that_it_waits_for_the_next_hour(
    known: FindingRecord | None, taken_by: tuple[PoolRef, ...], *, waits: bool
) -> None:
    guard = guard_of(CASE)
    for number, pool in enumerate(taken_by):
        guard.budgets.charge(pool, entry_id=f"entry-{number}", cause_id=None, at=NOON)

    reason = guard.waits_still(POOL, known, cause=None, at=TEN_TO)

    assert reason == (message("budget.account-spent", limit=BUDGET.per_account) if waits else None)


def test_a_repair_whose_call_was_charged_already_waits_no_longer() -> None:
    guard, cause = guard_of(CASE), call("person", seconds=0)
    for number, charged in enumerate((cause_id_of(cause), "another", "a third")):
        guard.budgets.charge(NEIGHBOR, entry_id=f"entry-{number}", cause_id=charged, at=NOON)

    assert guard.waits_still(POOL, WAITING, cause=None, at=TEN_TO) is not None
    assert guard.waits_still(POOL, WAITING, cause=cause, at=TEN_TO) is None


def test_the_finding_is_read_once() -> None:
    guard, reads = guard_of(CASE), Counter[FindingKey]()
    findings = cast("InMemoryFindings", guard.findings)

    class Counted(InMemoryFindings):
        def read(self, key: FindingKey) -> FindingRecord | None:
            reads[key] += 1
            return findings.read(key)

    for change in CHANGES.values():
        replace(guard, findings=Counted()).forbids(POOL, change, KEY, cause=None, at=NOON)

    assert reads == {KEY: len(CHANGES)}


OVER = changed(FOUND, state=FindingState.RESOLVED, looked_at=NOON + timedelta(microseconds=1))
# The last looks, by which of them names the finding.
LAST_LOOKS: dict[str, tuple[LookRecord, ...]] = {
    "no look": (),
    "not": (replace(look(None), findings=()),),
    "the pool's": (look(None),),
    "a neighbor's": (replace(look(None), findings=()), replace(look(None), pool=NEIGHBOR)),
    "the pool's names another": (replace(look(None), findings=(replace(KEY, subject_arn=POOL.arn),)),),
}


@pytest.mark.parametrize(
    ("known", "named_by", "is_over"),
    [
        (OVER, "no look", True),
        (OVER, "not", True),
        (OVER, "the pool's", False),
        (OVER, "a neighbor's", True),
        (OVER, "the pool's names another", True),
        (changed(OVER, state=FindingState.REPAIRED, handling=Handling.WRITTEN), "not", True),
        (changed(OVER, looked_at=NOON), "not", False),
        (changed(OVER, state=FindingState.OPEN), "not", False),
        (changed(OVER, handling=Handling.WRITING), "not", False),
    ],
)
def test_a_finding_is_over_for_an_order_if_a_later_look_and_the_last_one_found_nothing(
    known: FindingRecord, named_by: str, *, is_over: bool
) -> None:
    guard = guard_of(CASE)
    for last in LAST_LOOKS[named_by]:
        guard.looks.replace(None, last)

    assert guard.is_over(known, POOL, since=NOON) is is_over
