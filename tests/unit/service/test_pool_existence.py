"""What a look finds out of the pools that policies name: little by little, and never more than anybody knows."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.mail_path.named_pools import NamedPools
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.readings import Missing, Pool, PoolReading, Unreadable
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.limits import Limits, RepairMode
from mailwarden.message import message
from mailwarden.ports.mail_path.pools import PoolPage
from mailwarden.service.monitoring.pool_existence import PoolExistence
from tests.builders import NOON, developer, identity, identity_ref, pool, pool_ref, sending_policy, unread
from tests.fakes.deployment import Deployment, hint
from tests.fakes.known_pools import HeldKnownPools

SENDER = identity_ref("example.com")
HERE = pool_ref()
A, B, C = (pool_ref(pool_id=f"us-east-1_{name}") for name in "ABC")
WATCHED = frozenset({"us-east-1", "eu-west-1"})


@dataclass(slots=True, kw_only=True)
class CountedPools:
    """Pools that are not there unless they are held; ``reads`` counts."""

    held: dict[PoolRef, PoolReading] = field(default_factory=dict)
    reads: list[PoolRef] = field(default_factory=list)

    def read(self, pool: PoolRef) -> PoolReading:
        self.reads.append(pool)
        return self.held.get(pool, Missing(arn=pool.arn))

    def page(self, region: str, after: str | None) -> PoolPage:  # noqa: ARG002 - nobody lists here
        return PoolPage(pools=(), after=None)


def register(**known: object) -> PoolExistence:
    return PoolExistence(known_pools=HeldKnownPools(**known), watched_regions=WATCHED)  # type: ignore[arg-type] # as its fields


def about(known: PoolExistence, pools: CountedPools, *named: PoolRef) -> NamedPools:
    return known.about(frozenset(named), of=HERE, pools=pools, at=NOON)


def test_nobody_is_asked_where_the_ledger_has_a_look_at_every_pool() -> None:
    pools = CountedPools()

    found = about(register(held=frozenset({A, B})), pools, A, B)

    assert found == NamedPools()
    assert pools.reads == []


def test_a_look_asks_for_one_pool_and_the_next_of_the_batch_for_the_next() -> None:
    pools, known = CountedPools(held={B: pool(pool_id=B.pool_id)}), register()

    found = [about(known, pools, A, B, C) for _ in range(4)]

    assert [set(each.gone) for each in found] == [{A}, {A}, {A, C}, {A, C}]
    assert [set(each.asked) for each in found] == [{A}, set(), {C}, set()]
    assert pools.reads == [A, B, C]


def test_the_ledger_is_asked_once_for_what_a_batch_meets() -> None:
    memory = HeldKnownPools(held=frozenset({A, B}))
    known, pools = PoolExistence(known_pools=memory, watched_regions=WATCHED), CountedPools()

    for _ in range(3):
        about(known, pools, A, B)

    assert memory.asked == [frozenset({A, B})]


def test_what_aws_said_less_than_a_day_ago_is_believed() -> None:
    pools = CountedPools()

    found = about(register(deleted={A: NOON - timedelta(hours=23)}), pools, A)

    assert found == NamedPools(gone=frozenset({A}))
    assert pools.reads == []


@pytest.mark.parametrize(
    ("reading", "gone"),
    [(Missing(arn=A.arn), {A}), (unread("cognito-idp:DescribeUserPool"), {A}), (pool(pool_id="us-east-1_A"), set())],
    ids=["still gone", "not told", "back again"],
)
def test_an_older_word_is_asked_for_again_and_holds_unless_aws_says_otherwise(
    reading: PoolReading, gone: set[PoolRef]
) -> None:
    pools = CountedPools(held={A: reading})

    found = about(register(deleted={A: NOON - timedelta(hours=25)}), pools, A)

    assert found.gone == gone
    assert found.unsure == {}
    assert pools.reads == [A]


def test_a_refused_read_leaves_it_open_and_is_not_tried_again_in_the_batch() -> None:
    pools, known = CountedPools(held={A: unread("cognito-idp:DescribeUserPool")}), register()

    found = [about(known, pools, A) for _ in range(2)]

    assert found == [NamedPools(unsure={A: unread("cognito-idp:DescribeUserPool", "us-east-1").message})] * 2
    assert pools.reads == [A]


@pytest.mark.parametrize(
    "unseen",
    [pool_ref("eu-west-3"), pool_ref("eu-west-3", pool_id="us-east-1_A"), pool_ref("eu-west-1", pool_id="eu-west-3_A")],
    ids=["a pool there", "a replica there", "a replica of one there"],
)
def test_nobody_is_asked_in_or_about_a_region_that_is_not_watched(unseen: PoolRef) -> None:
    pools = CountedPools()

    found = about(register(), pools, unseen)

    assert found == NamedPools(unsure={unseen: message("pool.region-not-watched", region="eu-west-3")})
    assert pools.reads == []


@pytest.mark.parametrize("lives", [HERE, A])
def test_a_pool_of_an_id_that_lives_in_another_region_is_not_called_gone(lives: PoolRef) -> None:
    replica, pools = replace(lives, region="eu-west-1"), CountedPools()

    found = about(register(held=frozenset({A})), pools, replica)

    assert found == NamedPools(unsure={replica: message("pool.id-elsewhere", region="us-east-1")})
    assert pools.reads == []


def test_before_a_region_was_swept_nobody_is_asked_because_the_ledger_knows_nobody_yet() -> None:
    pools = CountedPools()

    found = about(register(swept=False), pools, A)

    assert found == NamedPools()
    assert pools.reads == []


def test_anew_everything_is_asked_again() -> None:
    pools, known = CountedPools(), register()
    about(known, pools, A)

    about(known.anew(), pools, A)

    assert pools.reads == [A, A]


# In a whole deployment.


def deployment(*named: PoolRef) -> tuple[Deployment, Pool]:
    survivor = pool(email=developer(SENDER))
    mailwarden = Deployment(limits=Limits(repair_mode=RepairMode.OFF))
    mailwarden.hold(survivor, identity("example.com", policies={"p": sending_policy(SENDER, HERE, *named)}))
    mailwarden.ledger.known_pools.mark_swept("us-east-1", at=NOON)
    return mailwarden, survivor


def test_a_pool_that_is_deleted_while_a_policy_names_it_is_told_once_and_its_neighbor_mails() -> None:
    mailwarden, survivor = deployment(A)
    doomed = pool(pool_id=A.pool_id, email=developer(SENDER))
    mailwarden.hold(doomed)
    mailwarden.inspect(hint(survivor), hint(doomed))
    assert mailwarden.told() == []

    del mailwarden.pools.held[A]
    mailwarden.inspect(hint(doomed))
    for number in range(3):
        mailwarden.clock.pass_by(minutes=1)
        (looked,) = mailwarden.inspect(hint(survivor, event_id=f"e-{number}"))

        assert looked.verdict is not None
        assert looked.verdict.answer is Answer.YES
    assert mailwarden.told() == [("MW406", "open")]


def test_once_the_statement_is_gone_the_finding_is_over() -> None:
    mailwarden, survivor = deployment(A)
    mailwarden.inspect(hint(survivor))

    mailwarden.hold(identity("example.com", policies={"p": sending_policy(SENDER, HERE)}))
    mailwarden.clock.pass_by(minutes=1)
    mailwarden.inspect(hint(survivor))

    assert mailwarden.told() == [("MW406", "open"), ("MW406", "resolved")]


def test_what_aws_said_is_remembered_beyond_the_batch() -> None:
    mailwarden, survivor = deployment(A, B)

    mailwarden.inspect(hint(survivor))
    mailwarden.inspect(hint(survivor))
    mailwarden.inspect(hint(survivor))

    assert mailwarden.ledger.known_pools.asked.keys() == {A, B}
    assert mailwarden.finding("MW406", SENDER.arn).finding.evidence["gone"] == (A.arn, B.arn)


def test_where_nobody_can_say_nobody_is_told() -> None:
    mailwarden, survivor = deployment(pool_ref("ca-central-1"))

    mailwarden.inspect(hint(survivor))

    assert mailwarden.told() == []
    assert mailwarden.finding("MW406", SENDER.arn).lifecycle.state is FindingState.EXEMPT


def test_a_refusal_that_may_pass_puts_no_look_off() -> None:
    mailwarden, survivor = deployment(A)
    mailwarden.pools.held[A] = Unreadable(
        action="cognito-idp:DescribeUserPool", region="us-east-1", reason="Throttling", transient=True
    )

    (looked,) = mailwarden.inspect(PoolHint(pool=survivor.ref))

    assert looked.verdict is not None
    assert looked.verdict.answer is Answer.YES
    assert looked.findings[-1:] == ("MW406",)


def test_looks_of_a_sweep_read_a_named_pool_that_exists_once_a_day_and_looks_at_a_call_each_time() -> None:
    ledger, named = HeldKnownPools(held=frozenset({A, B})), frozenset({A, B})
    known = PoolExistence(known_pools=ledger, watched_regions=WATCHED)

    def look(*, fresh: bool, hours: int) -> None:
        batch, at = known.anew(), NOON + timedelta(hours=hours)
        assert batch.about(named, of=HERE, pools=CountedPools(), at=at, fresh=fresh) == NamedPools()

    for hours in (0, 1, 23):
        look(fresh=False, hours=hours)
    assert len(ledger.asked) == 1
    look(fresh=True, hours=23)
    assert len(ledger.asked) == 2
    for hours in (24, 46, 48):
        look(fresh=False, hours=hours)
    assert len(ledger.asked) == 3


def test_a_fresh_look_believes_nothing_that_an_earlier_batch_read() -> None:
    ledger = HeldKnownPools(held=frozenset({A}))
    known = PoolExistence(known_pools=ledger, watched_regions=WATCHED)
    known.anew().about(frozenset({A}), of=HERE, pools=CountedPools(), at=NOON, fresh=False)
    ledger.held = frozenset()
    batch = known.anew()

    assert batch.about(frozenset({A}), of=HERE, pools=CountedPools(), at=NOON, fresh=False) == NamedPools()
    assert batch.about(frozenset({A}), of=HERE, pools=CountedPools(), at=NOON, fresh=True).gone == {A}
