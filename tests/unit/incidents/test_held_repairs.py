"""A stop is announced where a repair was announced as ordered: who stopped it, since when, and when repairs go on."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import MonitoringRef
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.message import verbatim
from tests.builders import ACCOUNT, NOON, identity
from tests.fakes.deployment import Deployment, cause
from tests.fakes.examples import a_record
from tests.unit.incidents.seoul import SENDER, closed, minutes, seoul, text_of

HOME = MonitoringRef(partition="aws", region="us-east-1", account=ACCOUNT)
ORDERED = "Not yet repaired: a repair was ordered"


def ordered(pools: int) -> Deployment:
    """Pools of which everybody was told that a repair was ordered."""
    mailwarden = Deployment()
    sender = identity(SENDER.name, region="us-west-2", tags={"mailwarden:cognito": "account"})
    mailwarden.hold(sender, *(seoul(number) for number in range(pools)))
    for number in range(pools):
        mailwarden.inspect(PoolHint(pool=seoul(number).ref, cause=cause("DeleteIdentityPolicy")))
    minutes(mailwarden, 5)
    return mailwarden


def done(mailwarden: Deployment) -> list[str]:
    """What each message has as done."""
    lines = [line for alert in mailwarden.topic.told for line in text_of(alert).splitlines()]
    return [line.split(None, 1)[1] for line in lines if line.startswith("Done")]


def stop(mailwarden: Deployment) -> None:
    mailwarden.ledger.stop_switch.stop(by="operator:alice", now=mailwarden.clock.at)


def mode_off(mailwarden: Deployment) -> None:
    mailwarden.mode = RepairMode.OFF


def settings_unreadable(mailwarden: Deployment) -> None:
    key = FindingKey(subject_arn=HOME.arn, rule_id="MW904")
    fault = a_record(
        subject=HOME, rule_id="MW904", message=verbatim("line 3"), announced={"topic": 1, "chat": 1}, version=1
    )
    mailwarden.ledger.findings.held[key] = fault


def starts(mailwarden: Deployment) -> None:
    mailwarden.ledger.stop_switch.start()
    mailwarden.mode = RepairMode.SAFE
    mailwarden.ledger.findings.held.pop(FindingKey(subject_arn=HOME.arn, rule_id="MW904"), None)


@pytest.mark.parametrize(
    ("hold", "reason"),
    [
        (stop, "Not repaired: operator:alice stopped repairs at"),
        (mode_off, "Not repaired: RepairMode is off"),
        (settings_unreadable, "Not repaired: the settings cannot be relied on: line 3"),
    ],
)
def test_what_holds_every_repair_is_told_within_two_minutes_once_for_each_incident_and_so_is_its_end(
    hold: Callable[[Deployment], None], reason: str
) -> None:
    mailwarden = ordered(12)
    before = len(mailwarden.topic.told)
    assert done(mailwarden)[-1].startswith(ORDERED)

    hold(mailwarden)
    minutes(mailwarden, 2)
    told = done(mailwarden)[before:]
    minutes(mailwarden, 40)
    starts(mailwarden)
    minutes(mailwarden, 2)

    assert [line[: len(reason)] for line in told] == [reason]
    assert [line[: len(ORDERED)] for line in done(mailwarden)[before + 1 :]] == [ORDERED]
    assert len(mailwarden.chat.told) == len(mailwarden.topic.told)


def test_the_look_that_finds_the_stop_has_nothing_to_add() -> None:
    mailwarden = ordered(1)
    stop(mailwarden)
    minutes(mailwarden, 2)
    told = len(mailwarden.topic.told)

    mailwarden.repair()
    minutes(mailwarden, 5)

    assert "make start" in " ".join(text_of(mailwarden.topic.told[-1]).split())
    assert len(mailwarden.topic.told) == told


def test_a_stop_is_not_told_of_what_is_not_repaired_anyway() -> None:
    mailwarden = Deployment()
    mailwarden.hold(closed(), seoul())
    mailwarden.inspect(PoolHint(pool=seoul().ref, cause=cause("DeleteIdentityPolicy")))
    minutes(mailwarden, 5)
    told = len(mailwarden.topic.told)
    stop(mailwarden)
    minutes(mailwarden, 30)
    assert len(mailwarden.topic.told) == told == 1


def test_a_repair_that_is_made_after_the_stop_ends_the_incident() -> None:
    mailwarden = ordered(1)
    stop(mailwarden)
    minutes(mailwarden, 2)
    starts(mailwarden)
    mailwarden.repair()
    mailwarden.clock.at = max(mailwarden.clock.at, NOON) + timedelta(minutes=1)
    minutes(mailwarden, 2)
    assert mailwarden.topic.told[-1].report.state is FindingState.REPAIRED
