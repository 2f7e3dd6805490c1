"""A whole deployment in memory: the real services over held readings, with a writer that changes what is held."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mailwarden.domain.findings.changes import (
    WrittenChange,
)
from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.incidents.incident import Occasion
from mailwarden.domain.mail_path.consent import ConsentSettings
from mailwarden.domain.readings import ConfigurationSet, Identity, Pool
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.hints import Hint, PoolHint
from mailwarden.domain.repair.journal import RepairOrder, WriteResult
from mailwarden.domain.repair.limits import Limits, RepairMode
from mailwarden.domain.reputation.thresholds import Thresholds
from mailwarden.ports.repair.change_writer import ChangeWriter
from mailwarden.regions import built_in_table
from mailwarden.rules import Rule
from mailwarden.service.findings.finding_recorder import FindingRecorder
from mailwarden.service.incidents.announce import Announcer
from mailwarden.service.inspection.batch_cache import RecentReadings
from mailwarden.service.inspection.inspect import Inspected, Inspector
from mailwarden.service.inspection.ledger_facts_reader import LedgerFactsReader
from mailwarden.service.inspection.mail_path_reader import MailPathReader
from mailwarden.service.inspection.repair_orders import RepairOrders
from mailwarden.service.monitoring.pool_existence import PoolExistence
from mailwarden.service.monitoring.sweep import Sweeper
from mailwarden.service.repair.fights import Fights
from mailwarden.service.repair.live_resources import LiveResources
from mailwarden.service.repair.pool_review import PoolReviewer
from mailwarden.service.repair.repair import Repaired, Repairer
from mailwarden.service.repair.repair_guard import Budget, RepairGuard
from mailwarden.service.repair.source_owners import SourceOwners
from mailwarden.service.repair.windowed_writer import WindowedWriter
from mailwarden.service.repair.write_protocol import WriteProtocol
from tests.advice import WITHOUT_ADVICE
from tests.builders import ACCOUNT, NOON, HeldAccounts, HeldConfigurationSets, HeldIdentities, HeldPools, HeldRole
from tests.fakes.announcing import Stream, announcer_of
from tests.fakes.channels import InMemoryChannel
from tests.fakes.held_writer import HeldStacks, HeldWriter
from tests.fakes.inspection import concerned_pools_of, inspector_of
from tests.fakes.journal import InMemoryJournal
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.ledger.reputation import UncachedFeedback
from tests.fakes.order_running import SETTLE as SETTLE_TIME
from tests.fakes.order_running import orders_of, repairer_of, runner_of
from tests.fakes.past_calls import InMemoryPastCalls
from tests.fakes.queues import InMemoryHintQueue, InMemoryRepairQueue

SETTLE = SETTLE_TIME
OWN_SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/mailwarden-RepairRole-1A2B/mailwarden-repair"


@dataclass(slots=True)
class TickingClock:
    """A clock that moves a millisecond each time it is read, and further when told."""

    at: datetime = NOON

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def pass_by(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass(slots=True, kw_only=True)
class Deployment:
    """Mailwarden deployed in memory; ``settle`` passes before a repair, as in the queue.

    Without the rules that advise nearly every pool, so that a test counts what it is about.
    """

    mode: RepairMode = RepairMode.SAFE
    rules: tuple[Rule, ...] = WITHOUT_ADVICE
    clock: TickingClock = field(default_factory=TickingClock)
    pools: HeldPools = field(default_factory=HeldPools)
    identities: HeldIdentities = field(default_factory=HeldIdentities)
    configuration_sets: HeldConfigurationSets = field(default_factory=HeldConfigurationSets)
    accounts: HeldAccounts = field(default_factory=HeldAccounts)
    role: HeldRole = field(default_factory=HeldRole)
    ledger: InMemoryLedger = field(default_factory=InMemoryLedger)
    journal: InMemoryJournal = field(default_factory=InMemoryJournal)
    hints: InMemoryHintQueue = field(default_factory=InMemoryHintQueue)
    repairs: InMemoryRepairQueue = field(default_factory=InMemoryRepairQueue)
    stacks: HeldStacks = field(default_factory=HeldStacks)
    past_calls: InMemoryPastCalls = field(default_factory=InMemoryPastCalls)
    restore_after: timedelta = timedelta(minutes=15)
    from_local_part: str | None = None
    stream: Stream = field(default_factory=Stream)
    topic: InMemoryChannel = field(default_factory=InMemoryChannel)
    chat: InMemoryChannel = field(default_factory=InMemoryChannel)
    limits: Limits | None = None
    budget: Budget = field(default_factory=lambda: Budget(per_account=20, per_pool=5))
    deployment_roles: tuple[str, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    recent: RecentReadings | None = None
    watched_regions: tuple[str, ...] = (
        "us-east-1", "ap-northeast-2", "eu-west-3", "us-west-2", "eu-west-1",
    )  # fmt: skip
    answer: WriteResult | None = None
    written: list[WrittenChange] = field(default_factory=list)
    writer: ChangeWriter | None = None
    new_entry_id: Callable[[datetime], str] | None = None
    severities: Mapping[str, Severity] = field(default_factory=dict)

    def hold(self, *readings: Pool | Identity | ConfigurationSet) -> None:
        """Let these be what is live."""
        for reading in readings:
            match reading:
                case Pool():
                    self.pools.held[reading.ref] = reading
                case Identity():
                    self.identities.held[reading.ref] = reading
                case ConfigurationSet():
                    self.configuration_sets.held[reading.ref] = reading

    def path_reader(self) -> MailPathReader:
        return MailPathReader(
            pools=self.pools,
            identities=self.identities,
            configuration_sets=self.configuration_sets,
            accounts=self.accounts,
            role=self.role,
            table=built_in_table(),
            consents=ConsentSettings(identities={}),
            ledger=LedgerFactsReader(
                pools=self.ledger.pool_records,
                feedback=UncachedFeedback(self.ledger.feedback),
                counters=self.ledger.counters,
                windows=self.ledger.windows,
                written=self.ledger.histories,
                email_records=self.ledger.email_records,
            ),
            thresholds=self.thresholds,
            from_local_part=self.from_local_part,
            register=PoolExistence(
                known_pools=self.ledger.known_pools, watched_regions=frozenset(self.watched_regions)
            ),
        )

    def recorder(self) -> FindingRecorder:
        return FindingRecorder(
            findings=self.ledger.findings,
            looks=self.ledger.looks,
            known_pools=self.ledger.known_pools,
            shadow_cases=self.ledger.shadow_cases,
            email_records=self.ledger.email_records,
        )

    @property
    def effective_limits(self) -> Limits:
        return self.limits or Limits(repair_mode=self.mode)

    def inspector(self) -> Inspector:
        return inspector_of(self)

    def sweeper(self) -> Sweeper:
        return Sweeper(
            pools=self.pools,
            hints=self.hints,
            resources_in_use=self.ledger.resources_in_use,
            known_pools=self.ledger.known_pools,
            looks=self.ledger.looks,
            clock=self.clock,
            partition="aws",
            account=ACCOUNT,
        )

    def held_writer(self) -> HeldWriter:
        return HeldWriter(
            pools=self.pools,
            identities=self.identities,
            role=self.role,
            written=self.written,
            answer=self.answer,
            clock=self.clock,
        )

    def reviewer(self) -> PoolReviewer:
        return PoolReviewer(
            path_reader=self.path_reader(),
            recorder=self.recorder(),
            rules=self.rules,
            limits=self.limits or Limits(repair_mode=self.mode),
            stop_switch=self.ledger.stop_switch,
            severities=self.severities,
        )

    def protocol(self) -> WriteProtocol:
        return WriteProtocol(
            leases=self.ledger.resource_leases,
            journal=self.journal,
            live=LiveResources(pools=self.pools, identities=self.identities, role=self.role),
            writer=WindowedWriter(
                writer=self.writer or self.held_writer(), windows=self.ledger.windows, clock=self.clock
            ),
            budgets=self.ledger.budgets,
            fights=Fights(histories=self.ledger.histories),
            findings=self.ledger.findings,
            new_entry_id=self.new_entry_id or (lambda at: f"entry-{at.isoformat()}"),
            clock=self.clock,
        )

    def guard(self) -> RepairGuard:
        return RepairGuard(
            findings=self.ledger.findings,
            looks=self.ledger.looks,
            budgets=self.ledger.budgets,
            fights=Fights(histories=self.ledger.histories),
            owners=SourceOwners(stacks=self.stacks, deployment_roles=self.deployment_roles),
            budget=self.budget,
        )

    def orders(self) -> RepairOrders:
        return orders_of(self)

    def run(self, order: RepairOrder, *, seconds: float = 60, **delivery: bool) -> list[Repaired]:
        """Carry out an order and what follows from it, in one invocation of so many seconds."""
        end = self.clock.at + timedelta(seconds=seconds)
        return list(runner_of(self).run(order, remaining=lambda: end - self.clock.at, **delivery))

    def repairer(self) -> Repairer:
        return repairer_of(self)

    def announcer(self) -> Announcer:
        return announcer_of(self.ledger, {"topic": self.topic, "chat": self.chat}, self.clock, mode=self.mode)

    def inspect(self, *hints: Hint) -> list[Inspected]:
        """One batch of hints, as the function handles it."""
        pools, inspector = concerned_pools_of(self), self.inspector()
        pool_hints = tuple(pool_hint for hint in hints for pool_hint in pools.of(hint))
        done = [inspector.inspect(hint) for hint in inspector.begin(pool_hints)]
        self.announce()
        return done

    def repair(self) -> list[Repaired]:
        """Carry out what is ordered, after the settle time."""
        self.clock.at += SETTLE
        done = [each for order in self.repairs.take_all() for each in self.run(order)]
        self.announce()
        return done

    def announce(self) -> None:
        """What the stream and the schedule do: findings that changed or wait are told, and incidents that are due."""
        self.stream.bring(self.ledger, self.announcer(), now=self.clock.now())

    def settle_down(self, *hints: Hint, echo: Callable[[WrittenChange], Hint] | None = None) -> None:
        """Inspect, repair, and hear the echo of our own writes, until nothing is waiting any more."""
        self.inspect(*hints)
        for _ in range(10):
            before = len(self.written)
            done = self.repair()
            if echo is not None:
                self.inspect(*(echo(change) for change in self.written[before:]))
            if not done and not self.repairs.waiting:
                return
        raise AssertionError("the deployment does not come to rest")

    def finding(self, rule_id: str, subject_arn: str) -> FindingRecord:
        """The record of one finding."""
        return self.ledger.findings.held[FindingKey(subject_arn=subject_arn, rule_id=rule_id)]

    def told(self) -> list[tuple[str, str]]:
        """What the topic was told but for reminders: rule and state, in order."""
        return [
            (alert.record.finding.rule_id, alert.record.lifecycle.state.value)
            for alert in self.topic.told
            if alert.report.occasion is not Occasion.REMINDER
        ]


def cause(name: str = "UpdateUserPool", *, event_id: str = "e-1", at: datetime = NOON) -> Cause:
    """Somebody's call."""
    return Cause(
        event_name=name,
        event_id=event_id,
        actor="arn:aws:sts::111122223333:assumed-role/ops/alice",
        user_agent="aws-cli/2",
        region="us-east-1",
        at=at,
    )


def hint(pool: Pool, *, event_id: str = "e-1") -> PoolHint:
    """An event that names a pool."""
    return PoolHint(pool=pool.ref, cause=cause(event_id=event_id))


def order(pool: Pool, rule_id: str) -> RepairOrder:
    """An order that nobody gave: forged, or long since done."""
    return RepairOrder(
        pool_arn=pool.ref.arn, rule_id=rule_id, resource="forged", change_digest="0" * 64, looked_at=NOON, cause=None
    )
