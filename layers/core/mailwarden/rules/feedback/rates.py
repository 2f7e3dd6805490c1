"""What the rules about rates share: whose rates they are, whether they are known, and how they are told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.mail_path.ses_region_state import usable_ses_states
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.reputation.feedback import WINDOW, Figures, RateStatus, SesFeedback
from mailwarden.domain.reputation.rate_levels import RateLevel, RateSteps
from mailwarden.domain.reputation.thresholds import Thresholds
from mailwarden.message import Argument, Message, message
from mailwarden.regions import SenderUse
from mailwarden.rules.naming import pool_message
from mailwarden.rules.rule import Rule

# Figures come every 15 minutes. Until so many were missed the last ones stand.
FIGURES_STAND_FOR = timedelta(hours=2)

WINDOW_DAYS = message("words.days", count=WINDOW.days)


def sending_feedback(path: MailPath) -> Iterator[tuple[SesAccountRef, SesFeedback]]:
    """The feedback of each SES account of ours through which a pool's mail leaves; none for the default sender.

    Bounces of the default sender count against an account of Cognito's, which nobody else can see.
    """
    if isinstance(path.sender, UsesIdentity) and path.sender.use is SenderUse.DEVELOPER:
        for ses_state in usable_ses_states(path):
            yield ses_state.account_ref, ses_state.feedback


def rate_statuses(path: MailPath) -> Iterator[tuple[SesAccountRef, RateStatus, Message | None]]:
    """How each SES account stands that was ever asked for its rates, and why that says nothing about now, or None."""
    for ref, feedback in sending_feedback(path):
        rate_status = feedback.rates
        if rate_status is not None:
            yield ref, rate_status, not_known_because(rate_status.looked_at, rate_status.refused, path.taken_at)


def not_known_because(
    looked_at: datetime | None, refused: Message | None, now: datetime, *, stand_for: timedelta = FIGURES_STAND_FOR
) -> Message | None:
    """Why figures say nothing about now: they were refused, or are too old; None while the last ones stand."""
    if looked_at is not None and now - looked_at <= stand_for:
        return None
    if refused is not None:
        return refused
    if looked_at is None:
        return None
    return message("rates.no-figures-since", at=looked_at.isoformat(timespec="minutes"))


def effect_of(level: RateLevel) -> Effect:
    """AWS acts upon the account, not upon single mails: mail gets through until it does."""
    return Effect.NONE if level is RateLevel.ELEVATED else Effect.AT_RISK


def severity_of(level: RateLevel) -> Severity:
    """How bad a level is; never critical, because mail is not lost yet."""
    return Severity.MEDIUM if level is RateLevel.ELEVATED else Severity.HIGH


def what_aws_does(level: RateLevel, steps: RateSteps) -> Message:
    """The consequence of a level."""
    review, pause = percent(steps.review), percent(steps.pause)
    match level:
        case RateLevel.PAUSE:
            return message("rates.may-pause", pause=pause)
        case RateLevel.REVIEW:
            return message("rates.reviews", review=review, pause=pause)
        case RateLevel.NORMAL | RateLevel.ELEVATED | RateLevel.HIGH:
            return message("rates.will-review", review=review, pause=pause)


def percent(fraction: float) -> str:
    """As in ``4.2 %``; small ones keep two digits, as in ``0.08 %``."""
    value = fraction * 100
    text = f"{value:.2f}" if value < 1 else f"{value:.1f}"
    return f"{text.rstrip('0').rstrip('.')} %"


def count(number: float | None) -> Argument:
    """A number of messages, or that it is unknown."""
    return message("words.unknown") if number is None else f"{number:.0f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateKind:
    """One of the two rates that AWS acts upon; ``code`` begins the ids of its messages."""

    code: str
    evidence: str
    rate: Callable[[Figures], float | None]
    number: Callable[[Figures], float | None]
    level: Callable[[RateStatus], RateLevel]
    steps: Callable[[Thresholds], RateSteps]


BOUNCES = RateKind(
    code="MW703",
    evidence="bounce_rate",
    rate=lambda figures: figures.bounce_rate,
    number=lambda figures: figures.bounces,
    level=lambda status: status.bounce_level,
    steps=lambda thresholds: thresholds.bounce_rates,
)
COMPLAINTS = RateKind(
    code="MW704",
    evidence="complaint_rate",
    rate=lambda figures: figures.complaint_rate,
    number=lambda figures: figures.complaints,
    level=lambda status: status.complaint_level,
    steps=lambda thresholds: thresholds.complaint_rates,
)


def rate_findings(rule: Rule, path: MailPath, kind: RateKind) -> Iterator[Finding]:
    """The findings of a rule about one kind of rate, for each SES account of the path."""
    for ref, status, unknown in rate_statuses(path):
        rate, level = kind.rate(status.figures), kind.level(status)
        if unknown is not None:
            yield rule.undecided(path, subject=ref, because=unknown)
        elif level is not RateLevel.NORMAL and rate is not None:
            yield _rate_finding(rule, path, kind, status, rate)


def _rate_finding(rule: Rule, path: MailPath, kind: RateKind, status: RateStatus, rate: float) -> Finding:
    steps, level, figures = kind.steps(path.thresholds), kind.level(status), status.figures
    return rule.finding(
        path,
        subject=status.subject,
        effect=effect_of(level),
        severity=severity_of(level),
        message=message(
            f"{kind.code}.high",
            region=status.subject.region,
            rate=percent(rate),
            number=count(kind.number(figures)),
            sends=count(figures.sends),
            window=WINDOW_DAYS,
            pool=pool_message(path.pool),
        ),
        why=what_aws_does(level, steps),
        remediation=message(f"{kind.code}.remediation", region=status.subject.region),
        evidence={
            kind.evidence: percent(rate),
            "window": WINDOW_DAYS,
            "sends": count(figures.sends),
            "bounces": count(figures.bounces),
            "complaints": count(figures.complaints),
            "warns_from": percent(steps.from_which(level)),
            "aws_reviews_from": percent(steps.review),
            "aws_may_pause_from": percent(steps.pause),
            "ses_region": status.subject.region,
        },
    )
