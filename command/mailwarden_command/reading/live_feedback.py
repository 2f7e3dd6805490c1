"""Reads the rates of SES accounts and configuration sets from CloudWatch, as the function ``reputation`` does."""

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, replace
from datetime import datetime

from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef
from mailwarden.domain.reputation.feedback import RateStatus, SesFeedback
from mailwarden.domain.reputation.rate_status import rate_status_after, rate_status_refused
from mailwarden.domain.reputation.thresholds import Thresholds
from mailwarden.domain.reputation.time_series import SLOT, sends_since, slot_of, summed, window_of
from mailwarden.ports.reputation.ses_metrics import SesMetrics
from mailwarden_command.audit.days import DayFigures, days_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveFeedback:
    """Implements ``FeedbackReadings``; suppression lists and notices of SES are in the ledger of a deployment only.

    ``days`` receives the figures by day of every subject that was read.
    """

    metrics: SesMetrics
    thresholds: Thresholds
    now: Callable[[], datetime]
    days: MutableMapping[SesAccountRef | ConfigurationSetRef, tuple[DayFigures, ...]]

    def of(self, account: SesAccountRef, *, fresh: bool) -> SesFeedback:  # noqa: ARG002 - nothing is cached
        """The rates of an SES account."""
        return SesFeedback(rates=self._rates(account))

    def rates(self, configuration_set: ConfigurationSetRef, *, fresh: bool) -> RateStatus | None:  # noqa: ARG002 - as above
        """The rates of a configuration set."""
        return self._rates(configuration_set)

    def _rates(self, subject: SesAccountRef | ConfigurationSetRef) -> RateStatus:
        now = self.now()
        answer = self.metrics.read(subject.region, (subject,), start=window_of(now), end=slot_of(now) + SLOT)
        if isinstance(answer, Unreadable):
            return rate_status_refused(None, subject, because=answer.message)
        series = {slot.at: slot.figures for slot in answer.get(subject, ())}
        self.days[subject] = days_of(series, now)
        status = rate_status_after(None, subject, summed(series, now), at=now, limits=self.thresholds)
        # As the collector stores it.
        return replace(status, tried_at=now, sends_since=sends_since(series, now))
