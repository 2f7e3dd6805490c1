"""Whether a suppression list grows unusually fast. MW705 and the counter of the list share this condition.

So pools are looked at exactly when its result changes.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from mailwarden.domain.reputation.feedback import SuppressionGrowth

# A long list needs more than one run: until then the last count is used.
GROWTH_STANDS_FOR = timedelta(days=1)
# The number of stored days of growth, including the current one; the first count begins that far back.
DAYS_KEPT = 10
# Growth is compared with the days before; with fewer known days the usual number is unknown.
_DAYS_COMPARED = 7
_FEWEST_DAYS = 3
_TIMES_USUAL = 3
# Without a usual day to compare with, only a large number is reported.
_TIMES_LEAST = 4


def first_count_under_way(growth: SuppressionGrowth) -> bool:
    """Whether the first count has not reached its starting day: so far it only covers past days.

    Days are dropped only beyond the stored number, so until then there are fewer.
    """
    return len(growth.added) < DAYS_KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class FullestDay:
    """The day with more growth of today and yesterday, and the number from which it is reported.

    ``usual`` is the mean of the days before both, None while too few are known.
    """

    day: date
    number: int
    usual: float | None
    enough: float

    @property
    def is_told(self) -> bool:
        """Whether its growth reaches that number."""
        return self.number >= self.enough


def fullest_day(growth: SuppressionGrowth, *, today: date, least: int) -> FullestDay:
    """Compare the fuller one of today and yesterday with usual days; fewer than *least* are never reported."""
    yesterday = today - timedelta(days=1)
    day = max((today, yesterday), key=growth.added_on)
    usual = _usual(growth, before=yesterday)
    enough = least * _TIMES_LEAST if usual is None else max(least, _TIMES_USUAL * usual)
    return FullestDay(day=day, number=growth.added_on(day), usual=usual, enough=enough)


def _usual(growth: SuppressionGrowth, *, before: date) -> float | None:
    """The mean of the days before; days are known from the first counted day on, even without entries."""
    first = min(growth.added, default=before)
    days = [before - timedelta(days=back) for back in range(1, _DAYS_COMPARED + 1)]
    known = [day for day in days if day >= first]
    return sum(map(growth.added_on, known)) / len(known) if len(known) >= _FEWEST_DAYS else None
