"""Lists the exemptions of user pools and identities, the most urgent first. It changes nothing.

    mailwarden exemptions --stack mailwarden [--json]

It asks the function `ask`, which answers from the last inspections; a tag that was set since then is not listed.

Exit status: 0 answered; 1 the question was not understood; 2 Mailwarden could not be asked.
"""

import argparse

from tools.screen.exemptions_text import exemptions_text
from tools.screen.terminal import run
from tools.stack.home_stack import add_place
from tools.stack.invocation import Ask, add_output, asked, tell

OUTPUT = "AskFunction"


def show_exemptions(ask: Ask, *, as_json: bool) -> int:
    """Ask, print, and return the exit status."""
    document = ask({"exemptions": {}})
    tell(document, exemptions_text, as_json=as_json)
    return 0 if document["answer"] == "listed" else 1


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_place(parser)
    add_output(parser)
    chosen = parser.parse_args()
    return asked(chosen, OUTPUT, lambda ask: show_exemptions(ask, as_json=chosen.output == "json"))


if __name__ == "__main__":
    run(main)
