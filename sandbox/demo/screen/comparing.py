"""The differences between two documents: leaf by leaf for checks, line by line for readers."""

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sandbox.terminal import Passage, Tone
from tools.screen.json_text import compact

_AROUND = 1
_TONES = {"+": Tone.GOOD, "-": Tone.BAD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One leaf that is not the same: its path, and how it reads on both sides (None: not there)."""

    path: str
    before: str | None
    after: str | None


def differences(before: object, after: object) -> tuple[Difference, ...]:
    """Every leaf that differs, in the order of their paths."""
    old, new = leaves(before), leaves(after)
    return tuple(
        Difference(path=path, before=old.get(path), after=new.get(path))
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path)
    )


def leaves(document: object) -> dict[str, str]:
    """Path → value of everything that holds no other thing; an empty list or object counts as a leaf."""
    return dict(_leaves("", document)) if document else {}


def _leaves(path: str, value: object) -> Iterator[tuple[str, str]]:
    match value:
        case Mapping() if value:
            for name, inner in value.items():
                yield from _leaves(f"{path}.{name}" if path else str(name), inner)
        case list() if value:
            for number, inner in enumerate(value):
                yield from _leaves(f"{path}[{number}]", inner)
        case _:
            yield path, json.dumps(value, default=str)


def line_by_line(before: str, after: str, *, width: int) -> list[Passage]:
    """Two JSON texts as one: lines that go, lines that come, and a line of what stays around them."""
    old, new = (compact(text, width=width - 2).splitlines() for text in (before, after))
    shown = list(difflib.unified_diff(old, new, n=_AROUND, lineterm=""))[2:]
    return [
        Passage(text=f"{line[:1]} {line[1:]}".rstrip(), tone=_TONES.get(line[:1], Tone.DIM), verbatim=True)
        for line in shown
        if not line.startswith("@@")
    ]
