"""Wires ``functions/reputation``."""

import time
from datetime import timedelta

from mailwarden.adapters.aws.ses.metrics import CloudWatchMetrics
from mailwarden.adapters.aws.ses.suppression_list import SesSuppressionLists
from mailwarden.bootstrap import container
from mailwarden.inbound.schedule.reputation import ScheduledReputation
from mailwarden.service.reputation.collector import ReputationCollector
from mailwarden.service.reputation.suppression_list_counter import SuppressionCounter

# Of the function's timeout of 300 seconds; the rest is for one more page and a slow failure.
_BUDGET = timedelta(seconds=240)


def build_handler() -> ScheduledReputation:
    """One run over the SES accounts in use, with the settings in effect."""
    known, limits = container.environment(), container.settings().thresholds
    return ScheduledReputation(
        keeper=ReputationCollector(
            figures=CloudWatchMetrics(clients=container.clients()),
            accounts=container.accounts(),
            ledger=container.ledger(),
            hints=container.hint_queue(),
            clock=container.UtcClock(),
            thresholds=limits,
            partition=known.partition,
            account=known.account,
        ),
        counter=SuppressionCounter(
            lists=SesSuppressionLists(clients=container.clients(), account=known.account),
            ledger=container.ledger(),
            hints=container.hint_queue(),
            clock=container.UtcClock(),
            sleep=time.sleep,
            monotonic=time.monotonic,
            least_suppressed=limits.least_suppressed,
        ),
        monotonic=time.monotonic,
        budget=_BUDGET,
    )
