"""Undoes a write of Mailwarden: shows what would change and how the mail would be judged, and writes if confirmed.

    mailwarden undo --stack mailwarden ENTRY [--confirm] [--reason "…"] [--json]

Mailwarden does not make the repair again until the configuration changes.

Exit status: 0 undone, or what would be written is shown; 1 nothing was undone, or that is not certain; 2 the order
could not be given.
"""

import argparse
import getpass
from collections.abc import Mapping
from typing import Any

from rich.text import Text

from tools.screen.journal_text import diff_text, entry_text, labeled
from tools.screen.terminal import as_sentence, laid_out, run
from tools.stack.home_stack import add_place
from tools.stack.invocation import Ask, asked, tell

OUTPUT = "OperateFunction"
_STYLES = {"undone": "bold green", "dry run": "bold", "not understood": "bold yellow"}


def undo(order: Mapping[str, object], ask: Ask, *, as_json: bool) -> int:
    """Give the order, print its result, and return the exit status."""
    document = ask({"undo": order})
    tell(document, undo_text, as_json=as_json)
    return 0 if document["answer"] in {"undone", "dry run"} else 1


def undo_text(document: Mapping[str, Any], *, width: int) -> list[Text]:
    """The result, the entry, the differences, and what the rules report of the pools afterwards."""
    answer, text = document["answer"], str(document["text"])
    lines = laid_out(Text(as_sentence(text), _STYLES.get(answer, "bold red")), width, then="  ")
    if document.get("undo_id") is not None:
        lines += laid_out(f"Journal entry of the undo: {document['undo_id']}", width, then="  ")
    if document.get("entry") is not None:
        lines += [Text(), *entry_text(document["entry"], width=width, with_undo=False)]
    if document.get("diff"):
        before = "The undo changed" if answer == "undone" else "The undo would change"
        lines += [Text(), *laid_out(f"{before} {document['resource']}:", width, then="  ")]
        lines += diff_text(document["diff"], width=width)
    for pool in document.get("pools", ()):
        lines += [Text(), *_pool(pool, width)]
    more = document.get("pools_count", 0) - len(document.get("pools", ()))
    if document.get("pools") and more > 0:
        lines += [Text(), *laid_out(f"Pools that are not shown: {more}.", width)]
    if answer == "dry run":
        lines += [Text(), *laid_out(f"To undo it: make undo ID={document['entry_id']} CONFIRM=yes", width, then="  ")]
    return lines


def _pool(pool: Mapping[str, Any], width: int) -> list[Text]:
    if pool["problem"] is not None:
        return laid_out(
            f"Pool {pool['id']} in {pool['region']} could not be judged: {pool['problem']}.", width, then="  "
        )
    head = (
        f"Pool {pool['name']} ({pool['id']}) in {pool['region']} can send mail: before the undo {pool['now']}, "
        f"after it {pool['then']}"
    )
    lines = laid_out(head, width, then="  ")
    for finding in pool["findings"]:
        lines += labeled(finding["rule"], f"{finding['message']} ({finding['severity']})", width=width)
    return lines


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_place(parser)
    parser.add_argument("entry", help="the id of the journal entry, as alerts and `make journal` show it")
    parser.add_argument("--confirm", action="store_true", help="write; otherwise only show what would be written")
    parser.add_argument("--reason", default="", help="why, for the journal")
    parser.add_argument("--by", default=getpass.getuser(), help="who gives the order, for the journal")
    parser.add_argument("--json", action="store_true", help="print the document")
    chosen = parser.parse_args()
    order = {"entry": chosen.entry, "by": chosen.by, "reason": chosen.reason, "confirm": chosen.confirm}
    return asked(chosen, OUTPUT, lambda ask: undo(order, ask, as_json=chosen.json))


if __name__ == "__main__":
    run(main)
