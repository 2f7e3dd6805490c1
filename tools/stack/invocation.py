"""Invokes the functions of Mailwarden that answer an operator."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from rich.text import Text

from tools.screen.terminal import console_for, laid_out, show
from tools.stack.home_stack import StackNotFound, client_of, find_home_stack
from tools.stack.refusals import reason_of

# The functions take at most a minute; an invocation is never retried.
_PATIENT = Config(connect_timeout=5, read_timeout=70, retries={"mode": "standard", "total_max_attempts": 1})

type Connect = Callable[[str], Any]
type Document = dict[str, Any]
type Ask = Callable[[Mapping[str, object]], Document]


class NotAnswered(Exception):
    """The function did not answer; the message gives the reason."""


def connecting(place: argparse.Namespace) -> Connect:
    """A factory of service clients in the home region."""
    return lambda service: client_of(place, service, config=_PATIENT)


# The failures to get an answer; the message of each is for operators.
NO_ANSWER = (BotoCoreError, ClientError, NotAnswered, StackNotFound)


def answer_of(connect: Connect, stack: str, output: str, event: Mapping[str, object]) -> Document:
    """The answer to an event from the function that a stack output names.

    Raises:
        NotAnswered: The stack has no such output, or the function failed.
        StackNotFound: There is no such stack.
        BotoCoreError: AWS could not be reached. Likewise ClientError: it refused.
    """
    function = output_of(connect, stack, output)
    answered = connect("lambda").invoke(FunctionName=function, Payload=json.dumps(event))
    document = json.loads(answered["Payload"].read() or "null")
    if "FunctionError" in answered or not isinstance(document, dict):
        kind = document.get("errorType", "") if isinstance(document, dict) else ""
        raise NotAnswered(f"the function {function} failed ({kind}); its log says why")
    return document


def output_of(connect: Connect, stack: str, output: str) -> str:
    """An output of the home stack; raises as ``answer_of`` does."""
    home = find_home_stack(connect("cloudformation"), stack)
    if output not in home.outputs:
        raise NotAnswered(
            f"stack {stack} in {home.region} has no output {output}: deploy this version of Mailwarden first"
        )
    return home.outputs[output]


def look_again(connect: Connect, stack: str) -> bool:
    """Have every watched region looked at again, print the result, and return whether that was possible."""
    try:
        function = output_of(connect, stack, "SweepFunction")
        connect("lambda").invoke(FunctionName=function, InvocationType="Event", Payload=json.dumps({"sweep": "all"}))
    except NO_ANSWER as error:
        complain(
            f"The watched regions could not be looked at again: {reason_of(error)}. The next scheduled sweep does it."
        )
        return False
    print("every watched region is looked at again")
    return True


def asking(chosen: argparse.Namespace, output: str) -> Ask:
    """A way to ask the function that a stack output names; it raises as ``answer_of`` does."""
    connect = connecting(chosen)
    return lambda event: answer_of(connect, chosen.stack, output, event)


def asked(chosen: argparse.Namespace, output: str, ask: Callable[[Ask], int]) -> int:
    """The exit status of *ask*, which is given a way to ask the function; 2 if Mailwarden could not be asked."""
    try:
        return ask(asking(chosen, output))
    except NO_ANSWER as error:
        complain(f"Mailwarden could not be asked: {reason_of(error)}")
        return 2


def add_output(parser: argparse.ArgumentParser, schema: str = "") -> None:
    """Add the arguments that choose the format of the answer; *schema* describes the document."""
    described = f" ({schema})" if schema else ""
    parser.add_argument(
        "--output", choices=("table", "json"), default="table", help=f"a table, or the document{described}"
    )
    parser.add_argument("--json", dest="output", action="store_const", const="json", help="the same as --output json")


def tell(document: Document, text: Callable[..., list[Text]], *, as_json: bool) -> None:
    """Print an answer: the document itself, or its *text* for the width of the terminal."""
    if as_json:
        print(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        console = console_for(sys.stdout)
        show(console, text(document, width=console.width))


def complain(text: str) -> None:
    """Print a sentence on the error stream."""
    console = console_for(sys.stderr)
    show(console, laid_out(text, console.width))
