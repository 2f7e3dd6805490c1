"""Restores the sender that a user pool lost: shows the difference and the judgment after it, and writes with --apply.

    python -m tools.orders.restore POOL [--apply]
    python -m tools.orders.restore POOL --accept

It restores the last known good sender that Mailwarden remembers (MW108), and nothing else of the pool.
With --accept the sender that the pool has now is the expected one, and nothing is written to the pool.

Exit status: 0 restored or accepted, or what would be written is shown; 1 nothing was written, or that is not certain;
2 the order could not be given.
"""

import argparse
import getpass

from tools.orders.set_sender import OUTPUT, set_sender
from tools.screen.terminal import run
from tools.stack.home_stack import add_place
from tools.stack.invocation import asked


def order_of(chosen: argparse.Namespace) -> dict[str, object]:
    """The order of the command line."""
    named = {"region": chosen.pool_region, "reason": chosen.reason}
    return {
        "pool": chosen.pool,
        "by": chosen.by,
        **{member: value for member, value in named.items() if value is not None},
        "accept" if chosen.accept else "restore": True,
        "although_worse": chosen.although_worse,
        "apply": chosen.apply,
    }


def arguments() -> argparse.ArgumentParser:
    """The arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_place(parser)
    parser.add_argument("pool", help="the id or the ARN of the user pool")
    parser.add_argument("--pool-region", help="the watched region of the pool, if its id does not begin with it")
    parser.add_argument("--apply", action="store_true", help="write; otherwise only show what would be written")
    parser.add_argument(
        "--accept", action="store_true", help="expect the sender that the pool has; write nothing to it"
    )
    parser.add_argument("--although-worse", action="store_true", help="accept a sender that is judged worse")
    parser.add_argument("--reason", help="why, for the journal")
    parser.add_argument("--by", default=getpass.getuser(), help="who gives the order, for the journal")
    parser.add_argument("--json", action="store_true", help="print the document")
    return parser


def main() -> int:
    """Run from the command line."""
    chosen = arguments().parse_args()
    return asked(chosen, OUTPUT, lambda ask: set_sender(order_of(chosen), ask, as_json=chosen.json))


if __name__ == "__main__":
    run(main)
