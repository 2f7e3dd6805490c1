"""Shows the history of one user pool: findings, calls, writes and its sender on one time line, the latest first.

    mailwarden history --stack mailwarden POOL [--since 90d] [--output json]

POOL is the id, the ARN or the name of a user pool. It asks the function `ask`, which answers from the ledger and the
journal, and names at the end which facts these do not store.

Exit status: 0 answered; 1 there is no record of the pool, several have the name, or the question was not understood; 2
Mailwarden could not be asked.
"""

import argparse

from tools.screen.history_text import history_text
from tools.screen.terminal import run
from tools.stack.home_stack import add_place
from tools.stack.invocation import Ask, add_output, asked, tell
from tools.stack.named_pool import NamedPool, with_named_pool

OUTPUT = "AskFunction"


def show_history(ask: Ask, found: NamedPool, *, since: str | None, as_json: bool) -> int:
    """Ask, print, and return the exit status."""
    named = {"pool": found.pool, "region": found.region, "since": since}
    document = ask({"history": {name: value for name, value in named.items() if value is not None}})
    tell(document, history_text, as_json=as_json)
    return 0 if document["answer"] == "history" else 1


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_place(parser)
    parser.add_argument("pool", help="the id, the ARN or the name of the user pool")
    parser.add_argument("--pool-region", help="the watched region of the pool, if its id does not begin with it")
    parser.add_argument("--since", help="2026-11-29, a time with an offset, 12h or 7d; 90 days by default")
    add_output(parser, "docs/history.schema.json")
    chosen = parser.parse_args()

    def show(ask: Ask) -> int:
        return with_named_pool(
            ask,
            chosen.pool,
            chosen.pool_region,
            lambda found: show_history(ask, found, since=chosen.since, as_json=chosen.output == "json"),
        )

    return asked(chosen, OUTPUT, show)


if __name__ == "__main__":
    run(main)
