"""The output of every program for a terminal: rich decides about colors, and no word, id or ARN is ever broken."""

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO, override

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

WIDTH = 100
"""The width of a text where the width of the terminal is unknown."""

_NARROWEST, _WIDEST = 40, 120
_CLOSED_PIPE = 141
# The least indentation of a continued line: its own indentation, behind the mark of a difference.
_INDENTATION = re.compile(r"(?:[+-] )?\s*")
# A number and its unit are one word; rich breaks at every kind of space, so another character holds their place.
_UNIT = re.compile(r"(?<=\d) (?=(?:%|s|ms|KB|MB)(?![\w%]))")
_BOUND = "\ue000"
_HANGUL = re.compile("[가-힣]")


def as_sentence(text: str) -> str:
    """A clause as a sentence; Korean begins with no capital, and may begin with the name of a pool."""
    return f"{text}." if _HANGUL.search(text) else f"{text[:1].upper()}{text[1:]}."


def console_for(out: TextIO, *, width: int | None = None) -> Console:
    """A console for a stream: colors only on a terminal that knows them and without NO_COLOR."""
    chosen = width or max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((WIDTH, 24)).columns))
    return PipedConsole(file=out, width=chosen, highlight=False, markup=False, emoji=False)


def fitted(text: str, cells: int) -> str:
    """The text in exactly so many cells: with spaces behind it, or its beginning and an ellipsis."""
    return set_cell_size(text, cells) if cell_len(text) <= cells else f"{set_cell_size(text, cells - 1)}…"


class PipedConsole(Console):
    """A console whose reader may leave: the error is the program's to handle."""

    @override
    def on_broken_pipe(self) -> None:
        """Let the program end as after any other broken pipe; rich would end it with 1."""
        raise BrokenPipeError


def show(console: Console, lines: Iterable[Text]) -> None:
    """Print lines that are laid out already; a word that is too wide is left to the terminal."""
    for line in lines:
        console.print(line, soft_wrap=True)


def laid_out(text: Text | str, width: int, *, first: Text | str = "", then: str = "") -> list[Text]:
    """A text in lines of at most *width* cells, broken between words only.

    *first* precedes its first line, *then* the others. A word that finds no room beside them starts
    further left on a line of its own; only a word that is wider than *width* makes a wider line.
    """
    before = first if isinstance(first, Text) else Text(first)
    room = width - max(before.cell_len, cell_len(then))
    lines: list[Text] = []
    for line in _wrapped(text if isinstance(text, Text) else Text(text), room):
        prefix = before if not lines else Text(then)
        if line.cell_len > room:
            if not lines and before.plain.strip():
                lines.append(before)
            prefix = Text(" " * max(0, width - line.cell_len))
        lines.append(Text.assemble(prefix, line))
    for line in lines:
        line.rstrip()
    return lines


def _wrapped(text: Text, room: int) -> Iterator[Text]:
    """Break each line of a text; an indented line stays indented, and a little more from line to line."""
    console = Console(width=max(room, 1))
    for line in text.split("\n", allow_blank=True):
        if line.cell_len <= room:
            yield line
            continue
        found = _INDENTATION.match(line.plain)
        margin = min(found.end() if found else 0, room // 2)
        start, rest = line.divide([margin]) if margin else (Text(), line)
        hanging = " " * (margin + 2 if margin else 0)
        # Set on the text, and not passed to `wrap`: only then are words that are too wide neither folded nor cropped.
        rest.overflow = "ignore"
        rest.plain = _UNIT.sub(_BOUND, rest.plain)
        for number, part in enumerate(rest.wrap(console, max(room - len(hanging), 1)) or [rest]):
            part.rstrip()
            part.plain = part.plain.replace(_BOUND, " ")
            if number == 0 and start.cell_len + part.cell_len > room:
                # Its indentation is given up for a word that is too wide, its mark of a difference is not.
                start = start[: len(start.plain.split(" ")[0]) + 1] if start.plain.strip() else Text()
            yield Text.assemble(start if number == 0 else hanging[: max(0, room - part.cell_len)], part)


def run(main: Callable[[], int]) -> None:
    """Run a program: marks that the terminal lacks become question marks, and a reader that leaves is no error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:
        # The rest of the buffer would be written again at the end of the interpreter.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = _CLOSED_PIPE
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)
