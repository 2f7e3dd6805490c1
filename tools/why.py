"""Asks Mailwarden whether a pool can send mail, and why not. It changes nothing.

    python -m tools.why --stack mailwarden POOL [--address jane@example.com] [--json] [--exit-status]

POOL is the id, the ARN or the name of a user pool. With an address it also shows whether SES delivers to it.

Exit status: 0 answered; 1 the pool was not found, or several have the name; 2 Mailwarden could not be
asked. With --exit-status also: 10 the pool can send, at risk; 11 it cannot send, or SES does not send to the address;
12 unknown.
"""

import argparse
from collections.abc import Mapping
from typing import Any

from tools.pools import ids_of
from tools.screen.terminal import run
from tools.screen.why_text import why_text
from tools.stack.home_stack import add_place
from tools.stack.invocation import Ask, Document, asked, complain, tell

OUTPUT = "AskFunction"

_NOT_FOUND = 1
_STATUSES = {"yes": 0, "at risk": 10, "no": 11, "unknown": 12}
_LOST = {"not sent": 11, "unknown": 12}


def explain(question: Mapping[str, object], ask: Ask, *, as_json: bool, by_verdict: bool = False) -> int:
    """Ask, print, and return the exit status; *by_verdict* lets it depend on the answer."""
    document = ask(question)
    if document["answer"] in {"not found", "not understood"}:
        document = _by_name(question, ask) or document
    tell(document, why_text, as_json=as_json)
    if document["answer"] != "explained":
        return _NOT_FOUND
    return _status(document) if by_verdict else 0


def _by_name(question: Mapping[str, object], ask: Ask) -> Document | None:
    """The answer about the one pool of the name in the question; None if no pool, or several, have it."""
    pools = ids_of(ask, str(question["why"]))
    if len(pools) > 1:
        named = ", ".join(str(pool["id"]) for pool in pools)
        complain(f"{len(pools)} pools have the name {question['why']}: {named}. Ask with the id of one.")
    if len(pools) != 1:
        return None
    return ask({**question, "why": pools[0]["id"], "region": pools[0]["region"]})


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
    parser.add_argument("--json", action="store_true", help="print the document (docs/why.schema.json)")
    parser.add_argument("--exit-status", action="store_true", help="let the exit status say whether mail is sent")
    chosen = parser.parse_args()
    question = {"why": chosen.pool, "region": chosen.pool_region, "address": chosen.address}
    return asked(chosen, OUTPUT, lambda ask: explain(question, ask, as_json=chosen.json, by_verdict=chosen.exit_status))


if __name__ == "__main__":
    run(main)
