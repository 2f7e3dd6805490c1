"""The emergency stop: a fact in the ledger that `repair` obeys, and its only event source disabled.

    python -m tools.repairs_switch --stack mailwarden stop|start|status

The fact holds across deployments; the event source alone would not have to. While repairs are stopped, orders wait for
up to 14 days. On start every watched region is inspected again, because what was open when repairs were stopped may
have changed. Exit status: 0 if repairs are as they were asked to be.
"""

import argparse
import getpass
import json
import sys
import time
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.home_stack import StackNotFound, add_place, client_of, find_home_stack
from tools.invoking import NotAnswered, answer_of, connecting
from tools.terminal import run

_DONE = {"stop": "stopped", "start": "started", "status": "looked up"}
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


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_place(parser)
    parser.add_argument("--by", default=getpass.getuser(), help="who stops or starts repairs, for the alerts")
    parser.add_argument("action", choices=["stop", "start", "status"])
    chosen = parser.parse_args()
    try:
        functions = client_of(chosen, "lambda")
        home = find_home_stack(client_of(chosen, "cloudformation"), chosen.stack)
        mapping = home.outputs["RepairsMapping"]
        if chosen.action == "status":
            print(f"repairs: {functions.get_event_source_mapping(UUID=mapping)['State']}")
            return 0
        noted = _note(chosen)
        state = switch(functions, mapping, enabled=chosen.action == "start")
        print(f"repairs: {state}")
        if chosen.action == "stop":
            return 0 if noted and state == "Disabled" else 1
        functions.invoke(
            FunctionName=home.outputs["SweepFunction"], InvocationType="Event", Payload=json.dumps({"sweep": "all"})
        )
        print("every watched region is looked at again")
    except (BotoCoreError, ClientError, KeyError, StackNotFound, StillInTransition) as error:
        print(f"Repairs could not be {_DONE[chosen.action]}: {error}", file=sys.stderr)
        return 1
    return 0 if noted and state == "Enabled" else 1


def _note(chosen: argparse.Namespace) -> bool:
    """Store it in the ledger first: `repair` obeys that, whatever the event source does."""
    try:
        answer_of(connecting(chosen), chosen.stack, "OperateFunction", {chosen.action: {"by": chosen.by}})
    except (BotoCoreError, ClientError, NotAnswered) as error:
        print(f"The ledger does not know of it: {error}", file=sys.stderr)
        return False
    return True


if __name__ == "__main__":
    run(main)
