"""The report of a run as Markdown, for an issue: it has no account, address, token or actor."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import boto3
import botocore

from tools.doctor.lines import counted
from tools.live_check.event_bodies import CallLine
from tools.live_check.facts import FACTS, Verdict
from tools.live_check.scratch_run import ScratchRun


def report(run: ScratchRun, calls: Sequence[CallLine], left: Sequence[str], *, begun: datetime) -> str:
    """The whole report."""
    return "\n".join([*_head(run, begun), *_facts(run), *_calls(calls), *_bodies(run), *_rest(run, left)])


def _head(run: ScratchRun, begun: datetime) -> Iterator[str]:
    counts = {verdict: sum(each.verdict is verdict for each in run.observations.made) for verdict in Verdict}
    yield "# Live check of Mailwarden"
    yield ""
    yield from _table(
        ("", ""),
        [
            ("begun", f"{begun:%Y-%m-%d %H:%M} UTC"),
            ("regions", f"pools {run.region}, SES {run.ses_region}"),
            ("SDK", f"boto3 {boto3.__version__}, botocore {botocore.__version__}"),
            ("observations", ", ".join(f"{number} {verdict}" for verdict, number in counts.items())),
        ],
    )


def _facts(run: ScratchRun) -> Iterator[str]:
    yield from ("", "## Facts", "")
    rows = []
    for fact in FACTS:
        for verdict in Verdict:
            alike = [each for each in run.observations.of(fact) if each.verdict is verdict]
            if alike:
                seen = dict.fromkeys(": ".join(part for part in (each.what, each.seen) if part) for each in alike)
                rows.append((fact.id, fact.text, str(verdict), "; ".join(each for each in seen if each)))
    yield from _table(("fact", "", "result", "seen"), rows)


def _calls(calls: Sequence[CallLine]) -> Iterator[str]:
    yield from ("", "## Calls", "")
    rows = [(f"`{each.operation}`", each.region, each.rule, each.after, each.read_as) for each in calls]
    yield from _table(("call", "region", "rule", "event after", "read as"), rows)


def _bodies(run: ScratchRun) -> Iterator[str]:
    yield from ("", "## Bodies", "")
    for title, body in sorted(run.bodies.items()):
        yield f"<details><summary>{title}</summary>"
        yield from ("", "```json", json.dumps(body, indent=1, sort_keys=True, default=str), "```", "", "</details>", "")


def _rest(run: ScratchRun, left: Sequence[str]) -> Iterator[str]:
    if run.notes:
        yield from ("## What did not work", "", *(f"- {each}" for each in run.notes), "")
    yield from ("## Left behind", "")
    # Names and commands of the operator's own account: on the terminal, not in a public issue.
    yield f"{counted(len(left), 'resource')}, listed on the terminal." if left else "Nothing."


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(each.replace('|', chr(92) + '|') for each in row)} |"
