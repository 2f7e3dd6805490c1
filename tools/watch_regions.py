"""Deploys, deletes or lists the stacks besides home: one for each other watched region, and the configuration sets.

    python -m tools.watch_regions --stack mailwarden --region ap-northeast-2 [deploy|delete|list]

The regions are those of the home stack's parameter `WatchedRegions`, and always the one where the events of IAM are.
`deploy` also deletes the stacks of regions that are no longer watched; `delete` finds all of them, in every region of
the account, with or without the home stack. Exit status: 0 if every region succeeded.
"""

import argparse
import sys
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "layers" / "core")]

from tools.deployment.command import report  # noqa: E402 - the path is set above
from tools.deployment.region_stacks import Place, RegionStacks  # noqa: E402 - as above
from tools.deployment.regions import connect_to, enabled_regions  # noqa: E402 - as above
from tools.screen.terminal import run  # noqa: E402 - as above
from tools.stack.home_stack import (  # noqa: E402 - as above
    NO_REGION,
    StackNotFound,
    default_region,
    find_home_stack,
    stack_of,
)

_ASKED = "CreateConfigurationSet"


def deploy(stacks: RegionStacks) -> int:
    """Deploy what the home stack's parameters ask for, and delete what they no longer ask for; the failures."""
    home = find_home_stack(stacks.connect("cloudformation", stacks.home), stacks.stack)
    wanted = stacks.wanted(home.parameters["WatchedRegions"], sets=home.parameters.get(_ASKED) == "yes")
    failures = report(stacks.deploy(wanted, home.outputs))
    found, unasked = stacks.found(enabled_regions(stacks.connect, stacks.home))
    for line in unasked:
        print(f"not searched for stacks: {line}", file=sys.stderr)
    return failures + report(stacks.delete(found - wanted))


def delete(stacks: RegionStacks) -> int:
    """Delete every stack of this deployment besides home; the failures."""
    found, unasked = stacks.found(enabled_regions(stacks.connect, stacks.home))
    for line in unasked:
        print(f"not searched for stacks: {line}", file=sys.stderr)
    return report(stacks.delete(found))


def show(stacks: RegionStacks) -> int:
    """Print the states of all that are wanted or found; the failures."""
    found, _ = stacks.found(enabled_regions(stacks.connect, stacks.home))
    wanted = frozenset[Place]()
    try:
        home = find_home_stack(stacks.connect("cloudformation", stacks.home), stacks.stack)
    except StackNotFound as error:
        print(error, file=sys.stderr)
    else:
        wanted = stacks.wanted(home.parameters["WatchedRegions"], sets=home.parameters.get(_ASKED) == "yes")
    return report(stacks.states(found | wanted))


def main() -> int:
    """Do it in all regions at once; a region that fails is reported and does not stop the others."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", nargs="?", choices=("deploy", "delete", "list"), default="deploy")
    parser.add_argument("--stack", default="", type=stack_of, help="the home stack")
    parser.add_argument("--region", default=default_region(), help="the home region")
    parser.add_argument("--endpoint-url", help="an endpoint other than AWS")
    parser.add_argument("--project", type=Path, default=ROOT, help="the folder with the templates")
    parser.add_argument("--poll-seconds", type=float, default=2.0)
    arguments = parser.parse_args()
    if arguments.region is None:
        print(f"The watched regions could not be read: {NO_REGION}", file=sys.stderr)
        return 1
    stacks = RegionStacks(
        stack=arguments.stack,
        home=arguments.region,
        connect=connect_to(arguments.endpoint_url),
        poll_seconds=arguments.poll_seconds,
        project=arguments.project,
    )
    try:
        return 1 if {"deploy": deploy, "delete": delete, "list": show}[arguments.action](stacks) else 0
    except (StackNotFound, ClientError, BotoCoreError) as error:
        print(f"The watched regions could not be read: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    run(main)
