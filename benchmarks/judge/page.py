"""Makes docs/judge.md from the figures of a run."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from benchmarks.judge.comparison import Result
from benchmarks.judge.differences import EXPLANATIONS
from benchmarks.judge.mutations import Tried
from benchmarks.judge.oracle import FOLDER

EXPLAINED = "explained"
_RESULTS = (*(result.value for result in Result if result is not Result.DIFFER), EXPLAINED, Result.DIFFER.value)
_HEAD = """\
# The evaluator of sending policies, judged

Written by `make judge` on {on}, seed {seed}. Do not edit it.

`{judge}` {version} evaluates IAM policies independently of Mailwarden. It is a tool of
development in no artifact, and has a license of its own (AGPL-3.0-or-later).

## Agreement

A case has one to three random sending policies and a caller. Mode *exact*: every condition key is known. Modes
*service* and *role*: Mailwarden's own callers, each in four contexts that agree with its knowledge; a decided answer
has to be right in all four.

"""
_NOTES = """
*Maybe denied*: for Mailwarden no statement allows it, and one may deny it; for the judge one denies it. No mail either
way. *Undecidable*: for Mailwarden the answer depends on a value or a reading that AWS does not document.

## Differences that AWS's documentation explains

Each difference was reduced to the least case that has it. The written cases are in `tests/unit/cases/policy/`.

"""
_MUTATIONS = """
## Mutations

Random changes of sample events and random policies: members are dropped, retyped, repeated, huge, nested and corrupt.
A refusal is an answer; anything else that is raised would be a crash.

| of | tried | crashes | mean CPU ms | worst CPU ms | ended |
|---|--:|--:|--:|--:|---|
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A run: by mode, how often each result came and how many seconds Mailwarden took; and the mutations."""

    on: date
    seed: int
    rows: Mapping[str, Counter[str]]
    seconds: Mapping[str, float]
    reasons: Counter[str]
    tried: Mapping[str, Tried]


def page_of(figures: Figures) -> str:
    """The whole page."""
    pinned = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["dependencies"]
    ((judge, version),) = pinned.items()
    names = ["mode", "cases", *_RESULTS[:-1], "unexplained", "CPU ms a case"]
    table = [f"| {' | '.join(names)} |", f"|---|{'--:|' * (len(names) - 1)}"]
    table += [_row(mode, counts, figures.seconds[mode]) for mode, counts in figures.rows.items()]
    explained = ["| kind | cases | difference | AWS | written case |", "|---|--:|---|---|---|"]
    explained += [
        f"| {name} | {figures.reasons[name]:,} | {each.text} | [page]({each.page}) "
        f"| `{each.case[0]}.json`: {each.case[1]} |"
        for name, each in EXPLANATIONS.items()
    ]
    return "".join(
        [
            _HEAD.format(on=figures.on.isoformat(), seed=figures.seed, judge=judge, version=version),
            "".join(f"{line}\n" for line in table),
            _NOTES,
            "".join(f"{line}\n" for line in explained),
            _MUTATIONS,
            "".join(f"{_tried(name, each)}\n" for name, each in figures.tried.items()),
        ]
    )


def _row(mode: str, counts: Counter[str], seconds: float) -> str:
    number = sum(counts.values())
    cells = [mode, f"{number:,}", *(f"{counts[name]:,}" for name in _RESULTS), f"{seconds * 1000 / max(number, 1):.2f}"]
    return f"| {' | '.join(cells)} |"


def _tried(name: str, tried: Tried) -> str:
    number = sum(tried.ended.values()) + len(tried.crashes)
    ended = ", ".join(f"{count:,} {kind}" for kind, count in tried.ended.most_common())
    mean = tried.total / max(number, 1)
    return f"| {name} | {number:,} | {len(tried.crashes)} | {mean:.2f} | {tried.worst:.0f} | {ended} |"
