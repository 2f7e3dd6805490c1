"""A run reads every region in use, keeps what it read, and tells what failed once the others had their turn."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.hints import ConfigurationSetHint, SesAccountHint
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.reputation.account_snapshot import AccountSnapshot
from mailwarden.domain.reputation.feedback import Figures, RateStatus
from mailwarden.domain.reputation.suppression_count import SuppressionCount
from mailwarden.domain.reputation.time_series import Slot
from mailwarden.message import verbatim
from mailwarden.ports.hint_queue import DelayedHint
from mailwarden.queue_messages.codec import MalformedMessage
from mailwarden.service.reputation.collector import AFTER_THE_WRITE
from tests.builders import NOON, OTHER_ACCOUNT, ses_account
from tests.fakes.examples import a_look, a_pool
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.ledger.looks import InMemoryLooks
from tests.fakes.ledger.reputation import InMemoryAccountSnapshots, InMemoryFeedback, InMemorySuppressionCounts
from tests.fakes.reputation import HeldFigures, Rated
from tests.texts import english, says
from tests.unit.inbound.example_events import example
from tests.unit.reputation.counting import Killed
from tests.unit.reputation.runs import ALL, DENIED, QUARTER, Runs
from tests.unit.reputation.story import IRELAND, MAIL, VIRGINIA


def test_every_account_and_set_in_use_is_read_with_one_question_a_region() -> None:
    runs = Runs()
    runs.bounce(0.03)

    runs.run()

    week = NOON - timedelta(days=7) + QUARTER
    assert runs.figures.asked == [
        ("eu-west-1", (IRELAND,), week, NOON + QUARTER),
        ("us-east-1", (VIRGINIA, MAIL), week, NOON + QUARTER),
    ]
    assert [ref.region for ref in runs.accounts.reads] == ["eu-west-1", "us-east-1"]
    assert runs.rates().figures.bounce_rate == 0.03
    assert runs.ledger.feedback.rates(MAIL) is not None
    kept = runs.ledger.snapshots.last(VIRGINIA)
    assert kept is not None
    assert kept.account == ses_account("us-east-1")


def test_what_belongs_to_others_and_regions_nobody_uses_are_not_read() -> None:
    runs = Runs()
    foreign = replace(MAIL, account=OTHER_ACCOUNT)
    runs.ledger.looks.put(a_look(a_pool(2), at=NOON, uses=(foreign.arn, replace(IRELAND, partition="aws-cn").arn)))
    runs.use(VIRGINIA)

    runs.run()

    assert [(region, subjects) for region, subjects, _, _ in runs.figures.asked] == [("us-east-1", (VIRGINIA,))]


def test_the_next_run_asks_for_an_hour_before_the_last_and_puts_only_what_is_new() -> None:
    runs = Runs()
    runs.use(VIRGINIA)
    runs.bounce(0.03)
    runs.run()
    runs.time.at = NOON + QUARTER
    (old,) = runs.figures.held[VIRGINIA]
    new = Slot(at=NOON, figures=Figures(sends=5.0))
    runs.figures.held[VIRGINIA] = (old, new)

    runs.run()

    assert runs.figures.asked[-1][2:] == (NOON - timedelta(hours=1), NOON + 2 * QUARTER)
    assert [extra["slots_put"] for event, _, extra in runs.log.entries if event == "figures kept"] == [1, 1]
    assert runs.rates().figures.sends == 4_005.0


def test_a_region_that_refuses_keeps_its_last_figures_and_stops_no_other() -> None:
    runs = Runs()
    runs.bounce(0.03)
    runs.run()
    runs.time.pass_by(minutes=15)
    runs.figures.refusals["us-east-1"] = DENIED
    runs.accounts.held["us-east-1"] = Unreadable(action="ses:GetAccount", region="us-east-1", reason="AccessDenied")
    before = runs.ledger.snapshots.last(VIRGINIA)

    runs.run()

    assert english(runs.rates().refused) == "AccessDenied: cloudwatch:GetMetricData in us-east-1"
    assert runs.rates().figures.bounce_rate == 0.03
    assert runs.rates(IRELAND).looked_at == runs.rates(IRELAND).tried_at
    assert runs.ledger.snapshots.last(VIRGINIA) == before


def test_a_region_that_refused_comes_after_the_others() -> None:
    runs = Runs()
    runs.figures.refusals["eu-west-1"] = replace(DENIED, region="eu-west-1")
    runs.run()

    runs.run()

    assert [region for region, _, _, _ in runs.figures.asked] == ["eu-west-1", "us-east-1", "us-east-1", "eu-west-1"]


def test_what_fails_unexpectedly_is_raised_after_the_other_regions_were_read_and_counted() -> None:
    runs = Runs()
    runs.figures.failures["eu-west-1"] = RuntimeError("odd")
    runs.lists.answers = {2: ValueError("strange")}

    with pytest.raises(ExceptionGroup) as caught:
        runs.run()

    assert [str(error) for error in caught.value.exceptions] == ["odd", "strange"]
    assert sorted(runs.log.told()) == [
        ("counted suppressed", "eu-west-1"),
        ("figures kept", "us-east-1"),
        ("figures not kept", "eu-west-1"),
        ("suppressed not counted", "us-east-1"),
    ]


@dataclass(slots=True)
class Garbled:
    """Items of Virginia that cannot be read until they are put anew."""

    items: set[str] = field(default_factory=lambda: {"RATES", "ACCOUNT", "SUPPRESSION"})

    def refuse(self, item: str, subject: Rated) -> None:
        if subject == VIRGINIA and item in self.items:
            raise MalformedDocument(verbatim(f"{item} is garbled"))

    def put(self, item: str, subject: Rated) -> None:
        if subject == VIRGINIA:
            self.items.discard(item)


@dataclass(slots=True, kw_only=True)
class GarbledFeedback(InMemoryFeedback):
    garbled: Garbled

    def rates(self, subject: Rated) -> RateStatus | None:
        self.garbled.refuse("RATES", subject)
        return InMemoryFeedback.rates(self, subject)

    def put_rates(self, rate_status: RateStatus) -> None:
        self.garbled.put("RATES", rate_status.subject)
        InMemoryFeedback.put_rates(self, rate_status)


@dataclass(slots=True, kw_only=True)
class GarbledSnapshots(InMemoryAccountSnapshots):
    garbled: Garbled

    def last(self, account: SesAccountRef) -> AccountSnapshot | None:
        self.garbled.refuse("ACCOUNT", account)
        return InMemoryAccountSnapshots.last(self, account)

    def put(self, snapshot: AccountSnapshot) -> None:
        self.garbled.put("ACCOUNT", snapshot.account.ref)
        InMemoryAccountSnapshots.put(self, snapshot)


@dataclass(slots=True, kw_only=True)
class GarbledCounts(InMemorySuppressionCounts):
    garbled: Garbled

    def read(self, account: SesAccountRef) -> SuppressionCount | None:
        self.garbled.refuse("SUPPRESSION", account)
        return InMemorySuppressionCounts.read(self, account)

    def forget(self, account: SesAccountRef) -> None:
        self.garbled.put("SUPPRESSION", account)
        InMemorySuppressionCounts.forget(self, account)


def garbled_ledger(looks: InMemoryLooks) -> InMemoryLedger:
    garbled = Garbled()
    counts = GarbledCounts(garbled=garbled)
    ledger = InMemoryLedger(looks=looks, counts=counts, snapshots=GarbledSnapshots(garbled=garbled))
    ledger.feedback = GarbledFeedback(garbled=garbled, notices=ledger.notices, counts=counts)
    return ledger


def test_garbled_items_are_told_once_taken_as_never_read_and_overwritten() -> None:
    runs = Runs()
    runs.ledger = garbled_ledger(runs.ledger.looks)
    runs.bounce(0.03)

    runs.run()
    told = [extra["reason"] for event, _, extra in runs.log.entries if "cannot be read" in event]
    runs.run()

    assert told == ["RATES is garbled", "ACCOUNT is garbled", "SUPPRESSION is garbled"]
    assert len([event for event, _ in runs.log.told() if "cannot be read" in event]) == 3
    assert runs.rates().figures.bounce_rate == 0.03
    assert runs.ledger.snapshots.last(VIRGINIA) is not None
    assert runs.ledger.counts.read(VIRGINIA) is not None


def test_figures_that_were_never_read_because_they_are_garbled_are_a_day_old() -> None:
    runs = Runs()
    runs.run()
    runs.ledger = garbled_ledger(runs.ledger.looks)
    runs.figures.failures["us-east-1"] = RuntimeError("odd")

    with pytest.raises(ExceptionGroup):
        runs.run()

    assert runs.ages[-1] == 86_400


def test_what_a_hint_is_about_is_kept_before_what_is_as_it_was() -> None:
    runs = Runs()
    sets = [replace(MAIL, name=f"set-{place:03}") for place in range(300)]
    runs.use(VIRGINIA, *sets)
    runs.bounce(0.06, subject=sets[250])
    order: list[Rated] = []

    class Recording(InMemoryFeedback):
        def put_rates(self, rate_status: RateStatus) -> None:
            order.append(rate_status.subject)
            InMemoryFeedback.put_rates(self, rate_status)

    runs.ledger.feedback = Recording(notices=runs.ledger.notices, counts=runs.ledger.counts)

    runs.run()

    assert runs.hints.take_all() == [ConfigurationSetHint(configuration_set=sets[250], asks_anew=True)]
    assert order[0] == sets[250]
    assert len(order) == len(set(order)) == 301


def test_regions_that_had_no_turn_come_first_in_the_next_run_and_lists_have_a_part_of_the_time() -> None:
    runs = Runs()
    regions = [f"eu-{name}-1" for name in ("central", "north", "south", "west")]
    runs.use(*(replace(IRELAND, region=region) for region in regions))

    class Slow(HeldFigures):
        def read(self, region: str, subjects: Any, **asked: Any) -> Any:  # noqa: ANN401 - passed on
            runs.time.pass_by(seconds=100)
            return HeldFigures.read(self, region, subjects, **asked)

    runs.figures = Slow()
    for _ in range(3):
        runs.run()

    asked = [region for region, _, _, _ in runs.figures.asked]
    assert asked == [*regions, *regions[:2]]
    assert len(runs.lists.calls) > 30


def test_without_failures_nothing_is_raised_and_every_region_has_its_lines_in_the_log() -> None:
    runs = Runs()

    runs.run()

    assert runs.log.told() == [
        ("figures kept", "eu-west-1"),
        ("figures kept", "us-east-1"),
        ("counted suppressed", "eu-west-1"),
        ("counted suppressed", "us-east-1"),
    ]


def test_a_run_that_dies_before_it_keeps_a_level_sends_its_hint_again() -> None:
    runs = Runs()
    runs.bounce(0.06)

    class Dying(InMemoryFeedback):
        def put_rates(self, rate_status: RateStatus) -> None:  # noqa: ARG002 - it never gets that far
            raise Killed

    kept, runs.ledger.feedback = runs.ledger.feedback, Dying(notices=runs.ledger.notices, counts=runs.ledger.counts)
    runs.use(VIRGINIA)
    with pytest.raises(Killed):
        runs.run()
    died = runs.hints.take_all()
    runs.ledger.feedback = kept
    runs.use(VIRGINIA)
    runs.run()
    again = runs.hints.take_all()
    runs.time.pass_by(minutes=1)
    runs.run()

    assert died == again == [SesAccountHint(account=VIRGINIA, asks_anew=True)]
    assert runs.hints.take_all() == []


def test_a_hint_waits_until_looks_rest_on_readings_after_the_run() -> None:
    runs = Runs()
    runs.bounce(0.06)

    runs.run()

    assert runs.hints.waiting == [
        DelayedHint(hint=SesAccountHint(account=VIRGINIA, asks_anew=True), delay=AFTER_THE_WRITE)
    ]


def test_one_hint_tells_of_a_level_and_of_the_account() -> None:
    runs = Runs()
    runs.run()
    runs.bounce(0.06)
    runs.accounts.held["us-east-1"] = ses_account("us-east-1", sending_enabled=False)
    runs.time.pass_by(minutes=15)

    runs.run()

    assert runs.hints.take_all() == [SesAccountHint(account=VIRGINIA, asks_anew=True)]


def test_the_age_is_that_of_the_oldest_figures_and_a_day_where_there_never_were_any() -> None:
    runs = Runs()
    runs.figures.refusals["us-east-1"] = DENIED
    never = runs.run()
    runs.figures.refusals.clear()
    runs.time.at = NOON + timedelta(hours=1)
    runs.run()
    read_at = runs.rates(IRELAND).looked_at
    runs.figures.refusals["eu-west-1"] = replace(DENIED, region="eu-west-1")
    runs.time.at = NOON + timedelta(hours=3)
    old = runs.run()

    assert never == 86_400
    assert read_at == NOON + timedelta(hours=1)
    assert old == (runs.time.at - NOON - timedelta(hours=1)).total_seconds()


def test_where_nothing_is_in_use_nothing_is_read_and_nothing_is_old() -> None:
    runs = Runs()
    runs.use()

    assert runs.run() == 0
    assert (runs.figures.asked, runs.lists.calls) == ([], [])


def test_figures_that_take_all_the_time_leave_the_rest_to_the_next_run() -> None:
    runs = Runs()

    class Slow(HeldFigures):
        def read(self, region: str, subjects: Any, **asked: Any) -> Any:  # noqa: ANN401 - passed on
            runs.time.pass_by(minutes=4)
            return HeldFigures.read(self, region, subjects, **asked)

    runs.figures = Slow()

    runs.run()

    assert runs.log.told() == [
        ("figures kept", "eu-west-1"),
        ("no time left for figures", "us-east-1"),
        ("counted suppressed", "eu-west-1"),
        ("counted suppressed", "us-east-1"),
    ]
    assert runs.lists.calls == []


def test_the_example_is_understood_and_any_other_event_is_refused() -> None:
    runs = Runs()
    runs.scheduled().run(example("invoke.reputation.all"), log=runs.log)

    for other in ({}, {"reputation": "some"}, {"sweep": "all"}, {**ALL, "more": "x"}):
        with pytest.raises(MalformedMessage, check=says("the event is not")):
            runs.scheduled().run(other, log=runs.log)
