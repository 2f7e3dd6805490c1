"""How the demo and `python -m sandbox up` print: colors and a moving line on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Self, TextIO

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from tools.screen.terminal import console_for, laid_out, show

_MARGIN = 2
_LABEL = 14
_STEP = 56


class Tone(Enum):
    """The meaning of a passage; the value is its style."""

    PLAIN = ""
    STRONG = "bold"
    DIM = "dim"
    BAD = "red"
    GOOD = "green"
    WARN = "yellow"
    NOTE = "cyan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One line or paragraph; `lead` begins it and alone has the tone if there is one."""

    text: str
    tone: Tone = Tone.PLAIN
    lead: str = ""
    verbatim: bool = False
    """Whether it is a line of a document, JSON for example, and not running text."""

    def styled(self) -> Text:
        """The passage with its colors."""
        if not self.lead:
            return Text(self.text, self.tone.value)
        return Text.assemble((self.lead, self.tone.value), f" {self.text}" if self.text else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """The screen of the story."""

    console: Console

    @classmethod
    def on(cls, out: TextIO, *, width: int | None = None) -> Self:
        """The screen of a stream; without a width, as wide as its terminal."""
        return cls(console=console_for(out, width=width))

    @property
    def width(self) -> int:
        """How many cells a line has."""
        return self.console.width

    @property
    def block_width(self) -> int:
        """How wide the lines of a block may be."""
        return self.width - _MARGIN - _LABEL

    def line(self, text: str = "", tone: Tone = Tone.PLAIN) -> None:
        """Write one line as it is."""
        show(self.console, [Text(text, tone.value)])

    def heading(self, title: str) -> None:
        """Begin a part of the story."""
        self.line()
        self.console.print(Rule(Text(title, Tone.STRONG.value), align="left", style=Tone.DIM.value))

    def paragraph(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Write running text at the margin."""
        margin = " " * _MARGIN
        show(self.console, laid_out(Text(text, tone.value), self.width, first=margin, then=margin))

    def entry(self, label: str, passage: Passage) -> None:
        """Write a paragraph beside its label."""
        first = Text.assemble(" " * _MARGIN, (label.ljust(_LABEL), Tone.DIM.value))
        show(self.console, laid_out(passage.styled(), self.width, first=first, then=" " * (_MARGIN + _LABEL)))

    def block(self, passages: Iterable[Passage], *, gutter: str = "") -> None:
        """Write lines below an entry, each behind the gutter."""
        margin = " " * (_MARGIN + _LABEL)
        for passage in passages:
            if not gutter:
                show(self.console, laid_out(passage.styled(), self.width, first=margin, then=margin))
                continue
            for line in laid_out(passage.styled(), self.block_width - len(gutter)):
                show(self.console, [Text.assemble(margin, (gutter, Tone.DIM.value), line)])

    def table(self, table: Table) -> None:
        """Write a table, whose columns shrink to the width of the screen."""
        self.console.print(table)

    @contextmanager
    def waiting(self, text: str) -> "Iterator[Waiting]":
        """Show that something takes its time, with its seconds; nothing of it stays."""
        columns = (
            TextColumn(" "),
            SpinnerColumn(style=Tone.NOTE.value),
            TextColumn("{task.description}", markup=False),
            TextColumn("{task.elapsed:.0f} s", style=Tone.DIM.value, markup=False),
        )
        moves = self.console.is_terminal and not self.console.is_dumb_terminal
        with Progress(*columns, console=self.console, transient=True, disable=not moves) as progress:
            yield Waiting(screen=self, progress=progress, task=progress.add_task(text, total=None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A line that moves until what it names is over; it can be given another name meanwhile."""

    screen: Screen
    progress: Progress
    task: TaskID

    def now(self, text: str) -> None:
        """Something else takes its time from now on."""
        self.progress.reset(self.task, description=text)

    def done(self, text: str, seconds: float) -> None:
        """Leave a line about something that is over."""
        figure = f"{seconds:5.1f} s"
        line = Text(" " * _MARGIN + text)
        line.truncate(self.screen.width - _MARGIN - len(figure), overflow="ellipsis")
        line.pad_right(max(0, min(_STEP + _MARGIN, self.screen.width - _MARGIN - len(figure)) - line.cell_len))
        show(self.screen.console, [line.append(figure, Tone.DIM.value)])


def on_standard_output() -> Screen:
    """The screen of this program; characters that its encoding lacks become question marks."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    return Screen.on(sys.stdout)
