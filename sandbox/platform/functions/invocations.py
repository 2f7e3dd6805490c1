"""Knows the event that each function process works on, and gives chosen invocations a process of their own."""

import json
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from sandbox.control import ControlError, Json, Route
from sandbox.platform.functions import process

_lock = threading.Lock()
_current = threading.local()
# By function: the texts in the events of the invocations that are to be cold starts, once each.
_cold: dict[str, list[str]] = defaultdict(list)


def install() -> None:
    """Wrap `lambda_svc._execute_function_warm`, which knows the event, and `acquire_worker`, which it asks."""
    from ministack.services import lambda_svc

    lambda_svc._execute_function_warm = _with_event(lambda_svc._execute_function_warm)
    lambda_svc.acquire_worker = _cold_if_ordered(lambda_svc.acquire_worker)


def _with_event(execute: Callable[..., Any]) -> Callable[..., Any]:
    def executed(function: Mapping[str, Any], event: object, request_id: str) -> Any:  # noqa: ANN401 - passed on
        _current.event = json.dumps(event)
        return execute(function, event, request_id)

    return executed


def _cold_if_ordered(acquire: Callable[..., Any]) -> Callable[..., Any]:
    def acquired(name: str, config: dict[str, Any], code: bytes, **options: Any) -> Any:  # noqa: ANN401 - passed on
        event = str(getattr(_current, "event", ""))
        if _takes_order(name, event):
            worker, reason = _without_process(name, config, code, **options), "spawn"
        else:
            worker, reason = acquire(name, config, code, **options)
        if worker is not None:
            process.note_event(worker, event)
        return worker, reason

    return acquired


def _takes_order(name: str, event: str) -> bool:
    with _lock:
        ordered = next((text for text in _cold[name] if text in event), None)
        if ordered is not None:
            _cold[name].remove(ordered)
    return ordered is not None


def _without_process(name: str, config: dict[str, Any], code: bytes, *, qualifier: str) -> Any:  # noqa: ANN401
    """A place in the function's pool whose process is yet to start; the warm ones stay for others."""
    from ministack.core import lambda_runtime

    with lambda_runtime._lock:
        pool = lambda_runtime._workers.setdefault(lambda_runtime._worker_key(name, config, qualifier), [])
        worker = next((each for each in pool if not each.in_use and each._proc is None), None)
        if worker is None:
            worker = lambda_runtime._worker_class_for(config)(name, config, code)
            pool.append(worker)
        worker.in_use = True
    return worker


def _restart(path: Mapping[str, str], body: Json, _query: Mapping[str, str]) -> Json:
    """End the processes of a function, or start a new one for the next invocation whose event holds a text."""
    from ministack.core import lambda_runtime
    from ministack.services import lambda_svc

    name = path["function"]
    if not any(key[2] == name for key, _ in lambda_svc._functions.all_items()):
        raise ControlError(HTTPStatus.NOT_FOUND, f"no function is named {name}")
    texts = body.get("containing", []) if isinstance(body, dict) else None
    if texts is None:
        lambda_runtime.invalidate_worker(name)
    elif isinstance(texts, list) and texts and all(isinstance(text, str) and text for text in texts):
        with _lock:
            _cold[name] += [str(text) for text in texts]
    else:
        raise ControlError(HTTPStatus.BAD_REQUEST, "containing is a list of texts")
    return {}


def _running(path: Mapping[str, str], _body: Json, _query: Mapping[str, str]) -> Json:
    from ministack.services import lambda_svc

    _, by_function = lambda_svc.executions_in_flight()
    name = path["function"]
    return {"running": sum(number for key, number in by_function.items() if name in str(key).split(":"))}


def routes() -> tuple[Route, ...]:
    """Cold starts, and who is at work."""
    return (
        Route(
            "GET",
            "/_sandbox/functions/{function}/running",
            _running,
            "Show how many invocations of a function are under way.",
        ),
        Route(
            "POST",
            "/_sandbox/functions/{function}/restart",
            _restart,
            "End the warm processes of a function, so that its next invocation is a cold start.",
            members="`containing`: texts; instead, for each of them the next invocation whose event holds it is a cold "
            "start, and the warm processes stay for others",
        ),
    )
