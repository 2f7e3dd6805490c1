"""How the demo speaks: colors and a moving line on a terminal, plain lines into anything else."""

import os
import shutil
import sys
import textwrap
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Self, TextIO

_NARROWEST, _WIDEST, _WITHOUT_TERMINAL = 60, 120, 100
_MARGIN = 2
_LABEL = 14
_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_SECONDS_PER_FRAME = 0.1
_CLEAR_LINE = "\r\x1b[K"


class Tone(Enum):
    """What a text means; the value is its SGR code."""

    PLAIN = ""
    STRONG = "1"
    DIM = "2"
    BAD = "31"
    GOOD = "32"
    WARN = "33"
    NOTE = "36"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One line or paragraph; `lead` begins it and alone has the tone if there is one."""

    text: str
    tone: Tone = Tone.PLAIN
    lead: str = ""
    verbatim: bool = False
    """Whether it is broken anywhere rather than between words: JSON, for example."""


def broken(text: str, width: int) -> list[str]:
    """Break one line wherever it is too long; what follows is indented a little more."""
    margin = " " * min(len(text) - len(text.lstrip("+- ")) + 2, width // 2)
    first, rest = text[:width], text[width:]
    room = width - len(margin)
    return [first, *(margin + rest[start : start + room] for start in range(0, len(rest), room))]


def wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines of at most `width`; what was indented stays indented, and more so from line to line."""
    lines: list[str] = []
    for line in text.splitlines() or [""]:
        inner = line.lstrip()
        margin = " " * min(len(line) - len(inner), width // 2)
        hanging = margin + "  " if margin else ""
        parts = textwrap.wrap(inner, width, initial_indent=margin, subsequent_indent=hanging, break_on_hyphens=False)
        lines += parts or [""]
    return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Where the story is told."""

    out: TextIO
    width: int
    colors: bool
    moves: bool
    """Whether a line can be drawn over."""
    _writing: threading.RLock = field(default_factory=threading.RLock)

    @classmethod
    def of(cls, out: TextIO, environment: Mapping[str, str] = os.environ) -> Self:
        """Look at what `out` is: colors need a terminal that knows them and no NO_COLOR (https://no-color.org)."""
        terminal = out.isatty() and environment.get("TERM", "dumb") != "dumb"
        columns = shutil.get_terminal_size((_WITHOUT_TERMINAL, 24)).columns
        return cls(
            out=out,
            width=max(_NARROWEST, min(columns, _WIDEST)),
            colors=terminal and not environment.get("NO_COLOR"),
            moves=terminal,
        )

    @property
    def block_width(self) -> int:
        """How wide the lines of a block may be."""
        return self.width - _MARGIN - _LABEL

    def paint(self, text: str, tone: Tone) -> str:
        """The text in the color of its tone, where there are colors."""
        return f"\x1b[{tone.value}m{text}\x1b[0m" if self.colors and tone is not Tone.PLAIN and text else text

    def line(self, text: str = "", tone: Tone = Tone.PLAIN) -> None:
        """Write one line as it is."""
        with self._writing:
            print(self.paint(text, tone), file=self.out, flush=True)

    def heading(self, left: str, right: str = "") -> None:
        """Begin a part of the story."""
        room = self.width - len(left) - len(right) - 3
        self.line()
        self.line(self.paint(left, Tone.STRONG) + " " + self.paint("─" * max(room, 1), Tone.DIM) + f" {right}".rstrip())

    def paragraph(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Write running text at the margin."""
        for line in wrapped(text, self.width - _MARGIN):
            self.line(" " * _MARGIN + self.paint(line, tone))

    def entry(self, label: str, *texts: Text) -> None:
        """Write paragraphs beside their label."""
        for text in texts:
            for line in self._painted(text, self.block_width):
                self.line((" " * _MARGIN + self.paint(label.ljust(_LABEL), Tone.DIM) + line).rstrip())
                label = ""

    def block(self, lines: Iterable[Text], *, gutter: str = "") -> None:
        """Write lines below an entry, each behind the gutter."""
        for text in lines:
            room = self.block_width - len(gutter)
            for line in self._painted(text, room):
                self.line((" " * (_MARGIN + _LABEL) + self.paint(gutter, Tone.DIM) + line).rstrip())

    def _painted(self, text: Text, width: int) -> list[str]:
        if text.verbatim:
            return [self.paint(line, text.tone) for line in broken(text.text, width)]
        if not text.lead:
            return [self.paint(line, text.tone) for line in wrapped(text.text, width)]
        first, *others = wrapped(f"{text.lead} {text.text}", width)
        end = len(text.lead)
        return [self.paint(first[:end], text.tone) + first[end:], *others]

    @contextmanager
    def waiting(self, text: str) -> "Iterator[Waiting]":
        """Show that something takes its time, with its seconds; nothing of it stays."""
        waiting = Waiting(screen=self, text=text)
        thread = threading.Thread(target=waiting.draw, daemon=True)
        if self.moves:
            thread.start()
        try:
            yield waiting
        finally:
            waiting.over.set()
            if self.moves:
                thread.join()
                self.draw("")

    def draw(self, text: str) -> None:
        """Draw over the current line and stay on it."""
        with self._writing:
            self.out.write(_CLEAR_LINE + text)
            self.out.flush()


@dataclass(slots=True, kw_only=True)
class Waiting:
    """A line that moves until what it names is over; it can be given another name meanwhile."""

    screen: Screen
    text: str
    began: float = field(default_factory=time.monotonic)
    over: threading.Event = field(default_factory=threading.Event)

    def now(self, text: str) -> None:
        """Something else takes its time from now on."""
        self.text, self.began = text, time.monotonic()

    def done(self, text: str, seconds: float) -> None:
        """Leave a line about something that is over."""
        if self.screen.moves:
            self.screen.draw("")
        figure = f"{seconds:5.1f} s"
        room = self.screen.width - 2 * _MARGIN - len(figure)
        self.screen.line(" " * _MARGIN + f"{text[:room]:<{min(room, 56)}}" + self.screen.paint(figure, Tone.DIM))

    def draw(self) -> None:
        """Draw the line until it is over."""
        frame = 0
        while not self.over.wait(_SECONDS_PER_FRAME):
            mark = self.screen.paint(_FRAMES[frame % len(_FRAMES)], Tone.NOTE)
            figure = f"{time.monotonic() - self.began:.0f} s"
            text = self.text[: self.screen.width - _MARGIN - len(figure) - 4]
            self.screen.draw(" " * _MARGIN + f"{mark} {text} {self.screen.paint(figure, Tone.DIM)}")
            frame += 1


def on_standard_output() -> Screen:
    """The screen of this program; characters that its encoding lacks become question marks."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    return Screen.of(sys.stdout)
