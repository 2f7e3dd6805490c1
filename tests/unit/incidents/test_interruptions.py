"""Wherever an announcement dies, every message is sent, at most one twice and with the same id, and in order."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.service.incidents.announce import Announcer
from tests.builders import custom_from, identity, identity_ref, pool, sending_policy
from tests.fakes.announcing import announcer_of
from tests.fakes.channels import InMemoryChannel
from tests.fakes.deployment import Deployment, cause
from tests.fakes.mortal import Died, Life, Mortal, mortal

OREGON = identity_ref(region="us-west-2")
POOLS = [pool("ap-northeast-2", pool_id=f"ap-northeast-2_P{number}", email=custom_from(OREGON)) for number in range(3)]
MENDED = identity(
    region="us-west-2",
    policies={"own": sending_policy(OREGON, conditions={"StringEquals": {"aws:SourceAccount": OREGON.account}})},
)


def broken() -> Deployment:
    mailwarden = Deployment(mode=RepairMode.OFF)
    mailwarden.hold(identity(region="us-west-2"), *POOLS)
    for each in POOLS:
        mailwarden.inspector().inspect(PoolHint(pool=each.ref, cause=cause("DeleteIdentityPolicy")))
    return mailwarden


def over() -> Deployment:
    mailwarden = broken()
    mailwarden.announce()
    mailwarden.clock.pass_by(minutes=5)
    mailwarden.hold(MENDED)
    for each in POOLS:
        mailwarden.inspector().inspect(PoolHint(pool=each.ref, cause=cause("PutIdentityPolicy")))
    return mailwarden


def dying(mailwarden: Deployment, life: Life) -> Announcer:
    channels: dict[str, Any] = {name: Mortal(getattr(mailwarden, name), name, life) for name in ("topic", "chat")}
    return announcer_of(cast("Any", mortal(mailwarden, life).ledger), channels, mailwarden.clock)


def sent(channel: InMemoryChannel) -> list[tuple[str, int]]:
    return [(alert.alert_id, alert.report.version) for alert in channel.told]


def check(begin: Callable[[], Deployment], *, messages: int) -> None:
    whole, life = begin(), Life()
    dying(whole, life).announce(*whole.ledger.findings.held)
    expected = sent(whole.topic)
    assert len(expected) == messages
    assert len(life.moments) > 10
    for place, moment in enumerate(life.moments):
        mailwarden = begin()
        try:
            dying(mailwarden, Life(ends_at=place)).announce(*mailwarden.ledger.findings.held)
        except Died:
            pass
        else:
            raise AssertionError(f"it does not die {moment}")
        for _ in range(5):
            mailwarden.clock.at += timedelta(minutes=1)
            mailwarden.announcer().announce_waiting()
        for channel in (mailwarden.topic, mailwarden.chat):
            once = list(dict.fromkeys(sent(channel)))
            assert once == expected, moment
            assert sorted(sent(channel), key=lambda each: each[1]) == sent(channel), moment
        twice = [
            each
            for channel in (mailwarden.topic, mailwarden.chat)
            for each, count in Counter(sent(channel)).items()
            if count > 1
        ]
        assert len(twice) <= 1, moment


def test_wherever_the_announcement_of_the_opening_dies_it_is_sent_and_at_most_once_more() -> None:
    check(broken, messages=1)


def test_wherever_the_announcement_of_the_end_dies_it_is_sent_and_at_most_once_more() -> None:
    check(over, messages=2)
