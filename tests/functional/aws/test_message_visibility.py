"""The time until failed messages are delivered again is set for all of them, however many they are."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from mailwarden.adapters.aws.sqs.message_visibility import SqsMessageVisibility

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

MESSAGES = 23


@pytest.fixture
def sqs() -> "Iterator[SQSClient]":
    with mock_aws():
        yield boto3.client("sqs", region_name="eu-central-1")


def received(sqs: "SQSClient", url: str) -> list[str]:
    found: list[str] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        found += [message["ReceiptHandle"] for message in messages]
    return found


def filled(sqs: "SQSClient") -> str:
    url = sqs.create_queue(QueueName="hints", Attributes={"VisibilityTimeout": "360"})["QueueUrl"]
    for number in range(MESSAGES):
        sqs.send_message(QueueUrl=url, MessageBody=str(number))
    return url


def test_more_messages_than_one_call_takes_come_again_in_their_time(sqs: "SQSClient") -> None:
    url = filled(sqs)
    receipts = received(sqs, url)

    refused = SqsMessageVisibility(client=sqs, queue_url=url).hide(dict.fromkeys(receipts, 0))

    assert len(receipts) == MESSAGES
    assert refused == ()
    assert len(received(sqs, url)) == MESSAGES


def test_receipts_that_are_refused_leave_the_others(sqs: "SQSClient") -> None:
    url = filled(sqs)
    receipts = received(sqs, url)
    unknown = [f"not a receipt {number}" for number in range(10)]

    refused = SqsMessageVisibility(client=sqs, queue_url=url).hide(dict.fromkeys([*unknown, *receipts], 0))

    assert len(refused) == len(unknown)
    assert len(received(sqs, url)) == MESSAGES
