"""An operator orders a sample alert: every channel gets it, it is marked as a test, and nothing is recorded."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.refs.resources import MonitoringRef
from mailwarden.inbound.invoke.sample_order import SampleOrders
from mailwarden.inbound.stream.announcements import AnnouncementBatch
from mailwarden.presentation.alerts.email_text import alert_subject, alert_text
from mailwarden.presentation.alerts.notice import notice_of
from mailwarden.presentation.slack.message import slack_message
from mailwarden.rules import SAMPLE_RULE
from mailwarden.service.findings.sample_alert import SampleAlerts
from mailwarden.service.reports.send_reports import ReportSender
from tests.builders import ACCOUNT
from tests.fakes.announcing import announcer_of
from tests.fakes.channels import InMemoryChannel
from tests.fakes.deployment import TickingClock
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.logs import KeptLog
from tests.unit.inbound.example_events import example

HOME = MonitoringRef(partition="aws", region="eu-west-1", account=ACCOUNT)
JANE = "jane.doe@corp.example"


@dataclass(slots=True, kw_only=True)
class Desk:
    """The function `announce`, with two channels."""

    topic: InMemoryChannel = field(default_factory=InMemoryChannel)
    chat: InMemoryChannel = field(default_factory=InMemoryChannel)
    ledger: InMemoryLedger = field(default_factory=InMemoryLedger)
    clock: TickingClock = field(default_factory=TickingClock)
    log: KeptLog = field(default_factory=KeptLog)

    def give(self, event: dict[str, object]) -> dict[str, Any]:
        channels = {"topic": self.topic, "chat": self.chat}
        batch = AnnouncementBatch(
            announcer=announcer_of(self.ledger, channels, self.clock),
            samples=lambda: SampleOrders(
                samples=SampleAlerts(channels=channels, finding_of=SAMPLE_RULE.check, clock=self.clock), home=HOME
            ),
            reports=no_reports,
            catch_up=lambda: 0,
            changed=lambda _: None,
        )
        read: dict[str, Any] = json.loads(json.dumps(batch.handle(event, log=self.log)))
        return read


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_every_channel_gets_the_same_alert_and_no_finding_is_recorded(desk: Desk) -> None:
    answer = desk.give(example("invoke.announce.sample"))

    (alert,) = desk.topic.told
    assert desk.chat.told == [alert]
    assert (answer["answer"], answer["alert_id"]) == ("sent", alert.alert_id)
    assert answer["text"] == "the sample alert was sent to the alerts topic and the queue of Slack"
    assert alert.record.finding.severity is Severity.CRITICAL
    assert alert.record.finding.subject == HOME
    assert desk.ledger.findings.held == {}


def test_it_is_marked_as_a_test_wherever_it_is_read(desk: Desk) -> None:
    desk.give({"announce": "sample", "by": "alice"})

    notice = notice_of(desk.topic.told[0], rule_pages="https://docs.example/rules/")
    headline = "LOW: TEST: an operator ordered this sample, nothing is wrong (MW900, eu-west-1)"
    assert alert_subject(notice) == headline
    assert (
        alert_text(notice)
        == f"""\
{headline}

What        operator:alice ordered this alert to test the channels
Why         the other alerts of Mailwarden arrive where this one does

About       Mailwarden's monitoring of eu-west-1, account {ACCOUNT}
Since       2026-03-02 12:00:00 UTC

To do       Nothing; if you handle alerts by program, leave out the rule MW900

user pools: https://eu-west-1.console.aws.amazon.com/cognito/v2/idp/user-pools?region=eu-west-1
about MW900: https://docs.example/rules/MW900.md
"""
    )
    assert headline in str(slack_message(notice)["text"])  # type: ignore[call-overload, index] # a JSON object


def test_a_second_sample_is_another_alert_which_no_channel_drops(desk: Desk) -> None:
    for _ in range(2):
        desk.give({"announce": "sample", "by": "alice"})

    first, second = desk.chat.told
    assert first.alert_id != second.alert_id


def test_a_channel_that_fails_is_named_and_the_other_one_gets_it(desk: Desk) -> None:
    desk.topic.failures = 1

    answer = desk.give({"announce": "sample", "by": "alice"})

    assert (answer["answer"], answer["sent"]) == ("partly sent", ["chat"])
    assert answer["failed"] == {"topic": "ChannelDown: the channel is down"}
    assert answer["text"] == (
        "the sample alert was sent to the queue of Slack only: "
        "the alerts topic failed (ChannelDown: the channel is down)"
    )


def test_where_every_channel_fails_nothing_was_sent(desk: Desk) -> None:
    desk.topic.failures = desk.chat.failures = 1

    answer = desk.give({"announce": "sample", "by": "alice"})

    assert (answer["answer"], answer["sent"], list(answer["failed"])) == ("not sent", [], ["topic", "chat"])


@pytest.mark.parametrize(
    "members", [{}, {"by": ""}, {"by": 1}, {"by": "alice", "severity": "huge"}, {"by": "alice", "severity": 1}]
)
def test_what_is_no_order_is_answered_and_sends_nothing(desk: Desk, members: dict[str, object]) -> None:
    answer = desk.give({"announce": "sample", **members})

    assert answer["answer"] == "not understood"
    assert desk.topic.told == desk.chat.told == []


def test_an_address_in_the_order_is_masked(desk: Desk) -> None:
    answer = desk.give({"announce": "sample", "by": JANE})

    text = alert_text(notice_of(desk.topic.told[0], rule_pages=""))
    assert "j***@corp.example ordered this alert" in text
    assert JANE not in text + json.dumps(answer) + str(desk.log.lines)


def test_the_schedule_sends_no_sample(desk: Desk) -> None:
    assert desk.give({"announce": "waiting"}) == {"batchItemFailures": []}
    assert desk.topic.told == []


def no_reports() -> ReportSender:
    raise AssertionError("no report is due")
