"""All roles of a ledger, as tests take them that run on either kind."""

from typing import Protocol

from mailwarden.domain.findings.record import FindingRecord
from mailwarden.ports.findings.findings import Findings
from mailwarden.ports.incidents.bursts import Bursts
from mailwarden.ports.incidents.chat_threads import ChatThreads
from mailwarden.ports.incidents.incident_leases import IncidentLeases
from mailwarden.ports.incidents.incident_list import IncidentList
from mailwarden.ports.incidents.incidents import Incidents
from mailwarden.ports.mail_path.looks import Looks
from mailwarden.ports.mail_path.pool_records import PoolRecords
from mailwarden.ports.mail_path.resources_in_use import ResourcesInUse
from mailwarden.ports.monitoring.known_pools import KnownPools
from mailwarden.ports.operator.finding_records import SubjectFindings
from mailwarden.ports.operator.removals import Removals
from mailwarden.ports.operator.report_topic import SentReports
from mailwarden.ports.rate_shares import RateShares
from mailwarden.ports.repair.open_fixes import OpenFixes
from mailwarden.ports.repair.repair_budgets import RepairBudgets
from mailwarden.ports.repair.resource_leases import ResourceLeases
from mailwarden.ports.repair.shadow_cases import ShadowCases
from mailwarden.ports.repair.stop_switch import StopSwitch
from mailwarden.ports.repair.waiting_orders import WaitingOrders
from mailwarden.ports.repair.write_histories import WriteHistories
from mailwarden.ports.repair.write_windows import WriteWindows
from mailwarden.ports.reputation.account_snapshots import AccountSnapshots
from mailwarden.ports.reputation.app_clients import AppClientPools
from mailwarden.ports.reputation.delivery_failures import DeliveryFailureCounts
from mailwarden.ports.reputation.feedback import Feedback
from mailwarden.ports.reputation.mail_counters import MailCounters
from mailwarden.ports.reputation.ses_metrics import TimeSeries
from mailwarden.ports.reputation.ses_notices import SesNotices
from mailwarden.ports.reputation.suppression_lists import SuppressionCounts
from mailwarden.ports.turns import Turns
from mailwarden.ports.waiting_looks import WaitingLooks

# The channels of these ledgers, which the tests write out: a new channel of the product changes nothing for them.
CHANNELS = ("topic", "chat")


class LedgerRoles(Protocol):
    """One attribute for each role, named as the services call it."""

    @property
    def looks(self) -> Looks: ...
    @property
    def pool_records(self) -> PoolRecords: ...
    @property
    def resources_in_use(self) -> ResourcesInUse: ...
    @property
    def known_pools(self) -> KnownPools: ...
    @property
    def findings(self) -> Findings: ...
    @property
    def subject_findings(self) -> SubjectFindings: ...
    @property
    def incident_list(self) -> IncidentList: ...
    @property
    def incidents(self) -> Incidents: ...
    @property
    def bursts(self) -> Bursts: ...
    @property
    def incident_leases(self) -> IncidentLeases: ...
    @property
    def chat_threads(self) -> ChatThreads: ...
    @property
    def open_fixes(self) -> OpenFixes: ...
    @property
    def resource_leases(self) -> ResourceLeases: ...
    @property
    def waiting_orders(self) -> WaitingOrders: ...
    @property
    def shadow_cases(self) -> ShadowCases: ...
    @property
    def sent_reports(self) -> SentReports: ...
    @property
    def budgets(self) -> RepairBudgets: ...

    @property
    def stop_switch(self) -> StopSwitch: ...
    @property
    def histories(self) -> WriteHistories: ...
    @property
    def failures(self) -> DeliveryFailureCounts: ...
    @property
    def client_pools(self) -> AppClientPools: ...
    @property
    def turns(self) -> Turns: ...
    @property
    def feedback(self) -> Feedback: ...
    @property
    def counters(self) -> MailCounters: ...
    @property
    def notices(self) -> SesNotices: ...
    @property
    def series(self) -> TimeSeries: ...
    @property
    def snapshots(self) -> AccountSnapshots: ...
    @property
    def counts(self) -> SuppressionCounts: ...
    @property
    def removals(self) -> Removals: ...
    @property
    def windows(self) -> WriteWindows: ...
    @property
    def waiting(self) -> WaitingLooks: ...
    @property
    def shares(self) -> RateShares: ...


def put(ledger: LedgerRoles, record: FindingRecord) -> None:
    """Store a record in the place of whatever is there."""
    key = record.key
    ledger.findings.update(key, lambda _: record)
