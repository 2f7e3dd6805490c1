"""Releases repairs that wait, and looks at every watched region again.

    mailwarden release --stack mailwarden budget
    mailwarden release --stack mailwarden fight POOL_ARN

``budget`` lifts the account's budget for this hour; each pool's still holds. ``fight`` ends the pauses of one pool's
repairs that another actor undid. It needs ``lambda:InvokeFunction`` for the functions ``operate`` and ``sweep``.

Exit status: 0 released, or nothing waited; 2 the order could not be given; 3 released, but the regions could not be
looked at again.
"""

import argparse
import getpass
from collections.abc import Mapping

from tools.screen.terminal import run
from tools.stack.home_stack import add_place
from tools.stack.invocation import NO_ANSWER, Connect, answer_of, complain, connecting, look_again
from tools.stack.refusals import reason_of


def order_of(chosen: argparse.Namespace) -> Mapping[str, object]:
    """The order to ``operate``."""
    what = {"budget": True} if chosen.what == "budget" else {"pool": chosen.pool}
    return {"release": {**what, "by": chosen.by}}


def release(connect: Connect, stack: str, order: Mapping[str, object]) -> int:
    """Give the order, print its result, and return the exit status."""
    try:
        answer = answer_of(connect, stack, "OperateFunction", order)
    except NO_ANSWER as error:
        complain(f"The repairs of stack {stack} could not be released: {reason_of(error)}")
        return 2
    if answer["answer"] == "not understood":
        complain(f"Mailwarden did not understand the order: {answer['text']}")
        return 2
    if answer["answer"] == "busy":
        complain(answer["text"])
        return 2
    print(answer["text"])
    return 0 if look_again(connect, stack) else 3


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
    return release(connecting(chosen), chosen.stack, order_of(chosen))


if __name__ == "__main__":
    run(main)
