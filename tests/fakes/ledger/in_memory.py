"""Every role in memory, over one state."""

from dataclasses import dataclass, field

from mailwarden.domain.mail_path.overlap import OtherCall, ResourceWrites, StoredWindow
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.ports.mail_path.pool_records import PoolRecord
from tests.fakes.ledger.findings import (
    InMemoryBudgets,
    InMemoryFindings,
    InMemoryStopSwitch,
    InMemoryWriteHistories,
)
from tests.fakes.ledger.incidents import (
    InMemoryBursts,
    InMemoryChatThreads,
    InMemoryIncidentLeases,
    InMemoryIncidentList,
    InMemoryIncidents,
)
from tests.fakes.ledger.looks import InMemoryKnownPools, InMemoryLooks, InMemoryResourcesInUse
from tests.fakes.ledger.reputation import (
    InMemoryAccountSnapshots,
    InMemoryAppClientPools,
    InMemoryDeliveryFailures,
    InMemoryFeedback,
    InMemoryMailCounters,
    InMemoryRemovals,
    InMemorySesNotices,
    InMemorySuppressionCounts,
    InMemoryTimeSeries,
    InMemoryTurns,
)
from tests.fakes.ledger.shadow import InMemorySentReports, InMemoryShadowCases
from tests.fakes.ledger.waiting import InMemoryRateShares, InMemoryWaitingLooks
from tests.fakes.ledger.writes import InMemoryOpenFixes, InMemoryResourceLeases, InMemoryWaitingOrders
from tests.fakes.past_calls import InMemoryEmailRecords


@dataclass(slots=True)
class InMemoryPoolRecords:
    """Implements ``PoolRecords`` over the roles of a ledger."""

    ledger: "InMemoryLedger"

    def read(self, pool: PoolRef) -> PoolRecord:
        return PoolRecord(
            last_look=self.ledger.looks.last(pool),
            failures=self.ledger.failures.of(pool),
            writes=self.ledger.histories.own_of(pool),
            windows=self.ledger.windows.of(pool.arn),
        )


@dataclass(slots=True)
class InMemoryWriteWindows:
    """Implements ``WriteWindows``."""

    windows: dict[tuple[str, str], StoredWindow] = field(default_factory=dict)
    calls: dict[tuple[str, str], OtherCall] = field(default_factory=dict)

    def put(self, window: StoredWindow) -> None:
        self.windows[window.resource, window.entry_id] = window

    def drop(self, window: StoredWindow) -> None:
        self.windows.pop((window.resource, window.entry_id), None)

    def note(self, other: OtherCall) -> None:
        self.calls.setdefault((other.resource, other.call.event_id), other)

    def of(self, resource: str) -> ResourceWrites:
        return ResourceWrites(
            windows=tuple(window for (arn, _), window in self.windows.items() if arn == resource),
            calls=tuple(other for (arn, _), other in self.calls.items() if arn == resource),
        )


@dataclass(slots=True, kw_only=True)
class InMemoryLedger:
    """The roles; a test puts its own in the place of one that is to fail or to watch."""

    looks: InMemoryLooks = field(default_factory=InMemoryLooks)
    email_records: InMemoryEmailRecords = field(default_factory=InMemoryEmailRecords)
    pool_records: InMemoryPoolRecords = field(init=False)
    resources_in_use: InMemoryResourcesInUse = field(init=False)
    known_pools: InMemoryKnownPools = field(init=False)
    findings: InMemoryFindings = field(default_factory=InMemoryFindings)
    incidents: InMemoryIncidents = field(default_factory=InMemoryIncidents)
    incident_list: InMemoryIncidentList = field(init=False)
    bursts: InMemoryBursts = field(default_factory=InMemoryBursts)
    incident_leases: InMemoryIncidentLeases = field(default_factory=InMemoryIncidentLeases)
    chat_threads: InMemoryChatThreads = field(default_factory=InMemoryChatThreads)
    open_fixes: InMemoryOpenFixes = field(init=False)
    resource_leases: InMemoryResourceLeases = field(default_factory=InMemoryResourceLeases)
    waiting_orders: InMemoryWaitingOrders = field(default_factory=InMemoryWaitingOrders)
    budgets: InMemoryBudgets = field(default_factory=InMemoryBudgets)
    histories: InMemoryWriteHistories = field(default_factory=InMemoryWriteHistories)
    stop_switch: InMemoryStopSwitch = field(default_factory=InMemoryStopSwitch)
    failures: InMemoryDeliveryFailures = field(default_factory=InMemoryDeliveryFailures)
    client_pools: InMemoryAppClientPools = field(default_factory=InMemoryAppClientPools)
    turns: InMemoryTurns = field(default_factory=InMemoryTurns)
    counters: InMemoryMailCounters = field(default_factory=InMemoryMailCounters)
    notices: InMemorySesNotices = field(default_factory=InMemorySesNotices)
    counts: InMemorySuppressionCounts = field(default_factory=InMemorySuppressionCounts)
    feedback: InMemoryFeedback = field(init=False)
    series: InMemoryTimeSeries = field(default_factory=InMemoryTimeSeries)
    snapshots: InMemoryAccountSnapshots = field(default_factory=InMemoryAccountSnapshots)
    removals: InMemoryRemovals = field(default_factory=InMemoryRemovals)
    windows: InMemoryWriteWindows = field(default_factory=InMemoryWriteWindows)
    waiting: InMemoryWaitingLooks = field(default_factory=InMemoryWaitingLooks)
    shares: InMemoryRateShares = field(default_factory=InMemoryRateShares)
    shadow_cases: InMemoryShadowCases = field(default_factory=InMemoryShadowCases)
    sent_reports: InMemorySentReports = field(default_factory=InMemorySentReports)

    @property
    def subject_findings(self) -> InMemoryFindings:
        return self.findings

    def __post_init__(self) -> None:
        self.incident_list = InMemoryIncidentList(incidents=self.incidents)
        self.pool_records = InMemoryPoolRecords(self)
        self.open_fixes = InMemoryOpenFixes(findings=self.findings)
        self.resources_in_use = InMemoryResourcesInUse(looks=self.looks)
        self.known_pools = InMemoryKnownPools(looks=self.looks)
        self.feedback = InMemoryFeedback(notices=self.notices, counts=self.counts)
