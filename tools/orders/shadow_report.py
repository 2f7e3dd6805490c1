"""Shows what RepairMode `safe` would have written while it was off, and what became of each case. It changes nothing.

    mailwarden shadow-report --stack mailwarden [--days 30] [--json]

Exit status: 0 answered; 1 the question was not understood; 2 Mailwarden could not be asked.
"""

import argparse

from tools.screen.shadow_text import shadow_text
from tools.screen.terminal import run
from tools.stack.home_stack import add_place
from tools.stack.invocation import Ask, asked, tell

OUTPUT = "AskFunction"


def report(ask: Ask, *, days: int, as_json: bool) -> int:
    """Ask, print, and return the exit status."""
    document = ask({"shadow": {"days": days}})
    tell(document, shadow_text, as_json=as_json)
    return 0 if document["answer"] == "reported" else 1


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_place(parser)
    parser.add_argument("--days", type=int, default=30, help="how far to look back, up to 366; 30 by default")
    parser.add_argument("--json", action="store_true", help="print the document")
    chosen = parser.parse_args()
    return asked(chosen, OUTPUT, lambda ask: report(ask, days=chosen.days, as_json=chosen.json))


if __name__ == "__main__":
    run(main)
