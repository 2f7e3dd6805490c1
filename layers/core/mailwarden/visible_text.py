"""The visible part of a text: without control and direction characters, and with one space for several in a row."""

import unicodedata

_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
# The fillers of Hangul are letters without a form (Unicode, Default_Ignorable_Code_Point).
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")


def on_one_line(text: str) -> str:
    """The text on one line, without hidden characters, with single spaces."""
    # The only printable white space is the space.
    if _is_visible(text) and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text
    return " ".join(_visible(text, keep="").split())


def on_lines(text: str) -> str:
    """The text with its line breaks, without any other hidden character."""
    return _visible(text, keep="\n")


def _visible(text: str, *, keep: str) -> str:
    if _is_visible(text):
        return text
    return "".join(character if character in keep or not _is_hidden(character) else " " for character in text)


def _is_visible(text: str) -> bool:
    """Whether no character is hidden, as in nearly every text."""
    # Printable characters are those of no category "Other" or "Separator", and the space.
    return text.isprintable() and (text.isascii() or _FILLERS.isdisjoint(text))


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in _HIDDEN or character in _FILLERS
