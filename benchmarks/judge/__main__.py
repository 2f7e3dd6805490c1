"""Compares the evaluator with an independent one, and writes docs/judge.md: ``make judge``.

    python -m benchmarks.judge [--cases 15000] [--seed N] [--date 2026-11-29]

A difference that AWS's documentation does not explain ends with exit code 1 and the smallest case that has it.
"""

import argparse
import json
import random
import sys
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[2] / "layers" / "core"))

from benchmarks.judge import mutations
from benchmarks.judge.comparison import Compared, Result, compared, shrunk
from benchmarks.judge.differences import explanation
from benchmarks.judge.oracle import Oracle
from benchmarks.judge.page import EXPLAINED, Figures, page_of
from benchmarks.judge.questions import question

PAGE = Path(__file__).parents[2] / "docs" / "judge.md"
# By mode, in parts of the whole.
SHARES = {"exact": 10, "service": 3, "role": 2}
_MOST_SHOWN = 10


def main() -> int:
    """Print what differs without an explanation, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.judge", description=__doc__)
    parser.add_argument("--cases", type=int, default=15_000)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--policies", type=int, default=2_500)
    parser.add_argument("--seed", type=int, default=20261129)
    parser.add_argument("--date", type=date.fromisoformat, default=datetime.now(tz=UTC).date())
    arguments = parser.parse_args()
    differing: list[Compared] = []
    unexplained: list[Compared] = []
    rows: dict[str, Counter[str]] = {}
    times: dict[str, float] = {}
    reasons = Counter[str]()
    with Oracle() as oracle:
        for mode, share in SHARES.items():
            chance = random.Random(f"{arguments.seed} {mode}")  # noqa: S311 - cases, not secrets
            cases = [question(chance, mode) for _ in range(arguments.cases * share // sum(SHARES.values()))]
            answers = oracle.answers(case.asked(context) for case in cases for context in case.contexts)
            rows[mode] = Counter()
            for case in cases:
                said = [next(answers) for _ in case.contexts]
                began = process_time()
                found = compared(case, said)
                times[mode] = times.get(mode, 0.0) + process_time() - began
                rows[mode][found.result] += 1
                if found.result is Result.DIFFER:
                    differing.append(found)
        for found in differing:
            # The least case that has the difference: nothing in it may explain another one.
            least = shrunk(found, oracle)
            why = explanation(least)
            if why is None:
                unexplained.append(least)
            else:
                reasons[why] += 1
                rows[found.question.mode].update({Result.DIFFER: -1, EXPLAINED: 1})
    for found in unexplained[:_MOST_SHOWN]:
        _show(found)
    tried = {
        "events": mutations.events(arguments.events, arguments.seed),
        "policies": mutations.policies(arguments.policies, arguments.seed),
    }
    figures = Figures(on=arguments.date, seed=arguments.seed, rows=rows, seconds=times, reasons=reasons, tried=tried)
    PAGE.write_text(page_of(figures), encoding="utf-8")
    for name, each in tried.items():
        for crash in each.crashes[:_MOST_SHOWN]:
            print(f"{name}: {crash}")
    return 1 if unexplained or any(each.crashes for each in tried.values()) else 0


def _show(found: Compared) -> None:
    policies = json.dumps(found.question.policies, ensure_ascii=False)
    context = json.dumps(found.context, ensure_ascii=False)
    print(f"ours: {found.ours}, the judge's: {found.theirs}\n  {policies}\n  {found.question.action} {context}")


if __name__ == "__main__":
    sys.exit(main())
