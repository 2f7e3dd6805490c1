"""Restores the sender that a user pool lost: shows the difference and the judgment after it, and writes with --apply.

    mailwarden restore POOL [--notices] [--apply]
    mailwarden restore POOL --accept

It restores the last known good sender that Mailwarden remembers (MW108), and nothing else of the pool. With --notices
it restores the sender of threat protection's notices instead (MW117), with responses that notify if none is left.
With --accept the senders that the pool has now are the expected ones, and nothing is written to the pool.

Exit status: 0 restored or accepted, or what would be written is shown; 1 nothing was written, or that is not certain;
2 the order could not be given.
"""

import argparse

from tools.orders.set_sender import add_order, ordered
from tools.screen.terminal import run
from tools.stack.named_pool import NamedPool


def order_of(chosen: argparse.Namespace, found: NamedPool) -> dict[str, object]:
    """The order of the command line."""
    named = {"region": found.region, "name": found.name, "reason": chosen.reason}
    return {
        "pool": found.pool,
        "by": chosen.by,
        **{member: value for member, value in named.items() if value is not None},
        _wish(chosen): True,
        "although_worse": chosen.although_worse,
        "apply": chosen.apply,
    }


def _wish(chosen: argparse.Namespace) -> str:
    return "accept" if chosen.accept else "restore_notices" if chosen.notices else "restore"


def arguments() -> argparse.ArgumentParser:
    """The arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_order(parser)
    wish = parser.add_mutually_exclusive_group()
    wish.add_argument("--accept", action="store_true", help="expect the sender that the pool has; write nothing to it")
    wish.add_argument(
        "--notices", action="store_true", help="restore the sender of threat protection's notices (MW117)"
    )
    return parser


def main() -> int:
    """Run from the command line."""
    return ordered(arguments().parse_args(), order_of)


if __name__ == "__main__":
    run(main)
