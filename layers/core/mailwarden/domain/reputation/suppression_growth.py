"""Whether so many addresses come onto a suppression list that it is told: MW705 asks, and so does who counts the list.

The same question with the same answer: pools are looked at when it changes, and only then.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from mailwarden.domain.reputation.feedback import SuppressionGrowth

# A long list takes more than one run to be counted on: until then the last count stands.
GROWTH_STANDS_FOR = timedelta(days=1)
# Growth is kept for so many days, the one that is counted among them; the first count of all begins that far back.
DAYS_KEPT = 10
# Growth is told against the days before; with fewer known days nobody knows what is usual.
_DAYS_COMPARED = 7
_FEWEST_DAYS = 3
_TIMES_USUAL = 3
# Without any usual day to compare with, only a number that is much by any measure is told.
_TIMES_LEAST = 4


def first_count_under_way(growth: SuppressionGrowth) -> bool:
    """Whether the very first count has not come to the day it was begun on: what it has so far is of days long past.

    Days are dropped only once there are more than are kept, so until then there are fewer.
    """
    return len(growth.added) < DAYS_KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class FullestDay:
    """Of today and yesterday the day that brought more, and from which number on that is told.

    ``usual`` is the mean of the days before both, None while too few of them are known.
    """

    day: date
    number: int
    usual: float | None
    enough: float

    @property
    def is_told(self) -> bool:
        """Whether it brought so many."""
        return self.number >= self.enough


def fullest_day(growth: SuppressionGrowth, *, today: date, least: int) -> FullestDay:
    """How the fuller one of today and yesterday compares with usual days; fewer than *least* are never told."""
    yesterday = today - timedelta(days=1)
    day = max((today, yesterday), key=growth.added_on)
    usual = _usual(growth, before=yesterday)
    enough = least * _TIMES_LEAST if usual is None else max(least, _TIMES_USUAL * usual)
    return FullestDay(day=day, number=growth.added_on(day), usual=usual, enough=enough)


def _usual(growth: SuppressionGrowth, *, before: date) -> float | None:
    """The mean of the days before; a day is known from the first that was ever counted on, also if it brought none."""
    first = min(growth.added, default=before)
    days = [before - timedelta(days=back) for back in range(1, _DAYS_COMPARED + 1)]
    known = [day for day in days if day >= first]
    return sum(map(growth.added_on, known)) / len(known) if len(known) >= _FEWEST_DAYS else None
