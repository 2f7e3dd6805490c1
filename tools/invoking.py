"""Invokes the functions of Mailwarden that answer an operator."""

import argparse
import json
from collections.abc import Callable, Mapping
from typing import Any

from botocore.config import Config

from tools.home_stack import client_of, find_home_stack

# The functions take at most a minute; an invocation is never retried.
_PATIENT = Config(connect_timeout=5, read_timeout=70, retries={"mode": "standard", "total_max_attempts": 1})

type Connect = Callable[[str], Any]


class NotAnswered(Exception):
    """The function did not answer; the message gives the reason."""


def connecting(place: argparse.Namespace) -> Connect:
    """A factory of service clients in the home region."""
    return lambda service: client_of(place, service, config=_PATIENT)


def answer_of(connect: Connect, stack: str, output: str, event: Mapping[str, object]) -> dict[str, Any]:
    """The answer to an event from the function that a stack output names.

    Raises:
        NotAnswered: The stack has no such output, or the function failed.
        StackNotFound: There is no such stack.
        BotoCoreError: AWS could not be reached. Likewise ClientError: it refused.
    """
    home = find_home_stack(connect("cloudformation"), stack)
    if output not in home.outputs:
        raise NotAnswered(
            f"stack {stack} in {home.region} has no output {output}: deploy this version of Mailwarden first"
        )
    function = home.outputs[output]
    answered = connect("lambda").invoke(FunctionName=function, Payload=json.dumps(event))
    document = json.loads(answered["Payload"].read() or "null")
    if "FunctionError" in answered or not isinstance(document, dict):
        kind = document.get("errorType", "") if isinstance(document, dict) else ""
        raise NotAnswered(f"the function {function} failed ({kind}); its log says why")
    return document
