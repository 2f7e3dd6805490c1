"""The looks after a write: whose word they are, and what they leave to a hint."""

from dataclasses import replace
from datetime import timedelta

from mailwarden.domain.findings.changes import CreateServiceLinkedRole
from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.readings import Missing
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import Intention
from mailwarden.message import message, verbatim
from mailwarden.policy import LEGACY_PRINCIPAL
from tests.builders import ACCOUNT, NOON, sending_policy
from tests.fakes.deployment import Deployment, cause, hint
from tests.unit.decisions.repairs import OPENED, OREGON, deployed, seoul
from tests.unit.service.standing import look_again

A, B = seoul("A"), seoul("B")
LATER = replace(cause("DeleteUserPool", event_id="e-gone"), at=NOON + timedelta(minutes=1))


def served(*findings: FindingKey, pools: tuple[PoolRef, ...] = (A.ref, B.ref)) -> Intention:
    """A write that served these findings."""
    return Intention(
        entry_id="entry-1",
        at=NOON,
        findings=findings,
        pools=pools,
        title=verbatim("mend it"),
        change=CreateServiceLinkedRole(partition="aws", account=ACCOUNT),
        change_digest="0" * 64,
        cause=LATER,
    )


def test_what_is_still_found_is_told_as_written_only_where_it_was_written_for() -> None:
    wrong = sending_policy(OREGON, A.ref, principal=LEGACY_PRINCIPAL)
    mailwarden = deployed(A, B, replace(OPENED, policies={"theirs": wrong}))
    mailwarden.inspect(hint(A), hint(B))
    keys = (
        FindingKey(subject_arn=A.ref.arn, rule_id="MW401"),
        FindingKey(subject_arn=B.ref.arn, rule_id="MW403"),
        FindingKey(subject_arn=B.ref.arn, rule_id="MW401"),
    )

    look_again(mailwarden).after(served(*keys), (A.ref, B.ref))

    assert mailwarden.finding("MW403", A.ref.arn).write.handling is Handling.PENDING
    still = mailwarden.finding("MW401", B.ref.arn).write
    assert (still.handling, still.undo_id, still.reason) == (
        Handling.WRITTEN,
        "entry-1",
        message("repair.still-found"),
    )
    assert still.proposed is not None
    assert still.proposed.resource == OREGON.arn


def test_a_pool_that_is_gone_is_forgotten_with_the_call_that_led_to_the_write() -> None:
    mailwarden = deployed(A, OPENED)
    mailwarden.inspect(hint(A))
    mailwarden.pools.held[A.ref] = Missing(arn=A.ref.arn)

    look_again(mailwarden).after(served(pools=(A.ref,)), (A.ref,))

    record = mailwarden.finding("MW401", A.ref.arn)
    assert (record.lifecycle.state, record.seen.cause) == (FindingState.RESOLVED, LATER)
    assert mailwarden.hints.waiting == []


def test_hints_are_spread_and_never_wait_longer_than_sqs_can_hold_them() -> None:
    mailwarden = Deployment()
    pools = tuple(seoul(f"{number:05}").ref for number in range(4_600))

    look_again(mailwarden).later(pools, cause=LATER, delay=timedelta(seconds=3))

    delays = [each.delay.total_seconds() for each in mailwarden.hints.waiting]
    assert [round(delay, 1) for delay in delays[:7]] == [3.0, 3.2, 3.4, 3.6, 3.8, 4.0, 4.2]
    assert 880 < max(delays) <= 900
    assert mailwarden.hints.waiting[-1].hint == PoolHint(pool=pools[-1], waits=True)
    assert mailwarden.ledger.waiting.held[pools[-1]].causes == (LATER,)


def test_a_pool_waits_for_one_look_only_however_often_it_is_asked_for() -> None:
    mailwarden = Deployment()

    for _ in range(3):
        look_again(mailwarden).later((A.ref, B.ref), cause=None)

    assert [each.hint for each in mailwarden.hints.waiting] == [PoolHint(pool=each.ref, waits=True) for each in (A, B)]


def test_a_look_that_waits_for_the_next_hour_is_joined_by_no_hint_that_hurries() -> None:
    mailwarden = Deployment()

    look_again(mailwarden).later((A.ref,), cause=LATER, delay=timedelta(minutes=50))

    assert mailwarden.ledger.waiting.held == {}
    (waiting,) = mailwarden.hints.waiting
    assert (waiting.hint, waiting.delay) == (
        PoolHint(pool=A.ref, cause=LATER, asks_anew=True),
        timedelta(minutes=15),
    )
