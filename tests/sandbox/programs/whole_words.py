"""What every text for a terminal is held to: words stay whole, and lines fit."""

from collections.abc import Iterable

from rich.cells import cell_len

# What may stand before a word that is too wide for the terminal: a gutter, or the mark of a difference.
_MARKS = frozenset({"│", "+", "-"})


def assert_whole_words(printed: str, texts: Iterable[str], *, width: int) -> None:
    """Every word of the texts is printed whole, in its order; no line is wider unless it is a single word."""
    words = [word for word in printed.split() if word not in _MARKS]
    for text in texts:
        wanted = [word for word in text.split() if word not in _MARKS]
        assert _contains(words, wanted), f"a word of this text is broken: {text}"
    for line in printed.splitlines():
        single = len([word for word in line.split() if word not in _MARKS]) <= 1
        assert cell_len(line) <= width or single, f"{cell_len(line)} cells: {line}"


def _contains(words: list[str], wanted: list[str]) -> bool:
    """Whether the wanted words follow each other among the words."""
    return any(words[start : start + len(wanted)] == wanted for start in range(len(words) - len(wanted) + 1))
