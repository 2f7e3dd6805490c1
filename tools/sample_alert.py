"""Sends a sample alert, marked as a test, through every channel of alerts, and shows which of them took it.

    mailwarden test-alert --stack mailwarden [--severity critical]

It changes no finding. The function `announce` sends it as every other alert; only that function may publish to the
alerts topic. It needs ``lambda:InvokeFunction`` for it.

Exit status: 0 every channel took it; 1 a channel failed; 2 the order could not be given.
"""

import argparse
import getpass
from collections.abc import Mapping

from rich.text import Text

from tools.screen.terminal import as_sentence, laid_out, run
from tools.stack.home_stack import add_place
from tools.stack.invocation import Ask, Document, asked, tell

OUTPUT = "AnnounceFunction"
SEVERITIES = ("low", "medium", "high", "critical")
_STATUSES = {"sent": 0, "partly sent": 1, "not sent": 1}


def send(order: Mapping[str, object], ask: Ask) -> int:
    """Give the order, print its result, and return the exit status."""
    document = ask({"announce": "sample", **order})
    tell(document, sample_text, as_json=False)
    return _STATUSES.get(str(document["answer"]), 2)


def sample_text(document: Document, *, width: int) -> list[Text]:
    """The result, and where to look for the alert."""
    text = str(document["text"])
    lines = laid_out(as_sentence(text), width)
    if document.get("sent"):
        lines += laid_out(
            "It has the rule MW900 and is marked as a test. Look for it wherever alerts arrive; make doctor shows the "
            "subscriptions that are not confirmed.",
            width,
        )
    return lines


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_place(parser)
    parser.add_argument("--severity", choices=SEVERITIES, default="low", help="for subscriptions that filter by it")
    parser.add_argument("--by", default=getpass.getuser(), help="who gives the order, for the alert")
    chosen = parser.parse_args()
    order = {"by": chosen.by, "severity": chosen.severity}
    return asked(chosen, OUTPUT, lambda ask: send(order, ask))


if __name__ == "__main__":
    run(main)
