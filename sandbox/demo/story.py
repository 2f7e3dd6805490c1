"""The whole demo, from the first line to the exit status."""

import json
from collections.abc import Iterable, Iterator, Sequence

from sandbox.demo.checks import Checks
from sandbox.demo.playing import play
from sandbox.demo.result import Result
from sandbox.demo.scene import Explained, Outcome, Repaired, Reported, Scene, Sound, Undone
from sandbox.demo.screen.summary import summary
from sandbox.demo.stage.chat import messages
from sandbox.demo.stage.stage import SETTLE_SECONDS, Stage
from sandbox.demo.stage.waiting import NotSeen, until
from sandbox.terminal import Passage, Screen, Tone

_FUNCTIONS = (
    "InspectFunction",
    "RepairFunction",
    "SweepFunction",
    "TallyFunction",
    "ReputationFunction",
    "AskFunction",
    "OperateFunction",
    "AnnounceFunction",
    "SlackFunction",
)
_DEAD_LETTERS = (
    "HintsDeadLettersUrl",
    "RepairsDeadLettersUrl",
    "DeliveryFailuresDeadLettersUrl",
    "FeedbackDeadLettersUrl",
    "ChatDeadLettersUrl",
    "EventBridgeDeadLettersUrl",
    "FunctionFailuresUrl",
)
_SHOWN_COMPLAINTS = 3
_MARKS_OF_ERRORS = ('"ERROR"', "[ERROR]", "errorType")


def opening(screen: Screen) -> None:
    """Print an introduction."""
    screen.line("Mailwarden keeps the e-mail of Amazon Cognito user pools working.", Tone.STRONG)
    screen.paragraph(
        "This demo deploys it into AWS in a box, an emulator on this machine, and then plays scenes in which calls "
        "break the mail of user pools. It calls no AWS account and removes everything when it ends."
    )
    screen.line()


def play_all(chosen: Sequence[Scene], stage: Stage, screen: Screen, *, of: int) -> bool:
    """Play the scenes in order; returns whether everything went as expected.

    One that fails does not keep the next from being played, unless Mailwarden did not even look.
    """
    try:
        _first_sweep(stage, screen)
    except NotSeen as error:
        screen.paragraph(f"✘ not as expected: {error}", Tone.BAD)
        _complain(stage, screen)
        return False
    results = [Result(scene=scene) for scene in chosen]
    for result in results:
        play(result, stage, screen, of=of)
        if result.verdict is None:
            break
    return _closing(results, stage, screen)


def _first_sweep(stage: Stage, screen: Screen) -> None:
    """Let Mailwarden look at every watched region once, as its schedule does after a deployment. Raises NotSeen."""
    began = stage.now()
    regions = frozenset(stage.watched_regions)
    with screen.waiting("the first sweep") as waiting:
        stage.fire("SweepFunctionEverything")
        until(lambda: stage.records.swept() >= regions or None, what="a complete sweep of every watched region")
        stage.quiet()
        waiting.done(f"first sweep of {len(regions)} regions", (stage.now() - began).total_seconds())
    screen.line()
    screen.paragraph(
        f"RepairMode is safe. SettleSeconds is {SETTLE_SECONDS} here (30 by default): a repair waits that long and "
        "then inspects the pool again, so that it does not interfere with a deployment in progress."
    )


def _closing(results: Sequence[Result], stage: Stage, screen: Screen) -> bool:
    """Show the table, run the final checks; returns whether everything went as expected."""
    checks = _at_the_end(results, stage)
    screen.heading("What happened")
    screen.table(summary(results))
    screen.line()
    failed = [result for result in results if not result.as_expected]
    for result in failed:
        for failure in result.checks.failures or ["not played"]:
            screen.paragraph(f"✘ scene {result.scene.number}, {failure}", Tone.BAD)
    for failure in checks.failures:
        screen.paragraph(f"✘ at the end, {failure}", Tone.BAD)
    if failed or checks.failures:
        _complain(stage, screen)
        return False
    made = checks.made + sum(result.checks.made for result in results)
    screen.paragraph(f"Everything went as expected: {made} checks passed.", Tone.GOOD)
    return True


def how_to_go_on(screen: Screen) -> None:
    """Print the next steps."""
    screen.line()
    screen.entry("make sandbox", Passage(text="the same box with Mailwarden deployed in it, for your own experiments"))
    screen.entry("README.md", Passage(text="how to deploy it to your account: first with RepairMode=off, then safe"))


def _at_the_end(results: Sequence[Result], stage: Stage) -> Checks:
    checks = Checks()
    outcomes = [result.scene.expected.outcome for result in results]
    try:
        stage.quiet()
    except NotSeen as error:
        checks.fail(str(error))
    alerts = sum(_alerts(outcome) for outcome in outcomes)
    # Removing an address from a suppression list is journaled too, and so is an undo.
    written = sum(_writes(outcome) for outcome in outcomes)
    sent = without_growth([str(message.payload.get("text", "")) for message in messages(stage)], outcomes)
    checks.hold("alerts in Slack", len(sent) == alerts, f"expected {alerts}, found {len(sent)}: {'; '.join(sent)}")
    checks.equal("writes in the journal", stage.records.writes(), written)
    for output in _DEAD_LETTERS:
        checks.equal(f"messages in {output.removesuffix('Url')}", stage.waiting_in(output), 0)
    return checks


def without_growth(sent: Iterable[str], outcomes: Iterable[Outcome]) -> list[str]:
    """The messages but for later ones about what grows: whether there is time for these depends on the machine."""
    growing = {outcome.rule for outcome in outcomes if isinstance(outcome, Reported) and outcome.grows}
    counted, seen = [], set[str]()
    for text in sent:
        about = {rule for rule in growing if f"({rule}," in text}
        if not about & seen:
            counted.append(text)
        seen |= about
    return counted


def _alerts(outcome: Outcome) -> int:
    match outcome:
        case Sound() | Explained():
            return 0
        case Repaired() | Reported():
            return 1
        case Undone():
            return 2


def _writes(outcome: Outcome) -> int:
    match outcome:
        case Sound() | Reported():
            return 0
        case Repaired() | Explained():
            return 1
        case Undone():
            return 2


def errors_in(lines: Iterable[str]) -> Iterator[str]:
    """The error lines of a log: of a traceback the last one."""
    in_traceback = False
    for line in lines:
        if line.startswith("Traceback"):
            in_traceback = True
        elif in_traceback and not line.startswith(" "):
            in_traceback = False
            yield line
        elif any(mark in line for mark in _MARKS_OF_ERRORS):
            yield _in_short(line)


def _in_short(line: str) -> str:
    """A structured line reduced to its message and the last line of its traceback."""
    try:
        logged = json.loads(line)
        said = [logged["message"], *logged.get("exception", "").splitlines()[-1:]]
    except (ValueError, TypeError, KeyError):
        return line
    return ": ".join(said)


def _complain(stage: Stage, screen: Screen) -> None:
    """Show the last errors that the functions logged: where to begin to look."""
    found: list[str] = []
    for output in _FUNCTIONS:
        name = stage.box.outputs[output]
        lines = [one["line"] for one in stage.box.control("GET", f"logs/{name}?lines=200")]
        found += [f"{name}: {line}" for line in dict.fromkeys(errors_in(lines))][-_SHOWN_COMPLAINTS:]
    for complaint in found:
        screen.paragraph(complaint, Tone.DIM)
