"""A channel that refuses or fails: the others get every alert, and nothing is due for ever."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from mailwarden.domain.refs.root_causes import RootCause
from mailwarden.message import verbatim
from mailwarden.ports.findings.alert_channel import AlertRefused
from mailwarden.service.incidents.announce import AlertGivenUp, Announcer
from mailwarden.service.incidents.resting_channel import ChannelRests, RestingChannel
from tests.fakes.announcing import announcer_of
from tests.fakes.channels import ChannelDown, InMemoryChannel
from tests.fakes.deployment import Deployment
from tests.texts import says
from tests.unit.incidents.test_interruptions import broken, over

REFUSED = AlertRefused(verbatim("AccessDenied"))


def errors_of(group: ExceptionGroup[Exception]) -> Iterator[Exception]:
    for error in group.exceptions:
        yield from errors_of(error) if isinstance(error, ExceptionGroup) else (error,)


def announcer(mailwarden: Deployment, first: InMemoryChannel) -> Announcer:
    return announcer_of(mailwarden.ledger, {"chat": first, "topic": mailwarden.topic}, mailwarden.clock)


def due(mailwarden: Deployment) -> list[RootCause]:
    return list(mailwarden.ledger.incidents.due(now=mailwarden.clock.now()))


def test_a_refusal_holds_back_no_other_channel_and_is_tried_again_each_minute() -> None:
    mailwarden, chat = broken(), InMemoryChannel(failures=3, failure=REFUSED)

    with pytest.raises(ExceptionGroup):
        announcer(mailwarden, chat).announce(*mailwarden.ledger.findings.held)
    assert len(mailwarden.topic.told) == 1
    for _ in range(2):
        mailwarden.clock.pass_by(minutes=1)
        with pytest.raises(ExceptionGroup):
            announcer(mailwarden, chat).announce_waiting()
    mailwarden.clock.pass_by(minutes=1)

    assert announcer(mailwarden, chat).announce_waiting() == 1
    assert chat.told == mailwarden.topic.told


def test_after_fifteen_minutes_of_refusals_the_version_is_given_up_with_an_error_and_the_next_is_sent() -> None:
    mailwarden, chat = over(), InMemoryChannel(failures=10_000, failure=REFUSED)
    with pytest.raises(ExceptionGroup):
        announcer(mailwarden, chat).announce(*mailwarden.ledger.findings.held)
    errors: list[Exception] = []
    for _ in range(20):
        mailwarden.clock.pass_by(minutes=1)
        try:
            announcer(mailwarden, chat).announce_waiting()
        except ExceptionGroup as group:
            errors += errors_of(group)

    (given_up,) = [error for error in errors if isinstance(error, AlertGivenUp)]
    assert says("^chat refused message 2 about incident .* too often: AccessDenied$")(given_up)
    assert len(errors) == 15
    assert errors[-1] is given_up
    assert due(mailwarden) == []
    assert len(mailwarden.topic.told) == 2


def test_a_channel_that_fails_is_due_for_as_long_as_it_fails() -> None:
    mailwarden, chat = broken(), InMemoryChannel(failures=10_000)
    with pytest.raises(ExceptionGroup):
        announcer(mailwarden, chat).announce(*mailwarden.ledger.findings.held)
    for _ in range(50):
        mailwarden.clock.pass_by(minutes=1)
        with pytest.raises(ExceptionGroup):
            announcer(mailwarden, chat).announce_waiting()

    chat.failures = 0
    announcer(mailwarden, chat).announce_waiting()

    assert chat.told == mailwarden.topic.told


def test_a_channel_rests_for_half_a_minute_after_a_failure() -> None:
    mailwarden = broken()
    mailwarden.announce()
    (alert,) = mailwarden.topic.told
    below = InMemoryChannel(failures=1)
    resting = RestingChannel(below, name="bus", clock=mailwarden.clock)

    with pytest.raises(ChannelDown):
        resting.send(alert)
    with pytest.raises(ChannelRests, check=says("^bus failed a moment ago .ChannelDown: the channel is down.")):
        resting.send(alert)
    mailwarden.clock.at += timedelta(seconds=31)
    resting.send(alert)
    resting.send(alert)

    assert below.told == [alert, alert]


def test_a_refusal_of_one_alert_makes_no_channel_rest() -> None:
    mailwarden = broken()
    mailwarden.announce()
    (alert,) = mailwarden.topic.told
    below = InMemoryChannel(failures=1, failure=REFUSED)
    resting = RestingChannel(below, name="bus", clock=mailwarden.clock)

    with pytest.raises(AlertRefused):
        resting.send(alert)
    resting.send(alert)

    assert below.told == [alert]
