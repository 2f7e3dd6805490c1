"""What the rules about rates share: whose rates they are, whether they are known, and how they are told."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from mailwarden.domain.findings.finding import Effect, Severity
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import judged_ses_states
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.reputation.feedback import WINDOW, RateStatus, SesFeedback
from mailwarden.domain.reputation.rate_levels import RateLevel, RateSteps
from mailwarden.regions import SenderUse

# Figures come every 15 minutes. Until so many were missed the last ones stand.
FIGURES_STAND_FOR = timedelta(hours=2)

WINDOW_WORDS = f"{WINDOW.days} days"


def sending_feedback(path: MailPath) -> Iterator[tuple[SesAccountRef, SesFeedback]]:
    """The feedback of each SES account of ours through which a pool's mail leaves; none for the default sender.

    Bounces of the default sender count against an account of Cognito's, which nobody else can see.
    """
    if isinstance(path.sender, UsesIdentity) and path.sender.use is SenderUse.DEVELOPER:
        for ses_state in judged_ses_states(path):
            yield ses_state.account_ref, ses_state.feedback


def rate_statuses(path: MailPath) -> Iterator[tuple[SesAccountRef, RateStatus, str | None]]:
    """How each SES account stands that was ever asked for its rates, and why that says nothing about now, or None."""
    for ref, feedback in sending_feedback(path):
        rate_status = feedback.rates
        if rate_status is not None:
            yield ref, rate_status, not_known_because(rate_status.looked_at, rate_status.refused, path.taken_at)


def not_known_because(
    looked_at: datetime | None, refused: str | None, now: datetime, *, stand_for: timedelta = FIGURES_STAND_FOR
) -> str | None:
    """Why figures say nothing about now: they were refused, or are too old; None while the last ones stand."""
    if looked_at is not None and now - looked_at <= stand_for:
        return None
    if refused is not None:
        return refused
    return None if looked_at is None else f"there are no figures since {looked_at.isoformat(timespec='minutes')}"


def effect_of(level: RateLevel) -> Effect:
    """AWS acts upon the account, not upon single mails: mail gets through until it does."""
    return Effect.NONE if level is RateLevel.ELEVATED else Effect.AT_RISK


def severity_of(level: RateLevel) -> Severity:
    """How bad a level is; never critical, because mail is not lost yet."""
    return Severity.MEDIUM if level is RateLevel.ELEVATED else Severity.HIGH


def what_aws_does(level: RateLevel, steps: RateSteps) -> str:
    """In one sentence, what a level leads to."""
    match level:
        case RateLevel.PAUSE:
            return f"from {percent(steps.pause)} on AWS may pause the account, and then no pool sends through it"
        case RateLevel.REVIEW:
            return f"from {percent(steps.review)} on AWS reviews the account and may pause it at {percent(steps.pause)}"
        case RateLevel.NORMAL | RateLevel.ELEVATED | RateLevel.HIGH:
            return f"AWS reviews an account from {percent(steps.review)} on and may pause it at {percent(steps.pause)}"


def percent(fraction: float) -> str:
    """As in ``4.2 %``; small ones keep two digits, as in ``0.08 %``."""
    value = fraction * 100
    text = f"{value:.2f}" if value < 1 else f"{value:.1f}"
    return f"{text.rstrip('0').rstrip('.')} %"


def count(number: float | None) -> str:
    """A number of messages; what is missing is said to be."""
    return "not known" if number is None else f"{number:.0f}"


def evidence_of(rate_status: RateStatus, steps: RateSteps, level: RateLevel) -> dict[str, str]:
    """The figures behind a level, with the window they are of."""
    figures = rate_status.figures
    return {
        "window": WINDOW_WORDS,
        "sends": count(figures.sends),
        "bounces": count(figures.bounces),
        "complaints": count(figures.complaints),
        "warns_from": percent(steps.from_which(level)),
        "aws_reviews_from": percent(steps.review),
        "aws_may_pause_from": percent(steps.pause),
        "ses_region": rate_status.subject.region,
    }
