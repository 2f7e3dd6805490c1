"""The topic and the chat queue take any alert, within the limits of SNS and SQS, in the form that each reader wants."""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailwarden.adapters.aws.sns.alert_topic import AlertTopic
from mailwarden.adapters.aws.sqs.chat_queue import ChatQueue
from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.incidents.alert import alert_of
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.ports.findings.alert_channel import AlertChannel
from mailwarden.presentation.alerts.document import notice_from_body
from mailwarden.presentation.alerts.notice import notice_of
from mailwarden.presentation.catalogue.language import Language
from mailwarden.presentation.catalogue.languages import catalogue_of
from mailwarden.presentation.catalogue.spoken import speak
from mailwarden.presentation.slack.message import slack_message
from tests.fakes.channels import ChannelDown, InMemoryChannel
from tests.fakes.examples import (
    ACCOUNT,
    OREGON_IDENTITY,
    a_record,
)
from tests.functional.alerts.conftest import PAGES, Topic
from tests.functional.alerts.excess import WORST, WORST_IDS, an_excessive_record

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

SNS_LIMIT = 262_144


@pytest.fixture
def chat_url(sqs: "SQSClient") -> str:
    return sqs.create_queue(QueueName="chat.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]


def waiting(sqs: "SQSClient", url: str) -> list[tuple[str, Mapping[str, str]]]:
    """What waits in a queue: bodies and attributes, in order."""
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"])
    return [
        (message["Body"], cast("Mapping[str, str]", message["Attributes"])) for message in messages.get("Messages", [])
    ]


def size_of(topic: Topic) -> int:
    """What SNS counts of the last call: the message with its subject and attributes, in bytes."""
    call = topic.calls[-1]
    attributes = [f"{name}String{value}" for name, value in topic.attributes.items()]
    return sum(len(text.encode()) for text in (call["Message"], call["Subject"], *attributes))


def test_tells_machines_the_document_and_people_the_text(topic: Topic) -> None:
    AlertTopic(topic.client, topic.arn, rule_pages=PAGES).send(alert_of(a_record()))

    assert topic.calls[-1]["MessageStructure"] == "json"
    assert json.loads(topic.forms["default"])["mailwarden"] == "alert"
    assert topic.forms["email"].startswith(
        "CRITICAL: pool shop-users cannot send mail: no sending policy allows it (MW401, "
    )
    assert topic.forms["sms"] == topic.calls[-1]["Subject"]
    assert f"about MW401: {PAGES}MW401.md" in topic.forms["email"]
    assert set(topic.forms) == {"default", "email", "sms"}


def test_a_queue_that_filters_by_severity_gets_the_document(topic: Topic, sqs: "SQSClient") -> None:
    channel = AlertTopic(topic.client, topic.arn, rule_pages=PAGES)

    channel.send(alert_of(a_record(severity=Severity.LOW)))
    channel.send(alert_of(a_record()))

    (document,) = [json.loads(body) for body, _ in waiting(sqs, topic.queue_url)]
    assert document["severity"] == "critical"
    assert document["rule"]["page"] == f"{PAGES}MW401.md"


def test_carries_attributes_to_filter_by(topic: Topic) -> None:
    AlertTopic(topic.client, topic.arn, rule_pages=PAGES).send(
        alert_of(a_record(subject=OREGON_IDENTITY, verdict=Answer.AT_RISK))
    )

    assert topic.attributes == {
        "severity": "critical",
        "rule": "MW401",
        "region": "us-west-2",
        "state": "open",
        "verdict": "at risk",
        "subject_kind": "identity",
        "account": ACCOUNT,
        "cause": "identity",
    }


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({"cause": ["pool"]}, ["MW401"]),
        ({"severity": ["critical"], "cause": [{"anything-but": "pool"}]}, ["MW301"]),
        ({"account": [ACCOUNT], "state": ["open"], "rule": [{"prefix": "MW3"}]}, ["MW301"]),
        ({"region": ["eu-west-1"]}, []),
    ],
)
def test_subscriptions_filter_by_the_attributes(
    topic: Topic, sqs: "SQSClient", policy: dict[str, object], expected: list[str]
) -> None:
    url = sqs.create_queue(QueueName="filtered")["QueueUrl"]
    topic.client.subscribe(
        TopicArn=topic.arn,
        Protocol="sqs",
        Endpoint="arn:aws:sqs:eu-west-1:123456789012:filtered",
        Attributes={"RawMessageDelivery": "true", "FilterPolicy": json.dumps(policy)},
    )

    for record in (a_record(), a_record(subject=OREGON_IDENTITY, rule_id="MW301")):
        AlertTopic(topic.client, topic.arn, rule_pages=PAGES).send(alert_of(record))

    assert [json.loads(body)["rule"]["id"] for body, _ in waiting(sqs, url)] == expected


