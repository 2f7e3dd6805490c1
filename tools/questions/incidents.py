"""Lists the incidents of a deployment: the open ones, the worst first, and with --all those that ended lately.

    mailwarden incidents --stack mailwarden [--all] [--most 200] [--output json]

An incident is everything that one cause explains, as in the alerts. It asks the function `ask`, which answers from the
ledger: an incident that ended stays for 90 days, and of a cause that returned only the last time.

Exit status: 0 answered; 1 the question was not understood; 2 Mailwarden could not be asked.
"""

import argparse

from tools.screen.incidents_text import incidents_text
from tools.screen.terminal import run
from tools.stack.home_stack import add_place
from tools.stack.invocation import Ask, Document, add_output, asked, tell

OUTPUT = "AskFunction"
_MOST = 200


def show_incidents(ask: Ask, *, with_ended: bool, most: int, as_json: bool) -> int:
    """Ask page by page, print, and return the exit status."""
    document = whole(ask, with_ended=with_ended, most=most)
    tell(document, incidents_text, as_json=as_json)
    return 0 if document["answer"] == "listed" else 1


def whole(ask: Ask, *, with_ended: bool, most: int) -> Document:
    """One document with the incidents of all pages, at most *most*: each page has those that no earlier one had."""
    document = ask({"incidents": {"all": with_ended}})
    if document["answer"] != "listed":
        return document
    rows, page = list(document["incidents"]), document
    while page["has_more"] and len(rows) < most:
        page = ask({"incidents": {"all": with_ended, "seen": [row["id"] for row in rows]}})
        rows += page["incidents"]
    return {**document, "incidents": rows[:most], "has_more": len(rows) > most or page["has_more"]}


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_place(parser)
    parser.add_argument("--all", action="store_true", help="also those that ended, the last one first")
    parser.add_argument("--most", type=int, default=_MOST, help=f"at most so many; {_MOST} by default")
    add_output(parser, "docs/incidents.schema.json")
    chosen = parser.parse_args()
    if chosen.most < 1:
        parser.error("--most is a number from 1 on")
    return asked(
        chosen,
        OUTPUT,
        lambda ask: show_incidents(ask, with_ended=chosen.all, most=chosen.most, as_json=chosen.output == "json"),
    )


if __name__ == "__main__":
    run(main)
