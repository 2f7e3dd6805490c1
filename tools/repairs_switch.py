"""The emergency stop: disables or enables the event source mapping that delivers repair orders to ``repair``.

    python tools/repairs_switch.py --stack mailwarden stop|start|status

While stopped, orders wait in the queue for up to 14 days. On start every watched region is swept again, because open
findings may have changed.
"""

import argparse
import json
import sys
import time
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

_LONGEST_WAIT_SECONDS = 120.0


def outputs_of(cloudformation: Any, stack: str) -> dict[str, str]:  # noqa: ANN401 - boto3 clients have no static type
    """The outputs of the deployed stack by name."""
    described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", ())}


def switch(functions: Any, mapping: str, *, enabled: bool) -> str:  # noqa: ANN401 - as above
    """Switch the mapping and wait until Lambda confirms it; returns the final state."""
    functions.update_event_source_mapping(UUID=mapping, Enabled=enabled)
    wanted = "Enabled" if enabled else "Disabled"
    give_up = time.monotonic() + _LONGEST_WAIT_SECONDS
    while True:
        state = functions.get_event_source_mapping(UUID=mapping)["State"]
        if state == wanted or time.monotonic() > give_up:
            return str(state)
        time.sleep(1)


def main() -> int:
    """Run from the command line; the exit code is 0 only if the switch is in the requested state."""
    parser = argparse.ArgumentParser(description="Stop or start Mailwarden's repairs.")
    parser.add_argument("--stack", default="mailwarden")
    parser.add_argument("--region", default=None, help="the home region; by default that of the AWS environment")
    parser.add_argument("action", choices=["stop", "start", "status"])
    chosen = parser.parse_args()
    try:
        functions = boto3.client("lambda", region_name=chosen.region)
        outputs = outputs_of(boto3.client("cloudformation", region_name=chosen.region), chosen.stack)
        mapping = outputs["RepairsMapping"]
        if chosen.action == "status":
            print(f"repairs: {functions.get_event_source_mapping(UUID=mapping)['State']}")
            return 0
        state = switch(functions, mapping, enabled=chosen.action == "start")
        print(f"repairs: {state}")
        if chosen.action == "stop":
            return 0 if state == "Disabled" else 1
        functions.invoke(
            FunctionName=outputs["SweepFunction"], InvocationType="Event", Payload=json.dumps({"sweep": "all"})
        )
        print("every watched region is looked at again")
    except (BotoCoreError, ClientError, KeyError) as error:
        print(f"The repairs of stack {chosen.stack} could not be switched: {error}", file=sys.stderr)
        return 1
    return 0 if state == "Enabled" else 1


if __name__ == "__main__":
    sys.exit(main())
