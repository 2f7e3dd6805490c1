"""Texts in columns of a mail: a syllable of Hangul is as wide as two Latin letters (Unicode Annex 11)."""

import textwrap
import unicodedata

from mailwarden.presentation.steps import held_together, let_go

_DOUBLE = frozenset("WF")
# Stands behind each wide character while a text is broken into lines, so that its length is its width.
_SECOND_CELL = "\ue001"


def width_of(text: str) -> int:
    """The width of a text, in cells."""
    return len(_in_cells(text))


def labeled(label: str, text: str, *, column: int, width: int) -> str:
    """A text in lines of at most *width* cells, from *column* on, behind its label; words and commands stay whole."""
    return _filled(text, first=_in_cells(label) + " " * (column - width_of(label)), further=" " * column, width=width)


def indented(text: str, *, by: str, width: int) -> str:
    """A text in lines of at most *width* cells, each indented, and those after the first one once more."""
    return _filled(text, first=by, further=2 * by, width=width)


def _filled(text: str, *, first: str, further: str, width: int) -> str:
    return let_go(
        textwrap.fill(
            _in_cells(held_together(text)),
            width=width,
            initial_indent=first,
            subsequent_indent=further,
            break_long_words=False,
            break_on_hyphens=False,
        ).replace(_SECOND_CELL, "")
    )


def _in_cells(text: str) -> str:
    if text.isascii():
        return text
    return "".join(
        f"{character}{_SECOND_CELL}" if unicodedata.east_asian_width(character) in _DOUBLE else character
        for character in text
    )
