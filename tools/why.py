"""Asks Mailwarden whether a pool can send mail, and why not. It changes nothing.

    python -m tools.why --stack mailwarden POOL [--address jane@example.com] [--json] [--exit-status]

POOL is the id or the ARN of a user pool. With an address it also shows whether SES delivers to it.

Exit status: 0 answered; 1 the pool was not found, or POOL is neither an id nor an ARN; 2 Mailwarden could not be
asked. With --exit-status also: 10 the pool can send, at risk; 11 it cannot send, or SES does not send to the address;
12 unknown.
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
from tools.terminal import console_for, laid_out, run, show
from tools.why_text import why_text

OUTPUT = "AskFunction"

_NOT_FOUND, _NOT_ASKED = 1, 2
_STATUSES = {"yes": 0, "at risk": 10, "no": 11, "unknown": 12}
_LOST = {"not sent": 11, "unknown": 12}


def ask(
    asked: Mapping[str, object],
    answer: Callable[[Mapping[str, object]], dict[str, Any]],
    *,
    as_json: bool,
    by_verdict: bool = False,
) -> int:
    """Ask, print, and return the exit status; *by_verdict* lets it depend on the answer."""
    document = answer(asked)
    if as_json:
        print(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        console = console_for(sys.stdout)
        show(console, why_text(document, width=console.width))
    if document["answer"] != "explained":
        return _NOT_FOUND
    return _status(document) if by_verdict else 0


def _status(document: Mapping[str, Any]) -> int:
    """The worst of what is known of the pool and of the address."""
    sides = document["address"]["sides"] if document["address"] else ()
    fates = [_LOST[side["fate"]] for side in sides if side["fate"] in _LOST]
    statuses = [_STATUSES[document["verdict"]["can_send"]], *fates]
    return 11 if 11 in statuses else max(statuses)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_place(parser)
    parser.add_argument("pool", help="the id or the ARN of the user pool")
    parser.add_argument("--pool-region", help="the watched region of the pool, if its id does not begin with it")
    parser.add_argument("--address", help="a recipient: what does SES do with mail to it?")
    parser.add_argument("--json", action="store_true", help="print the document (docs/why.schema.json)")
    parser.add_argument("--exit-status", action="store_true", help="let the exit status say whether mail is sent")
    chosen = parser.parse_args()
    asked = {"why": chosen.pool, "region": chosen.pool_region, "address": chosen.address}
    connect = connecting(chosen)
    try:
        return ask(
            asked,
            lambda question: answer_of(connect, chosen.stack, OUTPUT, question),
            as_json=chosen.json,
            by_verdict=chosen.exit_status,
        )
    except (BotoCoreError, ClientError, NotAnswered, StackNotFound) as error:
        console = console_for(sys.stderr)
        show(console, laid_out(Text(f"Mailwarden could not be asked: {error}"), console.width))
        return _NOT_ASKED


if __name__ == "__main__":
    run(main)
