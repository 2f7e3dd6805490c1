"""Runs that count suppression lists, and what they find there."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.reputation.feedback import SuppressionGrowth
from mailwarden.domain.reputation.suppression_count import Suppressed, SuppressionCount
from mailwarden.service.reputation.suppression_list_counter import Counted, SuppressionCounter
from tests.builders import ACCOUNT, NOON
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.ledger.reputation import InMemorySuppressionCounts
from tests.fakes.queues import InMemoryHintQueue
from tests.fakes.reputation import HeldLists, PassingTime

VIRGINIA = SesAccountRef(partition="aws", region="us-east-1", account=ACCOUNT)
IRELAND = SesAccountRef(partition="aws", region="eu-west-1", account=ACCOUNT)
FRANKFURT = SesAccountRef(partition="aws", region="eu-central-1", account=ACCOUNT)
TODAY, YESTERDAY = NOON.date(), NOON.date() - timedelta(days=1)
DENIED = Unreadable(action="ses:ListSuppressedDestinations", region="us-east-1", reason="AccessDenied")


class Killed(BaseException):
    """The function is stopped by Lambda: nothing can catch it."""


@dataclass(slots=True, kw_only=True)
class MortalCounts(InMemorySuppressionCounts):
    """Counts whose writer dies after, or instead of, every write of a count while ``kills`` is set."""

    kills: str = ""
    puts: int = 0

    def put(self, count: SuppressionCount, *, replaces: int | None) -> bool:
        self.puts += 1
        if self.kills == "instead":
            self.kills = ""
            raise Killed
        # Within a class with slots, super() without arguments does not find its class.
        put = InMemorySuppressionCounts.put(self, count, replaces=replaces)
        if self.kills == "after":
            raise Killed
        return put


@dataclass(slots=True)
class Counting:
    """Runs of 240 seconds, a quarter of an hour apart."""

    time: PassingTime = field(default_factory=PassingTime)
    counts: MortalCounts = field(default_factory=MortalCounts)
    ledger: InMemoryLedger = field(init=False)
    hints: InMemoryHintQueue = field(default_factory=InMemoryHintQueue)
    lists: HeldLists = field(init=False)
    budget: float = 240

    def __post_init__(self) -> None:
        self.lists = HeldLists(time=self.time)
        self.ledger = InMemoryLedger(counts=self.counts)

    def run(self, *accounts: SesAccountRef) -> list[Counted]:
        counter = SuppressionCounter(
            lists=self.lists,
            counts=self.ledger.counts,
            turns=self.ledger.turns,
            hints=self.hints,
            clock=self.time,
            sleep=self.time.sleep,
            monotonic=self.time.monotonic,
            least_suppressed=25,
        )
        return list(counter.count(accounts or (VIRGINIA,), until=self.time.monotonic() + self.budget))

    def run_again(self, *, minutes: float = 15) -> list[Counted]:
        self.time.pass_by(minutes=minutes)
        return self.run()

    def suppress(self, *entries: Suppressed) -> None:
        self.lists.held.setdefault(VIRGINIA.region, []).extend(entries)

    @property
    def known(self) -> SuppressionGrowth:
        growth = self.ledger.feedback.of(VIRGINIA).suppression
        assert growth is not None
        return growth


def bounces(number: int, at: datetime, *, reason: str = "BOUNCE") -> list[Suppressed]:
    return [Suppressed(reason=reason, updated_at=at)] * number


def some(number: int, *, until: datetime = NOON, days: float = 30) -> Iterator[Suppressed]:
    """So many entries spread evenly over the last days, every tenth of them a complaint."""
    for place in range(number):
        at = until - timedelta(days=days) * ((place + 1) / number)
        yield Suppressed(reason="COMPLAINT" if place % 10 == 0 else "BOUNCE", updated_at=at.replace(microsecond=0))


def by_day(entries: Iterable[Suppressed], *, since: datetime, to: datetime) -> dict[date, dict[str, int]]:
    """What a single look over the whole list would count."""
    counts: dict[date, Counter[str]] = {}
    for entry in entries:
        if since <= entry.updated_at < to:
            counts.setdefault(entry.updated_at.date(), Counter())[entry.reason] += 1
    return {day: dict(reasons) for day, reasons in counts.items()}


def without_empty_days(added: Mapping[date, Mapping[str, int]]) -> dict[date, Mapping[str, int]]:
    return {day: reasons for day, reasons in added.items() if reasons}


def run_until_done(box: Counting) -> int:
    runs = 0
    while True:
        runs += 1
        try:
            if box.run()[0].outcome == "up to date":
                return runs
        except Killed:
            # Lambda starts a new one at once.
            continue
        box.time.pass_by(seconds=5)
