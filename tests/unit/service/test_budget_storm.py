"""Many pools break one by one: the hour's budget bounds the repairs, one alert speaks for all that wait."""

from datetime import timedelta

from mailwarden.domain.findings.record import Handling
from mailwarden.domain.incidents.grouping import ALONE
from mailwarden.domain.readings import Pool
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import MonitoringRef
from mailwarden.domain.repair.limits import Limits
from mailwarden.rules import BUDGET_RULE, REGIONS_RULE, SDK_RULE, SETTINGS_RULE, TRAIL_RULE
from mailwarden.service.monitoring.self_check import SelfCheck
from mailwarden.service.repair.repair_guard import Budget
from tests.builders import ACCOUNT, custom_from, developer, identity, identity_ref, pool
from tests.fakes.deployment import Deployment, cause
from tests.fakes.passing import passing
from tests.fakes.pool_counts import HeldPoolCounts
from tests.fakes.trails import HeldTrails
from tests.texts import english

HOME = MonitoringRef(partition="aws", region="eu-west-3", account=ACCOUNT)
SENDER = identity_ref("hello@example.com", region="us-east-1")


def paris_pool(number: int) -> Pool:
    """A pool on an identity in a region that it may not use; each needs a write of its own."""
    return pool("eu-west-3", pool_id=f"eu-west-3_P{number:04}", email=developer(SENDER))


def storm(number: int, *, one_call: bool = False, per_account: int = 20) -> Deployment:
    mailwarden = Deployment(budget=Budget(per_account=per_account, per_pool=2))
    mailwarden.hold(
        identity("hello@example.com", region="us-east-1"), identity("hello@example.com", region="eu-west-3")
    )
    for each in range(number):
        broken = paris_pool(each)
        mailwarden.hold(broken)
        event = cause(event_id="e-one" if one_call else f"e-{each}", at=mailwarden.clock.now())
        mailwarden.inspect(PoolHint(pool=broken.ref, cause=event))
    mailwarden.repair()
    return mailwarden


def check(mailwarden: Deployment) -> None:
    """What the schedule does each minute."""
    SelfCheck(
        home=HOME,
        watched_regions=(HOME.region,),
        trails=HeldTrails(everywhere=()),
        findings=mailwarden.ledger.findings,
        trail_rule=TRAIL_RULE,
        settings_rule=SETTINGS_RULE,
        budget_rule=BUDGET_RULE,
        sdk_rule=SDK_RULE,
        regions_rule=REGIONS_RULE,
        pool_counts=HeldPoolCounts(),
        budgets=mailwarden.ledger.budgets,
        limits=Limits(),
        clock=mailwarden.clock,
    ).check_budget()
    mailwarden.announce()


def go_on(mailwarden: Deployment, *, until: timedelta) -> None:
    """Let time pass in steps of a quarter of an hour, with the hints that come meanwhile and the minute's checks."""
    end = mailwarden.clock.at + until
    while mailwarden.clock.at < end:
        mailwarden.clock.at += timedelta(minutes=15)
        mailwarden.inspect(*mailwarden.hints.take_all())
        mailwarden.repair()
        check(mailwarden)


def told(mailwarden: Deployment, rule: str) -> list[str]:
    return [state for told_rule, state in mailwarden.told() if told_rule == rule]


def test_of_300_pools_broken_one_by_one_the_wait_is_told_once_and_all_are_repaired_after_the_release() -> None:
    mailwarden = storm(300)
    check(mailwarden)
    at_once = told(mailwarden, "MW909")
    mailwarden.clock.pass_by(minutes=3)
    check(mailwarden)
    check(mailwarden)
    first = mailwarden.finding("MW909", HOME.arn)
    before = len(mailwarden.written), told(mailwarden, "MW201").count("open")

    mailwarden.ledger.budgets.release(ACCOUNT, now=mailwarden.clock.now())
    mailwarden.inspect(*(PoolHint(pool=paris_pool(each).ref, asks_anew=True) for each in range(300)))
    mailwarden.repair()
    check(mailwarden)

    assert at_once == []
    assert before == (20, 0)
    assert english(first.finding.message).startswith(
        "280 repairs wait, because this hour's budget of 20 repairs for the account is spent; they go on after"
    )
    assert len(mailwarden.written) == 300
    assert told(mailwarden, "MW909") == ["open", "resolved"]
    assert told(mailwarden, "MW201") == ["repaired"] * (ALONE + 1)


def test_what_waits_goes_on_by_itself_when_the_hour_turns() -> None:
    mailwarden = storm(50)
    mailwarden.clock.pass_by(minutes=3)
    check(mailwarden)
    assert len(mailwarden.written) == 20

    go_on(mailwarden, until=timedelta(minutes=80))
    after_one_turn = len(mailwarden.written)
    go_on(mailwarden, until=timedelta(hours=3))

    assert after_one_turn == 40
    assert len(mailwarden.written) == 50
    assert told(mailwarden, "MW909") == ["open", "resolved"]
    assert told(mailwarden, "MW201") == ["repaired"] * (ALONE + 1)


def test_a_repair_that_waits_for_the_next_hour_asks_aws_for_nothing_and_keeps_its_reason() -> None:
    mailwarden = storm(30)
    waiting = [paris_pool(number) for number in range(20, 30)]
    hints = mailwarden.hints.take_all()
    mailwarden.clock.pass_by(minutes=15)
    mailwarden.inspect(*hints)
    _, read = passing(mailwarden)
    identities = len(mailwarden.identities.reads)

    done = mailwarden.repair()

    assert len(done) == 10
    assert read.read_at == []
    assert len(mailwarden.identities.reads) == identities
    assert {each.note.id for each in done if each.note} == {"budget.account-spent"}
    for each in waiting:
        write = mailwarden.finding("MW201", each.ref.arn).write
        assert write.reason is not None
        assert (write.handling, write.reason.id) == (Handling.PENDING, "budget.account-spent")


def test_what_one_call_broke_is_one_charge() -> None:
    mailwarden = storm(60, one_call=True, per_account=1)

    assert len(mailwarden.written) == 60
    assert mailwarden.ledger.budgets.taken.total() == 60 + 1


def test_a_joint_grant_is_one_charge() -> None:
    sender = identity("hello@example.com", region="us-west-2", tags={"mailwarden:cognito": "account"})
    pools = [
        pool("ap-northeast-2", pool_id=f"ap-northeast-2_{number}", email=custom_from(sender.ref)) for number in range(5)
    ]
    mailwarden = Deployment(budget=Budget(per_account=1, per_pool=1))
    mailwarden.hold(sender, *pools)

    mailwarden.inspect(*(PoolHint(pool=each.ref) for each in pools))
    mailwarden.clock.pass_by(minutes=1)
    mailwarden.repair()

    assert len(mailwarden.written) == 1
    assert told(mailwarden, "MW401") == ["repaired"]


def test_few_repairs_leave_nothing_to_tell() -> None:
    mailwarden = storm(3)
    mailwarden.clock.pass_by(minutes=3)
    check(mailwarden)

    assert told(mailwarden, "MW909") == []
