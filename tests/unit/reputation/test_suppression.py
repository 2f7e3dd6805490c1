"""Suppression lists are counted once and completely, however often a run dies, in the pace of a guest."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from mailwarden.domain.feedback import SuppressionGrowth
from mailwarden.domain.hints import SesAccountHint
from mailwarden.domain.readings import Unread
from mailwarden.domain.subjects import SesAccountRef
from mailwarden.domain.suppression import Suppressed, SuppressionCount
from mailwarden.ports.reputation import TokenRejected
from mailwarden.service.counting_suppressed import Counted, SuppressionCounter
from tests.builders import ACCOUNT, NOON
from tests.fakes.ledger import InMemoryLedger
from tests.fakes.queues import InMemoryHintQueue
from tests.fakes.reputation import HeldLists, PassingTime

VIRGINIA = SesAccountRef(partition="aws", region="us-east-1", account=ACCOUNT)
IRELAND = SesAccountRef(partition="aws", region="eu-west-1", account=ACCOUNT)
FRANKFURT = SesAccountRef(partition="aws", region="eu-central-1", account=ACCOUNT)
TODAY, YESTERDAY = NOON.date(), NOON.date() - timedelta(days=1)
DENIED = Unread(action="ses:ListSuppressedDestinations", region="us-east-1", reason="AccessDenied")


class Killed(BaseException):
    """The function is stopped by Lambda: nothing can catch it."""


@dataclass(slots=True, kw_only=True)
class MortalLedger(InMemoryLedger):
    """A ledger whose writer dies after, or instead of, every write of a count while ``kills`` is set."""

    kills: str = ""
    puts: int = 0

    def put_suppression_count(self, count: SuppressionCount, *, replaces: int | None) -> bool:
        self.puts += 1
        if self.kills == "instead":
            self.kills = ""
            raise Killed
        # Within a class with slots, super() without arguments does not find its class.
        put = InMemoryLedger.put_suppression_count(self, count, replaces=replaces)
        if self.kills == "after":
            raise Killed
        return put


@dataclass(slots=True)
class Counting:
    """Runs of 240 seconds, a quarter of an hour apart."""

    time: PassingTime = field(default_factory=PassingTime)
    ledger: MortalLedger = field(default_factory=MortalLedger)
    hints: InMemoryHintQueue = field(default_factory=InMemoryHintQueue)
    lists: HeldLists = field(init=False)
    budget: float = 240

    def __post_init__(self) -> None:
        self.lists = HeldLists(time=self.time)

    def run(self, *accounts: SesAccountRef) -> list[Counted]:
        counter = SuppressionCounter(
            lists=self.lists,
            ledger=self.ledger,
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
        growth = self.ledger.feedback(VIRGINIA).suppression
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


def test_an_empty_list_is_counted_with_two_calls_and_its_quiet_days_are_known() -> None:
    box = Counting()

    (counted,) = box.run()

    assert (counted.calls, counted.outcome) == (2, "up to date")
    assert box.known.total == {}
    assert box.known.counted_to == NOON - timedelta(minutes=5)
    assert list(box.known.added) == [TODAY - timedelta(days=back) for back in range(9, -1, -1)]
    assert not any(box.known.added.values())


def test_a_run_right_after_another_asks_for_nothing() -> None:
    box = Counting()
    box.run()

    (counted,) = box.run_again(minutes=1)

    assert (counted.calls, counted.outcome) == (0, "up to date")


def test_each_run_counts_what_came_since_the_last_one_and_the_whole_list_once_a_day() -> None:
    box = Counting()
    box.run()

    calls = [box.run_again()[0].calls for _ in range(2 * 96)]

    assert sorted(Counter(calls).items()) == [(1, 190), (2, 2)]


def test_entries_are_counted_by_day_and_reason_and_those_too_new_with_the_next_run() -> None:
    box = Counting()
    box.suppress(*bounces(3, NOON - timedelta(hours=1)), *bounces(2, NOON - timedelta(hours=13), reason="COMPLAINT"))
    box.suppress(*bounces(5, NOON - timedelta(minutes=5)), *bounces(7, NOON - timedelta(days=10)))
    (counted,) = box.run()
    before = box.known

    box.run_again()

    assert (counted.added_today, counted.on_the_list) == (3, 17)
    assert without_empty_days(before.added) == {TODAY: {"BOUNCE": 3}, YESTERDAY: {"COMPLAINT": 2}}
    assert before.total == {"BOUNCE": 15, "COMPLAINT": 2}
    assert box.known.added[TODAY] == {"BOUNCE": 8}


def test_the_ends_of_windows_belong_to_one_window_each() -> None:
    box = Counting()
    box.run()
    end = box.known.counted_to
    assert end is not None
    second = timedelta(seconds=1)
    box.suppress(*bounces(1, end - second), *bounces(10, end), *bounces(100, end + timedelta(minutes=20)))

    box.run_again()
    after_one = box.known.added_on(TODAY)
    box.run_again()

    # The first of them was put too late for its window to see it: a clock ran ahead by more than five minutes.
    assert after_one == 10
    assert box.known.added_on(TODAY) == 110


def test_only_the_last_ten_days_are_kept() -> None:
    box = Counting()
    box.suppress(*some(900, days=9))
    box.run()

    for _ in range(4):
        box.run_again(minutes=24 * 60)

    assert list(box.known.added) == [TODAY + timedelta(days=4 - back) for back in range(9, -1, -1)]
    assert all(box.known.added_on(TODAY + timedelta(days=day)) == 0 for day in range(1, 5))


def test_after_a_long_stop_the_days_in_between_are_counted() -> None:
    box = Counting()
    box.run()
    box.time.pass_by(days=12)
    box.suppress(*bounces(6, NOON + timedelta(days=2)), *bounces(4, NOON + timedelta(days=8)))

    box.run()

    assert without_empty_days(box.known.added) == {TODAY + timedelta(days=8): {"BOUNCE": 4}}
    assert len(box.known.added) == 10


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


@pytest.mark.parametrize("kills", ["", "after"])
def test_a_list_of_many_pages_is_counted_once_even_if_the_run_dies_after_every_page(kills: str) -> None:
    box = Counting(budget=1_000_000)
    entries = list(some(2_345))
    box.suppress(*entries)
    box.lists.size = 100
    box.ledger.kills = kills

    runs = run_until_done(box)

    to = NOON - timedelta(minutes=5)
    first = datetime.combine(TODAY - timedelta(days=9), datetime.min.time(), tzinfo=UTC)
    assert runs == (box.ledger.puts + 1 if kills else 1)
    assert box.known.counted_to == to
    assert without_empty_days(box.known.added) == by_day(entries, since=first, to=to)
    assert box.known.total == dict(Counter(entry.reason for entry in entries))
    assert len(box.lists.calls) == 24 + 8


def test_a_hundred_thousand_entries_take_three_runs_in_the_pace_of_a_guest() -> None:
    box = Counting()
    box.suppress(*some(100_000, days=8))

    counted = [box.run()[0]]
    while counted[-1].outcome != "up to date":
        counted.append(box.run_again(minutes=11)[0])

    # 100 pages of the window and 100 of the recount; the windows of the runs after the first are a page each.
    assert [each.calls for each in counted] == [80, 80, 42]
    assert len(box.time.slept) == 199
    assert all(later - earlier >= 3 - 1e-6 for (_, earlier), (_, later) in pairwise(box.lists.calls))
    assert box.known.total == {"BOUNCE": 90_000, "COMPLAINT": 10_000}
    assert sum(box.known.added_on(day) for day in box.known.added) == 100_000


def test_a_page_that_was_read_and_not_kept_is_read_again_and_counts_once() -> None:
    box = Counting(budget=1_000_000)
    entries = list(some(2_345))
    box.suppress(*entries)
    box.lists.size = 100

    for _ in range(200):
        box.ledger.kills = "instead"
        with pytest.raises(Killed):
            box.run()
        box.budget = 0.1
        box.run()
        box.budget = 1_000_000
        if box.known.total is not None and box.ledger.suppressions[VIRGINIA].growth is None:
            break

    assert box.known.total == dict(Counter(entry.reason for entry in entries))
    assert sum(box.known.added_on(day) for day in box.known.added) == sum(
        1 for entry in entries if NOON - timedelta(days=9, hours=12) <= entry.updated_at < NOON - timedelta(minutes=5)
    )


def test_a_run_ends_when_its_time_is_up_and_the_next_one_goes_on() -> None:
    box = Counting(budget=30)
    entries = list(some(2_000, days=5))
    box.suppress(*entries)
    box.lists.size = 100

    first = box.run()[0]
    second = box.run_again()[0]
    counted_to, number = box.known.counted_to, sum(box.known.added_on(day) for day in box.known.added)
    third = box.run_again()[0]

    assert (first.calls, first.outcome) == (10, "goes on with the next run")
    assert second.calls == third.calls == 10
    # The window that was under way stays as it is; what came meanwhile is in the one after it.
    assert (counted_to, number) == (NOON - timedelta(minutes=5), 1_999)
    assert sum(box.known.added_on(day) for day in box.known.added) == 2_000


def test_no_region_is_asked_more_often_than_every_three_seconds_and_all_get_the_same_time() -> None:
    box = Counting(budget=90)
    for account in (VIRGINIA, IRELAND, FRANKFURT):
        box.lists.held[account.region] = list(some(50_000))

    counted = box.run(VIRGINIA, IRELAND, FRANKFURT)

    assert [each.calls for each in counted] == [30, 30, 30]
    for account in (VIRGINIA, IRELAND, FRANKFURT):
        times = [at for region, at in box.lists.calls if region == account.region]
        assert all(later - earlier >= 3 - 1e-6 for earlier, later in pairwise(times))


def test_a_short_list_leaves_its_time_to_a_long_one() -> None:
    box = Counting(budget=90)
    box.lists.held[IRELAND.region] = list(some(50_000))

    counted = {each.account: each for each in box.run(VIRGINIA, IRELAND)}

    assert (counted[VIRGINIA].calls, counted[VIRGINIA].outcome) == (2, "up to date")
    assert counted[IRELAND].calls == 30


def test_a_rejected_token_begins_the_pass_anew_and_counts_nothing_twice() -> None:
    box = Counting(budget=1_000_000)
    entries = list(some(1_000, days=5))
    box.suppress(*entries)
    box.lists.size = 100
    box.lists.answers = {4: TokenRejected(), 20: TokenRejected()}

    (counted,) = box.run()

    assert counted.outcome == "up to date"
    assert sum(box.known.added_on(day) for day in box.known.added) == 1_000
    assert box.known.total == {"BOUNCE": 900, "COMPLAINT": 100}
    assert box.known.refused is None


def test_a_list_whose_tokens_are_always_rejected_is_left_alone_until_the_next_run() -> None:
    box = Counting()
    box.suppress(*some(1_000, days=5))
    box.lists.size = 100
    box.lists.answers = {2: TokenRejected(), 4: TokenRejected()}

    (counted,) = box.run()

    assert (counted.calls, counted.outcome) == (4, "SES rejects its own tokens")
    assert box.known.refused == "SES rejects its own tokens"
    assert box.known.counted_to is None


def test_a_refusal_is_kept_with_its_reason_while_the_last_counts_stay_and_goes_with_the_next_page() -> None:
    box = Counting()
    box.suppress(*bounces(30, NOON - timedelta(hours=1)))
    box.run()
    box.lists.answers = {3: DENIED, 4: DENIED}

    refused = box.run_again()[0]
    written = box.ledger.puts
    box.run_again()
    still, written_again = box.known, box.ledger.puts
    box.run_again()

    assert refused.outcome == "AccessDenied: ses:ListSuppressedDestinations in us-east-1"
    assert (still.refused, still.added_on(TODAY), still.total) == (refused.outcome, 30, {"BOUNCE": 30})
    assert still.counted_to == NOON - timedelta(minutes=5)
    assert written_again == written
    assert box.known.refused is None
    assert box.known.counted_to is not None
    assert box.known.counted_to > NOON + timedelta(minutes=30)


def test_a_throttled_pass_goes_on_where_it_was() -> None:
    box = Counting()
    box.suppress(*some(1_000, days=5))
    box.lists.size = 100
    box.lists.answers = {5: Unread(action="a", region="us-east-1", reason="TooManyRequestsException", passing=True)}
    box.run()

    (counted,) = box.run_again()

    # Six pages of the window were left, then ten of the recount; what came since is the next run's.
    assert counted.calls == 6 + 1 + 10
    assert sum(box.known.added_on(day) for day in box.known.added) == 1_000


def test_what_fails_at_one_list_is_told_and_stops_no_other() -> None:
    box = Counting()
    box.lists.answers = {1: RuntimeError("odd")}

    counted = {each.account: each for each in box.run(VIRGINIA, IRELAND)}

    assert isinstance(counted[VIRGINIA].error, RuntimeError)
    assert counted[VIRGINIA].outcome == "failed: RuntimeError"
    assert (counted[IRELAND].error, counted[IRELAND].outcome) == (None, "up to date")


def test_of_two_runs_at_once_one_gives_way_and_nothing_counts_twice() -> None:
    box = Counting(budget=1_000_000)
    box.suppress(*some(1_000, days=5))
    box.lists.size = 100
    other = Counting(time=box.time, ledger=box.ledger, budget=1_000_000)
    other.lists = box.lists
    box.lists.answers = {}
    pages = box.lists.page
    interrupted: list[Counted] = []

    class Interrupting(HeldLists):
        def page(self, account: SesAccountRef, **asked: object) -> object:  # type: ignore[override]
            if len(box.lists.calls) == 3:
                interrupted.extend(other.run())
            return pages(account, **asked)  # type: ignore[arg-type]

    box.lists = Interrupting(time=box.time, held=box.lists.held, size=100, calls=box.lists.calls)

    (counted,) = box.run()

    assert counted.outcome == "another run is counting"
    assert interrupted[0].outcome == "up to date"
    assert sum(box.known.added_on(day) for day in box.known.added) == 1_000
    assert box.known.total == {"BOUNCE": 900, "COMPLAINT": 100}


def hinted(box: Counting) -> bool:
    hints = box.hints.take_all()
    assert hints in ([], [SesAccountHint(account=VIRGINIA, asks_anew=True)])
    return bool(hints)


def test_pools_are_looked_at_when_a_day_brings_enough_and_again_only_if_it_brings_more_an_hour_later() -> None:
    box = Counting()
    box.run()
    told = []

    for number in (24, 1, 0, 5, 0, 0, 0, 0, 0):
        box.suppress(*bounces(number, box.time.at))
        box.run_again()
        told.append((box.known.added_on(TODAY), hinted(box)))

    assert told == [
        (24, False),
        (25, True),
        (25, False),
        (30, False),
        (30, False),
        (30, True),
        (30, False),
        (30, False),
        (30, False),
    ]


def test_what_came_before_midnight_is_told_after_it() -> None:
    box = Counting()
    box.time.at = datetime(2026, 3, 2, 23, 50, tzinfo=UTC)
    box.run()
    box.suppress(*bounces(40, box.time.at))

    box.run_again()

    assert box.known.added_on(TODAY) == 40
    assert hinted(box)


def test_a_list_that_was_long_before_is_no_reason_to_look() -> None:
    box = Counting()
    box.suppress(*bounces(5_000, NOON - timedelta(days=20)), *bounces(80, NOON - timedelta(days=3)))

    box.run()

    assert box.known.total == {"BOUNCE": 5_080}
    assert not hinted(box)
