"""Draws docs/dashboard.svg from docs/dashboard-series.json; ``--check`` only compares.

The picture shows the stack's dashboard to readers without an account. It is plain SVG, without scripts, external styles
or libraries.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tools.documents.generated import keep  # noqa: E402 - found only now

SERIES = ROOT / "docs" / "dashboard-series.json"
PICTURE = ROOT / "docs" / "dashboard.svg"

WIDTH, HEIGHT = 960, 650
COLORS = ("#1f6fb4", "#2a8f5b", "#8a5ab0")
INK, PALE, LINE = "#1d2733", "#5b6875", "#d5dbe1"
VERDICTS = {"yes": "#2a8f5b", "at risk": "#d99a16", "no": "#c9372c", "unknown": "#7d8995"}
STEPS = ("#7d8995", "#d99a16", "#e0701a", "#c9372c")


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A part of the picture: its corner, the corner of its plot, and the plot's scale.

    ``across`` and ``up`` are the values at the right and upper edge; both begin with 0.
    """

    x: float
    y: float
    title: str
    across: float
    up: float
    width: float = 456
    left: float = 44
    right: float = 14
    top: float = 62
    height: float = 286
    bottom: float = 32

    def at(self, across: float, up: float) -> tuple[float, float]:
        """The position of a value in the picture."""
        wide = self.width - self.left - self.right
        high = self.height - self.top - self.bottom
        return (
            self.x + self.left + wide * across / self.across,
            self.y + self.height - self.bottom - high * up / self.up,
        )


def picture(series: Mapping[str, Any]) -> str:
    """The whole picture."""
    days = [date.fromisoformat(series["first_day"]) + timedelta(days=place) for place in range(7)]
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="Helvetica, Arial, sans-serif" font-size="12" role="img" aria-label="{escape(series["about"])}">'
    )
    parts = [
        opening,
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#f3f5f7"/>',
        *_rates(series["bounce_rate"], days),
        *_suppressed(series["suppressed"]["regions"], days),
        *_verdicts(series["verdicts"]),
        *_repairs(series["repairs"], days),
        _text(16, HEIGHT - 14, series["about"], color=PALE, size=11),
        "</svg>",
        "",
    ]
    return "\n".join(parts)


def _rates(rates: Mapping[str, Any], days: Sequence[date]) -> Iterator[str]:
    panel = Panel(x=16, y=16, title="Bounce rate by SES region", across=7 * 24, up=0.11, right=134)
    yield from _frame(panel)
    yield from _legend(panel, rates["regions"])
    yield from _grid(panel, (0, 0.02, 0.04, 0.06, 0.08, 0.10), lambda value: f"{value * 100:g} %")
    yield from _days(panel, days, middle=12, each=24)
    for step, color in zip(rates["steps"], STEPS, strict=True):
        (left, y), (right, _) = panel.at(0, step["at"]), panel.at(panel.across, step["at"])
        yield f'<path d="M{left:.1f} {y:.1f}H{right:.1f}" stroke="{color}" stroke-dasharray="5 4" fill="none"/>'
        yield _text(right + 6, y + 4, step["label"], color=color, size=11)
    for values, color in zip(rates["regions"].values(), COLORS, strict=True):
        points = [panel.at(hour, value) for hour, value in zip(rates["hours"], values, strict=True)]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        yield f'<path d="M{path}" stroke="{color}" stroke-width="2" stroke-linejoin="round" fill="none"/>'


def _suppressed(regions: Mapping[str, Sequence[int]], days: Sequence[date]) -> Iterator[str]:
    panel = Panel(x=488, y=16, title="Addresses suppressed each day, by region", across=7, up=100)
    yield from _frame(panel)
    yield from _legend(panel, regions)
    yield from _grid(panel, (0, 25, 50, 75, 100), lambda value: f"{value:g}")
    yield from _days(panel, days, middle=0.5, each=1)
    for day in range(len(days)):
        below = 0
        for values, color in zip(regions.values(), COLORS, strict=True):
            yield _bar(panel, day, below, below + values[day], color)
            below += values[day]


def _verdicts(verdicts: Mapping[str, int]) -> Iterator[str]:
    panel = Panel(x=16, y=318, title="Pools by verdict: can they send mail?", across=100, up=4, left=76, right=54)
    yield from _frame(panel)
    for place, (verdict, pools) in enumerate(verdicts.items()):
        (left, top), (right, bottom) = panel.at(0, 3.8 - place), panel.at(pools, 3.2 - place)
        yield _box(left, top, right, bottom, VERDICTS[verdict])
        middle = (top + bottom) / 2 + 4
        yield _text(left - 10, middle, verdict, anchor="end")
        yield _text(right + 8, middle, str(pools), color=PALE)


def _repairs(repairs: Sequence[int], days: Sequence[date]) -> Iterator[str]:
    panel = Panel(x=488, y=318, title="Repairs each day", across=7, up=5)
    yield from _frame(panel)
    yield from _grid(panel, (0, 1, 2, 3, 4, 5), lambda value: f"{value:g}")
    yield from _days(panel, days, middle=0.5, each=1)
    for day, number in enumerate(repairs):
        if number:
            yield _bar(panel, day, 0, number, COLORS[0])


def _frame(panel: Panel) -> Iterator[str]:
    yield (
        f'<rect x="{panel.x}" y="{panel.y}" width="{panel.width}" height="{panel.height}" rx="6" fill="#ffffff" '
        f'stroke="{LINE}"/>'
    )
    yield _text(panel.x + 14, panel.y + 24, panel.title, size=14, weight="bold")


def _legend(panel: Panel, names: Mapping[str, object]) -> Iterator[str]:
    x, y = panel.x + panel.left, panel.y + 46
    for name, color in zip(names, COLORS, strict=True):
        yield f'<rect x="{x:.1f}" y="{y - 9:.1f}" width="10" height="10" rx="2" fill="{color}"/>'
        yield _text(x + 15, y, name, color=PALE, size=11)
        x += 15 + 7 * len(name) + 16


def _grid(panel: Panel, values: Sequence[float], words: Any) -> Iterator[str]:  # noqa: ANN401 - any way of writing a number
    for value in values:
        (left, y), (right, _) = panel.at(0, value), panel.at(panel.across, value)
        yield f'<path d="M{left:.1f} {y:.1f}H{right:.1f}" stroke="{LINE}" fill="none"/>'
        yield _text(left - 6, y + 4, words(value), color=PALE, size=11, anchor="end")


def _days(panel: Panel, days: Sequence[date], *, middle: float, each: float) -> Iterator[str]:
    for place, day in enumerate(days):
        x, y = panel.at(middle + place * each, 0)
        yield _text(x, y + 18, f"{day:%a}", color=PALE, size=11, anchor="middle")


def _bar(panel: Panel, day: float, below: float, above: float, color: str) -> str:
    (left, top), (right, bottom) = panel.at(day + 0.22, above), panel.at(day + 0.78, below)
    return _box(left, top, right, bottom, color)


def _box(left: float, top: float, right: float, bottom: float, color: str) -> str:
    return f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}" fill="{color}"/>'


def _text(
    x: float, y: float, words: str, *, color: str = INK, size: int = 12, anchor: str = "start", weight: str = "normal"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{color}" font-size="{size}" font-weight="{weight}" '
        f'text-anchor="{anchor}">{escape(words)}</text>'
    )


def main() -> int:
    """Draw the picture, or report that it is out of date."""
    return keep(PICTURE, picture(json.loads(SERIES.read_text(encoding="utf-8"))), description=__doc__)


if __name__ == "__main__":
    sys.exit(main())
