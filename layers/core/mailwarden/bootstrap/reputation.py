"""Wires ``functions/reputation``."""

import time
from datetime import timedelta
from functools import cache

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.ses.accounts import SesV2Accounts
from mailwarden.adapters.aws.ses.metrics import CloudWatchMetrics
from mailwarden.adapters.aws.ses.suppression_list import SesSuppressionLists
from mailwarden.adapters.ledger.inspection.turns import DynamoTurns
from mailwarden.adapters.ledger.reputation.account_snapshots import DynamoAccountSnapshots
from mailwarden.adapters.ledger.reputation.feedback import DynamoFeedback
from mailwarden.adapters.ledger.reputation.suppression_counts import DynamoSuppressionCounts
from mailwarden.adapters.ledger.reputation.time_series import DynamoTimeSeries
from mailwarden.adapters.ledger.resources_in_use import DynamoResourcesInUse
from mailwarden.adapters.metrics.own_metrics import EmfMetrics
from mailwarden.bootstrap import container
from mailwarden.bootstrap.hints import hint_queue
from mailwarden.bootstrap.ledger import ledger_table
from mailwarden.bootstrap.settings import connect_settings, settings_in_force
from mailwarden.inbound.schedule.reputation import ScheduledReputation
from mailwarden.service.reputation.collector import ReputationCollector
from mailwarden.service.reputation.suppression_list_counter import SuppressionCounter

# Of the function's timeout of 300 seconds; the rest is for one more page and a slow failure.
_BUDGET = timedelta(seconds=240)


@cache
def _accounts() -> SesV2Accounts:
    return SesV2Accounts(clients=container.clients(), account=container.environment().account, monotonic=time.monotonic)


def build_handler() -> ScheduledReputation:
    """One run over the SES accounts in use, with the settings in effect."""
    known, limits = container.environment(), settings_in_force().thresholds
    return ScheduledReputation(
        keeper=ReputationCollector(
            figures=CloudWatchMetrics(clients=container.clients()),
            accounts=_accounts(),
            resources_in_use=DynamoResourcesInUse(table=ledger_table()),
            feedback=DynamoFeedback(table=ledger_table()),
            series=DynamoTimeSeries(table=ledger_table()),
            snapshots=DynamoAccountSnapshots(table=ledger_table()),
            hints=hint_queue(),
            clock=container.UtcClock(),
            thresholds=limits,
            partition=known.partition,
            account=known.account,
        ),
        counter=SuppressionCounter(
            lists=SesSuppressionLists(clients=container.clients(), account=known.account),
            counts=DynamoSuppressionCounts(table=ledger_table()),
            turns=DynamoTurns(table=ledger_table()),
            hints=hint_queue(),
            clock=container.UtcClock(),
            sleep=time.sleep,
            monotonic=time.monotonic,
            least_suppressed=limits.least_suppressed,
        ),
        monotonic=time.monotonic,
        budget=_BUDGET,
        report_age=EmfMetrics().reputation_age,
    )


def prepare() -> None:
    """Build what every run needs before the first one comes."""
    container.build_early(
        connect_settings, hint_queue, ledger_table, _accounts, container.connect(Clients.sesv2, Clients.cloudwatch)
    )
