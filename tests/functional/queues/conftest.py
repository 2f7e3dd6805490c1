"""The queues as the template defines them, in an emulator."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> Iterator["SQSClient"]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield boto3.client("sqs", region_name="eu-west-1")


@pytest.fixture
def standard_queue(sqs: "SQSClient") -> str:
    return sqs.create_queue(QueueName="hints")["QueueUrl"]


@pytest.fixture
def fifo_queue(sqs: "SQSClient") -> str:
    return sqs.create_queue(QueueName="repairs.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]


def received(sqs: "SQSClient", queue_url: str) -> list["MessageTypeDef"]:
    """Everything that waits, with its attributes; nothing waits afterwards."""
    messages: list[MessageTypeDef] = []
    while batch := sqs.receive_message(
        QueueUrl=queue_url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
    ).get("Messages", []):
        for message in batch:
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
        messages += batch
    return messages
