"""How a standing follows from the one before and new figures: levels with volume floors, refusals kept apart."""

from dataclasses import replace
from datetime import datetime

from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef
from mailwarden.domain.reputation.feedback import Figures, RateStatus
from mailwarden.domain.reputation.rate_levels import RateLevel, RateSteps
from mailwarden.domain.reputation.thresholds import Thresholds

_STILL_ENOUGH = 0.8


def rate_status_after(
    previous: RateStatus | None,
    subject: SesAccountRef | ConfigurationSetRef,
    figures: Figures,
    *,
    at: datetime,
    limits: Thresholds,
) -> RateStatus:
    """The standing once *figures* were read at *at*.

    A rate has no level where AWS tells none, or where too few mails were sent, or came back, to say anything: one
    bounce of thirteen mails is no trend. A number that is missing is not known to be enough.
    """
    known = previous or RateStatus(subject=subject, looked_at=None, figures=Figures())
    bounced = _is_enough(known.bounce_level, figures.sends, limits.least_sends) and _is_enough(
        known.bounce_level, figures.bounces, limits.least_bounces
    )
    complained = _is_enough(known.complaint_level, figures.sends, limits.least_sends) and _is_enough(
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
    previous: RateStatus | None, subject: SesAccountRef | ConfigurationSetRef, *, because: str
) -> RateStatus:
    """The standing once a reading was refused: the last figures and levels stay, and why there are no newer ones."""
    known = previous or RateStatus(subject=subject, looked_at=None, figures=Figures())
    return replace(known, refused=because)


def _level(previous: RateLevel, rate: float | None, steps: RateSteps) -> RateLevel:
    return RateLevel.NORMAL if rate is None else steps.after(previous, rate)


def _is_enough(previous: RateLevel, number: float | None, least: int) -> bool:
    """Whether so many say something; once they did, a few less still do, so that nothing opens and closes all day."""
    return number is not None and number >= (least if previous is RateLevel.NORMAL else _STILL_ENOUGH * least)
