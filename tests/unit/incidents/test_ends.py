"""The last message about a cause is true: of pools that change, vanish, are muted or come back while it is open."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.incidents.incident import Occasion
from mailwarden.domain.readings import ServiceLinkedRole
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.root_causes import SendingPolicies
from mailwarden.domain.repair.limits import Limits, RepairMode, RuleMode
from tests.builders import identity, unread
from tests.fakes.deployment import Deployment, cause
from tests.unit.incidents.seoul import (
    OTHER,
    SENDER,
    broken,
    closed,
    denied,
    headlines,
    look_at,
    minutes,
    opened,
    seoul,
    text_of,
)
from tests.unit.incidents.test_storms import developers

OPENED = "CRITICAL: pool shop1 cannot send mail: no sending policy allows it"
CAN_SEND = "RESOLVED: pool shop1 can send mail again"


def test_a_finding_whose_root_cause_changes_leaves_one_incident_for_the_other() -> None:
    mailwarden = broken(seoul())
    mailwarden.hold(seoul(source=OTHER))
    look_at(mailwarden, seoul(), call="UpdateUserPool")
    minutes(mailwarden, 2)

    # What is done for the sender that it no longer has ends nothing.
    mailwarden.hold(opened())
    look_at(mailwarden, seoul(), call="PutIdentityPolicy")
    minutes(mailwarden, 2)
    told = headlines(mailwarden.topic)
    mailwarden.hold(opened(OTHER))
    look_at(mailwarden, seoul(), call="PutIdentityPolicy")
    minutes(mailwarden, 2)

    moved = "CLOSED: pool shop1 has another root cause now, which has an alert of its own: no sending policy allows it"
    assert sorted(told) == sorted([OPENED, OPENED, moved])
    assert headlines(mailwarden.topic)[3:] == [CAN_SEND]
    assert headlines(mailwarden.chat) == headlines(mailwarden.topic)
    of_moved = next(alert for alert in mailwarden.topic.told if alert.report.occasion is Occasion.ENDED)
    assert of_moved.report.cause == SendingPolicies(identity=SENDER)
    assert OTHER.name not in text_of(of_moved)


def test_of_two_pools_the_one_that_moved_still_cannot_send() -> None:
    mailwarden = broken(seoul(1), seoul(2))
    mailwarden.hold(seoul(1, source=OTHER), opened())

    look_at(mailwarden, seoul(1), seoul(2))
    minutes(mailwarden, 2)

    (ended,) = (alert for alert in mailwarden.topic.told if alert.report.occasion is Occasion.ENDED)
    assert "RESOLVED: 1 of 2 pools still cannot send mail" in text_of(ended)


def test_a_pool_that_is_deleted_after_another_finding_does_not_speak_for_the_others() -> None:
    mailwarden = broken(seoul(1), seoul(2))
    mailwarden.hold(denied())
    look_at(mailwarden, seoul(1))
    minutes(mailwarden, 1)
    del mailwarden.pools.held[seoul(1).ref]
    mailwarden.hold(opened())
    look_at(mailwarden, seoul(1), seoul(2))
    minutes(mailwarden, 12)

    assert headlines(mailwarden.topic)[-1] == "RESOLVED: pool shop2 can send mail again"


def test_a_pool_with_one_finding_after_another_is_one_pool_and_sends_again() -> None:
    pools = [seoul(each) for each in range(20)]
    mailwarden = broken(*pools)
    for policy in (denied(), closed(), opened()):
        mailwarden.hold(policy)
        look_at(mailwarden, *pools)
        minutes(mailwarden, 12)

    extents = [alert.report.extent for alert in mailwarden.topic.told]
    assert max(extent.pool_count for extent in extents) == extents[-1].pool_count == 20
    assert headlines(mailwarden.topic)[-1] == "RESOLVED: 20 pools can send mail again"


@pytest.mark.parametrize("channel", ["topic", "chat"])
def test_a_cause_that_returns_while_a_channel_is_behind_is_told_as_it_is(channel: str) -> None:
    mailwarden = broken(seoul())
    getattr(mailwarden, channel).failures = 2
    mailwarden.hold(opened())
    look_at(mailwarden, seoul())
    mailwarden.hold(closed())
    look_at(mailwarden, seoul())
    minutes(mailwarden, 3)

    other = mailwarden.chat if channel == "topic" else mailwarden.topic
    behind = getattr(mailwarden, channel)
    assert headlines(other) == [OPENED, CAN_SEND, OPENED]
    assert headlines(behind)[-1] == OPENED
    by_id = {alert.alert_id: alert.report for alert in other.told}
    assert all(by_id[alert.alert_id].occasion is alert.report.occasion for alert in behind.told)


def test_an_end_that_a_channel_missed_is_sent_although_the_cause_returned_for_a_moment() -> None:
    mailwarden = broken(seoul())
    mailwarden.chat.failures = 1
    mailwarden.hold(opened())
    look_at(mailwarden, seoul())
    mailwarden.mode = RepairMode.SAFE
    mailwarden.hold(replace(closed(), tags={"mailwarden:cognito": "account"}))
    look_at(mailwarden, seoul())
    assert headlines(mailwarden.chat) == [OPENED]

    # It waits for its repair, and goes by itself before anybody is told.
    mailwarden.clock.at += timedelta(seconds=20)
    mailwarden.announcer().announce_waiting()
    assert headlines(mailwarden.chat) == [OPENED]
    mailwarden.hold(opened())
    look_at(mailwarden, seoul())
    minutes(mailwarden, 3)

    assert headlines(mailwarden.topic) == [OPENED, CAN_SEND]
    assert headlines(mailwarden.chat) == [OPENED, CAN_SEND]
    assert mailwarden.chat.told[-1].alert_id == mailwarden.topic.told[-1].alert_id


def test_a_pool_that_is_deleted_while_it_is_broken_is_not_said_to_fail() -> None:
    mailwarden = broken(seoul())
    del mailwarden.pools.held[seoul().ref]

    look_at(mailwarden, seoul(), call="DeleteUserPool")

    assert headlines(mailwarden.topic)[1:] == [
        "CLOSED: pool shop1 does not exist any more: no sending policy allows it"
    ]
    assert "Nothing was resolved: the user pool was deleted" in text_of(mailwarden.topic.told[-1])
    assert "Can send" not in text_of(mailwarden.topic.told[-1])


def test_a_deleted_pool_does_not_send_again_with_the_others() -> None:
    pools = [seoul(number) for number in range(3)]
    mailwarden = broken(*pools)
    del mailwarden.pools.held[pools[0].ref]
    mailwarden.hold(opened())

    look_at(mailwarden, *pools)

    assert headlines(mailwarden.topic)[-1] == "RESOLVED: 2 pools can send mail again"


def exempt(mailwarden: Deployment) -> None:
    mailwarden.hold(seoul(tags={"mailwarden": "off"}))


def rule_off(mailwarden: Deployment) -> None:
    mailwarden.limits = Limits(repair_mode=RepairMode.OFF, rule_modes={"MW401": RuleMode.OFF})


@pytest.mark.parametrize("mute", [exempt, rule_off])
@pytest.mark.parametrize("stream", ["on", "off"])
def test_what_was_told_as_open_and_is_muted_is_told_once_and_then_not_at_all(
    mute: Callable[[Deployment], None], stream: str
) -> None:
    mailwarden = broken(seoul())
    mute(mailwarden)
    if stream == "on":
        look_at(mailwarden, seoul())
    else:
        mailwarden.inspector().inspect(PoolHint(pool=seoul().ref, cause=cause(at=mailwarden.clock.at)))
    minutes(mailwarden, 2)
    mailwarden.hold(opened())
    look_at(mailwarden, seoul())
    mailwarden.clock.pass_by(days=1)
    minutes(mailwarden, 2)

    assert headlines(mailwarden.topic) == [
        OPENED,
        "EXEMPT: no more alerts about this, on request: no sending policy allows it",
    ]
    assert headlines(mailwarden.chat) == headlines(mailwarden.topic)


def test_the_end_does_not_say_that_a_pool_can_send_whose_look_could_not_tell() -> None:
    pools = developers(3)
    mailwarden = Deployment(mode=RepairMode.OFF)
    mailwarden.hold(identity(), identity(region="eu-west-3"), *pools)
    mailwarden.role.held = ServiceLinkedRole.ABSENT
    look_at(mailwarden, *pools, call="DeleteServiceLinkedRole")
    mailwarden.role.held = ServiceLinkedRole.PRESENT
    mailwarden.accounts.held["eu-west-3"] = unread("ses:GetAccount", "eu-west-3")

    look_at(mailwarden, *pools, call="CreateServiceLinkedRole")

    (ended,) = (alert for alert in mailwarden.topic.told if alert.report.occasion is Occasion.ENDED)
    assert ended.record.finding.rule_id == "MW409"
    assert text_of(ended).splitlines()[0] == (
        "RESOLVED: 1 of 3 pools may still be unable to send mail, but no longer because the service-linked role does "
        "not exist (MW409, account 111122223333)"
    )


def test_a_channel_that_is_behind_is_not_told_as_open_what_ended_a_moment_ago() -> None:
    mailwarden = Deployment(mode=RepairMode.OFF)
    mailwarden.hold(closed(), seoul())
    mailwarden.chat.failures = 1
    look_at(mailwarden, seoul())
    mailwarden.hold(opened())
    mailwarden.inspector().inspect(PoolHint(pool=seoul().ref, cause=cause(at=mailwarden.clock.at)))

    # The stream has not brought the end yet, and the schedule leaves it its time.
    mailwarden.announcer().announce_waiting()
    mailwarden.announcer().announce_waiting()

    assert headlines(mailwarden.chat) == [CAN_SEND]
    assert headlines(mailwarden.topic) == [OPENED, CAN_SEND]


def test_an_identity_whose_last_pool_is_deleted_is_not_called_resolved() -> None:
    (shop,) = developers(1)
    mailwarden = Deployment(mode=RepairMode.OFF)
    mailwarden.hold(shop)
    look_at(mailwarden, shop, call="DeleteEmailIdentity")
    del mailwarden.pools.held[shop.ref]

    look_at(mailwarden, shop, call="DeleteUserPool")

    (ended,) = (alert for alert in mailwarden.topic.told if alert.report.occasion is Occasion.ENDED)
    assert text_of(ended).splitlines()[0] == (
        "CLOSED: pool shop does not exist any more: the SES identity does not exist "
        "(MW301, support@example.com in us-east-1)"
    )
