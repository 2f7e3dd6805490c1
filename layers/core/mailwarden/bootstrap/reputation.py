"""What ``functions/reputation`` is made of."""

import time
from datetime import timedelta
from functools import cache

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.ses.accounts import SesV2Accounts
from mailwarden.adapters.aws.ses.metrics import CloudWatchMetrics
from mailwarden.adapters.aws.ses.suppression_list import SesSuppressionLists
from mailwarden.bootstrap import container
from mailwarden.bootstrap.hints import hint_queue
from mailwarden.bootstrap.ledger import ledger
from mailwarden.bootstrap.settings import connect_settings, settings_in_force
from mailwarden.inbound.schedule.reputation import ScheduledReputation
from mailwarden.service.reputation.collector import ReputationCollector
from mailwarden.service.reputation.suppression_list_counter import SuppressionCounter

# Of the 300 seconds that the template gives the function; what is left is for one more page and for giving up slowly.
_BUDGET = timedelta(seconds=240)


@cache
def _accounts() -> SesV2Accounts:
    return SesV2Accounts(clients=container.clients(), account=container.environment().account, monotonic=time.monotonic)


def build_handler() -> ScheduledReputation:
    """One run over the SES accounts in use, under the settings in force."""
    known, limits = container.environment(), settings_in_force().thresholds
    return ScheduledReputation(
        keeper=ReputationCollector(
            figures=CloudWatchMetrics(clients=container.clients()),
            accounts=_accounts(),
            ledger=ledger(),
            hints=hint_queue(),
            clock=container.UtcClock(),
            thresholds=limits,
            partition=known.partition,
            account=known.account,
        ),
        counter=SuppressionCounter(
            lists=SesSuppressionLists(clients=container.clients(), account=known.account),
            ledger=ledger(),
            hints=hint_queue(),
            clock=container.UtcClock(),
            sleep=time.sleep,
            monotonic=time.monotonic,
            least_suppressed=limits.least_suppressed,
        ),
        monotonic=time.monotonic,
        budget=_BUDGET,
    )


def prepare() -> None:
    """Build what every run needs before the first one comes."""
    container.build_early(
        connect_settings, hint_queue, ledger, _accounts, container.connect(Clients.sesv2, Clients.cloudwatch)
    )
