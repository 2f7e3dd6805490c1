"""SQS event source mappings: the role's permissions, batches, partial failures, message groups, dead letters."""

import itertools
import json
import time

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.platform.box import LOGS, Box, allow, eventually

# Prints each body's name, with when it began and ended.
TIMED = """
import json, time
def handler(event, context):
    for record in event["Records"]:
        began = time.time()
        time.sleep(0.2)
        print(json.loads(record["body"])["name"], began, time.time())
    return {}
"""

READ = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]

# Prints each body; one that says so fails alone, raises, or takes its time.
WORK = """
import json, time
def handler(event, context):
    failures = []
    for record in event["Records"]:
        body = json.loads(record["body"])
        print("begin", body["name"], record["attributes"]["ApproximateReceiveCount"])
        time.sleep(body.get("seconds", 0))
        if body.get("raises"):
            raise RuntimeError("told to")
        if body.get("fails"):
            failures.append({"itemIdentifier": record["messageId"]})
        print("end", body["name"])
    return {"batchItemFailures": failures}
"""


def test_a_mapping_is_refused_to_a_role_that_may_not_read_the_queue(box: Box) -> None:
    _, arn = box.queue()
    function = box.function(WORK, box.role(LOGS, allow(["sqs:ReceiveMessage"], arn)))

    with pytest.raises(ClientError, match="execution role does not have permissions to call DeleteMessage on SQS"):
        box.client("lambda").create_event_source_mapping(FunctionName=function, EventSourceArn=arn)


def test_polling_stops_when_the_role_loses_its_permission(box: Box) -> None:
    url, arn = box.queue()
    role = box.role(LOGS, allow(READ, arn))
    function = box.function(WORK, role)
    mapped(box, function, arn)
    body(box, url, name="first")
    assert eventually(lambda: box.lines(function)) == ["begin first 1", "end first"]

    box.client("iam").delete_role_policy(RoleName=role.rsplit("/", 1)[-1], PolicyName="own")
    time.sleep(2.2)
    body(box, url, name="second")
    time.sleep(0.5)

    assert box.lines(function) == ["begin first 1", "end first"]
    assert [message["Body"] for message in box.receive(url)] == ['{"name": "second"}']


def test_only_the_items_reported_as_failed_come_back_and_end_in_the_dead_letters(box: Box) -> None:
    dead_url, dead_arn = box.queue("dead")
    redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 2})
    url, arn = box.queue(VisibilityTimeout="1", RedrivePolicy=redrive)
    function = box.function(WORK, box.role(LOGS, allow(READ, arn)))
    mapped(box, function, arn)

    body(box, url, name="bad", fails=True)
    body(box, url, name="good")

    [message] = box.receive(dead_url, wait=8)
    assert json.loads(message["Body"])["name"] == "bad"
    assert box.lines(function).count("end good") == 1
    assert {"begin bad 1", "begin bad 2"} <= set(box.lines(function))
    assert "begin bad 3" not in box.lines(function)


def test_a_function_that_raises_leaves_its_whole_batch_until_its_visibility_ends(box: Box) -> None:
    url, arn = box.queue(VisibilityTimeout="60")
    function = box.function(WORK, box.role(LOGS, allow(READ, arn)))
    mapped(box, function, arn)
    body(box, url, name="bad", raises=True)
    eventually(lambda: any("told to" in line for line in box.lines(function)))

    released = box.control("POST", f"queues/{arn.rsplit(':', 1)[-1]}/release")

    assert len(released["released"]) == 1
    assert eventually(lambda: "begin bad 2" in box.lines(function))


def test_message_groups_run_side_by_side_and_each_in_order(box: Box) -> None:
    url, arn = box.queue(FifoQueue="true", ContentBasedDeduplication="true")
    function = box.function(TIMED, box.role(LOGS, allow(READ, arn)))
    mapped(box, function, arn)

    for number in range(3):
        for group in ("a", "b", "c"):
            body(box, url, group=group, name=f"{group}{number}")

    assert eventually(lambda: len(box.lines(function)) == 9)
    spans = {name: (float(begin), float(end)) for name, begin, end in map(str.split, box.lines(function))}
    for group in "abc":
        ordered = [spans[f"{group}{number}"] for number in range(3)]
        assert all(earlier[1] <= later[0] for earlier, later in itertools.pairwise(ordered))
    assert any(
        spans[f"a{one}"][0] < spans[f"b{other}"][1] and spans[f"b{other}"][0] < spans[f"a{one}"][1]
        for one in range(3)
        for other in range(3)
    )


