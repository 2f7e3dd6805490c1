"""DynamoDB stream mappings: order, partial failures, bisection, retries, destinations, and a pace of their own."""

import json
import time

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.platform.box import LOGS, Box, Untyped, allow, eventually, unique

READ = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"]

# Prints the keys of each batch; what a key begins with says what happens.
WORK = """
import time
def handler(event, context):
    keys = [record["dynamodb"]["Keys"]["pk"]["S"] for record in event["Records"]]
    print(" ".join(keys))
    if any(key.startswith("slow") for key in keys):
        time.sleep(2)
    if any(key.startswith("raises") for key in keys):
        raise RuntimeError("told to")
    for record, key in zip(event["Records"], keys):
        if key.startswith("fails"):
            return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
    return {"batchItemFailures": []}
"""
REPORTS: dict[str, Untyped] = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}


def test_a_mapping_is_refused_to_a_role_that_may_not_read_the_stream(box: Box) -> None:
    _, stream = table(box)
    function = box.function(WORK, box.role(LOGS, allow(READ[:-1], stream)))

    with pytest.raises(ClientError, match="Cannot access stream"):
        mapped(box, function, stream)


def test_records_arrive_in_order_and_once(box: Box) -> None:
    name, stream = table(box)
    function = reader(box, stream)
    mapped(box, function, stream)

    put(box, name, *[str(number) for number in range(30)])

    assert eventually(lambda: handled(box, function) == [str(number) for number in range(30)])


def test_a_reported_failure_moves_the_checkpoint_and_only_the_rest_comes_again(box: Box) -> None:
    name, stream = table(box)
    dead_url, dead_arn = box.queue("given-up")
    function = reader(box, stream, allow("sqs:SendMessage", dead_arn))
    put(box, name, "a", "fails", "b")
    mapped(box, function, stream, retries=1, dead=dead_arn, **REPORTS)

    [message] = box.receive(dead_url, wait=8)

    assert box.lines(function) == ["a fails b", "fails b"]
    record = json.loads(message["Body"])
    assert record["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert record["DDBStreamBatchInfo"]["batchSize"] == 2
    assert record["DDBStreamBatchInfo"]["streamArn"] == stream


def test_bisection_narrows_a_failing_batch_down_to_the_record_that_fails(box: Box) -> None:
    name, stream = table(box)
    dead_url, dead_arn = box.queue("given-up")
    function = reader(box, stream, allow("sqs:SendMessage", dead_arn))
    put(box, name, "a", "raises", "b", "c")
    mapped(box, function, stream, retries=0, dead=dead_arn, BisectBatchOnFunctionError=True)

    [message] = box.receive(dead_url, wait=8)

    assert json.loads(message["Body"])["DDBStreamBatchInfo"]["batchSize"] == 1
    assert eventually(lambda: tried(box, function) == ["a raises b c", "a raises", "a", "raises", "b c"])


def test_without_a_permission_for_the_destination_a_given_up_batch_is_gone(box: Box) -> None:
    name, stream = table(box)
    dead_url, dead_arn = box.queue("given-up")
    function = reader(box, stream)
    put(box, name, "fails", "next")
    mapped(box, function, stream, retries=0, dead=dead_arn, batch=1, **REPORTS)

    assert eventually(lambda: "next" in handled(box, function))
    assert box.receive(dead_url, wait=1) == []


def test_a_slow_function_does_not_hold_up_another_mapping_of_the_stream(box: Box) -> None:
    name, stream = table(box)
    slow, quick = reader(box, stream), reader(box, stream)
    put(box, name, "warm")
    # One batch each, so that only the slow one's function meets the word it sleeps on.
    only_slow: dict[str, Untyped] = {"FilterCriteria": {"Filters": [{"Pattern": json.dumps(pattern("slow"))}]}}
    not_slow: dict[str, Untyped] = {
        "FilterCriteria": {"Filters": [{"Pattern": json.dumps(pattern({"anything-but": ["slow"]}))}]}
    }
    mapped(box, slow, stream, **only_slow)
    mapped(box, quick, stream, **not_slow)
    eventually(lambda: handled(box, quick))
    put(box, name, "slow", "quick")
    put_at = time.monotonic()

    assert eventually(lambda: handled(box, quick) == ["warm", "quick"])

    assert time.monotonic() - put_at < 1.5
    assert handled(box, slow) == []


def test_a_filter_lets_only_matching_records_through(box: Box) -> None:
    name, stream = table(box)
    function = reader(box, stream)
    mapped(box, function, stream, FilterCriteria={"Filters": [{"Pattern": json.dumps({"eventName": ["REMOVE"]})}]})

    put(box, name, "kept")
    box.client("dynamodb").delete_item(TableName=name, Key={"pk": {"S": "kept"}})

    assert eventually(lambda: handled(box, function)) == ["kept"]


def pattern(key: object) -> dict[str, object]:
    return {"dynamodb": {"Keys": {"pk": {"S": [key]}}}}


def table(box: Box) -> tuple[str, str]:
    """A table with a stream: its name and the stream's ARN."""
    name = unique("table")
    created = box.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
    return name, str(created["TableDescription"]["LatestStreamArn"])


def put(box: Box, name: str, *keys: str) -> None:
    for key in keys:
        box.client("dynamodb").put_item(TableName=name, Item={"pk": {"S": key}})


def reader(box: Box, stream: str, *more: object) -> str:
    return box.function(WORK, box.role(LOGS, allow(READ, stream), *more))


def mapped(
    box: Box, function: str, stream: str, *, retries: int = -1, dead: str = "", batch: int = 10, **options: object
) -> None:
    destination = {"DestinationConfig": {"OnFailure": {"Destination": dead}}} if dead else {}
    box.client("lambda").create_event_source_mapping(
        FunctionName=function,
        EventSourceArn=stream,
        StartingPosition="TRIM_HORIZON",
        BatchSize=batch,
        MaximumRetryAttempts=retries,
        **destination,
        **options,
    )


def tried(box: Box, function: str) -> list[str]:
    return [line for line in box.lines(function) if not line.startswith(("Traceback", " ", "RuntimeError"))]


def handled(box: Box, function: str) -> list[str]:
    return " ".join(box.lines(function)).split()
