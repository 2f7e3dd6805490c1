"""Asks Mailwarden whether a pool can send mail, and why, and prints the answer. It changes nothing.

    python -m tools.why --stack mailwarden POOL [--pool-region eu-west-1] [--address jane@example.com] [--json]

POOL is the id or the ARN of a user pool. With an address it also shows whether SES delivers to it.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tools.invoking import NotAnswered, add_place, answer_of, connecting, speak_any_language
from tools.why_text import WIDTH, why_text

OUTPUT = "AskFunction"


def ask(asked: Mapping[str, object], answer: Callable[[Mapping[str, object]], dict[str, Any]], *, as_json: bool) -> int:
    """Ask and print; the exit code is 0 only if the pool was found and explained, whatever the answer."""
    document = answer(asked)
    if as_json:
        print(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)
        print(why_text(document, width=width).rstrip())
    return 0 if document["answer"] == "explained" else 1


def main() -> int:
    """Run from the command line."""
    speak_any_language()
    parser = argparse.ArgumentParser(description="Ask why a pool's mail arrives or not; nothing is changed.")
    add_place(parser)
    parser.add_argument("pool", help="the id or the ARN of the user pool")
    parser.add_argument("--pool-region", help="where the pool is, if that is neither in its id nor a watched region")
    parser.add_argument("--address", help="a recipient: what does SES do with mail to it?")
    parser.add_argument("--json", action="store_true", help="print the document (docs/why.schema.json)")
    chosen = parser.parse_args()
    asked = {"why": chosen.pool, "region": chosen.pool_region, "address": chosen.address}
    connect = connecting(chosen)
    try:
        return ask(asked, lambda told: answer_of(connect, chosen.stack, OUTPUT, told), as_json=chosen.json)
    except (BotoCoreError, ClientError, NotAnswered) as error:
        print(f"Mailwarden could not be asked: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
