"""Lists the user pools of a deployment, or their findings, as the last inspections recorded them. It changes nothing.

    mailwarden pools|findings --stack mailwarden [--name 'shop-*'] [--can-send no] [--output json]

It asks the function `ask`, which answers from the ledger. `make why` inspects one pool now.

Exit status: 0 answered; 1 the question was not understood; 2 Mailwarden could not be asked.
"""

import argparse

from tools.screen.pools_text import findings_text, pools_text
from tools.screen.terminal import run
from tools.stack.home_stack import add_place
from tools.stack.invocation import Ask, add_output, asked, tell

OUTPUT = "AskFunction"
ANSWERS = ("no", "unknown", "at risk", "yes")


def show_pools(ask: Ask, chosen: argparse.Namespace) -> int:
    """Ask, print, and return the exit status."""
    document = ask({"pools": {"name": chosen.name, "can_send": chosen.can_send}})
    tell(document, pools_text if chosen.what == "pools" else findings_text, as_json=chosen.output == "json")
    return 0 if document["answer"] == "listed" else 1


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_place(parser)
    parser.add_argument("what", nargs="?", choices=("pools", "findings"), default="pools", help=argparse.SUPPRESS)
    parser.add_argument("--name", default="*", help="a pattern for the names of the pools")
    parser.add_argument("--can-send", choices=ANSWERS, help="only pools with this verdict")
    add_output(parser, "docs/pools.schema.json")
    chosen = parser.parse_args()
    return asked(chosen, OUTPUT, lambda ask: show_pools(ask, chosen))


if __name__ == "__main__":
    run(main)