@pytest.mark.parametrize("text", WORST, ids=WORST_IDS)
def test_the_largest_alert_fits(topic: Topic, sqs: "SQSClient", chat_url: str, text: str) -> None:
    alert = alert_of(an_excessive_record(text))

    AlertTopic(topic.client, topic.arn, rule_pages=PAGES).send(alert)
    ChatQueue(sqs, chat_url, rule_pages=PAGES).send(alert)

    assert size_of(topic) < SNS_LIMIT
    ((body, _),) = waiting(sqs, chat_url)
    assert len(body.encode()) < SNS_LIMIT
    assert notice_from_body(body).alert_id == alert.alert_id


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(), times=st.integers(1, 3000))
def test_any_text_fits_and_stays_readable(topic: Topic, text: str, times: int) -> None:
    AlertTopic(topic.client, topic.arn, rule_pages=PAGES).send(alert_of(an_excessive_record(text * times)))

    assert size_of(topic) < SNS_LIMIT
    assert json.loads(topic.forms["default"])["version"] == 2


def test_both_channels_link_the_page_of_the_rule(topic: Topic, sqs: "SQSClient", chat_url: str) -> None:
    for channel in (
        AlertTopic(topic.client, topic.arn, rule_pages=PAGES),
        ChatQueue(sqs, chat_url, rule_pages=PAGES),
    ):
        channel.send(alert_of(a_record()))

    ((body, _),) = waiting(sqs, chat_url)
    assert json.loads(topic.forms["default"])["rule"]["page"] == f"{PAGES}MW401.md"
    assert f"<{PAGES}MW401.md|about MW401>" in json.dumps(slack_message(notice_from_body(body)))


def test_chat_keeps_the_order_and_takes_the_same_alert_once(sqs: "SQSClient", chat_url: str) -> None:
    alerts = [alert_of(a_record(version=version)) for version in (1, 2, 3)]
    channel = ChatQueue(sqs, chat_url, rule_pages=PAGES)

    for alert in (*alerts, alerts[1]):
        channel.send(alert)

    told = waiting(sqs, chat_url)
    assert [notice_from_body(body) for body, _ in told] == [notice_of(alert, rule_pages=PAGES) for alert in alerts]
    assert {attributes["MessageGroupId"] for _, attributes in told} == {alerts[0].report.incident_id}
    assert [attributes["MessageDeduplicationId"] for _, attributes in told] == [alert.alert_id for alert in alerts]


def test_the_channel_in_memory_remembers_and_can_be_down() -> None:
    memory = InMemoryChannel(failures=1)
    channel: AlertChannel = memory
    alert = alert_of(a_record())

    with pytest.raises(ChannelDown):
        channel.send(alert)
    channel.send(alert)

    assert memory.told == [alert]


@pytest.fixture
def in_korean() -> Iterator[None]:
    speak(catalogue_of(Language.KOREAN))
    yield
    speak(catalogue_of(Language.ENGLISH))


@pytest.mark.parametrize("only_ascii", [False, True], ids=["takes UTF-8", "refuses UTF-8"])
@pytest.mark.usefixtures("in_korean")
def test_a_korean_alert_arrives_even_where_its_subject_is_refused(topic: Topic, *, only_ascii: bool) -> None:
    client = topic.client

    def refuse(params: dict[str, str], **_: object) -> None:
        if only_ascii and not params["Subject"].isascii():
            raise client.exceptions.InvalidParameterException({"Error": {"Code": "InvalidParameter"}}, "Publish")

    client.meta.events.register("before-parameter-build.sns.Publish", refuse)

    AlertTopic(client, topic.arn, rule_pages=PAGES).send(alert_of(a_record()))

    assert topic.calls[-1]["Subject"].isascii() is only_ascii
    assert topic.forms["email"].startswith("심각: shop-users 사용자 풀이 메일을 보낼 수 없음")
    assert json.loads(topic.forms["default"])["severity"] == "critical"


@pytest.mark.usefixtures("in_korean")
def test_a_subject_that_is_refused_for_another_reason_is_an_error(topic: Topic) -> None:
    client = topic.client

    def refuse(**_: object) -> None:
        raise client.exceptions.InvalidParameterException({"Error": {"Code": "InvalidParameter"}}, "Publish")

    client.meta.events.register("before-parameter-build.sns.Publish", refuse)

    with pytest.raises(client.exceptions.InvalidParameterException):
        AlertTopic(client, topic.arn, rule_pages=PAGES).send(alert_of(a_record()))
