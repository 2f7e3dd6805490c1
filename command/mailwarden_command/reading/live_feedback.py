"""Reads the rates of SES accounts and configuration sets from CloudWatch, as the function ``reputation`` does."""

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
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
        """None: the rates of many sets are read together (``rates_of``)."""
        return None

    def rates_of(self, sets: Sequence[ConfigurationSetRef]) -> Mapping[ConfigurationSetRef, RateStatus]:
        """The rates of configuration sets of one region, of all of them or of none."""
        return dict(zip(sets, self._statuses(sets), strict=True))

    def _rates(self, account: SesAccountRef) -> RateStatus:
        return next(self._statuses((account,)))

    def _statuses(self, subjects: Sequence[SesAccountRef | ConfigurationSetRef]) -> Iterator[RateStatus]:
        now = self.now()
        region = subjects[0].region
        answer = self.metrics.read(region, subjects, start=window_of(now), end=slot_of(now) + SLOT)
        for subject in subjects:
            if isinstance(answer, Unreadable):
                yield rate_status_refused(None, subject, because=answer.message)
                continue
            series = {slot.at: slot.figures for slot in answer.get(subject, ())}
            self.days[subject] = days_of(series, now)
            status = rate_status_after(None, subject, summed(series, now), at=now, limits=self.thresholds)
            # As the collector stores it.
            yield replace(status, tried_at=now, sends_since=sends_since(series, now))
