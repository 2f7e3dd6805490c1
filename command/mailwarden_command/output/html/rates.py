"""The rates of SES accounts and configuration sets, the quota, and the growth of suppression lists, as small charts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mailwarden.domain.mail_path.path import SesRegionState
from mailwarden.domain.readings import SesAccount, Unreadable
from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef
from mailwarden.domain.reputation.feedback import WINDOW, RateStatus, SuppressionGrowth
from mailwarden.domain.reputation.rate_levels import RateSteps
from mailwarden.domain.reputation.thresholds import Thresholds
from mailwarden_command.audit.days import DayFigures
from mailwarden_command.audit.report import AuditReport
from mailwarden_command.output.html.glance import BAR
from mailwarden_command.output.html.wording import configured, shown

_NAME = 100
# Accounts are as many as regions; sets may be as many as pools.
_MOST_SETS = 24
# The scale of a rate ends a little beyond the threshold at which AWS pauses.
_BEYOND = 1.2
_HIGHEST = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """A rate on a scale with AWS's thresholds; places and widths are of ``BAR``, the rate and thresholds fractions."""

    kind: str
    rate: float
    level: str
    width: float
    review: float
    pause: float
    review_at: float
    pause_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaBar:
    """The messages of the last 24 hours, and how many are allowed."""

    sent: int
    most: int
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBar:
    """A day's number, None if it is not known; ``height`` is of ``_HIGHEST``."""

    day: str
    number: float | None
    place: int
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressionChart:
    """The size of a suppression list, None if it was not counted, and what came in the last days."""

    total: int | None
    added: int
    days: tuple[DayBar, ...]
    refusal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCard:
    """The SES account of a region, or a configuration set (``name``). Missing numbers are None, never zero."""

    name: str
    account: str
    region: str
    is_read: bool
    refusal: str
    sends: float | None
    bounces: float | None
    complaints: float | None
    gauges: tuple[Gauge, ...]
    quota: QuotaBar | None
    suppression: SuppressionChart | None
    days: tuple[DayBar, ...]
    is_sandbox: bool


def rate_cards_of(report: AuditReport) -> tuple[RateCard, ...]:
    """The accounts with their sets below them, in the order of their regions."""
    cards: dict[tuple[str, str, str], RateCard] = {}
    for explained in report.pools:
        path = explained.path
        for state in path.ses_states:
            for card in _cards(state, path.thresholds, report):
                cards.setdefault((card.account, card.region, card.name), card)
    sets = sorted((card for card in cards.values() if card.name), key=_urgency)
    shown_sets = {(card.account, card.region, card.name) for card in sets[:_MOST_SETS]}
    return tuple(cards[key] for key in sorted(cards) if not cards[key].name or key in shown_sets)


def _urgency(card: RateCard) -> tuple[float, str]:
    """The place of a configuration set among those that are shown: the rates closest to a pause first."""
    return -max((gauge.rate / gauge.pause for gauge in card.gauges), default=0.0), card.name


def _cards(state: SesRegionState, thresholds: Thresholds, report: AuditReport) -> Iterator[RateCard]:
    account = state.account if isinstance(state.account, SesAccount) else None
    refusal = shown(state.account.message) if isinstance(state.account, Unreadable) else ""
    yield _card(
        state.account_ref,
        state.feedback.rates,
        thresholds,
        report.days.get(state.account_ref, ()),
        account=account,
        refusal=refusal,
        suppression=_suppression(state.feedback.suppression, report),
    )
    if state.set_rates is not None:
        subject = state.set_rates.subject
        yield _card(subject, state.set_rates, thresholds, report.days.get(subject, ()))


def _card(
    subject: SesAccountRef | ConfigurationSetRef,
    rates: RateStatus | None,
    thresholds: Thresholds,
    days: tuple[DayFigures, ...],
    *,
    account: SesAccount | None = None,
    refusal: str = "",
    suppression: SuppressionChart | None = None,
) -> RateCard:
    figures = None if rates is None else rates.figures
    refused = shown(rates.refused) if rates is not None and rates.refused is not None else ""
    return RateCard(
        name=configured(subject.name, _NAME) if isinstance(subject, ConfigurationSetRef) else "",
        account=subject.account,
        region=subject.region,
        is_read=rates is not None and rates.looked_at is not None,
        refusal=refusal or refused,
        sends=None if figures is None else figures.sends,
        bounces=None if figures is None else figures.bounces,
        complaints=None if figures is None else figures.complaints,
        gauges=() if rates is None else tuple(_gauges(rates, thresholds)),
        quota=None if account is None else _quota(account),
        suppression=suppression,
        days=_bars([(each.day, each.sends) for each in days]),
        is_sandbox=account is not None and not account.production_access,
    )


def _gauges(rates: RateStatus, thresholds: Thresholds) -> Iterator[Gauge]:
    figures = rates.figures
    if figures.bounce_rate is not None:
        yield _gauge("bounce", figures.bounce_rate, rates.bounce_level.label, thresholds.bounce_rates)
    if figures.complaint_rate is not None:
        yield _gauge("complaint", figures.complaint_rate, rates.complaint_level.label, thresholds.complaint_rates)


def _gauge(kind: str, rate: float, level: str, steps: RateSteps) -> Gauge:
    scale = BAR / max(steps.pause * _BEYOND, rate)
    return Gauge(
        kind=kind,
        rate=rate,
        level=level,
        width=round(rate * scale, 2),
        review=steps.review,
        pause=steps.pause,
        review_at=round(steps.review * scale, 2),
        pause_at=round(steps.pause * scale, 2),
    )


def _quota(account: SesAccount) -> QuotaBar | None:
    """None where the quota is unlimited (SES API v2, SendQuota: -1)."""
    most = account.max_24_hour_send
    if most <= 0:
        return None
    share = min(1.0, account.sent_last_24_hours / most)
    return QuotaBar(sent=round(account.sent_last_24_hours), most=round(most), width=round(BAR * share, 2))


def _suppression(growth: SuppressionGrowth | None, report: AuditReport) -> SuppressionChart | None:
    if growth is None:
        return None
    today = report.ended_at.date()
    days = [today - timedelta(days=back) for back in reversed(range(WINDOW.days))]
    numbers = [(day, growth.added_on(day)) for day in days]
    return SuppressionChart(
        total=None if growth.total is None else sum(growth.total.values()),
        added=sum(number for _, number in numbers),
        days=_bars(numbers),
        refusal="" if growth.refused is None else shown(growth.refused),
    )


def _bars(numbers: Sequence[tuple[date, float | None]]) -> tuple[DayBar, ...]:
    """A bar for each day, the highest of ``_HIGHEST``; none for a day without a figure."""
    most = max((number or 0 for _, number in numbers), default=0) or 1
    return tuple(
        DayBar(day=day.isoformat(), number=number, place=place, height=round(_HIGHEST * (number or 0) / most, 2))
        for place, (day, number) in enumerate(numbers)
    )
