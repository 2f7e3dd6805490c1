"""The emergency stop: a fact in the ledger that `repair` obeys, and its only event source disabled.

    mailwarden stop|start|repairs --stack mailwarden

The fact holds across deployments; the event source alone would not have to. While repairs are stopped, orders wait for
up to 14 days. On start every watched region is inspected again, because what was open when repairs were stopped may
have changed. ``status`` shows the event source, and who stopped repairs and since when.

Exit status: 0 repairs are as they were asked to be, or their status is shown; 1 they are not, or that is unknown;
3 they are started, but the regions could not be looked at again.
"""

import argparse
import getpass
import time
from typing import Any

from botocore.exceptions import ClientError

from tools.screen.terminal import run
from tools.stack.home_stack import add_place
from tools.stack.invocation import (
    NO_ANSWER,
    Connect,
    NotAnswered,
    answer_of,
    complain,
    connecting,
    look_again,
    output_of,
)
from tools.stack.refusals import reason_of

_DONE = {"stop": "stopped", "start": "started"}
_LONGEST_WAIT_SECONDS = 120.0


class StillInTransition(Exception):
    """Lambda did not accept the change in time; the message gives the state."""


def switch(functions: Any, mapping: str, *, enabled: bool) -> str:  # noqa: ANN401 - boto3 clients have no static type
    """Switch the event source mapping and wait until Lambda has done it; the state it ended in.

    While a mapping is in transition, for minutes after a deployment, Lambda refuses an update with
    ResourceInUseException (Lambda API, UpdateEventSourceMapping): it is repeated. Raises StillInTransition.
    """
    wanted = "Enabled" if enabled else "Disabled"
    give_up = time.monotonic() + _LONGEST_WAIT_SECONDS
    accepted = False
    while True:
        if not accepted:
            accepted = _asked(functions, mapping, enabled=enabled)
        state = str(functions.get_event_source_mapping(UUID=mapping)["State"])
        if accepted and state == wanted:
            return state
        if time.monotonic() > give_up:
            if not accepted:
                raise StillInTransition(f"the event source is {state} and accepts no change; try again in a minute")
            return state
        time.sleep(1)


def _asked(functions: Any, mapping: str, *, enabled: bool) -> bool:  # noqa: ANN401 - likewise
    try:
        functions.update_event_source_mapping(UUID=mapping, Enabled=enabled)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceInUseException":
            return False
        raise
    return True


def order(connect: Connect, stack: str, action: str, *, by: str) -> int:
    """Stop or start repairs, print the result, and return the exit status.

    A start that the ledger does not know of leaves the event source alone: `repair` would take the orders that wait,
    and drop them.
    """
    try:
        mapping = output_of(connect, stack, "RepairsMapping")
        noted = _note(connect, stack, action, by)
        if action == "start" and not noted:
            return 1
        state = switch(connect("lambda"), mapping, enabled=action == "start")
    except (*NO_ANSWER, StillInTransition) as error:
        complain(f"Repairs could not be {_DONE[action]}: {reason_of(error)}")
        return 1
    print(f"repairs: {state}")
    if action == "stop":
        return 0 if noted and state == "Disabled" else 1
    looked_at = look_again(connect, stack)
    if state != "Enabled":
        return 1
    return 0 if looked_at else 3


def status(connect: Connect, stack: str) -> int:
    """Print the state of the event source and the stop in the ledger; the exit status."""
    try:
        mapping = output_of(connect, stack, "RepairsMapping")
        print(f"repairs: {connect('lambda').get_event_source_mapping(UUID=mapping)['State']}")
    except NO_ANSWER as error:
        complain(f"Repairs could not be looked up: {reason_of(error)}")
        return 1
    try:
        print(_understood(answer_of(connect, stack, "AskFunction", {"stopped": {}}), "stopped", "not stopped"))
    except NO_ANSWER as error:
        complain(f"Whether an operator stopped repairs is unknown: {reason_of(error)}")
        return 1
    return 0


def _note(connect: Connect, stack: str, action: str, by: str) -> bool:
    """Store it in the ledger first: `repair` obeys that, whatever the event source does."""
    try:
        _understood(answer_of(connect, stack, "OperateFunction", {action: {"by": by}}), "done")
    except NO_ANSWER as error:
        complain(f"The ledger does not know of it: {reason_of(error)}")
        return False
    return True


def _understood(document: dict[str, Any], *answers: str) -> str:
    """The text of one of these answers; raises NotAnswered with the text of any other, as an older version gives."""
    text = str(document.get("text") or document.get("problem") or document)
    if document.get("answer") not in answers:
        raise NotAnswered(text)
    return text


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_place(parser)
    parser.add_argument("--by", default=getpass.getuser(), help="who stops or starts repairs, for the alerts")
    parser.add_argument("action", choices=["stop", "start", "status"], help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    connect = connecting(chosen)
    if chosen.action == "status":
        return status(connect, chosen.stack)
    return order(connect, chosen.stack, chosen.action, by=chosen.by)


if __name__ == "__main__":
    run(main)
