"""Verdicts at a glance: the number of pools by verdict, in all and by region."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from mailwarden.domain.mail_path.verdict import Answer
from mailwarden_command.audit.report import WORST_FIRST, AuditReport
from mailwarden_command.output.html.wording import key_of, shown

# The width of a bar, in the units of its view box.
BAR = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BarPart:
    """A part of a bar: where it begins and how wide it is, of ``BAR``."""

    key: str
    start: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictBar:
    """The pools of a region, or of all of them: a number for each verdict, the worst first; ``refusal`` as a text."""

    account: str
    region: str
    total: int
    counts: tuple[tuple[str, int], ...]
    parts: tuple[BarPart, ...]
    refusal: str


def total_of(report: AuditReport) -> VerdictBar:
    """All pools of the report."""
    return _bar("", "", report.verdicts, "")


def regions_of(report: AuditReport) -> tuple[VerdictBar, ...]:
    """Every region with pools, or whose pools could not be listed: those with the most lost mail first."""
    counted: dict[tuple[str, str], Counter[Answer]] = {}
    for explained in report.pools:
        ref = explained.path.pool.ref
        counted.setdefault((ref.account, ref.region), Counter())[explained.verdict.answer] += 1
    for unread in report.unread:
        counted.setdefault((unread.ref.account, unread.ref.region), Counter())[Answer.UNKNOWN] += 1
    refusals = {
        (account.account, region.region): shown(region.refusal.message)
        for account in report.accounts
        for region in account.regions
        if region.refusal is not None
    }
    places = {**dict.fromkeys(counted), **dict.fromkeys(refusals)}
    bars = (_bar(*place, counted.get(place, Counter()), refusals.get(place, "")) for place in places)
    return tuple(sorted(bars, key=lambda bar: ([-number for _, number in bar.counts], bar.account, bar.region)))


def empty_regions(report: AuditReport) -> int:
    """The number of regions that were listed and have no pool."""
    return sum(
        region.pools == 0 and region.refusal is None for account in report.accounts for region in account.regions
    )


def _bar(account: str, region: str, counts: Mapping[Answer, int], refusal: str) -> VerdictBar:
    numbers = tuple((key_of(answer), counts[answer]) for answer in WORST_FIRST)
    total = sum(number for _, number in numbers)
    parts: list[BarPart] = []
    start = 0.0
    for key, number in numbers:
        width = BAR * number / total if total else 0.0
        if number:
            parts.append(BarPart(key=key, start=round(start, 2), width=round(width, 2)))
        start += width
    return VerdictBar(account=account, region=region, total=total, counts=numbers, parts=tuple(parts), refusal=refusal)
