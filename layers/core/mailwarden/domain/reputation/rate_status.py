"""The transitions of a rate status with new metrics or a refusal: levels with minimum volumes."""

from dataclasses import replace
from datetime import datetime

from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef
from mailwarden.domain.reputation.feedback import Figures, RateStatus
from mailwarden.domain.reputation.rate_levels import RateLevel, RateSteps, is_enough
from mailwarden.domain.reputation.thresholds import Thresholds
from mailwarden.message import Message


def rate_status_after(
    previous: RateStatus | None,
    subject: SesAccountRef | ConfigurationSetRef,
    figures: Figures,
    *,
    at: datetime,
    limits: Thresholds,
) -> RateStatus:
    """The rate status after *figures* were read at *at*.

    A rate has no level if AWS publishes none, or if too few mails were sent or bounced: one bounce of thirteen mails is
    not a trend. A missing number counts as too few.
    """
    known = previous or RateStatus(subject=subject, looked_at=None, figures=Figures())
    bounced = is_enough(known.bounce_level, figures.sends, limits.least_sends) and is_enough(
        known.bounce_level, figures.bounces, limits.least_bounces
    )
    complained = is_enough(known.complaint_level, figures.sends, limits.least_sends) and is_enough(
        known.complaint_level, figures.complaints, limits.least_complaints
    )
    return RateStatus(
        subject=subject,
        looked_at=at,
        figures=figures,
        bounce_level=_level(known.bounce_level, figures.bounce_rate if bounced else None, limits.bounce_rates),
        complaint_level=_level(
            known.complaint_level, figures.complaint_rate if complained else None, limits.complaint_rates
        ),
    )


def rate_status_refused(
    previous: RateStatus | None, subject: SesAccountRef | ConfigurationSetRef, *, because: Message
) -> RateStatus:
    """The rate status after a refused read: the last metrics and levels stay, with the reason of the refusal."""
    known = previous or RateStatus(subject=subject, looked_at=None, figures=Figures())
    return replace(known, refused=because)


def _level(previous: RateLevel, rate: float | None, steps: RateSteps) -> RateLevel:
    return RateLevel.NORMAL if rate is None else steps.after(previous, rate)
