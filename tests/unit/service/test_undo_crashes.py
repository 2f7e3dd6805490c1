"""An undo that dies before or after any call of a port, and what the order that is given again makes of it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from mailwarden.domain.findings.changes import WrittenChange
from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.operator.undo import UndoAnswer, UndoCarriedOut, UndoOrder, UndoRefused
from mailwarden.domain.readings import Missing
from mailwarden.domain.repair.journal import OPERATOR, NotWritten, WriteResult, Written
from mailwarden.ports.repair.change_writer import ChangeWriter
from tests.fakes.deployment import Deployment, hint
from tests.fakes.mortal import Died, Life, mortal
from tests.fakes.undoing import undoing
from tests.unit.decisions.repairs import OPENED
from tests.unit.service.crash_stories import Story, come_to_rest, grant, looked, move, nothing


def repaired(begin: Callable[[], Story]) -> tuple[Story, str]:
    """A story after its repair, and the entry of that."""
    story = begin()
    come_to_rest(story)
    story.orders = []
    (entry_id,) = story.mailwarden.journal.intentions
    if story.rule_id == "MW201":
        # Where it was moved to, nothing is any more: to go back makes nothing worse.
        for ref in [ref for ref in story.mailwarden.identities.held if ref.region == "eu-west-3"]:
            story.mailwarden.identities.held[ref] = Missing(arn=ref.arn)
        looked(story)
        story.mailwarden.repairs.take_all()
    return story, entry_id


def undo(mailwarden: Deployment, entry_id: str) -> UndoAnswer:
    return undoing(mailwarden).undo(UndoOrder(entry_id=entry_id, by="alice", confirm=True), request_id="r-1")


def swept(story: Story) -> None:
    """Looks come before anybody asks again: everything that waits, and a sweep an hour later."""
    come_to_rest(story)
    story.mailwarden.clock.pass_by(hours=1)
    looked(story)
    story.orders = story.mailwarden.repairs.take_all()
    come_to_rest(story)
    story.orders = []


STORIES = {"grant": grant, "move": move}


@pytest.mark.parametrize("meanwhile", [nothing, looked, swept], ids=lambda each: each.__name__)
@pytest.mark.parametrize("begin", STORIES.values(), ids=STORIES)
def test_whenever_an_undo_dies_the_order_that_is_given_again_finishes_it(
    begin: Callable[[], Story], meanwhile: Callable[[Story], None]
) -> None:
    story, entry_id = repaired(begin)
    life = Life()
    undo(mortal(story.mailwarden, life), entry_id)
    undone = story.live()
    for place, moment in enumerate(life.moments):
        story, entry_id = repaired(begin)
        charged = set(story.mailwarden.ledger.budgets.charged)
        taken = list(story.writer.taken)
        with pytest.raises(Died):
            undo(mortal(story.mailwarden, Life(ends_at=place)), entry_id)
        case = f"{moment} ({place} of {len(life.moments)})"
        written_by_then = story.writer.taken[len(taken) :]
        story.mailwarden.clock.pass_by(minutes=6)
        meanwhile(story)
        if written_by_then:
            # Nothing gives back what the person took away, whether or not they ask again.
            assert story.writer.taken[len(taken) :] == written_by_then, case
            assert story.live() == undone, case
            if meanwhile is swept:
                the_journal_is_true(story, entry_id, case)

        answer = undo(story.mailwarden, entry_id)

        story.mailwarden.clock.pass_by(hours=1)
        looked(story)
        come_to_rest(story)
        assert len(story.writer.taken[len(taken) :]) == 1, case
        assert story.live() == undone, case
        told = isinstance(answer, UndoCarriedOut) or (
            isinstance(answer, UndoRefused) and answer.reason.id == "undo.already"
        )
        assert told, case
        the_journal_is_true(story, entry_id, case)
        assert story.mailwarden.ledger.budgets.charged == charged, case
        for record in story.records():
            assert (record.lifecycle.state, record.write.handling) == (FindingState.OPEN, Handling.WITHHELD), case
            assert record.write.reason is not None, case
            assert record.write.reason.id == "decision.undone", case


def test_an_undo_that_died_before_it_was_intended_leaves_no_word_behind() -> None:
    """Afterwards somebody else takes the grant away: no person undid the repair, and it is made again."""
    life = Life()
    story, entry_id = repaired(grant)
    undo(mortal(story.mailwarden, life), entry_id)
    for place, moment in enumerate(life.moments[: life.moments.index("after journal.intend")]):
        story, entry_id = repaired(grant)
        taken = len(story.writer.taken)
        with pytest.raises(Died):
            undo(mortal(story.mailwarden, Life(ends_at=place)), entry_id)
        story.mailwarden.clock.pass_by(minutes=6)
        story.mailwarden.hold(OPENED)

        swept(story)

        assert len(story.writer.taken) == taken + 1, (place, moment)
        states = {(record.lifecycle.state, record.write.handling) for record in story.records()}
        assert states == {(FindingState.REPAIRED, Handling.WRITTEN)}, (place, moment)


def the_journal_is_true(story: Story, entry_id: str, case: str) -> None:
    """The entry is undone by the one undo that was written; those that died before the write say so."""
    journal = story.mailwarden.journal
    entry = journal.entry(entry_id)
    assert entry is not None
    assert entry.undone_by == story.writer.taken[-1], case
    undos = {each: journal.outcomes.get(each) for each, made in journal.intentions.items() if made.undoes == entry_id}
    assert all(story.mailwarden.journal.intentions[each].findings[0].rule_id == OPERATOR for each in undos), case
    for each, outcome in undos.items():
        assert outcome is not None, case
        assert isinstance(outcome[0], Written if each == entry.undone_by else NotWritten), case
    assert story.mailwarden.ledger.resource_leases.open_entries == {}, case


@dataclass(slots=True, kw_only=True)
class Interrupted:
    """A writer during whose write something else happens."""

    by: ChangeWriter
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None

    def write(self, change: WrittenChange, *, entry_id: str) -> WriteResult:
        self.before()
        result = self.by.write(change, entry_id=entry_id)
        self.after()
        return result


def test_two_undos_at_once_write_once() -> None:
    story, entry_id = repaired(grant)
    answers: list[UndoAnswer] = []
    story.mailwarden.writer = Interrupted(
        by=story.writer, before=lambda: answers.append(undo(story.mailwarden, entry_id))
    )

    assert isinstance(undo(story.mailwarden, entry_id), UndoCarriedOut)

    (second,) = answers
    assert isinstance(second, UndoRefused)
    assert second.reason.id == "undo.busy"


def test_the_echo_of_an_undo_that_is_not_concluded_yet_orders_nothing() -> None:
    story, entry_id = repaired(grant)

    def echo() -> None:
        story.mailwarden.clock.pass_by(seconds=1)
        story.mailwarden.inspect(*(hint(each, event_id="e-7") for each in story.pools))

    story.mailwarden.writer = Interrupted(by=story.writer, after=echo)

    undo(story.mailwarden, entry_id)

    assert story.mailwarden.repairs.take_all() == []
    assert {each.write.reason.id for each in story.records() if each.write.reason} == {"decision.undone"}
