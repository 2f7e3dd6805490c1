"""The programs of the operator in ``tools``: the command runs them as ``make`` does, each with its own options."""

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# In an installed package they lie beside the command, so that no package of the name ``tools`` is installed.
_INSTALLED = Path(__file__).parent / "_programs"
_CHECKOUT = Path(__file__).parents[2]
_BUILT = Path(".aws-sam", "build", "template.yaml")
# The exit status of argparse for a wrong word.
_ARGPARSE = 2
USAGE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program: its module, the words that precede those of the caller, and a line for the list of commands.

    ``needs_build``: it deploys what `make build` built in a checkout.
    """

    name: str
    module: str
    words: tuple[str, ...] = ()
    purpose: str
    needs_build: bool = False


PROGRAMS = (
    Program(name="why", module="tools.why", purpose="Ask a deployment whether a pool can send mail, and why not."),
    Program(name="pools", module="tools.pools", words=("pools",), purpose="List the pools of a deployment."),
    Program(
        name="findings", module="tools.pools", words=("findings",), purpose="List the findings of the last inspections."
    ),
    Program(name="incidents", module="tools.questions.incidents", purpose="List the incidents, the open ones first."),
    Program(name="history", module="tools.questions.history", purpose="Show the history of one pool on a time line."),
    Program(name="exemptions", module="tools.orders.exemptions", purpose="List the exemptions and their ends."),
    Program(
        name="shadow-report",
        module="tools.orders.shadow_report",
        purpose="Show the repairs that RepairMode off held back.",
    ),
    Program(name="journal", module="tools.journal", purpose="Show the journal of the writes of a deployment."),
    Program(name="doctor", module="tools.doctor.__main__", purpose="Check whether a deployment is wired."),
    Program(name="undo", module="tools.orders.undo", purpose="Show what undoing a journal entry changes, and undo it."),
    Program(
        name="set-sender",
        module="tools.orders.set_sender",
        purpose="Show what a pool's new sender changes, and set it.",
    ),
    Program(
        name="restore",
        module="tools.orders.restore",
        purpose="Show what restoring a pool's last known good sender changes, and restore it.",
    ),
    Program(
        name="unsuppress",
        module="tools.orders.unsuppress",
        purpose="Remove an address from the suppression list of an SES account.",
    ),
    Program(
        name="test-alert", module="tools.sample_alert", purpose="Send a sample alert through every channel of alerts."
    ),
    Program(
        name="stop", module="tools.repairs_switch", words=("stop",), purpose="Emergency stop: no repairs from now on."
    ),
    Program(name="start", module="tools.repairs_switch", words=("start",), purpose="Resume repairs."),
    Program(
        name="repairs", module="tools.repairs_switch", words=("status",), purpose="Show whether repairs are running."
    ),
    Program(
        name="release",
        module="tools.release",
        purpose="Lift the budget of the account for this hour, or end the pause of a pool's repairs.",
    ),
    Program(
        name="deploy",
        module="tools.deployment.__main__",
        words=("deploy",),
        purpose="Deploy or change a deployment, in all regions; asks first.",
        needs_build=True,
    ),
    Program(
        name="plan",
        module="tools.deployment.__main__",
        words=("plan",),
        purpose="Show what deploy would change.",
        needs_build=True,
    ),
    Program(
        name="status",
        module="tools.deployment.__main__",
        words=("status",),
        purpose="Show the stacks of all regions.",
    ),
    Program(
        name="rollback",
        module="tools.deployment.__main__",
        words=("rollback",),
        purpose="Roll back a deployment that failed and got stuck.",
    ),
    Program(
        name="delete",
        module="tools.deployment.__main__",
        words=("delete",),
        purpose="Delete the stacks of all regions; the journal stays.",
    ),
)


def find_programs() -> None:
    """Let Python find them."""
    home = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    if str(home) not in sys.path:
        sys.path.insert(0, str(home))


def run_program(program: Program, words: tuple[str, ...]) -> int:
    """Run a program with these words of the caller, and return its exit status."""
    if program.needs_build and "--help" not in words and not (_CHECKOUT / _BUILT).exists():
        print(
            f"mailwarden {program.name} deploys what was built in a checkout. Run it there, after: make build",
            file=sys.stderr,
        )
        return USAGE
    main: Callable[[], int] = importlib.import_module(program.module).main
    before, sys.argv = sys.argv, [f"mailwarden {program.name}", *program.words, *words]
    try:
        return main()
    except SystemExit as ended:
        if isinstance(ended.code, str):
            print(ended.code, file=sys.stderr)
            return 1
        return USAGE if ended.code == _ARGPARSE else ended.code or 0
    finally:
        sys.argv = before
