"""What SES refuses of a suppression list, and what goes wrong at one, costs no count and no other list."""

from datetime import timedelta

from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.reputation.suppression_count import INTERRUPTED
from mailwarden.domain.reputation.suppression_growth import GROWTH_STANDS_FOR
from mailwarden.ports.reputation.suppression_lists import TokenRejected
from mailwarden.rules.feedback.rates import not_known_because
from mailwarden.service.reputation.suppression_list_counter import Counted
from tests.builders import NOON
from tests.fakes.reputation import HeldLists
from tests.texts import english
from tests.unit.reputation.counting import (
    DENIED,
    IRELAND,
    TODAY,
    VIRGINIA,
    Counting,
    bounces,
    by_day,
    some,
    without_empty_days,
)


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
    written = box.counts.puts
    box.run_again()
    still, written_again = box.known, box.counts.puts
    box.run_again()

    assert refused.outcome == "AccessDenied: ses:ListSuppressedDestinations in us-east-1"
    assert (english(still.refused), still.added_on(TODAY), still.total) == (refused.outcome, 30, {"BOUNCE": 30})
    assert still.counted_to == counted_to
    assert written_again == written
    assert box.known.refused is None
    assert box.known.counted_to is not None
    assert box.known.counted_to > NOON + timedelta(minutes=30)


def test_a_throttled_pass_goes_on_where_it_was() -> None:
    box = Counting()
    box.suppress(*some(1_000, days=5))
    box.lists.size = 100
    box.lists.answers = {
        7: Unreadable(action="a", region="us-east-1", reason="TooManyRequestsException", transient=True)
    }
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
    other = Counting(time=box.time, counts=box.counts, budget=1_000_000)
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
