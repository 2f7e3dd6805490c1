"""Plays the end of the scene in which an operator undoes a repair: `make undo`, a sweep, `make journal`."""

from collections.abc import Mapping

from sandbox.demo.explaining import make
from sandbox.demo.result import Result
from sandbox.demo.scene import Setting, Undone
from sandbox.demo.screen import telling
from sandbox.demo.stage.chat import messages
from sandbox.demo.stage.pools import Pool
from sandbox.demo.stage.stage import Stage
from sandbox.demo.stage.waiting import until
from sandbox.terminal import Passage, Screen, Tone

# Words of the answer to an undo, by language.
_UNDONE = {"en": "was undone", "ko": "실행 취소했"}


def undo(
    outcome: Undone,
    pool: Pool,
    setting: Setting,
    result: Result,
    stage: Stage,
    screen: Screen,
    *,
    broken: Mapping[str, object],
) -> None:
    """Wait for the repair, undo it, and show that it is not made again. Raises NotSeen."""
    checks = result.checks
    with screen.waiting("Mailwarden repairs"):
        repaired = stage.records.finding(pool.arn, outcome.rule, state="repaired")
        until(lambda: messages(stage, about=(outcome.rule, pool.pool_id)) or None, what="the alert of the repair")
    entry_id = repaired.undo_id or "without an id"
    screen.entry("repair", Passage(lead="✔ written", text=f"in journal entry {entry_id}", tone=Tone.GOOD))
    printed = make(stage, screen, "undo", ID=entry_id, CONFIRM="yes")
    checks.hold("the undo", _UNDONE[stage.language] in printed, "it does not say so")
    checks.equal("the policies", setting.snapshot(), broken)
    with screen.waiting("the next sweep"):
        stage.fire("SweepFunctionEverything")
        stage.quiet()
    finding = stage.records.finding(pool.arn, outcome.rule, state="open")
    checks.equal("handling", finding.handling, "withheld")
    checks.equal("reason", finding.reason, outcome.reason)
    checks.equal("the policies after a sweep", setting.snapshot(), broken)
    screen.entry("next sweep", Passage(lead="✋ no repair:", text="a person undid it", tone=Tone.WARN))
    *_, last = until(
        lambda: found if len(found := messages(stage, about=(outcome.rule, pool.pool_id))) > 1 else None,
        what="the alert after the undo",
    )
    telling.alerted(screen, last, fold=True)
    listed = make(stage, screen, "journal", POOL=pool.pool_id)
    checks.hold("the journal", entry_id in listed and "Undone by" in listed, "it does not show both entries")
    result.done = f"undone {outcome.rule}"
