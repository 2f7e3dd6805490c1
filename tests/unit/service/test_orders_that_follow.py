"""Which findings of a resource have settled, and for which of them an order follows the one that did not serve them."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mailwarden.domain.findings.changes import CreateServiceLinkedRole, GrantSending
from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.repair.journal import RepairOrder
from mailwarden.message import verbatim
from mailwarden.service.repair.joint_repair import JointRepair
from mailwarden.service.repair.pool_review import DueRepair, PoolReview
from tests.builders import ACCOUNT, NOON, identity_ref
from tests.fakes.deployment import Deployment
from tests.fakes.order_running import joint_of
from tests.unit.decisions.repairs import OREGON, seoul
from tests.unit.service.standing import BROKE, DENIED, THROTTLED, A, B, ordered

KEY_A, KEY_B = (FindingKey(subject_arn=pool.arn, rule_id="MW401") for pool in (A, B))
SETTLED, MOMENT = NOON + timedelta(seconds=23), timedelta(microseconds=1)
"""Thirty seconds after the call that broke the pools."""


def changed(mailwarden: Deployment, key: FindingKey, change: Callable[[FindingRecord], FindingRecord]) -> None:
    mailwarden.ledger.findings.held[key] = change(mailwarden.ledger.findings.held[key])


def next_order(mailwarden: Deployment, *without: FindingKey, resource: str = OREGON.arn) -> RepairOrder | None:
    return joint_of(mailwarden).next_order(resource, without=without)


def written(
    record: FindingRecord, handling: Handling, *, retryable: bool = False, waits: bool = False
) -> FindingRecord:
    reason = verbatim("the budget is spent") if waits else None
    return replace(record, write=replace(record.write, handling=handling, retryable=retryable, reason=reason))


def test_an_order_follows_for_the_first_finding_that_was_not_served() -> None:
    mailwarden, _ = ordered("A", "B")

    assert next_order(mailwarden, KEY_A) == RepairOrder(
        pool_arn=B.arn,
        rule_id="MW401",
        resource=OREGON.arn,
        change_digest=hashlib.sha256(f"{B.arn} MW401".encode()).hexdigest(),
        looked_at=NOON,
        cause=BROKE,
    )
    first = next_order(mailwarden)
    assert first is not None
    assert first.pool_arn == A.arn
    assert next_order(mailwarden, KEY_A, KEY_B) is None
    assert next_order(mailwarden, resource=identity_ref().arn) is None


@pytest.mark.parametrize(
    ("change", "follows"),
    [
        (lambda record: written(record, Handling.PENDING), True),
        (lambda record: written(record, Handling.PENDING, waits=True), False),
        (lambda record: written(record, Handling.WRITING), True),
        (lambda record: written(record, Handling.WRITTEN), True),
        (lambda record: written(record, Handling.FAILED), False),
        (lambda record: written(record, Handling.FAILED, retryable=True), True),
        (lambda record: written(record, Handling.WITHHELD, retryable=True), False),
        (lambda record: replace(record, lifecycle=replace(record.lifecycle, state=FindingState.RESOLVED)), False),
        (lambda record: replace(record, write=replace(record.write, proposed=None)), False),
        (
            lambda record: replace(
                record, write=replace(record.write, proposed=replace(record.write.proposed, resource="another"))
            ),
            False,
        ),
    ],
    ids=range(10),
)
def test_an_order_follows_only_where_something_is_due(
    change: Callable[[FindingRecord], FindingRecord], *, follows: bool
) -> None:
    mailwarden, _ = ordered("A", "B")
    changed(mailwarden, KEY_A, change)

    assert (next_order(mailwarden, KEY_B) is not None) == follows
    after = next_order(mailwarden)
    assert after is not None
    assert follows or after.pool_arn == B.arn, "a finding that needs no order hides no other"


@pytest.mark.parametrize(
    ("caused", "at", "follows"),
    [
        (-7, SETTLED, True),
        (-7, SETTLED - MOMENT, False),
        (None, NOON + timedelta(seconds=30), True),
        (None, NOON + timedelta(seconds=30) - MOMENT, False),
        (20, NOON + timedelta(seconds=30), True),
    ],
)
def test_a_finding_settles_from_the_call_that_led_to_it_or_from_its_beginning(
    caused: int | None, at: datetime, *, follows: bool
) -> None:
    mailwarden, _ = ordered("A")
    by = None if caused is None else replace(BROKE, at=NOON + timedelta(seconds=caused))
    changed(mailwarden, KEY_A, lambda record: replace(record, seen=replace(record.seen, cause=by)))
    mailwarden.clock.at = at

    assert (next_order(mailwarden) is not None) == follows


def test_a_resource_is_crowded_if_several_pools_wait_for_it() -> None:
    alone, both = ordered("A")[0], ordered("A", "B")[0]

    assert not joint_of(alone).is_crowded(OREGON.arn)
    assert joint_of(both).is_crowded(OREGON.arn)
    assert not joint_of(both).is_crowded(identity_ref().arn)


def test_of_a_role_all_that_lack_it_are_looked_at_but_for_those_that_were_served() -> None:
    mailwarden, _ = ordered("A", "B")
    role = CreateServiceLinkedRole(partition="aws", account=ACCOUNT)
    for key in (KEY_A, KEY_B):
        record = mailwarden.ledger.findings.held[key]
        assert record.write.proposed is not None
        proposed = replace(record.write.proposed, resource=role.resource)
        mailwarden.ledger.findings.held[key] = replace(record, write=replace(record.write, proposed=proposed))

    assert joint_of(mailwarden).waiting(role, served=(A,)) == (B,)
    assert joint_of(mailwarden).waiting(role, served=()) == (A, B)


def test_a_grant_concerns_no_pools_but_those_that_it_names() -> None:
    mailwarden, _ = ordered("A", "B")
    grant = GrantSending(identity=OREGON, pools=(A,), before={}, after={})

    assert joint_of(mailwarden).waiting(grant, served=(A,)) == ()


def first(mailwarden: Deployment) -> tuple[JointRepair, DueRepair]:
    review = mailwarden.reviewer().review(A, at=mailwarden.clock.at, fresh=True)
    assert isinstance(review, PoolReview)
    due = review.due_by("MW401")
    assert due is not None
    return joint_of(mailwarden), due


def test_the_other_pools_are_those_whose_repair_is_due_now() -> None:
    mailwarden, _ = ordered(*"ABCDE")
    mailwarden.pools.held[B] = DENIED
    mailwarden.pools.held[seoul("C").ref] = THROTTLED
    mailwarden.hold(replace(seoul("D"), tags={"mailwarden": "off reason=mine"}))
    joint, due = first(mailwarden)
    mailwarden.identities.fresh_reads = 0

    others = joint.others(due, at=mailwarden.clock.at)

    assert [each.pool for each in others] == [seoul("E").ref]
    assert mailwarden.identities.fresh_reads == 0, "the resource was read a moment ago"


def test_pools_whose_findings_have_not_settled_are_left_to_another_order() -> None:
    mailwarden, _ = ordered("A", "B")
    joint, due = first(mailwarden)

    assert [each.pool for each in joint.others(due, at=SETTLED)] == [B]
    assert joint.others(due, at=SETTLED - MOMENT) == ()
