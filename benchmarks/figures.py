"""Measured figures with their targets, and the table that shows them."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measured value and its target.

    ``limit`` is the maximum, or with ``at_least`` the minimum; None without a target. ``unit`` follows the number;
    ``note`` explains it.
    """

    what: str
    value: float
    limit: float | None = None
    unit: str = ""
    at_least: bool = False
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the figure meets its target, if it has one."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def row(self) -> tuple[str, str, str, str, str]:
        """The table's row: figure, value, target, their ratio, and the verdict."""
        if self.limit is None:
            return self.what, _number(self.value, self.unit), "", "", self.note
        sign = "≥" if self.at_least else "≤"
        verdict = "met" if self.is_met else "MISSED"
        return (
            self.what,
            _number(self.value, self.unit),
            f"{sign} {_number(self.limit, self.unit)}",
            f"{self.value / self.limit:.2f}" if self.limit else "",
            f"{verdict}  {self.note}".rstrip(),
        )


def show(figures: Iterable[Figure]) -> None:
    """Print them as one table."""
    rows = [("figure", "measured", "target", "ratio", ""), *(figure.row() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        first, *numbers = (f"{counter_key:<{width}}" for counter_key, width in zip(row[:4], widths, strict=True))
        print(f"{first}  {'  '.join(number.strip().rjust(len(number)) for number in numbers)}  {row[4]}")


def _number(value: float, unit: str) -> str:
    text = f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.2f}"
    return f"{text} {unit}".rstrip()
