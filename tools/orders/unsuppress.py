"""Removes one address from the suppression list of an SES account: shows the entry, asks, and then has it removed.

    mailwarden unsuppress --stack mailwarden --ses-region eu-west-1 --reason "the mailbox is back" ADDRESS

Mailwarden records the removal in its journal, without the address, and removes the same address at most once in seven
days.

Exit status: 0 the address is not on the list (any more); 1 it is, or that is unknown; 2 the order could not be given;
3 it was not confirmed.
"""

import argparse
import getpass
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from rich.text import Text

from tools.region_table.ses_regions import ses_regions
from tools.screen.terminal import console_for, laid_out, run, show
from tools.stack.home_stack import add_place
from tools.stack.invocation import Ask, asked, complain

OUTPUT = "OperateFunction"
REMOVED = "removed"

_REASONS = {
    "BOUNCE": "a mail to it bounced permanently",
    "COMPLAINT": "the recipient marked a mail as spam",
}


def unsuppress(order: Mapping[str, object], ask: Ask, *, confirmed: bool, prompt: Callable[[str], str]) -> int:
    """Ask for a dry run, let the operator confirm what it shows, and order the removal; the exit status."""
    shown = ask({**order, "confirm": False})
    _print(_sentence(shown))
    if shown["answer"] != "needs consent":
        return 0 if shown["answer"] in {REMOVED, "not on the list"} else 1
    if "although_complaint" in shown["lacks"]:
        _print(
            "Nothing was removed. If the recipient wants the mail now, give the order again with "
            "ALTHOUGH_COMPLAINT=yes (--although-complaint)."
        )
        return 1
    if not confirmed and prompt("Remove it? [y/N] ").strip().lower() not in {"y", "yes"}:
        _print("Nothing was removed.")
        return 3
    done = ask({**order, "confirm": True})
    _print(_sentence(done))
    return 0 if done["answer"] in {REMOVED, "not on the list"} else 1


def _sentence(document: Mapping[str, Any]) -> str:
    """The content of the document, as a sentence."""
    answer, text = document["answer"], str(document["text"])
    if answer == "not understood":
        return f"Mailwarden did not understand the order: {text}."
    where = f"{document['address']} (SES in {document['ses_region']})"
    match answer:
        case "needs consent":
            return f"{where} has been on the suppression list {_since(document['entry'])}."
        case "not on the list":
            return f"{where} is not on the suppression list. Nothing was changed."
        case "removed":
            return f"{where} was removed from the suppression list; a second read confirms it. {_journal(document)}"
        case _:
            return f"{where}: {text}."


def _since(entry: Mapping[str, str]) -> str:
    since = datetime.fromisoformat(entry["since"]).astimezone(UTC)
    return f"since {since:%Y-%m-%d %H:%M} UTC: {_REASONS.get(entry['reason'], entry['reason'])}"


def _journal(document: Mapping[str, Any]) -> str:
    entry = document["entry"]
    before = f"It had been there {_since(entry)}. " if entry else ""
    return f"{before}Journal entry: {document['entry_id']}."


def _print(text: str) -> None:
    console = console_for(sys.stdout)
    show(console, laid_out(Text(text), console.width, then="  "))


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_place(parser)
    parser.add_argument("address")
    parser.add_argument("--ses-region", required=True, help="the region of the SES account")
    parser.add_argument("--reason", required=True, help="why the address will not bounce again, for the journal")
    parser.add_argument("--by", default=getpass.getuser(), help="who gives the order, for the journal")
    parser.add_argument("--confirm", action="store_true", help="do not ask on the terminal")
    parser.add_argument("--although-complaint", action="store_true", help="the recipient complained and wants mail now")
    chosen = parser.parse_args()
    if (problem := _problem(chosen)) is not None:
        complain(problem)
        return 2
    order = {
        "region": chosen.ses_region,
        "address": chosen.address,
        "reason": chosen.reason,
        "by": chosen.by,
        "although_complaint": chosen.although_complaint,
    }
    return asked(
        chosen,
        OUTPUT,
        lambda ask: unsuppress(order, lambda each: ask({"unsuppress": each}), confirmed=chosen.confirm, prompt=input),
    )


def _problem(chosen: argparse.Namespace) -> str | None:
    """The reason why the order cannot be given, or None."""
    if chosen.ses_region not in ses_regions():
        return f"{chosen.ses_region} is not a region in which SES is offered, as far as this version knows."
    if not chosen.confirm and not sys.stdin.isatty():
        return "There is no terminal to ask on. To remove the address without a question, add CONFIRM=yes (--confirm)."
    return None


if __name__ == "__main__":
    run(main)
