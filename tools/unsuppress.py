"""Removes one address from the suppression list of an SES account, after showing its entry and asking.

    python -m tools.unsuppress --stack mailwarden --ses-region eu-west-1 --reason "the mailbox is back" ADDRESS

Mailwarden journals the removal without the address, and removes the same address at most once in seven days.
"""

import argparse
import getpass
import sys
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tools.invoking import NotAnswered, add_place, answer_of, connecting, speak_any_language

OUTPUT = "OperateFunction"
REMOVED = "removed"

type Ask = Callable[[Mapping[str, object]], dict[str, Any]]


def unsuppress(order: Mapping[str, object], ask: Ask, *, confirmed: bool, prompt: Callable[[str], str]) -> int:
    """Show a dry run, ask for confirmation, and order the removal; returns the exit code.

    0: the address is no longer on the list. 1: it is, or that is unknown. 3: the operator did not confirm.
    """
    shown = ask({**order, "confirm": False})
    if not (confirmed and shown.get("lacks") == ["confirm"]):
        print(_told(shown))
    if shown["answer"] != "needs consent":
        return 0 if shown["answer"] in {REMOVED, "not on the list"} else 1
    if "although_complaint" in shown["lacks"]:
        print("Nothing was removed. If its owner now wants the mail, order it again with ALTHOUGH_COMPLAINT=yes.")
        return 1
    if not confirmed:
        said = prompt(f"Type {shown['address']} or yes to remove it: ").strip()
        if said not in {shown["address"], "yes"}:
            print("Nothing was removed.")
            return 3
    done = ask({**order, "confirm": True})
    print(_told(done))
    return 0 if done["answer"] in {REMOVED, "not on the list"} else 1


def _told(document: Mapping[str, Any]) -> str:
    if document["answer"] == "not understood":
        return f"The order was not understood: {document['text']}."
    return f"{document['address']}, SES in {document['ses_region']}: {document['text']}."


def main() -> int:
    """Run from the command line; the exit code is 0 only if the address is no longer on the list."""
    speak_any_language()
    parser = argparse.ArgumentParser(description="Take an address from the suppression list of an SES account.")
    add_place(parser)
    parser.add_argument("address")
    parser.add_argument("--ses-region", required=True, help="the region of the SES account")
    parser.add_argument("--reason", required=True, help="why the address will not bounce again: the journal keeps it")
    parser.add_argument("--by", default=getpass.getuser(), help="who asks, as the journal is to say it")
    parser.add_argument("--confirm", action="store_true", help="do not ask on the terminal")
    parser.add_argument("--although-complaint", action="store_true", help="its owner complained and wants mail again")
    chosen = parser.parse_args()
    if not chosen.confirm and not sys.stdin.isatty():
        print("There is no terminal to ask on: order it with CONFIRM=yes (--confirm).", file=sys.stderr)
        return 2
    order = {
        "region": chosen.ses_region,
        "address": chosen.address,
        "reason": chosen.reason,
        "by": chosen.by,
        "although_complaint": chosen.although_complaint,
    }
    connect = connecting(chosen)
    try:
        return unsuppress(
            order,
            lambda told: answer_of(connect, chosen.stack, OUTPUT, {"unsuppress": told}),
            confirmed=chosen.confirm,
            prompt=input,
        )
    except (BotoCoreError, ClientError, NotAnswered) as error:
        print(f"Mailwarden could not be asked: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
