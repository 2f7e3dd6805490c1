"""Stories of broken pools, what may happen to them while a repair is dead, and how everything comes to rest."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from mailwarden.domain.findings.changes import WrittenChange
from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.readings import Identity, Pool, ServiceLinkedRole
from mailwarden.domain.repair.journal import RepairOrder, WriteResult, Written
from mailwarden.domain.repair.limits import Limits, RepairMode
from mailwarden.message import verbatim
from mailwarden.service.inspection.inspect import PoolNotReadable
from mailwarden.service.repair.write_protocol import OutcomeUnknown, ResourceBusy
from tests.builders import developer, identity, pool, sending_policy, unread
from tests.fakes.deployment import SETTLE, Deployment, hint
from tests.fakes.held_writer import HeldWriter
from tests.fakes.ledger.writes import ExpiredOrders
from tests.unit.decisions.repairs import OPENED, OREGON, seoul

COMES_AGAIN = (PoolNotReadable, OutcomeUnknown, ResourceBusy)


@dataclass(slots=True, kw_only=True)
class TakingWriter:
    """Remembers which entry each write that took effect belongs to."""

    by: HeldWriter
    taken: list[str] = field(default_factory=list)

    def write(self, change: WrittenChange, *, entry_id: str) -> WriteResult:
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
        self.mailwarden.ledger.waiting_orders = ExpiredOrders()
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
