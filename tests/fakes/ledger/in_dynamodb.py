"""Every role over one table of DynamoDB."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.adapters.ledger.findings import DynamoFindings
from mailwarden.adapters.ledger.incidents.bursts import DynamoBursts
from mailwarden.adapters.ledger.incidents.chat_threads import DynamoChatThreads
from mailwarden.adapters.ledger.incidents.incident_list import DynamoIncidentList
from mailwarden.adapters.ledger.incidents.incidents import DynamoIncidents
from mailwarden.adapters.ledger.incidents.leases import DynamoIncidentLeases
from mailwarden.adapters.ledger.inspection.rate_shares import DynamoRateShares
from mailwarden.adapters.ledger.inspection.turns import DynamoTurns
from mailwarden.adapters.ledger.inspection.waiting_looks import DynamoWaitingLooks
from mailwarden.adapters.ledger.known_pools import DynamoKnownPools
from mailwarden.adapters.ledger.looks import DynamoLooks
from mailwarden.adapters.ledger.pool_records import DynamoPoolRecords
from mailwarden.adapters.ledger.removals import DynamoRemovals
from mailwarden.adapters.ledger.repair.open_fixes import DynamoOpenFixes
from mailwarden.adapters.ledger.repair.resource_leases import DynamoResourceLeases
from mailwarden.adapters.ledger.repair.shadow_cases import DynamoShadowCases
from mailwarden.adapters.ledger.repair.waiting_orders import DynamoWaitingOrders
from mailwarden.adapters.ledger.repair_budgets import DynamoRepairBudgets
from mailwarden.adapters.ledger.reputation.account_snapshots import DynamoAccountSnapshots
from mailwarden.adapters.ledger.reputation.app_client_pools import DynamoAppClientPools
from mailwarden.adapters.ledger.reputation.delivery_failures import DynamoDeliveryFailures
from mailwarden.adapters.ledger.reputation.feedback import DynamoFeedback
from mailwarden.adapters.ledger.reputation.mail_counters import DynamoMailCounters
from mailwarden.adapters.ledger.reputation.ses_notices import DynamoSesNotices
from mailwarden.adapters.ledger.reputation.suppression_counts import DynamoSuppressionCounts
from mailwarden.adapters.ledger.reputation.time_series import DynamoTimeSeries
from mailwarden.adapters.ledger.resources_in_use import DynamoResourcesInUse
from mailwarden.adapters.ledger.sent_reports import DynamoSentReports
from mailwarden.adapters.ledger.stop_switch import DynamoStopSwitch
from mailwarden.adapters.ledger.write_histories import DynamoWriteHistories
from mailwarden.adapters.ledger.write_windows import DynamoWriteWindows
from tests.fakes.ledger.roles import CHANNELS
from tests.texts import sentence

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


class LedgerInDynamoDB:
    """The roles as the functions are made of them; ``sleep`` takes seconds."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        *,
        channels: Sequence[str] = CHANNELS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.corrupt: list[str] = []
        over = Table(client=client, name=table, sleep=sleep, corrupt=lambda error: self.corrupt.append(sentence(error)))
        self.looks = DynamoLooks(table=over)
        self.pool_records = DynamoPoolRecords(table=over)
        self.resources_in_use = DynamoResourcesInUse(table=over)
        self.known_pools = DynamoKnownPools(table=over)
        self.findings = DynamoFindings(table=over, channels=channels)
        self.subject_findings = self.findings
        self.incident_list = DynamoIncidentList(table=over)
        self.incidents = DynamoIncidents(table=over, channels=tuple(channels))
        self.bursts = DynamoBursts(table=over)
        self.incident_leases = DynamoIncidentLeases(table=over)
        self.chat_threads = DynamoChatThreads(table=over)
        self.open_fixes = DynamoOpenFixes(table=over)
        self.resource_leases = DynamoResourceLeases(table=over)
        self.waiting_orders = DynamoWaitingOrders(table=over)
        self.budgets = DynamoRepairBudgets(table=over)
        self.stop_switch = DynamoStopSwitch(table=over)
        self.histories = DynamoWriteHistories(table=over)
        self.failures = DynamoDeliveryFailures(table=over)
        self.client_pools = DynamoAppClientPools(table=over)
        self.turns = DynamoTurns(table=over)
        self.feedback = DynamoFeedback(table=over)
        self.counters = DynamoMailCounters(table=over)
        self.notices = DynamoSesNotices(table=over)
        self.series = DynamoTimeSeries(table=over)
        self.snapshots = DynamoAccountSnapshots(table=over)
        self.counts = DynamoSuppressionCounts(table=over)
        self.removals = DynamoRemovals(table=over)
        self.shadow_cases = DynamoShadowCases(table=over)
        self.sent_reports = DynamoSentReports(table=over)
        self.windows = DynamoWriteWindows(table=over)
        self.waiting = DynamoWaitingLooks(table=over)
        self.shares = DynamoRateShares(table=over)
