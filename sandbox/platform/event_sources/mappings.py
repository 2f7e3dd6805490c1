"""Polls every event source mapping on its own, so that no slow function holds up another's source."""

import threading
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from sandbox.platform.event_sources import permissions, queue_mapping, stream_mapping

_IDLE_SECONDS = 0.1
_TRANSITION_SECONDS = 1.0

_inflight: dict[str, int] = {}
_lock = threading.Lock()
_pending_since: dict[str, float] = {}
# The mappings in transition, with the time at which it ends.
_changing: dict[str, tuple[float, dict[str, Any]]] = {}


def install() -> None:
    """Replace `lambda_svc._poll_loop`.

    The emulator's loop runs DynamoDB batches one after the other in its only thread, loses the failures a function
    reports for them, keeps a FIFO queue to one batch at a time and asks no role.
    """
    from ministack.services import lambda_svc

    lambda_svc._poll_loop = _poll_forever
    lambda_svc._update_esm = _in_transition(lambda_svc._update_esm)
    for name in ("_get_esm", "_list_esms"):
        setattr(lambda_svc, name, _settled_first(getattr(lambda_svc, name)))


def _in_transition(update: Callable[..., Any]) -> Callable[..., Any]:
    """An update takes a moment, and no other one is accepted meanwhile.

    Source: Lambda API, UpdateEventSourceMapping (`State`; ResourceInUseException, 400).
    """

    def updated(identifier: str, data: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the emulator's response
        from ministack.core.responses import error_response_json, json_response
        from ministack.services import lambda_svc

        _settle()
        mapping = lambda_svc._esms.get(identifier)
        if mapping is not None and identifier in _changing:
            return error_response_json(
                "ResourceInUseException",
                f"Cannot update the event source mapping: it is {mapping['State']}.",
                400,
            )
        before = mapping is not None and permissions.is_enabled(mapping)
        answer = update(identifier, data)
        if mapping is None or answer[0] >= HTTPStatus.BAD_REQUEST:
            return answer
        after = permissions.is_enabled(mapping)
        _changing[identifier] = (time.monotonic() + _TRANSITION_SECONDS, mapping)
        mapping["State"] = "Updating" if before == after else "Enabling" if after else "Disabling"
        return json_response(lambda_svc._esm_response(mapping), HTTPStatus.ACCEPTED)

    return updated


def _settled_first(read: Callable[..., Any]) -> Callable[..., Any]:
    def answered(*arguments: Any) -> Any:  # noqa: ANN401 - passed on
        _settle()
        return read(*arguments)

    return answered


def _settle() -> None:
    """Let the transitions end whose time is over."""
    for identifier, (ends, mapping) in list(_changing.items()):
        if ends <= time.monotonic():
            mapping["State"] = "Enabled" if permissions.is_enabled(mapping) else "Disabled"
            _changing.pop(identifier, None)


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

    if not permissions.is_enabled(mapping):
        return
    source = mapping["EventSourceArn"]
    function, config = lambda_svc._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))
    if function is None or not (":sqs:" in source or ":dynamodb:" in source):
        return
    is_queue = ":sqs:" in source
    waiting = queue_mapping.waiting(source) if is_queue else stream_mapping.waiting(mapping)
    if not waiting or not _window_is_over(mapping, waiting):
        return
    if permissions.missing_action(source, function) is not None:
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
