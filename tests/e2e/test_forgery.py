"""Who may send to any queue of the account must not be able to give a hint, an order or an alert."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.e2e.box import HOME, Box, unique
from tests.e2e.people import developer
from tests.e2e.stage import Stage

ADMINISTRATOR = {"Effect": "Allow", "Action": "*", "Resource": "*"}
QUEUES = ("HintsQueueUrl", "RepairsQueueUrl", "FeedbackQueueUrl", "ChatQueueUrl")


@pytest.mark.parametrize("queue", QUEUES)
@pytest.mark.parametrize(
    "statement", [ADMINISTRATOR, {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}]
)
def test_a_message_of_another_principal_is_refused(box: Box, queue: str, statement: dict[str, str]) -> None:
    sqs, url = box.client("sqs", HOME, box.user(statement)), box.outputs[queue]
    fifo = {"MessageGroupId": "forged", "MessageDeduplicationId": unique("forged")} if url.endswith(".fifo") else {}
    entry = {"Id": "one", "MessageBody": "{}", **fifo}

    with pytest.raises(ClientError, match="AccessDenied"):
        sqs.send_message(QueueUrl=url, MessageBody="{}", **fifo)
    with pytest.raises(ClientError, match="AccessDenied"):
        sqs.send_message_batch(QueueUrl=url, Entries=[entry])


@pytest.mark.parametrize("queue", QUEUES)
def test_the_same_message_is_taken_by_a_queue_without_our_policy(box: Box, queue: str) -> None:
    fifo = box.outputs[queue].endswith(".fifo")
    keys, name = box.user(ADMINISTRATOR), unique("ordinary") + (".fifo" if fifo else "")
    attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"} if fifo else {}
    url = box.client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    sent = box.client("sqs", HOME, keys).send_message(
        QueueUrl=url, MessageBody="{}", **({"MessageGroupId": "any"} if fifo else {})
    )

    assert sent["MessageId"]


def test_a_rule_of_another_owner_cannot_deliver_to_the_hints_queue(stage: Stage) -> None:
    box = stage.box
    events, name = box.client("events", HOME, box.user(ADMINISTRATOR)), unique("forger")
    hints = f"arn:aws:sqs:{HOME}:{box.account}:{box.queue_name('HintsQueueUrl')}"
    seen = len(refused(box))
    events.put_rule(Name=name, EventPattern=json.dumps({"source": ["forged"]}), State="ENABLED")
    events.put_targets(Rule=name, Targets=[{"Id": "hints", "Arn": hints}])
    identity = stage.people.identity(HOME)
    pool = stage.known(stage.people.pool(HOME, developer(identity)))
    looks = len(stage.records.looks(pool.arn))
    hint = {"mailwarden": "hint", "version": 1, "look_at": "pool", "arn": pool.arn, "cause": None}

    answer = events.put_events(
        Entries=[{"Source": "forged", "DetailType": "any", "Detail": json.dumps(hint), "EventBusName": "default"}]
    )
    stage.people.touch(pool)
    stage.look_after(pool, looks)

    # The touch was sent after the forged event, and its look is the only one.
    assert answer["FailedEntryCount"] == 0
    assert len(stage.records.looks(pool.arn)) == looks + 1
    assert refused(box)[seen:] == []
    events.remove_targets(Rule=name, Ids=["hints"])
    events.delete_rule(Name=name)


def test_no_principal_can_put_events_of_aws_on_our_buses(box: Box) -> None:
    events = box.client("events", HOME, box.user(ADMINISTRATOR))
    entry = {"Source": "aws.ses", "DetailType": "AWS API Call via CloudTrail", "Detail": "{}"}

    answers = [events.put_events(Entries=[entry | {"EventBusName": bus}]) for bus in ("default", "mailwarden")]

    assert [answer["Entries"][0]["ErrorCode"] for answer in answers] == ["NotAuthorizedForSourceException"] * 2


def test_no_other_principal_can_write_to_the_journal(box: Box) -> None:
    dynamodb, table = box.client("dynamodb", HOME, box.user(ADMINISTRATOR)), box.outputs["JournalTable"]
    key = {"pk": {"S": "forged"}, "sk": {"S": "INTENTION"}}

    with pytest.raises(ClientError, match="AccessDenied"):
        dynamodb.put_item(TableName=table, Item=key)
    with pytest.raises(ClientError, match="AccessDenied"):
        dynamodb.delete_item(TableName=table, Key=key)
    with pytest.raises(ClientError, match="AccessDenied"):
        dynamodb.update_item(TableName=table, Key=key)


def refused(box: Box) -> list[object]:
    return [line for line in box.log("inspect") if line.get("message") == "message not understood"]
