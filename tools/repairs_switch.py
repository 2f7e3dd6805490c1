"""The emergency stop: disables or enables the only event source that brings repair orders to the function that writes.

    python -m tools.repairs_switch --stack mailwarden stop|start|status

While repairs are stopped, orders wait for up to 14 days. On start every watched region is inspected again, because what
was open when repairs were stopped may have changed. Exit status: 0 if repairs are as they were asked to be.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.home_stack import StackNotFound, add_place, client_of, find_home_stack
from tools.terminal import run

_DONE = {"stop": "stopped", "start": "started", "status": "looked up"}
_LONGEST_WAIT_SECONDS = 120.0


def switch(functions: Any, mapping: str, *, enabled: bool) -> str:  # noqa: ANN401 - boto3 clients have no static type
    """Switch the event source mapping and wait until Lambda has done it; the state it ended in."""
    functions.update_event_source_mapping(UUID=mapping, Enabled=enabled)
    wanted = "Enabled" if enabled else "Disabled"
    give_up = time.monotonic() + _LONGEST_WAIT_SECONDS
    while True:
        state = functions.get_event_source_mapping(UUID=mapping)["State"]
        if state == wanted or time.monotonic() > give_up:
            return str(state)
        time.sleep(1)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_place(parser)
    parser.add_argument("action", choices=["stop", "start", "status"])
    chosen = parser.parse_args()
    try:
        functions = client_of(chosen, "lambda")
        home = find_home_stack(client_of(chosen, "cloudformation"), chosen.stack)
        mapping = home.outputs["RepairsMapping"]
        if chosen.action == "status":
            print(f"repairs: {functions.get_event_source_mapping(UUID=mapping)['State']}")
            return 0
        state = switch(functions, mapping, enabled=chosen.action == "start")
        print(f"repairs: {state}")
        if chosen.action == "stop":
            return 0 if state == "Disabled" else 1
        functions.invoke(
            FunctionName=home.outputs["SweepFunction"], InvocationType="Event", Payload=json.dumps({"sweep": "all"})
        )
        print("every watched region is looked at again")
    except (BotoCoreError, ClientError, KeyError, StackNotFound) as error:
        print(f"Repairs could not be {_DONE[chosen.action]}: {error}", file=sys.stderr)
        return 1
    return 0 if state == "Enabled" else 1


if __name__ == "__main__":
    run(main)
