"""Whom one write of a shared resource serves: found in the ledger, each for itself, at the same cost for any number."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.readings import PoolReading, ServiceLinkedRole
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import RepairOrder
from mailwarden.message import message
from mailwarden.service.repair.repair import Repaired
from mailwarden.service.repair.repair_guard import Budget
from tests.builders import NOON, HeldPools, custom_from, developer, identity, identity_ref, pool, sending_policy
from tests.fakes.deployment import SETTLE, Deployment, cause, hint
from tests.fakes.ledger.writes import ExpiredOrders
from tests.fakes.records import changed
from tests.unit.decisions.repairs import OPENED, OREGON, TERRAFORM, deployed, granted, seoul


@dataclass(slots=True, kw_only=True)
class CountedPools(HeldPools):
    """Remembers which pools were read."""

    reads: list[PoolRef] = field(default_factory=list)

    def read(self, pool: PoolRef) -> PoolReading:
        self.reads.append(pool)
        return HeldPools.read(self, pool)


def counting(mailwarden: Deployment) -> CountedPools:
    counted = CountedPools(held=mailwarden.pools.held)
    mailwarden.pools = counted
    return counted


def ordered(mailwarden: Deployment, *pools: PoolHint) -> RepairOrder:
    """The first order of a batch of looks; it has waited for the settle time."""
    mailwarden.ledger.waiting_orders = ExpiredOrders()
    mailwarden.inspect(*pools)
    first, orders = pools[0].pool.arn, mailwarden.repairs.take_all()
    mailwarden.clock.at += SETTLE
    return next(order for order in orders if order.pool_arn == first)


def sound_users(mailwarden: Deployment, count: int) -> None:
    """Pools that use the identity and lack nothing; they were looked at before."""
    for number in range(count):
        ref = replace(seoul("A").ref, pool_id=f"ap-northeast-2_user{number}")
        mailwarden.hold(replace(seoul("A"), ref=ref))
        look = LookRecord(
            pool=ref,
            pool_name="sound",
            looked_at=NOON,
            answer=Answer.YES,
            deciding=None,
            findings=(),
            uses=(OREGON.arn,),
        )
        mailwarden.ledger.looks.put(look)


def reads_of_a_repair(users: int) -> tuple[int, int]:
    mailwarden, broken = deployed(seoul("A"), OPENED), seoul("A")
    sound_users(mailwarden, users)
    order = ordered(mailwarden, hint(broken))
    counted, before = counting(mailwarden), len(mailwarden.identities.reads)

    mailwarden.repairer().repair(order)

    assert granted(mailwarden) == [{"A"}]
    return len(counted.reads), len(mailwarden.identities.reads) - before


def test_a_repair_reads_as_much_with_10_as_with_5000_pools_on_the_identity() -> None:
    assert reads_of_a_repair(10) == reads_of_a_repair(1_000) == reads_of_a_repair(5_000) == (1, 3)


@pytest.mark.parametrize("because", ["not settled", "deployed", "not looked at"])
def test_another_pool_has_its_own_settle_time_and_its_own_deployment(because: str) -> None:
    first, other = seoul("A"), seoul("B")
    mailwarden = deployed(first, other, OPENED)
    order = ordered(mailwarden, hint(first))
    if because == "not settled":
        mailwarden.clock.at -= timedelta(seconds=1)
        mailwarden.inspect(hint(other))
    elif because == "deployed":
        mailwarden.clock.at -= SETTLE
        mailwarden.inspect(PoolHint(pool=other.ref, cause=TERRAFORM))
        mailwarden.clock.at += SETTLE
    counted = counting(mailwarden)

    mailwarden.repairer().repair(order)

    assert granted(mailwarden) == [{"A"}]
    assert (other.ref in counted.reads) == (because == "deployed")
    assert mailwarden.hints.waiting == []


def test_another_pool_joins_as_soon_as_it_has_settled() -> None:
    first, other = seoul("A"), seoul("B")
    mailwarden = deployed(first, other, OPENED)
    mailwarden.inspect(hint(other))
    opened_at = mailwarden.finding("MW401", other.ref.arn).lifecycle.opened_at
    order = ordered(mailwarden, hint(first))
    mailwarden.clock.at = opened_at + SETTLE - timedelta(milliseconds=2)

    mailwarden.repairer().repair(order)

    assert granted(mailwarden) == [set("AB")]


@dataclass(slots=True, kw_only=True)
class LaggingIndex:
    """Lists findings as they were a while ago; ``asked`` are the most that were wanted."""

    keys: tuple[FindingKey, ...]
    asked: list[int] = field(default_factory=list)

    def on(self, resource: str, *, most: int) -> tuple[FindingKey, ...]:  # noqa: ARG002 - all are about one
        self.asked.append(most)
        return self.keys[:most]


@pytest.mark.parametrize("known", ["open", "no record", "over", "exempt", "no fix", "another fix", "no pool"])
def test_the_record_of_a_finding_decides_and_not_the_index(known: str) -> None:
    first, other = seoul("A"), seoul("B")
    mailwarden = deployed(first, other, OPENED)
    mailwarden.inspect(hint(other))
    order = ordered(mailwarden, hint(first))
    key = FindingKey(subject_arn=other.ref.arn, rule_id="MW401")
    mailwarden.ledger.open_fixes = LaggingIndex(keys=(key,))  # type: ignore[assignment]
    held, record = mailwarden.ledger.findings.held, mailwarden.finding("MW401", other.ref.arn)
    assert record.write.proposed is not None
    match known:
        case "no record":
            del held[key]
        case "over":
            held[key] = changed(record, state=FindingState.RESOLVED)
        case "exempt":
            held[key] = changed(record, state=FindingState.EXEMPT)
        case "no fix":
            held[key] = changed(record, proposed=None)
        case "another fix":
            held[key] = changed(record, proposed=replace(record.write.proposed, resource=other.ref.arn))
        case "no pool":
            key = FindingKey(subject_arn=OREGON.arn, rule_id="MW401")
            mailwarden.ledger.open_fixes = LaggingIndex(keys=(key,))  # type: ignore[assignment]
        case _:
            assert known == "open"

    mailwarden.repairer().repair(order)

    assert granted(mailwarden) == [set("AB") if known == "open" else {"A"}]


def test_a_pool_with_two_findings_that_one_grant_mends_is_served_once() -> None:
    first, other = seoul("A"), seoul("B")
    mailwarden = deployed(first, other, OPENED)
    mailwarden.inspect(hint(other))
    order = ordered(mailwarden, hint(first))
    record = mailwarden.finding("MW401", other.ref.arn)
    twin = replace(record, finding=replace(record.finding, rule_id="MW403"))
    mailwarden.ledger.findings.held[twin.key] = twin

    mailwarden.repairer().repair(order)

    (intention,) = mailwarden.journal.intentions.values()
    assert intention.pools == (first.ref, other.ref)


def test_an_order_whose_finding_is_over_is_dropped_before_any_call_of_aws() -> None:
    first, other = seoul("A"), seoul("B")
    mailwarden = deployed(first, other, OPENED)
    mailwarden.ledger.waiting_orders = ExpiredOrders()
    mailwarden.inspect(hint(first), hint(other))
    order, second = mailwarden.repairs.take_all()
    mailwarden.clock.at += SETTLE
    mailwarden.repairer().repair(order)
    counted, before = counting(mailwarden), len(mailwarden.identities.reads)

    done = mailwarden.repairer().repair(second)

    assert done == Repaired(pool=other.ref, rule_id="MW401", note=message("repair.over"))
    assert (counted.reads, mailwarden.identities.reads[before:], mailwarden.ledger.resource_leases.held) == ([], [], {})


def test_an_order_that_is_younger_than_the_end_of_its_finding_is_not_dropped() -> None:
    broken = seoul("A")
    mailwarden = deployed(broken, OPENED)
    order = ordered(mailwarden, hint(broken))
    mailwarden.hold(replace(OPENED, policies={"theirs": sending_policy(OREGON, broken.ref)}))
    mailwarden.inspect(hint(broken))
    over_at = mailwarden.finding("MW401", broken.ref.arn).lifecycle.looked_at
    mailwarden.hold(OPENED)

    mailwarden.repairer().repair(replace(order, looked_at=over_at - timedelta(microseconds=1)))
    assert mailwarden.written == []
    mailwarden.repairer().repair(replace(order, looked_at=over_at))
    assert len(mailwarden.written) == 1


def test_only_the_resource_of_its_group_is_written_by_an_order() -> None:
    broken, elsewhere = seoul("A"), identity("else@example.com", region="us-west-2", tags=OPENED.tags)
    mailwarden = deployed(broken, OPENED, elsewhere)
    order = ordered(mailwarden, hint(broken))
    mailwarden.hold(replace(broken, email=custom_from(elsewhere.ref)))

    done = mailwarden.repairer().repair(order)

    assert (done.note, mailwarden.written) == (message("repair.other-resource"), [])
    assert [each.hint for each in mailwarden.hints.waiting] == [PoolHint(pool=broken.ref, waits=True)]
    mailwarden.inspect(*mailwarden.hints.take_all())
    (again,) = mailwarden.repairs.take_all()
    assert again.resource == elsewhere.ref.arn
    assert mailwarden.repairer().repair(again).outcome is not None


def test_both_sides_of_a_split_path_are_written_by_orders_of_their_own() -> None:
    name, tags = "hello@example.com", {"mailwarden:cognito": "account"}
    ses_states = [identity(name, region=region, tags=tags) for region in ("eu-central-1", "eu-west-2")]
    split = pool("me-central-1", email=replace(developer(identity_ref(name, region="*")), sending_account=None))
    mailwarden = Deployment(watched_regions=("me-central-1",))
    mailwarden.hold(split, *ses_states)
    order = ordered(mailwarden, hint(split))
    mailwarden.repairer().repair(order)

    mailwarden.repairer().repair(replace(order, looked_at=mailwarden.clock.now()))

    assert [change.resource for change in mailwarden.written] == [order.resource]


def test_the_role_of_the_account_is_created_once_and_all_that_lack_it_are_looked_at_again() -> None:
    sender = identity()
    pools = [pool(pool_id=f"us-east-1_{number:03}", email=developer(sender.ref)) for number in range(120)]
    mailwarden = deployed(*pools, sender, budget=Budget(per_account=20, per_pool=5))
    mailwarden.role.held = ServiceLinkedRole.ABSENT
    order = ordered(mailwarden, *map(hint, pools))

    mailwarden.repairer().repair(order)
    hinted = [each for each in mailwarden.hints.waiting if isinstance(each.hint, PoolHint)]
    mailwarden.clock.pass_by(seconds=20)
    mailwarden.inspect(*mailwarden.hints.take_all())

    assert len(mailwarden.written) == 1
    (intention,) = mailwarden.journal.intentions.values()
    assert len(intention.pools) == 50
    assert len(hinted) == len({each.hint for each in hinted}) == 120 - 50
    assert max(each.delay for each in hinted) < timedelta(seconds=20)
    records = [mailwarden.finding("MW409", each.ref.arn) for each in pools]
    assert {each.lifecycle.state for each in records} == {FindingState.REPAIRED, FindingState.RESOLVED}
    assert sum(each.write.handling is Handling.WRITTEN for each in records) == 50


def test_the_ledger_is_asked_for_so_many_pools_and_no_more() -> None:
    sender = identity()
    pools = [pool(pool_id=f"us-east-1_{name}", email=developer(sender.ref)) for name in "AB"]
    mailwarden = deployed(*pools, sender)
    mailwarden.role.held = ServiceLinkedRole.ABSENT
    order = ordered(mailwarden, *map(hint, pools))
    index = LaggingIndex(keys=tuple(mailwarden.ledger.findings.held))
    mailwarden.ledger.open_fixes = index  # type: ignore[assignment]

    mailwarden.repairer().repair(order)

    assert index.asked == [100, 1000]


def test_pools_that_one_policy_has_no_room_for_are_granted_by_the_next_write_of_the_same_order() -> None:
    pools = [seoul(f"{number:03}") for number in range(60)]
    mailwarden = deployed(*pools, OPENED, budget=Budget(per_account=20, per_pool=5))
    for each in pools:
        mailwarden.inspect(PoolHint(pool=each.ref, cause=cause()))
    (order,) = mailwarden.repairs.take_all()
    mailwarden.clock.at += SETTLE
    counted = counting(mailwarden)

    mailwarden.run(order)

    assert [len(each) for each in granted(mailwarden)] == [47, 13]
    assert {mailwarden.finding("MW401", each.ref.arn).lifecycle.state for each in pools} == {FindingState.REPAIRED}
    assert len(counted.reads) == 60
    assert (mailwarden.hints.waiting, mailwarden.repairs.waiting) == ([], [])
