"""A channel that was switched off and on again is sent the end of what it still shows as open."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from mailwarden.domain.findings.record import FindingRecord, FindingState
from mailwarden.inbound.stream.announcements import AnnouncementBatch
from mailwarden.service.incidents.announce import Announcer
from mailwarden.service.incidents.returned_channels import ReturnedChannels
from tests.fakes.announcing import announcer_of
from tests.fakes.channels import InMemoryChannel
from tests.fakes.deployment import TickingClock
from tests.fakes.examples import MORNING, a_pool, a_record
from tests.fakes.ledger.in_dynamodb import LedgerInDynamoDB
from tests.fakes.logs import KeptLog
from tests.functional.ledger.conftest import TABLE
from tests.functional.queues.test_garbled_changes import no_reports, no_samples

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

HUB = "security-hub"


class Stack:
    """Deployments of one stack, one after the other, with the channels of each."""

    def __init__(self, client: "DynamoDBClient") -> None:
        self.client, self.clock = client, TickingClock()
        self.clock.at = MORNING
        self.channels = {"topic": InMemoryChannel(), HUB: InMemoryChannel()}

    def announcer(self, *names: str) -> tuple[Announcer, LedgerInDynamoDB]:
        ledger = LedgerInDynamoDB(self.client, TABLE, channels=names)
        return announcer_of(ledger, {name: self.channels[name] for name in names}, self.clock), ledger

    def happen(self, record: FindingRecord, *names: str) -> None:
        """The finding is recorded and announced while the stack has these channels."""
        self.clock.pass_by(minutes=1)
        announcer, ledger = self.announcer(*names)
        ledger.findings.update(record.key, lambda _: record)
        announcer.announce(record.key)

    def deploy(self, *names: str) -> AnnouncementBatch:
        announcer, ledger = self.announcer(*names)
        returned = ReturnedChannels(listed=ledger.incident_list, announcer=announcer)
        return AnnouncementBatch(
            announcer=announcer,
            samples=no_samples,
            reports=no_reports,
            catch_up=returned.catch_up,
            changed=lambda _: None,
        )

    def told(self, name: str) -> list[str]:
        return [alert.report.state for alert in self.channels[name].told]


def opened(number: int = 1) -> FindingRecord:
    return a_record(subject=a_pool(number), affected={a_pool(number).arn: MORNING})


def ended(record: FindingRecord) -> FindingRecord:
    lifecycle = replace(
        record.lifecycle,
        state=FindingState.RESOLVED,
        version=2,
        revision=2,
        affected={},
        changed_at=MORNING + timedelta(minutes=2),
        announce_after=MORNING + timedelta(minutes=2),
    )
    return replace(record, lifecycle=lifecycle)


@pytest.fixture
def stack(dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB) -> Stack:
    del dynamo_ledger
    return Stack(dynamodb)


def test_what_ended_while_a_channel_was_off_is_sent_to_it_once_it_is_on_again(stack: Stack) -> None:
    stack.happen(opened(), "topic", HUB)
    stack.happen(ended(opened()), "topic")

    stack.deploy("topic", HUB).handle({}, log=KeptLog())
    stack.deploy("topic", HUB).handle({}, log=KeptLog())

    assert stack.told("topic") == ["open", "resolved"]
    assert stack.told(HUB) == ["open", "resolved"]


def test_a_new_channel_is_sent_nothing_of_what_is_over(stack: Stack) -> None:
    stack.happen(opened(), "topic")
    stack.happen(ended(opened()), "topic")

    stack.deploy("topic", HUB).handle({}, log=KeptLog())

    assert stack.told(HUB) == []


def test_a_channel_that_is_off_is_sent_nothing_and_nothing_waits_for_it(stack: Stack) -> None:
    stack.happen(opened(), "topic", HUB)
    stack.channels[HUB].failures = 100
    with pytest.raises(ExceptionGroup):
        stack.happen(ended(opened()), "topic", HUB)

    batch = stack.deploy("topic")
    batch.handle({}, log=KeptLog())
    _, ledger = stack.announcer("topic")

    assert stack.told("topic") == ["open", "resolved"]
    assert list(ledger.incidents.due(now=stack.clock.at + timedelta(days=1))) == []


def test_an_end_that_a_returned_channel_refuses_is_tried_again(stack: Stack) -> None:
    stack.happen(opened(), "topic", HUB)
    stack.happen(ended(opened()), "topic")
    stack.channels[HUB].failures = 1
    batch = stack.deploy("topic", HUB)

    with pytest.raises(ExceptionGroup):
        batch.handle({}, log=KeptLog())
    batch.handle({}, log=KeptLog())

    assert stack.told(HUB) == ["open", "resolved"]
