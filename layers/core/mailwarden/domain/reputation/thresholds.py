"""From when on something counts: the numbers behind rules that an operator may want to set otherwise."""

from dataclasses import dataclass
from datetime import timedelta

from mailwarden.domain.reputation.rate_levels import RateSteps

# Review and pause are AWS's (SES guide, "Enforcement FAQs"); the two before them are ours, to be warned earlier.
_BOUNCE_RATES = RateSteps(elevated=0.02, high=0.04, review=0.05, pause=0.10)
_COMPLAINT_RATES = RateSteps(elevated=0.0005, high=0.0008, review=0.001, pause=0.005)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Every number a rule compares with; what the settings do not mention is as it stands here.

    ``quota_share``: the part of a region's sending quota from which on MW504 warns, above 0 and at most 1.
    ``delivery_failures_quiet``: how long Cognito must have reported no failed delivery for MW801 to be over.
    ``unannounced_grace``: how long the event of a change may be on its way before MW902 says that none came.
    ``bounce_rates``, ``complaint_rates``: from which fractions on MW703 and MW704 warn, and AWS acts.
    ``least_sends``, ``least_bounces``, ``least_complaints``: with fewer of them in seven days a rate says nothing.
    ``least_suppressed``: with fewer new entries a day MW705 keeps silent.
    """

    quota_share: float = 0.8
    delivery_failures_quiet: timedelta = timedelta(hours=6)
    unannounced_grace: timedelta = timedelta(minutes=30)
    bounce_rates: RateSteps = _BOUNCE_RATES
    complaint_rates: RateSteps = _COMPLAINT_RATES
    least_sends: int = 200
    least_bounces: int = 5
    least_complaints: int = 2
    least_suppressed: int = 25
