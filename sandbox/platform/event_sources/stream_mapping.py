"""Feeds DynamoDB stream records to functions in order: partial failures, bisection, retries, on-failure destination."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.platform.event_sources import permissions
from sandbox.platform.event_sources.batch_report import reported_failures
from sandbox.platform.iam import authorization

type StreamRecord = dict[str, Any]

_FIRST_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 5.0
_DEFAULT_BATCH = 100


def waiting(mapping: Mapping[str, Any]) -> int:
    """How many records of the stream the mapping has not read yet; 0 once the stream is no longer the table's."""
    from ministack.services import dynamodb

    table = _table(mapping["EventSourceArn"])
    if (dynamodb._tables.get(table) or {}).get("LatestStreamArn") != mapping["EventSourceArn"]:
        return 0
    return int(dynamodb.stream_end_position(table)) - _position(mapping)


def run(mapping: dict[str, Any], function: Mapping[str, Any]) -> None:
    """Read and process until nothing is waiting or the mapping is switched off."""
    from ministack.services import dynamodb, lambda_svc

    table = _table(mapping["EventSourceArn"])
    size = int(mapping.get("BatchSize") or _DEFAULT_BATCH)
    while _goes_on(mapping):
        position = _position(mapping)
        records: list[StreamRecord] = list(dynamodb.stream_records_since(table, position, size))
        if not records:
            return
        wanted = lambda_svc._apply_filter_criteria(records, mapping)
        if wanted and not _process(mapping, function, wanted, attempts=0):
            return
        _advance(mapping, position + len(records))


def _process(
    mapping: dict[str, Any], function: Mapping[str, Any], batch: Sequence[StreamRecord], *, attempts: int
) -> bool:
    """Bring one batch to its end: handled, split and handled, or given up; false if the mapping went off meanwhile.

    Splitting does not count as a retry. Source: Lambda Developer Guide, "Using Lambda with Amazon DynamoDB".
    """
    from ministack.services import lambda_svc

    while _goes_on(mapping):
        result = lambda_svc._execute_function(function, {"Records": list(batch)})
        failed = reported_failures(result, mapping)
        rest = _unhandled(batch, failed)
        mapping["LastProcessingResult"] = "PROBLEM: Function call failed" if rest else "OK"
        if not rest:
            return True
        if len(rest) < len(batch):
            # The function's report moves the checkpoint: the remaining records start over as a batch of their own.
            batch, attempts = rest, 0
        elif mapping.get("BisectBatchOnFunctionError") and failed is None and len(batch) > 1:
            middle = len(batch) // 2
            return _process(mapping, function, batch[:middle], attempts=attempts) and _process(
                mapping, function, batch[middle:], attempts=attempts
            )
        condition = _given_up(mapping, batch, attempts)
        if condition is not None:
            _report(mapping, function, batch, result, condition)
            return True
        time.sleep(min(_FIRST_PAUSE_SECONDS * 2**attempts, _LONGEST_PAUSE_SECONDS))
        attempts += 1
    return False


def _unhandled(batch: Sequence[StreamRecord], failed: frozenset[str] | None) -> Sequence[StreamRecord]:
    """The records to retry: from the earliest reported one on, or all if the report names no known record."""
    if failed is None:
        return batch
    if not failed:
        return ()
    for index, record in enumerate(batch):
        if record["dynamodb"]["SequenceNumber"] in failed:
            return batch[index:]
    return batch


def _given_up(mapping: Mapping[str, Any], batch: Sequence[StreamRecord], attempts: int) -> str | None:
    """Why no further attempt is made, in the words of the on-failure record; `None` to try again."""
    most = mapping.get("MaximumRetryAttempts")
    if most is not None and int(most) >= 0 and attempts >= int(most):
        return "RetryAttemptsExhausted"
    oldest = float(batch[0]["dynamodb"].get("ApproximateCreationDateTime", time.time()))
    age = mapping.get("MaximumRecordAgeInSeconds")
    if age is not None and int(age) > 0 and time.time() - oldest > int(age):
        return "RecordAgeExpired"
    return None


def _report(
    mapping: Mapping[str, Any],
    function: Mapping[str, Any],
    batch: Sequence[StreamRecord],
    result: Mapping[str, Any],
    condition: str,
) -> None:
    """Send what was given up (sequence numbers, not records) to the on-failure destination, if the role may."""
    from ministack.services import lambda_svc

    destination = ((mapping.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination")
    if not destination:
        return
    config = function.get("config") or function
    if authorization.role_may(
        role_arn=config["Role"],
        action="sqs:SendMessage" if ":sqs:" in destination else "sns:Publish",
        resource=destination,
        region=destination.split(":")[3],
        session=config["FunctionName"][:64],
        source="mapping",
    ):
        lambda_svc._send_ddb_stream_failure_record(
            mapping, function, list(batch), mapping["EventSourceArn"], result, condition
        )


def _goes_on(mapping: Mapping[str, Any]) -> bool:
    from ministack.services import lambda_svc

    return mapping["UUID"] in lambda_svc._esms and permissions.is_enabled(mapping)


def _table(stream_arn: str) -> str:
    return stream_arn.split("/")[1]


def _position(mapping: Mapping[str, Any]) -> int:
    """The mapping's position: the emulator stores it, never behind the oldest record of the stream."""
    from ministack.services import dynamodb, lambda_svc

    table = _table(mapping["EventSourceArn"])
    horizon = int(dynamodb.stream_start_position(table))
    with lambda_svc._dynamodb_stream_positions_lock:
        positions = lambda_svc._dynamodb_stream_positions
        if mapping["UUID"] not in positions:
            latest = mapping.get("StartingPosition", "LATEST") != "TRIM_HORIZON"
            positions[mapping["UUID"]] = int(dynamodb.stream_end_position(table)) if latest else horizon
        return max(int(positions[mapping["UUID"]]), horizon)


def _advance(mapping: Mapping[str, Any], position: int) -> None:
    from ministack.services import lambda_svc

    with lambda_svc._dynamodb_stream_positions_lock:
        lambda_svc._dynamodb_stream_positions[mapping["UUID"]] = position
