"""Runs functions in the emulator, where nothing exists but the clients are real: each invocation in a forked process.

Started as a program by ``test_handlers``. Takes one JSON document a line, ``{"function": "ask", "event": {}}``, and
answers with one, ``{"status": 0, "out": "", "err": ""}``; the answer of the function is the last line of ``out``.
"""

import importlib
import json
import sys
import tempfile
from types import SimpleNamespace

from moto import mock_aws

CONTEXT = SimpleNamespace(
    function_name="f", memory_limit_in_mb=256, invoked_function_arn="arn", aws_request_id="request-1"
)


def _invoke(function: str, event: object) -> None:
    sys.path.insert(0, f"functions/{function}")
    with mock_aws():
        answer = importlib.import_module("app").handler(event, CONTEXT)
        sys.stdout.write(json.dumps(answer) + "\n")


def _forked(function: str, event: object) -> dict[str, object]:
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        is_done = forked(lambda: _invoke(function, event), out=out, err=err)
        return {"status": 0 if is_done else 1, "out": out.read(), "err": err.read()}


if __name__ == "__main__":
    sys.path[:0] = ["layers/core", "."]
    from tests.functional.forked import forked
    from tests.functional.preloaded import preload

    preload()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_forked(**json.loads(line))) + "\n")
        sys.stdout.flush()
