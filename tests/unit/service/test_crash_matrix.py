"""A repair that dies before or after any call of a port, and what the order that comes again makes of it.

Whatever happened in between, the journal has exactly the writes that took effect, each was charged once, a finding is
told as repaired only by the word of the journal, and nothing is written twice.
"""

from collections.abc import Callable

import pytest

from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.readings import ServiceLinkedRole
from mailwarden.domain.repair.journal import NotWritten, Overtaken, Written, may_have_taken_effect
from tests.fakes.mortal import Died, Life, mortal
from tests.unit.service.crash_stories import (
    MEANWHILE,
    STORIES,
    Story,
    closed,
    come_to_rest,
    exempted,
    mended,
    mended_and_looked,
    move,
    turned_off,
)


def a_whole_life(begin: Callable[[], Story]) -> list[str]:
    """All moments of a repair that does not die."""
    story, life = begin(), Life()
    mortal(story.mailwarden, life).repairer().repair(story.orders[0])
    assert len(story.writer.taken) == 1
    return life.moments


@pytest.mark.parametrize("meanwhile", MEANWHILE, ids=lambda each: each.__name__)
@pytest.mark.parametrize("begin", STORIES.values(), ids=STORIES)
def test_whenever_a_repair_dies_its_order_finishes_it(
    begin: Callable[[], Story], meanwhile: Callable[[Story], None]
) -> None:
    moments = a_whole_life(begin)
    for place, moment in enumerate(moments):
        story = begin()
        untouched = story.live()
        with pytest.raises(Died):
            mortal(story.mailwarden, Life(ends_at=place)).repairer().repair(story.orders[0])
        taken_by_then = list(story.writer.taken)
        story.mailwarden.clock.pass_by(minutes=6)

        meanwhile(story)
        come_to_rest(story)

        case = f"{moment} ({place} of {len(moments)})"
        the_journal_is_true(story, case)
        the_budget_is_right(story, case)
        nothing_is_claimed(story, case)
        the_looks_are_whole(story, case)
        if meanwhile in {turned_off, exempted, closed}:
            assert story.writer.taken == taken_by_then, case
            assert taken_by_then or story.live() == untouched, case
            states = {(each.lifecycle.state, each.write.handling) for each in story.records()}
            over = (
                (FindingState.REPAIRED, Handling.WRITTEN) if taken_by_then else (FindingState.OPEN, Handling.WITHHELD)
            )
            assert states == {over}, case
        elif meanwhile in {mended, mended_and_looked}:
            assert story.writer.taken == taken_by_then, case
            assert all(each.lifecycle.is_over for each in story.records()), case
        else:
            assert len(story.writer.taken) == 1, case
            states = {(each.lifecycle.state, each.write.handling) for each in story.records()}
            assert states == {(FindingState.REPAIRED, Handling.WRITTEN)}, case
            over_at_last = [state for _, state in story.mailwarden.told() if state != "open"]
            assert over_at_last == ["repaired"], case


def test_an_order_that_dies_again_while_it_recovers_is_finished_all_the_same() -> None:
    first = a_whole_life(move)
    for place, moment in enumerate(first):
        second = 0
        while True:
            story = move()
            with pytest.raises(Died):
                mortal(story.mailwarden, Life(ends_at=place)).repairer().repair(story.orders[0])
            story.mailwarden.clock.pass_by(minutes=6)
            try:
                mortal(story.mailwarden, Life(ends_at=second)).repairer().repair(story.orders[0])
            except Died as died:
                come_to_rest(story)
                case = f"{moment}, and then {died}"
                the_journal_is_true(story, case)
                the_budget_is_right(story, case)
                nothing_is_claimed(story, case)
                the_looks_are_whole(story, case)
                assert len(story.writer.taken) == 1, case
                assert {each.lifecycle.state for each in story.records()} == {FindingState.REPAIRED}, case
            else:
                break
            second += 1
        assert second > 1 or place > len(first) - 4, moment


def the_journal_is_true(story: Story, case: str) -> None:
    """What was written is written there, and what another actor overtook is not known; nothing else is said."""
    outcomes = {entry_id: outcome for entry_id, (outcome, _) in story.mailwarden.journal.outcomes.items()}
    written = {entry_id for entry_id, outcome in outcomes.items() if isinstance(outcome, Written)}
    unknown = {entry_id for entry_id, outcome in outcomes.items() if isinstance(outcome, Overtaken)}
    open_entries = story.mailwarden.journal.intentions.keys() - outcomes.keys()
    # A role that another actor created looks as if we had.
    role_of_another = story.rule_id == "MW409" and story.mailwarden.role.held is ServiceLinkedRole.PRESENT
    assert role_of_another or written <= set(story.writer.taken), case
    assert set(story.writer.taken) <= written | unknown, case
    assert all(isinstance(outcomes[each], NotWritten) for each in outcomes.keys() - written - unknown), case
    assert not open_entries, case
    assert story.mailwarden.ledger.resource_leases.open_entries == {}, case


def the_budget_is_right(story: Story, case: str) -> None:
    outcomes = [outcome for outcome, _ in story.mailwarden.journal.outcomes.values()]
    charged = sum(
        count for (owner, _), count in story.mailwarden.ledger.budgets.taken.items() if not owner.startswith("arn:")
    )
    assert charged == sum(map(may_have_taken_effect, outcomes)), case


def nothing_is_claimed(story: Story, case: str) -> None:
    """A finding is repaired only if the journal says that its entry was written."""
    for record in story.records():
        if record.lifecycle.state is FindingState.REPAIRED:
            assert record.write.undo_id is not None, case
            outcome, _ = story.mailwarden.journal.outcomes[record.write.undo_id]
            assert isinstance(outcome, Written), case
        else:
            assert record.write.handling not in {Handling.WRITING, Handling.WRITTEN}, case


def the_looks_are_whole(story: Story, case: str) -> None:
    """The last look at a pool names no finding that is over: else its answer would be that of before the repair."""
    for each in story.pools:
        look = story.mailwarden.ledger.looks.last(each.ref)
        assert look is not None, case
        named = [story.mailwarden.finding(key.rule_id, key.subject_arn) for key in look.findings]
        assert [record.key for record in named if record.lifecycle.is_over] == [], case
