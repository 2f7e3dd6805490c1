"""Shows the journal: the writes of Mailwarden and of operators, the latest first, or one entry whole.

    python -m tools.journal --stack mailwarden [--pool ID|ARN] [--identity NAME|ARN] [--since 7d] [--id ENTRY] [--json]

It asks the function `ask`, which can write nothing.

Exit status: 0 answered; 1 no such entry, or the question was not understood; 2 Mailwarden could not be asked.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from rich.text import Text

from tools.home_stack import StackNotFound, add_place
from tools.invoking import NotAnswered, answer_of, connecting
from tools.journal_text import journal_text
from tools.terminal import console_for, laid_out, run, show

OUTPUT = "AskFunction"


def read(
    asked: Mapping[str, object], answer: Callable[[Mapping[str, object]], dict[str, Any]], *, as_json: bool
) -> int:
    """Ask, print, and return the exit status."""
    document = answer({"journal": asked})
    if as_json:
        print(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        console = console_for(sys.stdout)
        show(console, journal_text(document, width=console.width))
    return 0 if document["answer"] in {"entries", "entry"} else 1


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_place(parser)
    parser.add_argument("--pool", help="the id or the ARN of a user pool that an entry wrote or served")
    parser.add_argument("--identity", help="the name or the ARN of an SES identity that an entry wrote")
    parser.add_argument("--since", help="2026-11-29, a time with an offset, 12h or 7d; 30 days by default")
    parser.add_argument("--id", help="one entry, whole")
    parser.add_argument("--json", action="store_true", help="print the document (docs/journal.schema.json)")
    chosen = parser.parse_args()
    asked = {name: getattr(chosen, name) for name in ("pool", "identity", "since", "id") if getattr(chosen, name)}
    connect = connecting(chosen)
    try:
        return read(asked, lambda question: answer_of(connect, chosen.stack, OUTPUT, question), as_json=chosen.json)
    except (BotoCoreError, ClientError, NotAnswered, StackNotFound) as error:
        console = console_for(sys.stderr)
        show(console, laid_out(Text(f"Mailwarden could not be asked: {error}"), console.width))
        return 2


if __name__ == "__main__":
    run(main)
