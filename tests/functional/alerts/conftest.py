"""A topic with a queue behind it, and the chat queue, as the template defines them, in an emulator."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from mailwarden.presentation.catalogue.language import Language
from mailwarden.presentation.catalogue.languages import catalogue_of
from mailwarden.presentation.catalogue.spoken import speak

if TYPE_CHECKING:
    from mypy_boto3_sns.client import SNSClient
    from mypy_boto3_sqs.client import SQSClient

REGION = "eu-west-1"
PAGES = "https://git.example/rules/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic; ``calls`` are the parameters of every Publish, ``queue_url`` a queue that subscribed to it."""

    client: "SNSClient"
    arn: str
    queue_url: str
    calls: list[dict[str, Any]] = field(default_factory=list)

    @property
    def forms(self) -> dict[str, str]:
        """The texts by protocol of the last call."""
        forms: dict[str, str] = json.loads(self.calls[-1]["Message"])
        return forms

    @property
    def attributes(self) -> dict[str, str]:
        """The message attributes of the last call."""
        attributes = self.calls[-1]["MessageAttributes"]
        return {name: attribute["StringValue"] for name, attribute in attributes.items()}


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield


@pytest.fixture(params=list(Language))
def language(request: pytest.FixtureRequest) -> Iterator[Language]:
    """Each language in turn, as that of the deployment."""
    speak(catalogue_of(request.param))
    yield request.param
    speak(catalogue_of(Language.ENGLISH))


@pytest.fixture
def sqs(emulator: None) -> "SQSClient":  # noqa: ARG001 - the emulator must be there first
    return boto3.client("sqs", region_name=REGION)


@pytest.fixture
def topic(sqs: "SQSClient") -> Topic:
    client = boto3.client("sns", region_name=REGION)
    queue_url = sqs.create_queue(QueueName="subscriber")["QueueUrl"]
    arn = client.create_topic(Name="alerts")["TopicArn"]
    client.subscribe(
        TopicArn=arn,
        Protocol="sqs",
        Endpoint=f"arn:aws:sqs:{REGION}:123456789012:subscriber",
        Attributes={"RawMessageDelivery": "true", "FilterPolicy": json.dumps({"severity": ["critical"]})},
    )
    made = Topic(client=client, arn=arn, queue_url=queue_url)

    def remember(params: dict[str, Any], **_: object) -> None:
        made.calls.append(params)

    client.meta.events.register("provide-client-params.sns.Publish", remember)
    return made
