"""Runs every function at every log level, each in a process of its own with loggers set up as Lambda's runtime does.

Started as a program by ``test_log_levels``; prints one JSON document. Source of the set-up: aws/aws-lambda-python-
runtime-interface-client, ``awslambdaric/bootstrap.py``: with the JSON format the root logger gets the application log
level and a handler that writes JSON. Processes are forked, because importing boto3, the emulator and the core takes
seconds.
"""

import importlib
import json
import logging
import os
import sys
import tempfile
import traceback
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
from moto import mock_aws

CONTEXT = SimpleNamespace(
    function_name="f", memory_limit_in_mb=256, invoked_function_arn="arn", aws_request_id="request-1"
)


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps({"level": record.levelname, "message": record.getMessage(), "logger": record.name})


def _set_up_logging(level: str) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonFormatter())
    logging.getLogger().setLevel(level)
    logging.getLogger().addHandler(handler)


def _invoke(function: str, events: list[dict[str, object]], secret: str) -> None:
    sys.path.insert(0, f"functions/{function}")
    with mock_aws():
        secrets = boto3.client("secretsmanager", region_name=os.environ["AWS_REGION"])
        secrets.create_secret(Name="webhook", SecretString=secret)
        # From here on as in Lambda: the runtime sets the loggers up, then imports the module of the handler.
        _set_up_logging(os.environ["AWS_LAMBDA_LOG_LEVEL"])
        module = importlib.import_module("app")
        for event in events:
            try:
                module.handler(event, CONTEXT)
            except Exception as error:  # noqa: BLE001 - the runtime logs it and answers
                line = {"level": "ERROR", "timestamp": "2026-03-02T10:00:00Z", "errorType": type(error).__name__}
                line |= {"errorMessage": str(error), "stackTrace": traceback.format_exc()}
                sys.stdout.write(json.dumps(line) + "\n")
        from mailwarden.adapters.metrics.own_metrics import EmfMetrics  # noqa: PLC0415

        EmfMetrics().sweep_age(61.0)


def _case(case: dict[str, Any]) -> None:
    os.environ.clear()
    os.environ.update(case["environment"])
    _invoke(str(case["function"]), case["events"], str(case["secret"]))


def _written(case: dict[str, Any]) -> str:
    """What the case wrote to its standard output and error."""
    with tempfile.TemporaryFile("w+") as written:
        is_done = forked(lambda: _case(case), out=written, err=written)
        text = written.read()
    return text if is_done else f"FAILED\n{text}"


if __name__ == "__main__":
    sys.path[:0] = ["layers/core", "."]
    from tests.functional.forked import forked
    from tests.functional.preloaded import preload

    preload()
    sys.stdout.write(json.dumps([_written(case) for case in json.loads(Path(sys.argv[1]).read_text())]))
