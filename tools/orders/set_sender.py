"""Sets the sender of a user pool: shows the difference and the judgment after it, and writes with --apply.

    mailwarden set-sender POOL [--identity …] [--from …] [--reply-to …] [--configuration-set …] [--apply]
    mailwarden set-sender POOL --default [--apply]

Nothing changes but the settings that are named; the value none removes --from, --reply-to or --configuration-set.
Mailwarden refuses a sender that cannot be sure to send, and writes a worse one only with --although-worse.

Exit status: 0 set, or what would be written is shown; 1 nothing was written, or that is not certain; 2 the order
could not be given.
"""

import argparse
import getpass
import shlex
from collections.abc import Callable, Mapping
from typing import Any

from rich.text import Text

from tools.screen.journal_text import diff_text, labeled
from tools.screen.terminal import as_sentence, laid_out, run
from tools.stack.home_stack import add_place
from tools.stack.invocation import Ask, add_output, asked, asking, tell
from tools.stack.named_pool import NamedPool, with_named_pool

OUTPUT, KNOWS_NAMES = "OperateFunction", "AskFunction"
REMOVED = "none"
_STYLES = {
    "written": "bold green",
    "dry run": "bold",
    "no change": "bold",
    "accepted": "bold green",
    "not understood": "bold yellow",
}
# The variables of `make set-sender`, by the member of the order.
VARIABLES = {
    "pool": "POOL",
    "region": "POOL_REGION",
    "identity": "IDENTITY",
    "from": "FROM",
    "reply_to": "REPLY_TO",
    "configuration_set": "SET",
    "reason": "REASON",
}
_FLAGS = {"restore_notices": "NOTICES", "default": "DEFAULT", "although_worse": "ALTHOUGH_WORSE"}
# The members that only `make restore` sends.
_RESTORES = frozenset({"restore", "restore_notices"})


def set_sender(order: Mapping[str, object], ask: Ask, *, as_json: bool) -> int:
    """Give the order, print its result, and return the exit status."""
    document = ask({"set_sender": order})
    tell(document, lambda each, width: sender_text(each, order=order, width=width), as_json=as_json)
    return 0 if document["answer"] in {"written", "dry run", "no change", "accepted"} else 1


def sender_text(document: Mapping[str, Any], *, order: Mapping[str, object], width: int) -> list[Text]:
    """The result, the differences, the judgment before and after, warnings, and the command that goes on."""
    answer, text = document["answer"], str(document["text"])
    lines = laid_out(Text(as_sentence(text), _STYLES.get(answer, "bold red")), width, then="  ")
    if document.get("diff"):
        head = "Changed" if answer == "written" else "Would change"
        lines += [Text(), *laid_out(f"{head}, of {document['resource']}:", width, then="  ")]
        lines += diff_text(document["diff"], width=width)
    pool = document.get("pool")
    if pool is not None:
        lines += [Text(), *_judgment(pool, width)]
    for warning in document.get("warnings", ()):
        lines += labeled("Warning", f"{warning}.", width=width)
    if answer == "dry run":
        lines += [Text(), *laid_out(f"To write it: {command(order)} APPLY=yes", width, then="  ")]
    if document.get("entry_id") is not None and answer == "written":
        lines += [Text(), *laid_out(f"To undo it: make undo ID={document['entry_id']}", width, then="  ")]
    return lines


def command(order: Mapping[str, object]) -> str:
    """The order as a command of make, without what writes it."""
    named = [
        f"{variable}={shlex.quote(REMOVED if order[member] is None else str(order[member]))}"
        for member, variable in VARIABLES.items()
        if member in order
    ]
    flags = [f"{variable}=yes" for member, variable in _FLAGS.items() if order.get(member)]
    target = "restore" if any(order.get(member) for member in _RESTORES) else "set-sender"
    return " ".join([f"make {target}", *named, *flags])


def _judgment(pool: Mapping[str, Any], width: int) -> list[Text]:
    head = (
        f"Pool {pool['name']} ({pool['id']}) in {pool['region']} can send mail: now {pool['now']}, "
        f"with this sender {pool['then']}"
    )
    lines = laid_out(head, width, then="  ")
    for finding in pool["findings"]:
        lines += labeled(finding["rule"], f"{finding['message']} ({finding['severity']})", width=width)
        lines += labeled("", f"{finding['remediation']}", width=width)
    return lines


def order_of(chosen: argparse.Namespace, found: NamedPool) -> dict[str, object]:
    """The order of the command line: only what is named is in it, and null removes a setting."""
    named = {
        "region": found.region,
        "name": found.name,
        "identity": chosen.identity,
        "from": chosen.from_address,
        "reply_to": chosen.reply_to,
        "configuration_set": chosen.configuration_set,
        "reason": chosen.reason,
    }
    removable = {"from", "reply_to", "configuration_set"}
    return {
        "pool": found.pool,
        "by": chosen.by,
        **{
            member: None if value == REMOVED and member in removable else value
            for member, value in named.items()
            if value is not None
        },
        "default": chosen.default,
        "although_worse": chosen.although_worse,
        "apply": chosen.apply,
    }


def ordered(chosen: argparse.Namespace, order: Callable[[argparse.Namespace, NamedPool], dict[str, object]]) -> int:
    """Give the *order* about the one pool that the command line names, and return the exit status.

    A pool is found by its name with the function `ask`; its id or its ARN needs no other function than `operate`.
    """

    def give(ask: Ask) -> int:
        return with_named_pool(
            asking(chosen, KNOWS_NAMES),
            chosen.pool,
            chosen.pool_region,
            lambda found: set_sender(order(chosen, found), ask, as_json=chosen.output == "json"),
        )

    return asked(chosen, OUTPUT, give)


def add_order(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of every order about the sender of a pool."""
    add_place(parser)
    parser.add_argument("pool", help="the id, the ARN or the name of the user pool")
    parser.add_argument("--pool-region", help="the watched region of the pool, if its id does not begin with it")
    parser.add_argument("--apply", action="store_true", help="write; otherwise only show what would be written")
    parser.add_argument("--although-worse", action="store_true", help="accept a sender that is judged worse")
    parser.add_argument("--reason", help="why, for the journal")
    parser.add_argument("--by", default=getpass.getuser(), help="who gives the order, for the journal")
    add_output(parser)


def arguments() -> argparse.ArgumentParser:
    """The arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_order(parser)
    parser.add_argument("--identity", help="the SES identity: its ARN, or its name, which is looked for")
    parser.add_argument("--from", dest="from_address", help="the FROM address, with or without a name; none removes it")
    parser.add_argument("--reply-to", help="the REPLY-TO address; none removes it")
    parser.add_argument("--configuration-set", help="the SES configuration set; none removes it")
    parser.add_argument("--default", action="store_true", help="the default sender of Cognito, 50 mails a day")
    return parser


def main() -> int:
    """Run from the command line."""
    chosen = arguments().parse_args()
    return ordered(chosen, order_of)


if __name__ == "__main__":
    run(main)
