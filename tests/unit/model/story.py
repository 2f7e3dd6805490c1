"""Several pools that share identities, the people who edit them, and the queues between the functions."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

from mailwarden.domain.operator.undo import UndoAnswer, UndoCarriedOut, UndoOrder, UndoRefused
from mailwarden.domain.readings import Identity, Pool
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.hints import Hint, IdentityHint, PoolHint, RegionHint
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import RepairOrder, Unconfirmed, Written
from mailwarden.domain.repair.limits import Limits, RepairMode
from mailwarden.message import verbatim
from mailwarden.service.inspection.inspect import PoolNotReadable
from mailwarden.service.monitoring.sweep import RegionNotReadable
from mailwarden.service.repair.write_protocol import OutcomeUnknown, ResourceBusy
from tests.builders import ACCOUNT, identity
from tests.fakes.deployment import SETTLE, Deployment
from tests.fakes.inspection import concerned_pools_of
from tests.fakes.mortal import Died, Life, mortal
from tests.fakes.undoing import undoing
from tests.unit.model.configurations import IDENTITIES, first_pools
from tests.unit.model.live_aws import LiveAws, LiveIdentities, LivePools, ThrottledError, is_after, is_before

OWNER = f"arn:aws:sts::{ACCOUNT}:assumed-role/ops/alice"
TAGGER = f"arn:aws:sts::{ACCOUNT}:assumed-role/tagger/auto"
DEPLOYMENT = f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/pipeline"
DEPLOYMENT_ROLE = f"arn:aws:iam::{ACCOUNT}:role/deploy"

WATCHED = ("ap-northeast-2", "me-central-1", "eu-west-3")

# An SQS queue shows a message again after six minutes, and keeps what failed five times apart.
VISIBILITY, MOST_RECEIVES = timedelta(minutes=6), 5
COMES_AGAIN = (PoolNotReadable, OutcomeUnknown, ResourceBusy, ThrottledError, RegionNotReadable)


@dataclass(slots=True, kw_only=True)
class Mail:
    """A message in a queue."""

    body: Hint | RepairOrder
    due: datetime
    receives: int = 0


@dataclass(slots=True, kw_only=True)
class Story:
    """A deployment over ``LiveAws``; each delivery is one process, which may die."""

    aws: LiveAws = field(init=False)
    mailwarden: Deployment = field(init=False)
    waiting: list[Mail] = field(default_factory=list)
    calls: int = 0
    told: set[str] = field(default_factory=set)
    """The ids of the calls that Mailwarden has looked at because of an event."""
    dead: list[Mail] = field(default_factory=list)
    """The dead letters, which an operator sends again."""
    deployed: set[str] = field(default_factory=set)
    """What a deployment ever wrote."""
    same_as_another: set[str] = field(default_factory=set)
    """The entries whose ``after`` somebody else wrote, and those whose ``before`` somebody wrote back, while open."""
    undone_by_another: set[str] = field(default_factory=set)
    ordered: set[str] = field(default_factory=set)
    """The entries whose undo a person ordered."""
    unfinished: set[str] = field(default_factory=set)
    """The entries whose undo has to be ordered again."""
    edits: list[tuple[int, str]] = field(default_factory=list)
    """What others edited, with the number of our writes before it."""

    def __post_init__(self) -> None:
        self.mailwarden = Deployment(watched_regions=WATCHED, deployment_roles=(DEPLOYMENT_ROLE,))
        self.aws = LiveAws(clock=self.mailwarden.clock, limits=self.limits)
        held: dict[str, Any] = {"pools": LivePools(aws=self.aws), "identities": LiveIdentities(aws=self.aws)}
        self.mailwarden = replace(self.mailwarden, **held, writer=cast("Any", self.aws))
        for ref in IDENTITIES:
            self.aws.hold(identity(ref.name, region=ref.region, tags={"mailwarden:cognito": "account"}), by=OWNER)
        for each in first_pools():
            self.aws.hold(each, by=OWNER)

    @property
    def now(self) -> datetime:
        return self.mailwarden.clock.at

    @property
    def pools(self) -> list[Pool]:
        return list(self.aws.pools.values())

    def limits(self) -> Limits:
        return self.mailwarden.limits or Limits(repair_mode=self.mailwarden.mode)

    def set_limits(self, mode: RepairMode, *, closed: bool) -> None:
        self.mailwarden.limits = Limits(repair_mode=mode, closed_because=verbatim("SSM is silent") if closed else None)

    def edit(self, resource: Pool | Identity, call: str, *, by: str, heard: bool = True) -> None:
        """An actor's call; its event may be lost."""
        self.calls += 1
        self.edits.append((len(self.aws.taken), resource.ref.arn))
        self.aws.hold(resource, by=f"{by}#{self.calls}")
        if by == DEPLOYMENT:
            self.deployed.add(resource.ref.arn)
            if any(self.mailwarden.ledger.known_pools.swept_at(region) is None for region in WATCHED):
                # Before the first sweep nobody knows who uses the identity: the call counts for every pool.
                self.deployed |= {ref.arn for ref in self.aws.pools}
        for entry_id, intention in self.mailwarden.journal.intentions.items():
            if entry_id not in self.mailwarden.journal.outcomes and intention.resource == resource.ref.arn:
                if is_after(intention.change, resource):
                    self.same_as_another.add(entry_id)
                if is_before(intention.change, resource):
                    self.undone_by_another.add(entry_id)
        cause = Cause(
            event_name=call,
            event_id=f"call-{self.calls}",
            actor=by,
            user_agent="aws-cli/2",
            region=resource.ref.region,
            at=self.now,
        )
        hint: Hint = (
            PoolHint(pool=resource.ref, cause=cause)
            if isinstance(resource, Pool)
            else IdentityHint(identity=resource.ref, cause=cause)
        )
        if heard:
            self.waiting.append(Mail(body=hint, due=self.now))

    def sweep(self) -> None:
        self.waiting += [Mail(body=RegionHint(region=region), due=self.now) for region in WATCHED]

    def due(self) -> list[Mail]:
        return [mail for mail in self.waiting if mail.due <= self.now]

    def deliver_hints(self, mails: Iterable[Mail], *, ends_at: int | None = None, twice: bool = False) -> int:
        """One batch for ``inspect``; the number of port calls it made."""
        batch, life = list(mails), Life(ends_at=ends_at)
        process = mortal(self.mailwarden, life)
        try:
            pools, inspector = concerned_pools_of(process), process.inspector()
            looks: list[PoolHint] = []
            failed = []
            for mail in batch:
                try:
                    looks += pools.of(cast("Hint", mail.body))
                except COMES_AGAIN:
                    failed.append(mail)
            for hint in inspector.begin(tuple(looks)):
                try:
                    inspector.inspect(hint)
                    self.told |= {call.event_id for call in (hint.cause.calls if hint.cause else ())}
                except PoolNotReadable:
                    failed += [mail for mail in batch if _names(mail.body, hint.pool)]
        except Died:
            failed = batch
        self._settle(batch, failed, twice=twice)
        return _reads(life)

    def deliver_at_once(self, hint: PoolHint) -> None:
        """Another process looks at a pool."""
        self.deliver_hints([Mail(body=hint, due=self.now)])

    def deliver_order(self, mail: Mail, *, ends_at: int | None = None, twice: bool = False) -> int:
        """One order for ``repair``; the number of reads of AWS it made."""
        life = Life(ends_at=ends_at)
        failed: list[Mail] = []
        try:
            done = mortal(self.mailwarden, life).run(cast("RepairOrder", mail.body))
            failed = [mail] if any(isinstance(each.outcome, Unconfirmed) for each in done) else []
        except (*COMES_AGAIN, Died):
            failed = [mail]
        self._settle([mail], failed, twice=twice)
        return _reads(life)

    def undo(self, entry_id: str, *, ends_at: int | None = None) -> None:
        """A person's order."""
        self.calls += 1
        self.ordered.add(entry_id)
        order, life = UndoOrder(entry_id=entry_id, by="alice", confirm=True), Life(ends_at=ends_at)
        answer: UndoAnswer | None = None
        with suppress(Died, *COMES_AGAIN):
            answer = undoing(mortal(self.mailwarden, life)).undo(order, request_id=f"r-{self.calls}")
        self._settle([], [], twice=False)
        match answer:
            case None | UndoCarriedOut(outcome=Unconfirmed()):
                self.unfinished.add(entry_id)
            case UndoRefused(reason=reason) if reason.id in {"undo.busy", "undo.not-concluded"}:
                pass
            case _:
                self.unfinished.discard(entry_id)

    def undoable(self) -> list[str]:
        """The repairs that were written and not undone, the latest last."""
        journal = self.mailwarden.journal
        entries = [entry for entry in map(journal.entry, journal.outcomes) if entry is not None]
        return [
            entry.intention.entry_id
            for entry in entries
            if isinstance(entry.outcome, Written) and entry.intention.undoes is None and entry.undone_by is None
        ]

    def finish_undos(self) -> None:
        """Whoever ordered an undo that did not end, or was not confirmed, gives the order again."""
        for entry_id in list(self.unfinished):
            self.undo(entry_id)

    def _settle(self, batch: list[Mail], failed: list[Mail], *, twice: bool) -> None:
        """What SQS and the settle time make of it."""
        for mail in batch:
            if any(mail is each for each in failed):
                mail.due, mail.receives = self.now + VISIBILITY, mail.receives + 1
            if not any(mail is each for each in failed) or mail.receives >= MOST_RECEIVES:
                self.waiting = [each for each in self.waiting if each is not mail]
                if mail.receives >= MOST_RECEIVES:
                    self.dead.append(mail)
                elif twice:
                    self.waiting.append(Mail(body=mail.body, due=self.now + VISIBILITY))
        for delayed in self.mailwarden.hints.waiting:
            self.waiting.append(Mail(body=delayed.hint, due=self.now + delayed.delay))
        self.mailwarden.hints.waiting.clear()
        self.waiting += [Mail(body=order, due=self.now + SETTLE) for order in self.mailwarden.repairs.take_all()]
        self.mailwarden.announce()

    def redrive(self) -> None:
        """The operator sends the dead letters again."""
        self.waiting += [Mail(body=mail.body, due=self.now) for mail in self.dead]
        self.dead.clear()

    def come_to_rest(self) -> None:
        """Everything that waits is delivered, again and again, as time passes."""
        for _ in range(60):
            if not self.waiting:
                return
            self.mailwarden.clock.at = max(self.now, min(mail.due for mail in self.waiting))
            due = self.due()
            hints = [mail for mail in due if not isinstance(mail.body, RepairOrder)]
            if hints:
                self.deliver_hints(hints)
            for mail in due:
                if isinstance(mail.body, RepairOrder):
                    self.deliver_order(mail)
        raise AssertionError(f"the queues never become empty: {self.waiting}")


def _names(body: object, ref: PoolRef) -> bool:
    match body:
        case PoolHint(pool=named):
            return named == ref
        case RegionHint():
            return False
        case _:
            return True


def _reads(life: Life) -> int:
    ports = ("before pools.", "before identities.", "before accounts.", "before configuration_sets.", "before role.")
    return sum(moment.startswith(ports) for moment in life.moments)
