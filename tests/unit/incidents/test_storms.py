"""Many findings at once, through the whole of Mailwarden in memory: how many messages, how soon, and the last words."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from mailwarden.domain.incidents.alert import Alert
from mailwarden.domain.incidents.grouping import ALONE
from mailwarden.domain.incidents.incident import Occasion
from mailwarden.domain.readings import Dkim, Pool, ServiceLinkedRole
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.root_causes import AccountTrails
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.presentation.alerts.email_text import alert_text
from mailwarden.presentation.alerts.notice import notice_of
from tests.builders import custom_from, developer, identity, identity_ref, pool, sending_policy
from tests.fakes.deployment import Deployment, cause
from tests.unit.incidents.course import MINUTE, Course, share
from tests.unit.monitoring.trails import monitoring

SECOND = timedelta(seconds=1)
OREGON = identity_ref(region="us-west-2")
EVERY_POOL = sending_policy(OREGON, conditions={"StringEquals": {"aws:SourceAccount": OREGON.account}})


def seoul(number: int) -> Pool:
    """A pool that needs a sending policy."""
    return pool("ap-northeast-2", pool_id=f"ap-northeast-2_P{number:04}", email=custom_from(OREGON))


def developers(number: int) -> list[Pool]:
    """Pools that need the service-linked role, in two regions."""
    regions = ("us-east-1", "eu-west-3")
    return [
        pool(region, pool_id=f"{region}_D{each:04}", email=developer(identity_ref(region=region)))
        for each in range(number)
        for region in (regions[each % 2],)
    ]


def sent_from_elsewhere(sound: Pool) -> Pool:
    """The pool with a FROM that its identity does not cover."""
    sender = identity_ref(region=sound.ref.region)
    return pool(sound.ref.region, pool_id=sound.ref.pool_id, email=developer(sender, from_address="a@b.example"))


def headline(alert: Alert) -> str:
    return alert_text(notice_of(alert, rule_pages="https://docs.example/")).splitlines()[0]


def lines(alert: Alert) -> str:
    """The whole mail, with single spaces."""
    return " ".join(alert_text(notice_of(alert, rule_pages="https://docs.example/")).split())


def look_at(mailwarden: Deployment, pools: Iterable[Pool], call: str) -> None:
    """Looks at pools that one call leads to, five a second."""
    region = "us-west-2" if "Policy" in call else "us-east-1"
    event = replace(cause(call, at=mailwarden.clock.at), region=region)
    for number, each in enumerate(pools):
        mailwarden.inspect(PoolHint(pool=each.ref, cause=event))
        if number % 5 == 4:
            mailwarden.clock.at += SECOND


def minutes(mailwarden: Deployment, number: int) -> None:
    for _ in range(number):
        mailwarden.clock.at += MINUTE
        mailwarden.announcer().announce_waiting()


def test_a_policy_that_300_pools_use_is_deleted_in_shadow_mode_and_put_back() -> None:
    pools = [seoul(number) for number in range(300)]
    mailwarden = Deployment(mode=RepairMode.OFF)
    mailwarden.hold(identity(region="us-west-2", policies={"cognito": EVERY_POOL}), *pools)
    look_at(mailwarden, pools, "CreateUserPool")
    assert mailwarden.topic.told == []
    broken_at = mailwarden.clock.at

    mailwarden.hold(identity(region="us-west-2"))
    look_at(mailwarden, pools, "DeleteIdentityPolicy")
    first_after = mailwarden.topic.told[0].report.at - broken_at
    minutes(mailwarden, 4)
    all_after = mailwarden.topic.told[-1].report.at - broken_at
    mailwarden.hold(identity(region="us-west-2", policies={"cognito": EVERY_POOL}))
    look_at(mailwarden, pools, "PutIdentityPolicy")
    minutes(mailwarden, 4)

    assert [headline(alert) for alert in mailwarden.topic.told] == [
        (
            "CRITICAL: at least 1 of 300 pools cannot send mail: no sending policy allows it "
            "(MW401, support@example.com in us-west-2)"
        ),
        (
            "CRITICAL, UPDATE: 300 pools cannot send mail: no sending policy allows it "
            "(MW401, support@example.com in us-west-2)"
        ),
        "RESOLVED: 300 pools can send mail again (MW401, support@example.com in us-west-2)",
    ]
    assert mailwarden.chat.told == mailwarden.topic.told
    assert first_after < SECOND
    assert all_after < 3 * MINUTE
    grown = lines(mailwarden.topic.told[1])
    assert "Affects 300 pools: " in grown
    assert "and 290 more" in grown
    assert "Likely by DeleteIdentityPolicy" in grown


def test_a_number_that_grows_while_pools_are_looked_at_is_a_least_number() -> None:
    pools = [seoul(number) for number in range(40)]
    mailwarden = Deployment(mode=RepairMode.OFF)
    mailwarden.hold(identity(region="us-west-2", policies={"cognito": EVERY_POOL}), *pools)
    look_at(mailwarden, pools, "CreateUserPool")
    mailwarden.hold(identity(region="us-west-2"))
    look_at(mailwarden, pools[:20], "DeleteIdentityPolicy")
    minutes(mailwarden, 2)

    assert [headline(alert) for alert in mailwarden.topic.told][-1] == (
        "CRITICAL, UPDATE: at least 20 of 40 pools cannot send mail: no sending policy allows it "
        "(MW401, support@example.com in us-west-2)"
    )


def test_a_policy_of_300_pools_that_is_restored_within_the_patience_is_one_message() -> None:
    pools = [seoul(number) for number in range(300)]
    mailwarden = Deployment()
    mailwarden.hold(identity(region="us-west-2", tags={"mailwarden:cognito": "account"}), *pools)

    look_at(mailwarden, pools, "DeleteIdentityPolicy")
    while mailwarden.repairs.waiting:
        mailwarden.repair()
    minutes(mailwarden, 5)

    assert [headline(alert) for alert in mailwarden.topic.told][-1] == (
        "REPAIRED: 300 pools can send mail again (MW401, support@example.com in us-west-2)"
    )
    assert len(mailwarden.topic.told) <= 3


def test_the_service_role_is_deleted_with_60_pools_in_shadow_mode() -> None:
    pools = developers(60)
    mailwarden = Deployment(mode=RepairMode.OFF)
    mailwarden.hold(identity(), identity(region="eu-west-3"), *pools)
    mailwarden.role.held = ServiceLinkedRole.ABSENT

    look_at(mailwarden, pools, "DeleteServiceLinkedRole")
    minutes(mailwarden, 3)
    mailwarden.role.held = ServiceLinkedRole.PRESENT
    look_at(mailwarden, pools, "CreateServiceLinkedRole")
    minutes(mailwarden, 3)

    of_role = [alert for alert in mailwarden.topic.told if alert.record.finding.rule_id == "MW409"]
    assert [headline(alert) for alert in of_role] == [
        "CRITICAL: pool shop cannot send mail: the service-linked role does not exist (MW409, us-east-1)",
        (
            "CRITICAL, UPDATE: 60 pools in 2 regions cannot send mail: the service-linked role does not exist "
            "(MW409, account 111122223333)"
        ),
        "RESOLVED: 60 pools in 2 regions can send mail again (MW409, account 111122223333)",
    ]


def test_300_pools_that_one_deployment_breaks_one_by_one_are_few_incidents() -> None:
    pools = developers(300)
    mailwarden = Deployment(mode=RepairMode.OFF)
    mailwarden.hold(identity(), identity(region="eu-west-3"), *pools)
    broken = [sent_from_elsewhere(each) for each in pools]
    mailwarden.hold(*broken)
    look_at(mailwarden, broken, "UpdateUserPool")
    minutes(mailwarden, 4)
    mailwarden.hold(*pools)
    look_at(mailwarden, pools, "UpdateUserPool")
    minutes(mailwarden, 3)

    told = [alert for alert in mailwarden.topic.told if alert.record.finding.rule_id == "MW104"]
    assert len({alert.report.incident_id for alert in told}) == ALONE + 1
    assert len(told) == 2 * ALONE + 3
    assert headline(told[-1]) == "RESOLVED: 295 pools in 2 regions can send mail again (MW104, 2 regions)"


def test_2000_events_of_one_pool_are_a_message_and_its_end() -> None:
    (shop,) = developers(1)
    mailwarden = Deployment(mode=RepairMode.OFF)
    mailwarden.hold(identity(), sent_from_elsewhere(shop))
    for number in range(400):
        event = cause("UpdateUserPool", event_id=f"e-{number}", at=mailwarden.clock.at)
        mailwarden.inspect(*(PoolHint(pool=shop.ref, cause=event) for _ in range(5)))
    mailwarden.hold(shop)
    minutes(mailwarden, 1)
    look_at(mailwarden, [shop], "UpdateUserPool")
    minutes(mailwarden, 2)

    assert [(alert.record.finding.rule_id, alert.report.state) for alert in mailwarden.topic.told] == [
        ("MW104", "open"),
        ("MW104", "resolved"),
    ]


def test_what_ends_because_the_identity_was_deleted_is_not_called_resolved() -> None:
    sender = identity("example.com", dkim=Dkim(signing_enabled=False, status="FAILED"))
    shop = pool(email=developer(sender.ref))
    mailwarden = Deployment(mode=RepairMode.OFF)
    mailwarden.hold(sender, shop)
    look_at(mailwarden, [shop], "UpdateUserPool")
    del mailwarden.identities.held[sender.ref]
    minutes(mailwarden, 1)
    look_at(mailwarden, [shop], "DeleteEmailIdentity")
    minutes(mailwarden, 2)

    (ended,) = (alert for alert in mailwarden.topic.told if alert.report.occasion is Occasion.ENDED)
    assert headline(ended) == (
        "CLOSED: no longer checked, because the SES identity does not exist: DKIM is failing or off "
        "(MW303, example.com in us-east-1)"
    )


def test_a_trail_that_stops_in_seven_regions_is_one_message_and_its_end() -> None:
    course = Course(cause=AccountTrails(partition="aws", account=OREGON.account))
    keys = [FindingKey(subject_arn=monitoring(f"eu-west-{number}").arn, rule_id="MW901") for number in range(7)]
    for key in keys:
        course.happen({key: share(region=None, pools=0, rank="30")})
        course.wait(10 * SECOND)
    course.wait(5 * MINUTE)
    for key in keys:
        course.happen({key: share(2, region=None, pools=0, rank="30", end="resolved", due=course.at)})

    assert [claim.occasion for _, claim in course.said] == [Occasion.OPENED, Occasion.GREW, Occasion.ENDED]
    assert [claim.size for _, claim in course.said] == [1, 7, 0]


def test_the_end_names_only_pools_that_were_affected() -> None:
    sender = identity()
    first, second = (pool(pool_id=f"us-east-1_{name}", email=developer(sender.ref)) for name in ("First", "Second"))
    mailwarden = Deployment(mode=RepairMode.OFF)
    mailwarden.hold(first)
    look_at(mailwarden, [first], "DeleteEmailIdentity")
    mailwarden.hold(sender, second)
    minutes(mailwarden, 1)
    look_at(mailwarden, [second, first], "CreateEmailIdentity")
    minutes(mailwarden, 2)

    (ended,) = (alert for alert in mailwarden.topic.told if alert.report.occasion is Occasion.ENDED)
    assert ended.record.finding.rule_id == "MW301"
    assert [named.ref for named in ended.report.extent.pools] == [first.ref]
    assert headline(ended) == "RESOLVED: pool shop can send mail again (MW301, support@example.com in us-east-1)"
