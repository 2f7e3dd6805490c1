"""Counts a suppression list page by page: the next request, and the effect of each page. It survives interruption.

Two passes share one record. *Growth* counts the entries added or renewed within a window of at most a day; only a
complete window is added to the result, in the same write that moves its end, so that no entry counts twice. The
*recount* counts the whole list by reason, once a day. Both store the token of the next page and their partial counts.

A token may expire between two runs. So a window with an expired token restarts with half its length, until one run can
read it, and the other pass goes first.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.reputation.feedback import SuppressionGrowth
from mailwarden.domain.reputation.suppression_growth import DAYS_KEPT, fullest_day
from mailwarden.message import Message, message

# An entry may become visible shortly after its own time.
_SETTLED = timedelta(minutes=5)
# A run that is repeated at once, for instance after a failure, has nothing new to count.
_SHORTEST_WINDOW = timedelta(minutes=5)
_LONGEST_WINDOW = timedelta(days=1)
# The minimum length of a shortened window.
_SHORTEST_HALF = timedelta(minutes=15)
INTERRUPTED = message("suppression.interrupted")
_RECOUNT_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed:
    """One entry of the list, without its address."""

    reason: str
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressedPage:
    """A page of the list; ``after`` is the token of the next one, None on the last."""

    entries: tuple[Suppressed, ...]
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthPass:
    """Counting the entries with ``since`` <= time < ``to``; ``counts`` by UTC day and reason, of the pages so far."""

    since: datetime
    to: datetime
    counts: Mapping[date, Mapping[str, int]] = field(default_factory=dict)
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecountPass:
    """Counting the whole list; ``counts`` by reason, of the pages so far."""

    started_at: datetime
    counts: Mapping[str, int] = field(default_factory=dict)
    after: str | None = None


type Pass = GrowthPass | RecountPass


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressionCount:
    """The counts of an account's list and the passes in progress; ``revision`` counts the writes, 0 before the first.

    ``told`` is the day whose growth caused the last look at the pools, None if there is none: MW705's result at that
    look.
    """

    account: SesAccountRef
    known: SuppressionGrowth = field(default_factory=lambda: SuppressionGrowth(counted_to=None))
    growth: GrowthPass | None = None
    recount: RecountPass | None = None
    told: date | None = None
    revision: int = 0


def pass_due(count: SuppressionCount, *, now: datetime, rejected: Collection[type[Pass]] = ()) -> Pass | None:
    """The pass whose next page is due; None when everything is counted.

    Growth comes first, but a pass of which SES *rejected* a token in this run comes after the other.
    """
    due = [each for each in (_growth_due(count, now), _recount_due(count, now)) if each is not None]
    return min(due, key=lambda each: type(each) in rejected, default=None)


def _growth_due(count: SuppressionCount, now: datetime) -> GrowthPass | None:
    """The window in progress or the next one. The first begins nine days back, so that a typical day is known soon."""
    if count.growth is not None:
        return count.growth
    until = (now - _SETTLED).astimezone(UTC).replace(microsecond=0)
    counted_to = count.known.counted_to
    first = datetime.combine(_first_day(until.date()), time.min, tzinfo=UTC)
    since = first if counted_to is None else max(first, counted_to)
    return (
        GrowthPass(since=since, to=min(until, since + _LONGEST_WINDOW)) if until - since >= _SHORTEST_WINDOW else None
    )


def _recount_due(count: SuppressionCount, now: datetime) -> RecountPass | None:
    if count.recount is not None:
        return count.recount
    counted_at = count.known.total_at
    return RecountPass(started_at=now) if counted_at is None or now - counted_at >= _RECOUNT_EVERY else None


def after_page(count: SuppressionCount, under_way: Pass, page: SuppressedPage) -> SuppressionCount:
    """The count after the next page of a pass; the last page completes the pass.

    The reason of an interruption stays until a window is complete: MW705 depends on it.
    """
    known = count.known
    match under_way:
        case GrowthPass(since=since, to=to):
            within = (entry for entry in page.entries if since <= entry.updated_at < to)
            by_day = _with_days(under_way.counts, within)
            if page.after is not None:
                return _written(
                    count,
                    known=known,
                    growth=replace(under_way, counts=by_day, after=page.after),
                    recount=count.recount,
                )
            grown = replace(known, refused=None, counted_to=to, added=_added(known, by_day, since=since, to=to))
            return _written(count, known=grown, growth=None, recount=count.recount)
        case RecountPass():
            counts = _with_reasons(under_way.counts, page.entries)
            if page.after is not None:
                return _written(
                    count, known=known, growth=count.growth, recount=replace(under_way, counts=counts, after=page.after)
                )
            counted = replace(known, total=counts, total_at=under_way.started_at)
            return _written(count, known=counted, growth=count.growth, recount=None)


def after_rejection(count: SuppressionCount, under_way: Pass, *, now: datetime) -> SuppressionCount:
    """The count after SES rejected a pass's token: the pass restarts, a window with its first half only.

    Only growth records a refusal: a total is always shown with its time.
    """
    match under_way:
        case GrowthPass(since=since, to=to):
            half = max((to - since) / 2, _SHORTEST_HALF)
            known = replace(count.known, refused=INTERRUPTED)
            shorter = GrowthPass(since=since, to=min(to, (since + half).replace(microsecond=0)))
            return _written(count, known=known, growth=shorter, recount=count.recount)
        case RecountPass():
            return _written(count, known=count.known, growth=count.growth, recount=RecountPass(started_at=now))


def after_refusal(count: SuppressionCount, *, because: Message) -> SuppressionCount:
    """The count after SES refused a page: counts and passes in progress stay."""
    known = replace(count.known, refused=because)
    return _written(count, known=known, growth=count.growth, recount=count.recount)


def told_by_now(count: SuppressionCount, *, least: int, today: date) -> date | None:
    """The day whose growth is reported, None if there is none; a result other than ``told`` causes a look."""
    fullest = fullest_day(count.known, today=today, least=least)
    return fullest.day if fullest.is_told else None


def _written(
    count: SuppressionCount, *, known: SuppressionGrowth, growth: GrowthPass | None, recount: RecountPass | None
) -> SuppressionCount:
    return replace(count, known=known, growth=growth, recount=recount, revision=count.revision + 1)


def _first_day(last: date) -> date:
    return last - timedelta(days=DAYS_KEPT - 1)


def _added(
    known: SuppressionGrowth, by_day: Mapping[date, Mapping[str, int]], *, since: datetime, to: datetime
) -> dict[date, dict[str, int]]:
    """The stored days, including days without an entry: from the first one on they are known to be empty."""
    begun = min(known.added, default=since.date())
    first = max(begun, _first_day(to.date()))
    days = [first + timedelta(days=number) for number in range((to.date() - first).days + 1)]
    return {day: _together(known.added.get(day, {}), by_day.get(day, {})) for day in days}


def _with_days(
    counts: Mapping[date, Mapping[str, int]], entries: Iterable[Suppressed]
) -> dict[date, Mapping[str, int]]:
    by_day: dict[date, dict[str, int]] = {day: dict(reasons) for day, reasons in counts.items()}
    for entry in entries:
        reasons = by_day.setdefault(entry.updated_at.astimezone(UTC).date(), {})
        reasons[entry.reason] = reasons.get(entry.reason, 0) + 1
    return dict(by_day)


def _with_reasons(counts: Mapping[str, int], entries: Iterable[Suppressed]) -> dict[str, int]:
    by_reason = dict(counts)
    for entry in entries:
        by_reason[entry.reason] = by_reason.get(entry.reason, 0) + 1
    return by_reason


def _together(left: Mapping[str, int], right: Mapping[str, int]) -> dict[str, int]:
    return {reason: left.get(reason, 0) + right.get(reason, 0) for reason in sorted({*left, *right})}
