"""Lays a table out in a given width: columns shrink and their cells wrap, the widest first."""

from collections.abc import Sequence

from sandbox.demo.terminal import wrapped

_GAP = "  "
_NARROWEST = 6


def table(titles: Sequence[str], rows: Sequence[Sequence[str]], *, width: int) -> list[str]:
    """The lines of a table: titles, a rule, rows; no line is wider than `width` if the columns can shrink to that."""
    widths = _widths([titles, *rows], width)
    lines = _laid_out(titles, widths)
    lines.append(_GAP.join("─" * each for each in widths))
    for row in rows:
        lines += _laid_out(row, widths)
    return lines


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    words = [
        max((len(word) for cell in column for word in cell.split()), default=1) for column in zip(*rows, strict=True)
    ]
    room = width - len(_GAP) * (len(widths) - 1)
    # Whole words first; if even they do not fit, words are broken too.
    for least in (words, [_NARROWEST] * len(widths)):
        while sum(widths) > room:
            slack = [have - need for have, need in zip(widths, least, strict=True)]
            if max(slack) <= 0:
                break
            widths[max(range(len(widths)), key=lambda column: (slack[column] > 0, widths[column]))] -= 1
    return widths


def _laid_out(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    cells = [wrapped(cell, width) for cell, width in zip(row, widths, strict=True)]
    height = max(len(cell) for cell in cells)
    return [
        _GAP.join(
            (cell[number] if number < len(cell) else "").ljust(width) for cell, width in zip(cells, widths, strict=True)
        ).rstrip()
        for number in range(height)
    ]
