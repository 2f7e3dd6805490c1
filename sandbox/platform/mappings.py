"""Polls every event source mapping on its own, so that no slow function holds up another's source."""

import threading
import time
from collections.abc import Mapping
from typing import Any

from sandbox.platform import mapping_permissions, queue_mapping, stream_mapping

_IDLE_SECONDS = 0.1

_inflight: dict[str, int] = {}
_lock = threading.Lock()
_pending_since: dict[str, float] = {}


def install() -> None:
    """Replace `lambda_svc._poll_loop`.

    The emulator's loop runs DynamoDB batches one after the other in its only thread, loses the failures a function
    reports for them, keeps a FIFO queue to one batch at a time and asks no role.
    """
    from ministack.services import lambda_svc

    lambda_svc._poll_loop = _poll_forever


def _poll_forever() -> None:
    from ministack.core.concurrency import esm_wake
    from ministack.core.responses import request_scope
    from ministack.services import lambda_svc

    while True:
        esm_wake.clear()
        for account, region, mapping in lambda_svc._iter_all_esms():
            with request_scope(account, region):
                _poll(account, region, mapping)
        esm_wake.wait(_IDLE_SECONDS)


def _poll(account: str, region: str, mapping: dict[str, Any]) -> None:
    """Start as many batches of one mapping as its concurrency leaves room for."""
    from ministack.services import lambda_svc

    if not mapping_permissions.is_enabled(mapping):
        return
    source = mapping["EventSourceArn"]
    function, config = lambda_svc._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))
    if function is None or not (":sqs:" in source or ":dynamodb:" in source):
        return
    is_queue = ":sqs:" in source
    waiting = queue_mapping.waiting(source) if is_queue else stream_mapping.waiting(mapping)
    if not waiting or not _window_is_over(mapping, waiting):
        return
    if mapping_permissions.missing_action(source, function) is not None:
        mapping["LastProcessingResult"] = "PROBLEM: Lambda cannot read the source with the function's role"
        return
    room = _concurrency(mapping, function, config) if is_queue else 1
    while _inflight.get(mapping["UUID"], 0) < room:
        if not is_queue:
            _start(account, region, mapping, stream_mapping.run, mapping, function)
            return
        batch = queue_mapping.receive(source, int(mapping.get("BatchSize", 10)))
        if not batch:
            return
        _start(account, region, mapping, queue_mapping.run, mapping, function, batch)


def _window_is_over(mapping: Mapping[str, Any], waiting: int) -> bool:
    """Whether a batch is full or has been gathered for `MaximumBatchingWindowInSeconds`."""
    window = float(mapping.get("MaximumBatchingWindowInSeconds") or 0)
    identifier = mapping["UUID"]
    if not window or waiting >= int(mapping.get("BatchSize", 10)):
        _pending_since.pop(identifier, None)
        return True
    if time.monotonic() - _pending_since.setdefault(identifier, time.monotonic()) < window:
        return False
    _pending_since.pop(identifier, None)
    return True


def _concurrency(mapping: Mapping[str, Any], function: Any, config: Any) -> int:  # noqa: ANN401 - emulator's records
    """Batches in flight at once; Lambda starts with five pollers where no limit is set."""
    from ministack.services import lambda_svc

    limit = int((mapping.get("ScalingConfig") or {}).get("MaximumConcurrency") or 5)
    reserved = lambda_svc._reserved_concurrency(function, config)
    return limit if reserved is None else min(limit, int(reserved))


def _start(account: str, region: str, mapping: Mapping[str, Any], work: Any, *arguments: Any) -> None:  # noqa: ANN401
    """Run one batch in a thread of its own, counted until it ends."""
    from ministack.core.concurrency import esm_wake, spawn_background
    from ministack.core.responses import request_scope

    identifier = mapping["UUID"]
    with _lock:
        _inflight[identifier] = _inflight.get(identifier, 0) + 1

    def task() -> None:
        try:
            with request_scope(account, region):
                work(*arguments)
        finally:
            with _lock:
                _inflight[identifier] -= 1
            esm_wake.set()

    spawn_background(task, thread_name="sandbox-mapping")
