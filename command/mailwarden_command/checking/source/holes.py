"""Values that are not known before a deployment: each is a hole in a text, numbered, with a label for readers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from mailwarden_command.checking.source.nodes import Place, Scalar

# Private-use characters, which no file of ours has: they are replaced when a file is read.
_OPEN, _CLOSE = "\ue000", "\ue001"
_HOLE = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_OURS = str.maketrans(dict.fromkeys(_OPEN + _CLOSE, "\ufffd"))


@dataclass(slots=True)
class Holes:
    """The holes of one file, with their labels; *of* separates values with the same label."""

    labels: list[str] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def text(self, label: str, *, of: str | None = None) -> str:
        """A text that is only this hole."""
        number = self._numbers.setdefault(of or label, len(self.labels))
        if number == len(self.labels):
            self.labels.append(label)
        return f"{_OPEN}{number}{_CLOSE}"

    def scalar(self, label: str, place: Place, *, of: str | None = None) -> Scalar:
        """A value that is only this hole."""
        return Scalar(place=place, value=self.text(label, of=of))


def without_holes(text: str) -> str:
    """The text of a file, in which the signs of a hole are replaced."""
    return text.translate(_OURS)


def holes_in(text: str) -> tuple[int, ...]:
    """The numbers of the holes in a text."""
    return tuple(dict.fromkeys(int(found[1]) for found in _HOLE.finditer(text)))


def lone_hole(text: str) -> int | None:
    """The number of the hole that is the whole text; None if it is none, or more than one."""
    found = _HOLE.fullmatch(text)
    return None if found is None else int(found[1])


def filled(text: str, values: Mapping[int, str]) -> str:
    """The text with its holes filled; one without a value stays."""
    return _HOLE.sub(lambda found: values.get(int(found[1]), found[0]), text)


def labeled(text: str, labels: list[str]) -> str:
    """The text as readers see it: each hole as ``${label}``."""
    return _HOLE.sub(lambda found: f"${{{labels[int(found[1])]}}}", text)
