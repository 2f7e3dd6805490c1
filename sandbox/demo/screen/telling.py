"""How a scene is shown: one function for each of its moments."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sandbox.demo.checks import Checks
from sandbox.demo.result import Result
from sandbox.demo.scene import Act, Scene
from sandbox.demo.screen import slack_text
from sandbox.demo.screen.comparing import Difference, line_by_line
from sandbox.demo.stage.chat import Message
from sandbox.demo.stage.mail import SignUp
from sandbox.demo.stage.pools import Pool
from sandbox.demo.stage.records import Finding, JournalEntry, Look
from sandbox.demo.stage.stage import SETTLE_SECONDS
from sandbox.terminal import Passage, Screen, Tone

_FOLDED = 3
_GUTTER = "│ "
_TONES = {"yes": Tone.GOOD, "no": Tone.BAD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The readings before and after a repair: the number of equal values, and the differences."""

    read: str
    """By which calls."""
    same: int
    differing: tuple[Difference, ...]


def begins(screen: Screen, scene: Scene, *, of: int) -> None:
    """The title and the situation."""
    screen.heading(f"{scene.number}/{of}  {scene.title}")
    screen.paragraph(scene.situation)
    screen.line()


def acted(screen: Screen, act: Act) -> None:
    """Who did what."""
    screen.entry("who did what", Passage(lead=f"{act.who}:", text=f"{act.call}, {act.words}", tone=Tone.STRONG))


def mailed(screen: Screen, label: str, found: SignUp) -> None:
    """One sign-up and its mail."""
    if found.arrived:
        screen.entry(label, Passage(lead="✔ arrived", text=f"at {found.address}, from {found.sender}", tone=Tone.GOOD))
        return
    screen.entry(
        label,
        Passage(
            lead="✘ lost:", text=f"SignUp returned {found.answer}, but no code reaches {found.address}", tone=Tone.BAD
        ),
    )
    screen.block([Passage(text=f"{found.stage}: {found.reason}", tone=Tone.DIM)])


def judged(screen: Screen, look: Look, finding: Finding | None) -> None:
    """The verdict, with the link that decides it."""
    if look.answer == "at risk":
        said = f"this pool can send mail, but its {look.deciding} puts that at risk"
    elif look.deciding is not None:
        said = f"this pool cannot send mail; the first broken link is: {look.deciding}"
    elif finding is None:
        said = "this pool can send mail; no link is broken"
    else:
        said = "this pool can send mail; what was found does not stop it"
    screen.entry("verdict", Passage(lead=f"{look.answer}:", text=said, tone=_TONES.get(look.answer, Tone.WARN)))
    if finding is not None:
        screen.block([Passage(text=f"{finding.rule_id} {finding.rule_name} ({finding.severity})")])


def repaired(screen: Screen, finding: Finding, entry: JournalEntry, *, untouched: Comparison) -> None:
    """The writes from the journal, and the withheld ones."""
    screen.entry("repair", Passage(lead="✔ written", text=f"to {entry.resource}", tone=Tone.GOOD))
    if finding.proposed is not None:
        screen.block(line_by_line(finding.proposed.before, finding.proposed.after, width=screen.block_width))
    tops = dict.fromkeys(_top(each.path) for each in untouched.differing)
    if untouched.same:
        said = f"{untouched.same} values from {untouched.read} are as before. Changed: "
        screen.entry("unchanged", Passage(text=said + ", ".join(tops)))
    screen.entry("journal", Passage(text=f"{entry.outcome}, entry {entry.entry_id}"))


def withheld(screen: Screen, finding: Finding) -> None:
    """That nothing was written, and what would have been; the alert gives the reason."""
    screen.entry("repair", Passage(lead="✋ none:", text="the alert below gives the reason", tone=Tone.WARN))
    if finding.proposed is not None:
        screen.entry("proposed", Passage(text=f"exactly this change to {finding.proposed.resource}:"))
        screen.block(line_by_line(finding.proposed.before, finding.proposed.after, width=screen.block_width))


def alerted(screen: Screen, message: Message, *, fold: bool) -> None:
    """The alert as a reader of the channel sees it; *fold* shortens documents that were shown already."""
    screen.entry("in Slack", Passage(text=f"┌ #{message.channel}", tone=Tone.DIM))
    lines = slack_text.shown(message.payload, width=screen.block_width - len(_GUTTER))
    screen.block(_folded(lines) if fold else lines, gutter=_GUTTER)
    screen.block([Passage(text="└", tone=Tone.DIM)])


def counted(screen: Screen, pool: Pool, counts: Mapping[str, int]) -> None:
    """SES's events about a pool's mail."""
    said = ", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items())) or "nothing"
    screen.entry("counted", Passage(text=f"from the SES events about pool {pool.name}: {said}"))


def took(screen: Screen, result: Result) -> None:
    """How long it took, from the call on."""
    figures = []
    if result.repaired_after is not None:
        figures.append(f"repaired after {result.repaired_after:.1f} s, of which {SETTLE_SECONDS} s are SettleSeconds")
    if result.announced_after is not None:
        figures.append(f"alert after {result.announced_after:.1f} s")
    screen.entry("took", Passage(text="; ".join(figures)))


def ends(screen: Screen, scene: Scene, checks: Checks) -> None:
    """Why it ended like this, or what was not as expected."""
    screen.line()
    if not checks.failures:
        screen.paragraph(scene.lesson, Tone.DIM)
        return
    for failure in checks.failures:
        screen.paragraph(f"✘ not as expected: {failure}", Tone.BAD)


def _folded(lines: Iterable[Passage]) -> Iterator[Passage]:
    """The first lines of each document, and how many more there are."""
    for verbatim, group in itertools.groupby(lines, key=lambda line: line.verbatim):
        part = list(group)
        folds = verbatim and len(part) > _FOLDED
        yield from part[:_FOLDED] if folds else part
        if folds:
            more = len(part) - _FOLDED
            yield Passage(text=f"… {more} more {'line' if more == 1 else 'lines'}", tone=Tone.DIM)


def _top(path: str) -> str:
    """The setting a path belongs to: the part that a reader knows by name."""
    return ".".join(path.split(".")[:2]) if path.startswith("EmailConfiguration") else path.partition(".")[0]
