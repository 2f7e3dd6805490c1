"""Whatever an alert claimed, a change of it is sent: withheld, stopped, failed, undone and repaired."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.incidents.incident import Occasion
from mailwarden.domain.readings import Pool
from mailwarden.domain.repair.journal import Refused
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.message import verbatim
from mailwarden.presentation.alerts.email_text import alert_text
from mailwarden.presentation.alerts.notice import notice_of
from tests.fakes.deployment import Deployment, hint
from tests.unit.service.test_main_job import unauthorized


def told(mailwarden: Deployment) -> list[tuple[Occasion, str]]:
    """What each message says was done, and its occasion."""
    done = []
    for alert in mailwarden.topic.told:
        text = alert_text(notice_of(alert, rule_pages="https://docs.example/"))
        (line,) = (line for line in text.splitlines() if line.startswith("Done"))
        done.append((alert.report.occasion, line.split(None, 1)[1]))
    return done


def told_as_ordered() -> tuple[Deployment, Pool]:
    broken, sender = unauthorized()
    mailwarden = Deployment()
    mailwarden.hold(broken, sender)
    mailwarden.inspect(hint(broken))
    mailwarden.clock.at += timedelta(minutes=3)
    mailwarden.announcer().announce_waiting()
    return mailwarden, broken


def turned_off(mailwarden: Deployment, _: Pool) -> None:
    mailwarden.mode = RepairMode.OFF


def refused(mailwarden: Deployment, _: Pool) -> None:
    mailwarden.answer = Refused(reason=verbatim("LimitExceeded"))


def stopped(mailwarden: Deployment, _: Pool) -> None:
    mailwarden.ledger.stop_switch.stop(by="operator:alice", now=mailwarden.clock.at)


@pytest.mark.parametrize(
    ("meanwhile", "done"),
    [
        (turned_off, "Not repaired: RepairMode is off"),
        (refused, "The repair failed"),
        (stopped, "Not repaired: "),
    ],
)
def test_what_became_of_a_repair_that_was_said_to_be_ordered(
    meanwhile: Callable[[Deployment, Pool], None], done: str
) -> None:
    mailwarden, broken = told_as_ordered()
    meanwhile(mailwarden, broken)

    mailwarden.repair()
    for _ in range(3):
        mailwarden.clock.at += timedelta(minutes=1)
        mailwarden.announcer().announce_waiting()

    assert [occasion for occasion, _ in told(mailwarden)] == [Occasion.OPENED, Occasion.CHANGED]
    assert told(mailwarden)[0][1].startswith("Not yet repaired: a repair was ordered")
    assert told(mailwarden)[1][1].startswith(done)


def test_a_repair_that_was_told_to_be_ordered_and_is_then_made() -> None:
    mailwarden, _ = told_as_ordered()

    mailwarden.repair()

    assert [alert.report.state for alert in mailwarden.topic.told] == [FindingState.OPEN, FindingState.REPAIRED]
