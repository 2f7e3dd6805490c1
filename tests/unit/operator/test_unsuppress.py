"""A person orders a removal: nothing is written before all holds, and whatever dies in between is concluded later."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from mailwarden.domain.operator.addresses import address_digest
from mailwarden.domain.operator.removal import (
    CarriedOut,
    NeedsConsent,
    NotKnown,
    NotOnTheList,
    Operated,
    Progress,
    Removal,
    TooSoon,
    UnderWay,
    Unsuppress,
)
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.repair.journal import (
    OPERATOR,
    Drifted,
    Intention,
    NotWritten,
    Refused,
    SideEffect,
    Unconfirmed,
    WriteOutcome,
    Written,
)
from mailwarden.domain.repair.write_window import WriteWindow
from mailwarden.message import message, verbatim
from mailwarden.service.operator.unsuppress import Unsuppression
from tests.builders import ACCOUNT, NOON, unread
from tests.fakes.deployment import TickingClock
from tests.fakes.journal import InMemoryJournal
from tests.fakes.ledger.reputation import InMemoryRemovals
from tests.fakes.operator import Died, HeldSuppressionLists, an_entry
from tests.texts import english

JANE = "Jane.Doe@corp.example"
IRELAND = SesAccountRef(partition="aws", region="eu-west-1", account=ACCOUNT)
ORDER = Unsuppress(account=IRELAND, address=JANE, reason="the mailbox is back", by="alice", confirm=True)
DIGEST = address_digest(JANE, IRELAND)


class DyingJournal(InMemoryJournal):
    """A journal before which the function can die."""

    dies_before_intending = False
    dies_before_concluding = False

    def intend(self, intention: Intention) -> None:
        if self.dies_before_intending:
            raise Died
        super().intend(intention)

    def conclude(self, entry_id: str, outcome: WriteOutcome, *, at: datetime) -> None:
        if self.dies_before_concluding:
            raise Died
        super().conclude(entry_id, outcome, at=at)


@dataclass(slots=True)
class Desk:
    """Where orders are given: one address on the list of one account."""

    lists: HeldSuppressionLists = field(
        default_factory=lambda: HeldSuppressionLists(held={("eu-west-1", JANE): an_entry()})
    )
    removals: InMemoryRemovals = field(default_factory=InMemoryRemovals)
    journal: DyingJournal = field(default_factory=DyingJournal)
    clock: TickingClock = field(default_factory=TickingClock)

    def give(self, order: Unsuppress = ORDER) -> Operated:
        operator = Unsuppression(
            lists=self.lists,
            removals=self.removals,
            journal=self.journal,
            new_entry_id=lambda at: f"entry-{at:%d}-{len(self.journal.intentions)}",
            clock=self.clock,
            home_region="eu-central-1",
        )
        return operator.unsuppress(order, request_id="request-1")

    def nothing_is_written(self) -> bool:
        return not (self.journal.intentions or self.removals.held or self.lists.removed)

    def outcomes(self) -> list[WriteOutcome]:
        return [outcome for outcome, _ in self.journal.outcomes.values()]

    def comes_back(self, **later: float) -> None:
        self.clock.pass_by(**later)
        self.lists.held["eu-west-1", JANE] = an_entry(since=self.clock.now())

    @property
    def is_listed(self) -> bool:
        return ("eu-west-1", JANE) in self.lists.held


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_removes_and_writes_down_who_asked_for_it_and_why(desk: Desk) -> None:
    done = desk.give()

    assert done == CarriedOut(entry_id="entry-02-0", outcome=Written(entry_id="entry-02-0"), entry=an_entry())
    assert not desk.is_listed
    (intention,) = desk.journal.intentions.values()
    assert intention.findings[0].subject_arn == IRELAND.arn == intention.change.resource
    assert [key.rule_id for key in intention.findings] == [OPERATOR]
    assert intention.is_ordered_by_person
    assert "the mailbox is back" in english(intention.title)
    assert "put-suppressed-destination" in english(intention.title)
    assert intention.cause is not None
    assert intention.cause.actor == "alice"
    assert intention.cause.event_id == "request-1"
    assert desk.outcomes() == [Written(entry_id="entry-02-0")]


def test_nothing_that_is_kept_holds_the_address(desk: Desk) -> None:
    desk.give()

    kept = repr((desk.journal.intentions, desk.journal.outcomes, desk.removals.held)).lower()
    assert "jane" not in kept
    assert "corp.example" not in kept
    assert DIGEST in kept


def test_without_confirmation_it_shows_what_would_be_removed_and_writes_nothing(desk: Desk) -> None:
    done = desk.give(replace(ORDER, confirm=False))

    assert done == NeedsConsent(entry=an_entry(), lacks=("confirm",))
    assert desk.is_listed
    assert desk.nothing_is_written()


def test_an_address_that_is_not_on_the_list_is_left_at_that(desk: Desk) -> None:
    desk.lists.held.clear()

    done = desk.give()

    assert done == NotOnTheList()
    assert desk.nothing_is_written()


def test_nothing_is_removed_unseen(desk: Desk) -> None:
    desk.lists.refused = unread("ses:GetSuppressedDestination", "eu-west-1")

    done = desk.give()

    assert done == NotKnown(
        refusal=message("unreadable", code="AccessDenied", action="ses:GetSuppressedDestination", region="eu-west-1")
    )
    assert desk.nothing_is_written()


def test_who_complained_is_not_mailed_again_without_a_second_word(desk: Desk) -> None:
    desk.lists.held["eu-west-1", JANE] = an_entry("COMPLAINT")

    done = desk.give()

    assert done == NeedsConsent(entry=an_entry("COMPLAINT"), lacks=("although_complaint",))
    assert desk.nothing_is_written()


def test_with_the_second_word_a_complaint_is_removed_too(desk: Desk) -> None:
    desk.lists.held["eu-west-1", JANE] = an_entry("COMPLAINT")

    done = desk.give(replace(ORDER, although_complaint=True))

    assert isinstance(done, CarriedOut)
    assert not desk.is_listed


def test_the_same_address_is_not_removed_twice_within_a_week(desk: Desk) -> None:
    desk.give()
    desk.comes_back(days=6, hours=23)

    done = desk.give()

    assert isinstance(done, TooSoon)
    assert timedelta(days=7) == done.last.again_at - done.last.begun_at
    assert desk.is_listed
    assert len(desk.journal.intentions) == 1


def test_another_spelling_of_its_case_is_the_same_address(desk: Desk) -> None:
    desk.give()
    desk.lists.held["eu-west-1", JANE.lower()] = an_entry()
    desk.clock.pass_by(hours=1)

    done = desk.give(replace(ORDER, address=JANE.lower()))

    assert isinstance(done, TooSoon)


def test_after_a_week_it_may_be_removed_again(desk: Desk) -> None:
    desk.give()
    desk.comes_back(days=7)

    done = desk.give()

    assert isinstance(done, CarriedOut)
    assert not desk.is_listed
    assert len(desk.journal.intentions) == 2


def test_the_list_of_another_region_is_another_list(desk: Desk) -> None:
    desk.give()
    oregon = replace(IRELAND, region="us-west-2")
    desk.lists.held["us-west-2", JANE] = an_entry()

    done = desk.give(replace(ORDER, account=oregon))

    assert isinstance(done, CarriedOut)
    assert address_digest(JANE, oregon) != DIGEST


@pytest.mark.parametrize(
    "outcome",
    [
        Refused(reason=verbatim("AccessDenied")),
        Drifted(reason=verbatim("somebody else")),
        NotWritten(reason=verbatim("died")),
    ],
    ids=str,
)
def test_what_removed_nothing_is_concluded_and_may_be_tried_again_at_once(desk: Desk, outcome: WriteOutcome) -> None:
    desk.lists.answer = outcome
    refused = desk.give()
    desk.lists.answer = None

    done = desk.give()

    assert isinstance(refused, CarriedOut)
    assert refused.outcome == outcome
    assert isinstance(done, CarriedOut)
    assert not desk.is_listed
    assert len(desk.outcomes()) == 2


def test_what_may_have_removed_it_starts_the_cool_down(desk: Desk) -> None:
    desk.lists.answer = SideEffect(reason=verbatim("the look afterwards failed"))
    desk.give()
    desk.lists.answer = None

    done = desk.give()

    assert isinstance(done, TooSoon)


def test_a_removal_that_no_read_shows_yet_is_concluded_by_a_later_call(desk: Desk) -> None:
    window = WriteWindow(resource=IRELAND.arn, compared_at=NOON, written_at=NOON)
    desk.lists.answer = Unconfirmed(reason=verbatim("not visible"), window=window)
    first = desk.give()
    concluded_at_once = desk.outcomes()
    desk.lists.answer = None
    desk.clock.pass_by(minutes=3)
    del desk.lists.held["eu-west-1", JANE]

    later = desk.give()

    assert isinstance(first, CarriedOut)
    assert concluded_at_once == []
    assert isinstance(later, CarriedOut)
    assert (later.entry_id, later.outcome, later.found_later) == (
        first.entry_id,
        Written(entry_id=first.entry_id),
        True,
    )


def test_of_two_orders_at_the_same_time_one_is_carried_out(desk: Desk) -> None:
    desk.lists.dies_before_removing = True
    with pytest.raises(Died):
        desk.give()
    desk.lists.dies_before_removing = False

    done = desk.give()

    assert isinstance(done, UnderWay)
    assert desk.is_listed
    assert len(desk.journal.intentions) == 1


def test_an_order_that_loses_the_race_for_the_ledger_writes_nothing(desk: Desk) -> None:
    class Overtaken(InMemoryRemovals):
        def put(self, removal: Removal, *, replaces: Removal | None) -> bool:  # noqa: ARG002 - always too late
            return False

    desk.removals = Overtaken()

    done = desk.give()

    assert done == UnderWay(since=None)
    assert desk.nothing_is_written()


def test_dead_before_the_intention_nothing_was_removed_and_the_order_is_carried_out_anew(desk: Desk) -> None:
    desk.journal.dies_before_intending = True
    with pytest.raises(Died):
        desk.give()
    desk.journal.dies_before_intending = False
    desk.clock.pass_by(minutes=3)

    done = desk.give()

    assert isinstance(done, CarriedOut)
    assert not done.found_later
    assert not desk.is_listed
    assert len(desk.outcomes()) == 1


def test_dead_before_the_intention_and_gone_by_another_hand_there_is_nothing_to_conclude(desk: Desk) -> None:
    desk.journal.dies_before_intending = True
    with pytest.raises(Died):
        desk.give()
    desk.lists.held.clear()
    desk.clock.pass_by(minutes=3)

    done = desk.give()

    assert done == NotOnTheList()
    assert desk.removals.held[IRELAND, DIGEST].progress is Progress.UNDONE


def test_dead_between_intention_and_removal_it_is_concluded_and_carried_out_anew(desk: Desk) -> None:
    desk.lists.dies_before_removing = True
    with pytest.raises(Died):
        desk.give()
    desk.lists.dies_before_removing = False
    desk.clock.pass_by(minutes=3)

    done = desk.give()

    assert isinstance(done, CarriedOut)
    assert not desk.is_listed
    first, second = desk.outcomes()
    assert isinstance(first, NotWritten)
    assert isinstance(second, Written)


def test_dead_between_removal_and_conclusion_it_is_concluded_as_removed(desk: Desk) -> None:
    desk.lists.dies_after_removing = True
    with pytest.raises(Died):
        desk.give()
    desk.lists.dies_after_removing = False
    desk.clock.pass_by(minutes=3)

    done = desk.give(replace(ORDER, confirm=False))

    assert isinstance(done, CarriedOut)
    assert done.found_later
    assert desk.outcomes() == [Written(entry_id=done.entry_id)]
    assert desk.removals.held[IRELAND, DIGEST].progress is Progress.DONE
    assert desk.give() == NotOnTheList()


def test_dead_after_the_removal_and_back_on_the_list_the_cool_down_holds(desk: Desk) -> None:
    desk.lists.dies_after_removing = True
    with pytest.raises(Died):
        desk.give()
    desk.lists.dies_after_removing = False
    desk.comes_back(minutes=30)

    done = desk.give()

    assert isinstance(done, TooSoon)
    (outcome,) = desk.outcomes()
    assert isinstance(outcome, SideEffect)
    assert "may have been removed and listed again" in english(outcome.reason)


@pytest.mark.parametrize("comes_back", [False, True])
def test_dead_between_the_conclusion_and_the_ledger_nothing_is_concluded_twice(desk: Desk, comes_back: bool) -> None:
    desk.give()
    key = IRELAND, DIGEST
    desk.removals.held[key] = replace(desk.removals.held[key], progress=Progress.BEGUN)
    desk.clock.pass_by(minutes=3)
    if comes_back:
        desk.comes_back(minutes=30)

    done = desk.give()

    assert isinstance(done, TooSoon if comes_back else CarriedOut)
    assert len(desk.outcomes()) == 1
    assert desk.removals.held[key].progress is Progress.DONE


def test_an_order_does_not_show_the_address_it_is_about() -> None:
    assert "jane" not in repr(ORDER).lower()
    assert english(an_entry(since=NOON).message).endswith("because a mail to it bounced")
