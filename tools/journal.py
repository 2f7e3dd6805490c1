"""Shows the journal: the writes of Mailwarden and of operators, the latest first, or one entry whole.

    mailwarden journal --stack mailwarden [--pool ID|ARN] [--identity NAME|ARN] [--since 7d] [--id ENTRY] [--json]

It asks the function `ask`, which can write nothing.

Exit status: 0 answered; 1 no such entry, or the question was not understood; 2 Mailwarden could not be asked.
"""

import argparse
from collections.abc import Mapping

from tools.screen.journal_text import journal_text
from tools.screen.terminal import run
from tools.stack.home_stack import add_place
from tools.stack.invocation import Ask, add_output, asked, tell
from tools.stack.named_pool import with_named_pool

OUTPUT = "AskFunction"


def read(question: Mapping[str, object], ask: Ask, *, as_json: bool) -> int:
    """Ask, print, and return the exit status."""
    document = ask({"journal": question})
    tell(document, journal_text, as_json=as_json)
    return 0 if document["answer"] in {"entries", "entry"} else 1


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_place(parser)
    parser.add_argument("--pool", help="the id, the ARN or the name of a user pool that an entry wrote or served")
    parser.add_argument("--identity", help="the name or the ARN of an SES identity that an entry wrote")
    parser.add_argument("--since", help="2026-11-29, a time with an offset, 12h or 7d; 30 days by default")
    parser.add_argument("--id", help="one entry, whole")
    add_output(parser, "docs/journal.schema.json")
    chosen = parser.parse_args()
    question = {name: getattr(chosen, name) for name in ("identity", "since", "id") if getattr(chosen, name)}

    def show(ask: Ask, pool: Mapping[str, str]) -> int:
        return read({**question, **pool}, ask, as_json=chosen.output == "json")

    if not chosen.pool:
        return asked(chosen, OUTPUT, lambda ask: show(ask, {}))
    return asked(
        chosen,
        OUTPUT,
        lambda ask: with_named_pool(ask, chosen.pool, None, lambda found: show(ask, {"pool": found.pool})),
    )


if __name__ == "__main__":
    run(main)
