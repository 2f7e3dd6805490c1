"""Thresholds of rules, with defaults that the operator's settings can override."""

from dataclasses import dataclass
from datetime import timedelta

from mailwarden.domain.reputation.rate_levels import RateSteps

# Review and pause are AWS's (SES guide, "Enforcement FAQs"); the two before them are ours, for earlier warnings.
_BOUNCE_RATES = RateSteps(elevated=0.02, high=0.04, review=0.05, pause=0.10)
_COMPLAINT_RATES = RateSteps(elevated=0.0005, high=0.0008, review=0.001, pause=0.005)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Every threshold of the rules, with its default.

    ``quota_share``: the share of a region's sending quota from which MW504 warns, above 0 and at most 1.
    ``delivery_failures_quiet``: the time without a reported delivery failure after which MW801 resolves.
    ``unannounced_grace``: the time an event may take before MW902 reports it missing.
    ``bounce_rates``, ``complaint_rates``: the fractions from which MW703 and MW704 warn, and AWS acts.
    ``least_sends``, ``least_bounces``, ``least_complaints``: the minimum in seven days for a meaningful rate.
    ``least_suppressed``: the minimum of new entries a day for MW705.
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
