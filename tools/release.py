"""Releases repairs that wait, and looks at every watched region again.

    python -m tools.release --stack mailwarden budget
    python -m tools.release --stack mailwarden fight POOL_ARN

``budget`` lets this hour hold any number of repairs. ``fight`` ends the pauses of one pool's repairs that another actor
undid. It needs ``lambda:InvokeFunction`` for the functions ``operate`` and ``sweep``.

Exit status: 0 released, or nothing waited; 2 the order could not be given.
"""

import argparse
import getpass
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.home_stack import StackNotFound, add_place, find_home_stack
from tools.invoking import NotAnswered, answer_of, connecting
from tools.terminal import run


def order_of(chosen: argparse.Namespace) -> Mapping[str, object]:
    """The order to ``operate``."""
    what = {"budget": True} if chosen.what == "budget" else {"pool": chosen.pool}
    return {"release": {**what, "by": chosen.by}}


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_place(parser)
    parser.add_argument("--by", default=getpass.getuser(), help="who gives the order, for the log")
    parser.add_argument("what", choices=["budget", "fight"])
    parser.add_argument("pool", nargs="?", help="the pool's ARN, for fight")
    chosen = parser.parse_args()
    if (chosen.what == "fight") != (chosen.pool is not None):
        parser.error("fight takes the ARN of a pool, budget takes none")
    connect = connecting(chosen)
    try:
        answer = answer_of(connect, chosen.stack, "OperateFunction", order_of(chosen))
        print(answer["text"])
        if answer["answer"] == "not understood":
            return 2
        home = find_home_stack(connect("cloudformation"), chosen.stack)
        connect("lambda").invoke(
            FunctionName=home.outputs["SweepFunction"], InvocationType="Event", Payload=json.dumps({"sweep": "all"})
        )
        print("every watched region is looked at again")
    except (BotoCoreError, ClientError, KeyError, NotAnswered, StackNotFound) as error:
        print(f"The repairs of stack {chosen.stack} could not be released: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    run(main)
