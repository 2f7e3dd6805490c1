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
from mailwarden.domain.suppression import INTERRUPTED, Suppressed, SuppressionCount
from mailwarden.domain.suppression_growth import GROWTH_STANDS_FOR, first_count_under_way
from mailwarden.ports.reputation import TokenRejected
from mailwarden.rules.feedback.standing import not_known_because
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


def test_an_empty_list_is_counted_with_a_call_for_each_day_and_one_for_all_and_its_quiet_days_are_known() -> None:
    box = Counting()

    (counted,) = box.run()

    assert (counted.calls, counted.outcome) == (10 + 1, "up to date")
    assert box.known.total == {}
    # The last window was begun after nine others, a call in three seconds.
    assert box.known.counted_to == NOON - timedelta(minutes=5) + timedelta(seconds=24)
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
    box.suppress(*bounces(5, NOON - timedelta(minutes=4)), *bounces(7, NOON - timedelta(days=10)))
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
    box.lists.size = 30
    box.ledger.kills = kills

    runs = run_until_done(box)

    to = box.known.counted_to
    assert to is not None
    first = datetime.combine(TODAY - timedelta(days=9), datetime.min.time(), tzinfo=UTC)
    assert runs == (box.ledger.puts + 1 if kills else 1)
    assert without_empty_days(box.known.added) == by_day(entries, since=first, to=to)
    assert box.known.total == dict(Counter(entry.reason for entry in entries))
    assert len(box.lists.calls) == 9 * 3 + 2 + 79


def test_a_hundred_thousand_entries_take_three_runs_in_the_pace_of_a_guest() -> None:
    box = Counting()
    box.suppress(*some(100_000, days=8))

    counted = [box.run()[0]]
    while counted[-1].outcome != "up to date":
        counted.append(box.run_again(minutes=11)[0])

    # 105 pages of windows of a day and 100 of the recount; the windows of the runs after the first are a page each.
    assert [each.calls for each in counted] == [80, 80, 47]
    assert len(box.time.slept) == 204
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

    calls, days = [], []
    for _ in range(5):
        calls.append(box.run_again()[0].calls)
        counted_to = box.known.counted_to
        assert counted_to is not None
        days.append((counted_to, sum(box.known.added_on(day) for day in box.known.added)))

    # A window that was under way stays as it is; the days before it are known already.
    assert calls == [10] * 5
    assert days == sorted(days)
    assert 0 < days[0][1] < days[1][1] < days[2][1] == 2_000


def test_a_first_count_is_under_way_until_it_comes_to_the_day_it_was_begun_on() -> None:
    box = Counting(budget=15)

    (counted,) = box.run()
    begun = box.known
    box.run_again()
    box.run_again()

    assert (counted.calls, counted.outcome) == (5, "goes on with the next run")
    assert first_count_under_way(begun)
    assert not first_count_under_way(box.known)


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

    assert (counted[VIRGINIA].calls, counted[VIRGINIA].outcome) == (11, "up to date")
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
    box.suppress(*bounces(50, NOON - timedelta(minutes=20)))
    box.lists.size = 10
    box.lists.token_lives = 0

    (counted,) = box.run()

    assert counted.outcome == "SES rejects its own tokens"
    assert counted.calls < 40
    assert box.known.refused == INTERRUPTED


def test_tokens_that_die_between_runs_make_windows_shorter_until_each_is_read_within_a_run() -> None:
    box = Counting()
    box.suppress(*some(3_000, until=NOON - timedelta(hours=13), days=0.4))
    box.lists.size = 10
    box.lists.token_lives = 600

    for _ in range(40):
        box.run_again()

    assert box.known.counted_to is not None
    assert box.time.at - box.known.counted_to < timedelta(minutes=20)
    assert without_empty_days(box.known.added) == by_day(
        box.lists.held[VIRGINIA.region], since=NOON - timedelta(days=9), to=NOON
    )
    # The whole list has 300 pages, and a run reads 80: with tokens that die there is no total.
    assert (box.known.total, box.known.refused) == (None, None)