def test_a_failed_message_holds_back_the_rest_of_its_group_alone(box: Box) -> None:
    url, arn = box.queue(FifoQueue="true", ContentBasedDeduplication="true", VisibilityTimeout="60")
    function = box.function(WORK, box.role(LOGS, allow(READ, arn)))
    mapped(box, function, arn, batch=1)

    body(box, url, group="a", name="bad", fails=True)
    body(box, url, group="a", name="later")
    body(box, url, group="b", name="other")

    assert eventually(lambda: "end other" in box.lines(function))
    time.sleep(0.3)
    assert "begin later 1" not in box.lines(function)


def test_a_disabled_mapping_takes_nothing_and_keeps_everything(box: Box) -> None:
    url, arn = box.queue(FifoQueue="true", ContentBasedDeduplication="true")
    function = box.function(WORK, box.role(LOGS, allow(READ, arn)))
    mapping = mapped(box, function, arn)
    box.client("lambda").update_event_source_mapping(UUID=mapping, Enabled=False)

    body(box, url, group="a", name="kept")
    time.sleep(0.6)
    before = box.lines(function)
    eventually(lambda: box.client("lambda").get_event_source_mapping(UUID=mapping)["State"] == "Disabled")
    box.client("lambda").update_event_source_mapping(UUID=mapping, Enabled=True)

    assert before == []
    assert eventually(lambda: "end kept" in box.lines(function))


def test_a_delayed_queue_delivers_when_the_delay_is_over(box: Box) -> None:
    url, arn = box.queue(FifoQueue="true", ContentBasedDeduplication="true", DelaySeconds="1")
    function = box.function(WORK, box.role(LOGS, allow(READ, arn)))
    mapped(box, function, arn)
    sent = time.monotonic()

    body(box, url, group="a", name="late")

    assert eventually(lambda: box.lines(function))
    assert 1.0 <= time.monotonic() - sent < 3.0


def test_no_more_batches_are_in_flight_than_the_mapping_allows(box: Box) -> None:
    url, arn = box.queue()
    function = box.function(WORK, box.role(LOGS, allow(READ, arn)))
    scaling = {"ScalingConfig": {"MaximumConcurrency": 2}}
    body(box, url, name="warm")
    mapped(box, function, arn, batch=1, **scaling)
    eventually(lambda: box.lines(function))
    started = time.monotonic()

    for number in range(6):
        body(box, url, name=str(number), seconds=0.3)

    assert eventually(lambda: len(box.lines(function)) == 14)
    # Six times 0.3 s, two at once; all at once it would be 0.3 s.
    assert time.monotonic() - started >= 0.9


def test_messages_that_passed_can_be_delivered_again_in_another_order(box: Box) -> None:
    url, arn = box.queue()
    for number in range(3):
        body(box, url, name=str(number))
    for message in box.receive(url):
        box.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    box.control("POST", f"queues/{arn.rsplit(':', 1)[-1]}/redeliver", {"count": 2, "reverse": True})

    assert [json.loads(message["Body"])["name"] for message in box.receive(url)] == ["2", "1"]


def mapped(box: Box, function: str, arn: str, *, batch: int = 10, **options: object) -> str:
    created = box.client("lambda").create_event_source_mapping(
        FunctionName=function,
        EventSourceArn=arn,
        BatchSize=batch,
        FunctionResponseTypes=["ReportBatchItemFailures"],
        **options,
    )
    return str(created["UUID"])


def body(box: Box, url: str, *, group: str = "", **members: object) -> None:
    options = {"MessageGroupId": group} if group else {}
    box.send(url, json.dumps(members), **options)


def test_a_mapping_in_transition_accepts_no_update(box: Box) -> None:
    _, arn = box.queue()
    function = box.function(WORK, box.role(LOGS, allow(READ, arn)))
    functions = box.client("lambda")
    mapping = functions.create_event_source_mapping(FunctionName=function, EventSourceArn=arn)["UUID"]

    changing = functions.update_event_source_mapping(UUID=mapping, Enabled=False)["State"]
    with pytest.raises(ClientError, match="ResourceInUseException"):
        functions.update_event_source_mapping(UUID=mapping, Enabled=True)
    eventually(lambda: functions.get_event_source_mapping(UUID=mapping)["State"] == "Disabled")
    enabling = functions.update_event_source_mapping(UUID=mapping, Enabled=True)["State"]

    assert (changing, enabling) == ("Disabling", "Enabling")
    assert eventually(lambda: functions.get_event_source_mapping(UUID=mapping)["State"] == "Enabled")
