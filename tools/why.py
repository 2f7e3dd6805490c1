"""Asks Mailwarden whether a pool can send mail, and why not. It changes nothing.

    mailwarden why --stack mailwarden POOL [--address jane@example.com] [--json] [--exit-status]

POOL is the id, the ARN or the name of a user pool. With an address it also shows whether SES delivers to it.

Exit status: 0 answered; 1 the pool was not found, or several have the name; 2 Mailwarden could not be
asked. With --exit-status also: 10 the pool can send, at risk; 11 it cannot send, or SES does not send to the address;
12 unknown.
"""

import argparse
from collections.abc import Mapping
from typing import Any

from tools.screen.terminal import run
from tools.screen.why_text import why_text
from tools.stack.home_stack import add_place
from tools.stack.invocation import Ask, add_output, asked, tell
from tools.stack.named_pool import NamedPool, with_named_pool

OUTPUT = "AskFunction"

_NOT_FOUND = 1
_STATUSES = {"yes": 0, "at risk": 10, "no": 11, "unknown": 12}
_LOST = {"not sent": 11, "unknown": 12}


def explain(question: Mapping[str, object], ask: Ask, *, as_json: bool, by_verdict: bool = False) -> int:
    """Ask, print, and return the exit status; *by_verdict* lets it depend on the answer."""
    document = ask(question)
    tell(document, why_text, as_json=as_json)
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
    parser.add_argument("pool", help="the id, the ARN or the name of the user pool")
    parser.add_argument("--pool-region", help="the watched region of the pool, if its id does not begin with it")
    parser.add_argument("--address", help="a recipient: what does SES do with mail to it?")
    add_output(parser, "docs/why.schema.json")
    parser.add_argument("--exit-status", action="store_true", help="let the exit status say whether mail is sent")
    chosen = parser.parse_args()

    def answer(ask: Ask, found: NamedPool) -> int:
        question = {"why": found.pool, "region": found.region, "address": chosen.address}
        return explain(question, ask, as_json=chosen.output == "json", by_verdict=chosen.exit_status)

    return asked(
        chosen,
        OUTPUT,
        lambda ask: with_named_pool(ask, chosen.pool, chosen.pool_region, lambda found: answer(ask, found)),
    )


if __name__ == "__main__":
    run(main)