def test_where_no_window_can_be_read_the_whole_list_is_and_growth_is_unknown_after_a_day() -> None:
    box = Counting()
    box.suppress(*bounces(50, NOON - timedelta(minutes=20)))
    box.lists.size = 10
    box.lists.rejects_windows = True

    for _ in range(20):
        box.run_again()
    meanwhile = not_known_because(box.known.counted_to, box.known.refused, box.time.at, stand_for=GROWTH_STANDS_FOR)
    for _ in range(96):
        box.run_again()

    assert box.known.total == {"BOUNCE": 50}
    assert meanwhile is None
    assert (
        not_known_because(box.known.counted_to, box.known.refused, box.time.at, stand_for=GROWTH_STANDS_FOR)
        == INTERRUPTED
    )


def test_a_refusal_is_kept_with_its_reason_while_the_last_counts_stay_and_goes_with_the_next_window() -> None:
    box = Counting()
    box.suppress(*bounces(30, NOON - timedelta(hours=1)))
    box.run()
    counted_to = box.known.counted_to
    box.lists.answers = {12: DENIED, 13: DENIED}

    refused = box.run_again()[0]
    written = box.ledger.puts
    box.run_again()
    still, written_again = box.known, box.ledger.puts
    box.run_again()

    assert refused.outcome == "AccessDenied: ses:ListSuppressedDestinations in us-east-1"
    assert (still.refused, still.added_on(TODAY), still.total) == (refused.outcome, 30, {"BOUNCE": 30})
    assert still.counted_to == counted_to
    assert written_again == written
    assert box.known.refused is None
    assert box.known.counted_to is not None
    assert box.known.counted_to > NOON + timedelta(minutes=30)


def test_a_throttled_pass_goes_on_where_it_was() -> None:
    box = Counting()
    box.suppress(*some(1_000, days=5))
    box.lists.size = 100
    box.lists.answers = {7: Unread(action="a", region="us-east-1", reason="TooManyRequestsException", passing=True)}
    undisturbed = Counting()
    undisturbed.suppress(*some(1_000, days=5))
    undisturbed.lists.size = 100
    undisturbed.run()
    box.run()

    (counted,) = box.run_again()

    assert counted.outcome == "up to date"
    assert len(box.lists.calls) == len(undisturbed.lists.calls) + 1
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


def test_pools_are_looked_at_once_when_a_day_brings_so_many_that_it_is_told() -> None:
    box = Counting()
    box.run()
    told = []

    for number in (24, 1, 0, 5, 0, 0, 60, 0, 0):
        box.suppress(*bounces(number, box.time.at))
        box.run_again()
        told.append((box.known.added_on(TODAY), hinted(box)))

    assert [number for number, _ in told] == [24, 25, 25, 30, 30, 30, 90, 90, 90]
    assert [hint for _, hint in told] == [False, True, *[False] * 7]


def test_where_a_hundred_a_day_are_usual_pools_are_looked_at_for_three_hundred_and_again_when_it_is_over() -> None:
    box = Counting()
    for back in range(1, 10):
        box.suppress(*bounces(100, NOON - timedelta(days=back)))
    box.suppress(*bounces(150, NOON - timedelta(hours=1)))
    box.run()
    usual = hinted(box)
    told = []

    for number in (100, 49, 1, 0, 0):
        box.suppress(*bounces(number, box.time.at))
        box.run_again()
        told.append(hinted(box))
    next_days = []
    for _ in range(48):
        box.run_again(minutes=60)
        next_days.append(hinted(box))

    assert not usual
    assert told == [False, False, True, False, False]
    assert sum(next_days) == 1
    assert box.ledger.suppressions[VIRGINIA].told is None


def test_a_change_within_the_hour_after_a_hint_is_told_at_the_end_of_it() -> None:
    box = Counting()
    box.time.at = datetime(2026, 3, 2, 23, 40, tzinfo=UTC)
    box.suppress(*bounces(40, box.time.at - timedelta(hours=1)))
    box.run()
    first = hinted(box)
    box.suppress(*bounces(60, datetime(2026, 3, 3, 0, 5, tzinfo=UTC)))

    # From ten past midnight on the new day is the fuller one.
    told = [(box.run_again()[0].hinted, hinted(box)) for _ in range(6)]

    assert first
    assert told == [(False, False)] * 3 + [(True, True)] + [(False, False)] * 2


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
