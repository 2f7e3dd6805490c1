"""How a standing follows from the one before and new figures: levels with volume floors, refusals kept apart."""

from dataclasses import replace
from datetime import datetime

from mailwarden.domain.feedback import Figures, RateStanding
from mailwarden.domain.rate_levels import RateLevel, RateSteps
from mailwarden.domain.subjects import ConfigurationSetRef, SesAccountRef
from mailwarden.domain.thresholds import Thresholds


def standing_after(
    previous: RateStanding | None,
    subject: SesAccountRef | ConfigurationSetRef,
    figures: Figures,
    *,
    at: datetime,
    limits: Thresholds,
) -> RateStanding:
    """The standing once *figures* were read at *at*.

    A rate has no level where AWS tells none, or where too few mails were sent, or came back, to say anything: one
    bounce of thirteen mails is no trend. A number that is missing is not known to be enough.
    """
    enough = (figures.sends or 0) >= limits.least_sends
    known = previous or RateStanding(subject=subject, looked_at=None, figures=Figures())
    return RateStanding(
        subject=subject,
        looked_at=at,
        figures=figures,
        bounce_level=_level(
            known.bounce_level,
            figures.bounce_rate if enough and (figures.bounces or 0) >= limits.least_bounces else None,
            limits.bounce_rates,
        ),
        complaint_level=_level(
            known.complaint_level,
            figures.complaint_rate if enough and (figures.complaints or 0) >= limits.least_complaints else None,
            limits.complaint_rates,
        ),
    )


def standing_refused(
    previous: RateStanding | None, subject: SesAccountRef | ConfigurationSetRef, *, because: str
) -> RateStanding:
    """The standing once a reading was refused: the last figures and levels stay, and why there are no newer ones."""
    known = previous or RateStanding(subject=subject, looked_at=None, figures=Figures())
    return replace(known, refused=because)


def _level(previous: RateLevel, rate: float | None, steps: RateSteps) -> RateLevel:
    return RateLevel.CALM if rate is None else steps.after(previous, rate)
