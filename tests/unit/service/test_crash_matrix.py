"""A repair that dies before or after any call of a port, and what the order that comes again makes of it.

Whatever happened in between, the journal has exactly the writes that took effect, each was charged once, a finding is
told as repaired only by the word of the journal, and nothing is written twice.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from mailwarden.domain.findings.changes import Change
from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling
from mailwarden.domain.readings import Identity, Pool, ServiceLinkedRole
from mailwarden.domain.repair.journal import (
    NotWritten,
    Overtaken,
    RepairOrder,
    WriteResult,
    Written,
    may_have_taken_effect,
)
from mailwarden.domain.repair.limits import Limits, RepairMode
from mailwarden.message import verbatim
from mailwarden.service.inspection.inspect import PoolNotReadable
from mailwarden.service.repair.write_protocol import OutcomeUnknown, ResourceBusy
from tests.builders import developer, identity, pool, sending_policy, unread
from tests.fakes.deployment import SETTLE, Deployment, hint
from tests.fakes.held_writer import HeldWriter
from tests.fakes.mortal import Died, Life, mortal
from tests.unit.decisions.repairs import OPENED, OREGON, seoul

COMES_AGAIN = (PoolNotReadable, OutcomeUnknown, ResourceBusy)


@dataclass(slots=True, kw_only=True)
class TakingWriter:
    """Remembers which entry each write that took effect belongs to."""

    by: HeldWriter
    taken: list[str] = field(default_factory=list)

    def write(self, change: Change, *, entry_id: str) -> WriteResult:
        result = self.by.write(change, entry_id=entry_id)
        if isinstance(result, Written):
            self.taken.append(entry_id)
        return result


@dataclass(slots=True, kw_only=True)
class Story:
    """Broken pools in a deployment, the rule that finds them, and somebody who mends them by hand in their own way."""

    mailwarden: Deployment
    pools: tuple[Pool, ...]
    rule_id: str
    mend: Callable[[], None]
    writer: TakingWriter = field(init=False)
    orders: list[RepairOrder] = field(init=False)

    def __post_init__(self) -> None:
        self.writer = TakingWriter(by=self.mailwarden.held_writer())
        self.mailwarden.writer = self.writer
        self.mailwarden.inspect(*map(hint, self.pools))
        self.orders = self.mailwarden.repairs.take_all()
        self.mailwarden.clock.at += SETTLE

    def records(self) -> list[FindingRecord]:
        return [self.mailwarden.finding(self.rule_id, each.ref.arn) for each in self.pools]

    def live(self) -> list[object]:
        """What of the live state a repair would change."""
        held = self.mailwarden
        emails = [reading.email for reading in held.pools.held.values() if isinstance(reading, Pool)]
        policies = [reading.policies for reading in held.identities.held.values() if isinstance(reading, Identity)]
        return [emails, policies, held.role.held]


def grant() -> Story:
    """Two pools lack one grant; somebody edits our policy, or adds one of the same name, so that both may send."""
    mailwarden, pools = Deployment(), (seoul("A"), seoul("B"))
    mailwarden.hold(*pools, OPENED)

    def mend() -> None:
        theirs = sending_policy(OREGON, *(each.ref for each in pools))
        mailwarden.hold(replace(OPENED, policies={"mailwarden-cognito": theirs}))

    return Story(mailwarden=mailwarden, pools=pools, rule_id="MW401", mend=mend)


def move() -> Story:
    """A pool is in the wrong region; somebody moves it and changes the FROM as well."""
    mailwarden, name = Deployment(), "hello@example.com"
    broken = pool("eu-west-3", email=developer(identity(name).ref))
    paris = identity(name, region="eu-west-3")
    mailwarden.hold(broken, identity(name), paris)

    def mend() -> None:
        email = replace(broken.email, source_arn=paris.ref.arn, reply_to="else@example.com")
        mailwarden.hold(replace(broken, email=email))

    return Story(mailwarden=mailwarden, pools=(broken,), rule_id="MW201", mend=mend)


def role() -> Story:
    """The role of the account is missing, which two pools need; somebody creates it."""
    mailwarden, sender = Deployment(), identity()
    pools = tuple(pool(pool_id=f"us-east-1_{name}", email=developer(sender.ref)) for name in "AB")
    mailwarden.hold(*pools, sender)
    mailwarden.role.held = ServiceLinkedRole.ABSENT

    def mend() -> None:
        mailwarden.role.held = ServiceLinkedRole.PRESENT

    return Story(mailwarden=mailwarden, pools=pools, rule_id="MW409", mend=mend)


STORIES = {"grant": grant, "move": move, "role": role}


def nothing(_: Story) -> None:
    """Nothing happens until the order comes again."""


def looked(story: Story) -> None:
    """A look comes in between, such as the one that the event of our own write causes."""
    story.mailwarden.inspect(*map(hint, story.pools))


def turned_off(story: Story) -> None:
    story.mailwarden.mode = RepairMode.OFF


def exempted(story: Story) -> None:
    for each in story.pools:
        live = story.mailwarden.pools.held[each.ref]
        assert isinstance(live, Pool)
        story.mailwarden.hold(replace(live, tags={"mailwarden": "report"}))


def closed(story: Story) -> None:
    limits = Limits(repair_mode=RepairMode.SAFE, closed_because=verbatim("SSM does not answer"))
    story.mailwarden.limits = limits


def throttled(story: Story) -> None:
    """Nothing can be read while the order comes for the first time."""
    held = story.mailwarden
    readings = dict(held.identities.held), dict(held.pools.held), held.role.held
    refusal = replace(unread("any:Read"), reason="TooManyRequestsException", transient=True)
    held.identities.held.update(dict.fromkeys(held.identities.held, refusal))
    held.pools.held.update(dict.fromkeys(held.pools.held, refusal))
    held.role.held = refusal
    before = len(story.writer.taken), dict(held.journal.outcomes), told(story)

    story.orders = deliver(story, [story.orders[0]]) + story.orders[1:]

    assert (len(story.writer.taken), dict(held.journal.outcomes), told(story)) == before
    identities, pools, held.role.held = readings
    held.identities.held.update(identities)
    held.pools.held.update(pools)
    held.clock.pass_by(minutes=6)


def mended(story: Story) -> None:
    story.mend()


def mended_and_looked(story: Story) -> None:
    story.mend()
    looked(story)


MEANWHILE = (nothing, looked, turned_off, exempted, closed, throttled, mended, mended_and_looked)


def told(story: Story) -> list[tuple[str, str]]:
    story.mailwarden.announce()
    return story.mailwarden.told()


def deliver(story: Story, orders: list[RepairOrder]) -> list[RepairOrder]:
    """Deliver orders once; those that have to come again."""
    again = []
    for order in orders:
        try:
            story.mailwarden.repairer().repair(order)
        except COMES_AGAIN:
            again.append(order)
    return again


def come_to_rest(story: Story) -> None:
    """Deliver what waits until nothing does: orders that come again, hints, and what they order."""
    waiting = story.orders
    for _ in range(6):
        story.mailwarden.clock.pass_by(minutes=6)
        waiting = deliver(story, waiting)
        story.mailwarden.inspect(*story.mailwarden.hints.take_all())
        waiting += story.mailwarden.repairs.take_all()
        if not waiting and not story.mailwarden.hints.waiting:
            break
    assert waiting == []
    story.mailwarden.clock.pass_by(minutes=30)
    story.mailwarden.announce()


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
            assert over_at_last == ["repaired"] * len(story.pools), case


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
    # An order that is over is dropped: the mark of an entry that wrote nothing waits for the next one.
    assert not open_entries & set(story.writer.taken), case
    assert set(story.mailwarden.ledger.resource_leases.open_entries.values()) >= open_entries, case


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
