"""Decisions written down as Markdown tables: the first row that fits decides, and every row has to decide something.

A column whose heading begins with ``→`` says what comes of it, any other one is a condition. A condition that is empty
always holds; ``a, b`` means one of these, ``not a, b`` none of these.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

CASES = Path(__file__).parent / "unit" / "cases" / "decisions"
_ARROW = "→ "
_NOT = "not "


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line: what has to hold (a fact → the values it may have, or must not have), and what comes of it."""

    conditions: Mapping[str, str]
    outcome: Mapping[str, str]

    def fits(self, facts: Mapping[str, str]) -> bool:
        return all(_holds(wanted, facts[name]) for name, wanted in self.conditions.items() if wanted)


@dataclass(slots=True, kw_only=True)
class Table:
    """The rows below one heading; ``used`` are the places of those that decided anything."""

    rows: tuple[Row, ...]
    used: set[int] = field(default_factory=set)

    def decide(self, facts: Mapping[str, str]) -> Mapping[str, str]:
        """What the first row that fits says. Raises LookupError if none does."""
        for place, row in enumerate(self.rows):
            if row.fits(facts):
                self.used.add(place)
                return row.outcome
        raise LookupError(f"no row fits {facts}")

    @property
    def idle(self) -> list[Row]:
        """The rows that decided nothing so far."""
        return [row for place, row in enumerate(self.rows) if place not in self.used]


def table(name: str, heading: str) -> Table:
    """The table below *heading* in ``cases/decisions/<name>.md``."""
    text = (CASES / f"{name}.md").read_text(encoding="utf-8")
    _, found, section = text.partition(f"## {heading}\n")
    if not found:
        raise LookupError(f"{name}.md has no heading {heading!r}")
    lines = [line for line in section.partition("\n## ")[0].splitlines() if line.startswith("|")]
    columns, _, *rows = map(_cells, lines)
    return Table(rows=tuple(_row(columns, cells) for cells in rows))


def combinations(**facts: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Every combination of the values of these facts."""
    for values in product(*facts.values()):
        yield dict(zip(facts, values, strict=True))


def _cells(line: str) -> list[str]:
    return [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]


def _row(columns: list[str], cells: list[str]) -> Row:
    named = dict(zip(columns, cells, strict=True))
    return Row(
        conditions={name: cell for name, cell in named.items() if not name.startswith(_ARROW)},
        outcome={name.removeprefix(_ARROW): cell for name, cell in named.items() if name.startswith(_ARROW)},
    )


def _holds(wanted: str, value: str) -> bool:
    if wanted.startswith(_NOT):
        return value not in wanted.removeprefix(_NOT).split(", ")
    return value in wanted.split(", ")
