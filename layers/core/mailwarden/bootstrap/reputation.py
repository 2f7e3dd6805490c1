"""What ``functions/reputation`` is made of."""

import time
from datetime import timedelta

from mailwarden.adapters.cloudwatch_figures import CloudWatchFigures
from mailwarden.adapters.suppression_lists import SesSuppressionLists
from mailwarden.bootstrap import home
from mailwarden.inbound.reputation_schedule import ScheduledReputation
from mailwarden.service.counting_suppressed import SuppressionCounter
from mailwarden.service.keeping_figures import FiguresKeeper

# Of the 300 seconds that the template gives the function; what is left is for one more page and for giving up slowly.
_BUDGET = timedelta(seconds=240)


def reputation() -> ScheduledReputation:
    """One run over the SES accounts in use, under the settings in force."""
    known, limits = home.environment(), home.settings().thresholds
    return ScheduledReputation(
        keeper=FiguresKeeper(
            figures=CloudWatchFigures(clients=home.clients()),
            accounts=home.accounts(),
            ledger=home.ledger(),
            hints=home.hint_queue(),
            clock=home.UtcClock(),
            thresholds=limits,
            partition=known.partition,
            account=known.account,
        ),
        counter=SuppressionCounter(
            lists=SesSuppressionLists(clients=home.clients(), account=known.account),
            ledger=home.ledger(),
            hints=home.hint_queue(),
            clock=home.UtcClock(),
            sleep=time.sleep,
            monotonic=time.monotonic,
            least_suppressed=limits.least_suppressed,
        ),
        monotonic=time.monotonic,
        budget=_BUDGET,
    )
