"""Keeps what functions write, checks that their roles may log, and turns embedded metrics into metrics."""

import itertools
import json
import re
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from sandbox.control import ControlError, Json, Route
from sandbox.platform.iam import authorization
from sandbox.platform.isolation import ACCOUNT_ID

_KEPT_LINES = 20_000
# Source: Lambda guide, "Log-level filtering"; a line counts as INFO if it has no level, or no timestamp as in RFC 3339.
_HEIGHTS = {
    "TRACE": 0,
    "DEBUG": 1,
    "INFO": 2,
    "WARN": 3,
    "WARNING": 3,
    "ERROR": 4,
    "FATAL": 5,
    "CRITICAL": 5,
}
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One line of a function; the numbers of later ones are higher."""

    number: int
    time: float
    request_id: str
    text: str

    def as_json(self) -> Json:
        """The line as the control API shows it."""
        return {"number": self.number, "time": self.time, "requestId": self.request_id, "line": self.text}


_lines: dict[str, deque[_Line]] = defaultdict(lambda: deque(maxlen=_KEPT_LINES))
_numbers = itertools.count(1)
_lock = threading.Lock()


def install() -> None:
    """Wrap `lambda_svc._emit_lambda_logs`, which asks no role and does not read the embedded metric format."""
    from ministack.services import lambda_svc

    lambda_svc._emit_lambda_logs = _kept(lambda_svc._emit_lambda_logs)


def _kept(emit: Callable[..., None]) -> Callable[..., None]:
    def emitted(
        function: Mapping[str, Any],
        request_id: str,
        text: str,
        error: bool,  # noqa: FBT001 - the signature that is replaced
        duration_ms: int,
        **options: Any,  # noqa: ANN401 - passed on
    ) -> None:
        config = function.get("config") or function
        name = config["FunctionName"]
        now, lines = time.time(), text.splitlines()
        with _lock:
            _lines[name].extend(
                _Line(number=next(_numbers), time=now, request_id=request_id, text=line) for line in lines
            )
        if not _may_log(config):
            return
        sent = [line for line in lines if _passes(line, config)]
        emit(function, request_id, "\n".join(sent), error, duration_ms, **options)
        for line in sent:
            _record_embedded_metrics(line)

    return emitted


def format_and_level(config: Mapping[str, Any]) -> tuple[str, str]:
    """The log format of a function, and the least level of its own lines that are sent; empty for all."""
    logging = config.get("LoggingConfig") or {}
    if str(logging.get("LogFormat", "Text")).upper() != "JSON":
        return "Text", ""
    return "JSON", str(logging.get("ApplicationLogLevel") or "INFO").upper()


def _passes(line: str, config: Mapping[str, Any]) -> bool:
    """Whether Lambda sends a line to CloudWatch Logs."""
    _, least = format_and_level(config)
    return not least or _height(line) >= _HEIGHTS[least]


def _height(line: str) -> int:
    try:
        document = json.loads(line)
    except ValueError:
        return _HEIGHTS["INFO"]
    if not isinstance(document, dict) or not _RFC_3339.fullmatch(str(document.get("timestamp", ""))):
        return _HEIGHTS["INFO"]
    return _HEIGHTS.get(str(document.get("level", "")).upper(), _HEIGHTS["INFO"])


def _may_log(config: Mapping[str, Any]) -> bool:
    """Whether the execution role may write to the function's log group; without that Lambda drops the lines."""
    group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{config['FunctionName']}"
    region = config["FunctionArn"].split(":")[3]
    stream = f"arn:aws:logs:{region}:{ACCOUNT_ID}:log-group:{group}:log-stream:latest"
    return all(
        authorization.role_may_always(
            role_arn=str(config["Role"]),
            action=action,
            resource=stream,
            region=region,
            session=config["FunctionName"][:64],
            source="lambda",
        )
        for action in ("logs:CreateLogStream", "logs:PutLogEvents")
    )


def _record_embedded_metrics(line: str) -> None:
    """Record the metrics of one line, if it is one. Source: CloudWatch User Guide, "Embedded metric format"."""
    if '"_aws"' not in line:
        return
    try:
        document = json.loads(line[line.index("{") :])
    except ValueError:
        return
    metadata = document.get("_aws") if isinstance(document, dict) else None
    for directive in metadata.get("CloudWatchMetrics", ()) if isinstance(metadata, dict) else ():
        for dimensions in directive.get("Dimensions") or [[]]:
            chosen = {name: str(document[name]) for name in dimensions if name in document}
            for metric in directive.get("Metrics", ()):
                _record(directive["Namespace"], metric, document.get(metric["Name"]), chosen)


def _record(namespace: str, metric: Mapping[str, Any], value: object, dimensions: Mapping[str, str]) -> None:
    from ministack.services import cloudwatch

    for number in value if isinstance(value, list) else [value]:
        if isinstance(number, int | float):
            cloudwatch.record_metric(
                namespace, metric["Name"], float(number), metric.get("Unit", "None"), dict(dimensions)
            )


def _tail(path: Mapping[str, str], _body: Json, query: Mapping[str, str]) -> Json:
    from ministack.services import lambda_svc

    limit, since = query.get("lines", "200"), query.get("since", "0")
    if not (limit.isdigit() and since.isdigit()):
        raise ControlError(HTTPStatus.BAD_REQUEST, "lines and since are numbers")
    wanted, last = query.get("containing", ""), int(since)
    with _lock:
        newest = itertools.takewhile(lambda line: line.number > last, reversed(_lines.get(path["function"], ())))
        found = [line for line in newest if wanted in line.text][: int(limit)]
        wrote = path["function"] in _lines
    names = sorted({str(key[2]) for key, _ in lambda_svc._functions.all_items()})
    if not wrote and path["function"] not in names:
        raise ControlError(HTTPStatus.NOT_FOUND, f"no function {path['function']}; there are {', '.join(names)}")
    return [line.as_json() for line in reversed(found)]


def routes() -> tuple[Route, ...]:
    """The log lines of functions."""
    return (
        Route(
            "GET",
            "/_sandbox/logs/{function}",
            _tail,
            "Show the last lines that a function wrote, also those that its role was not allowed to log; `since` is "
            "the number of the last line that is left out.",
            query=("lines", "containing", "since"),
        ),
    )
