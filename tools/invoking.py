"""The common part of the programs that invoke Mailwarden's functions: stack, function, and answer."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

import boto3
from botocore.config import Config

from tools.repairs_switch import outputs_of

# The functions take at most a minute; an invocation is never retried.
_PATIENT = Config(connect_timeout=5, read_timeout=70, retries={"mode": "standard", "total_max_attempts": 1})

type Connect = Callable[[str], Any]


class NotAnswered(Exception):
    """The function did not answer; the message gives the reason."""


def add_place(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that name the deployment."""
    parser.add_argument("--stack", default="mailwarden", help="the home stack")
    parser.add_argument("--region", default=None, help="the home region; by default that of the AWS environment")
    parser.add_argument("--endpoint-url", help="another place than AWS")


def connecting(place: argparse.Namespace) -> Connect:
    """A factory of service clients for the deployment."""
    session = boto3.session.Session()

    def connect(service: str) -> Any:  # noqa: ANN401 - boto3 clients have no static type
        return session.client(
            service,  # type: ignore[call-overload] # one of two names
            region_name=place.region,
            endpoint_url=place.endpoint_url,
            config=_PATIENT,
        )

    return connect


def answer_of(connect: Connect, stack: str, output: str, event: Mapping[str, object]) -> dict[str, Any]:
    """The answer to an event from the function that a stack output names.

    Raises:
        NotAnswered: The stack has no such output, or the function failed.
        BotoCoreError: AWS is unreachable. ClientError: AWS refused the call.
    """
    outputs = outputs_of(connect("cloudformation"), stack)
    if output not in outputs:
        raise NotAnswered(f"stack {stack} has no output {output}: deploy this version of Mailwarden first")
    answered = connect("lambda").invoke(FunctionName=outputs[output], Payload=json.dumps(event))
    document = json.loads(answered["Payload"].read() or "null")
    if "FunctionError" in answered or not isinstance(document, dict):
        told = document.get("errorType", "") if isinstance(document, dict) else ""
        raise NotAnswered(f"the function {outputs[output]} failed ({told}); its log says why")
    return document


def speak_any_language() -> None:
    """Print characters that the terminal cannot encode as question marks instead of raising an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
