"""A rate status follows from the previous one and new metrics; missing or refused values are never zero."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.reputation.feedback import Figures, MailCounts, RateStatus, counted_since
from mailwarden.domain.reputation.rate_levels import RateLevel
from mailwarden.domain.reputation.rate_status import rate_status_after, rate_status_refused
from mailwarden.domain.reputation.thresholds import Thresholds
from mailwarden.message import verbatim
from tests.builders import NOON, ses_account

ACCOUNT = ses_account("us-east-1").ref
BUSY = Figures(sends=5200.0, bounces=320.0, complaints=9.0, bounce_rate=0.061, complaint_rate=0.0009)


def after(figures: Figures, previous: RateStatus | None = None) -> RateStatus:
    return rate_status_after(previous, ACCOUNT, figures, at=NOON, limits=Thresholds())


def test_figures_of_a_busy_account_have_their_levels() -> None:
    rate_status = after(BUSY)

    assert rate_status.looked_at == NOON
    assert (rate_status.bounce_level, rate_status.complaint_level) == (RateLevel.REVIEW, RateLevel.HIGH)


@pytest.mark.parametrize(
    "figures",
    [
        Figures(),
        Figures(sends=13.0, bounces=1.0, bounce_rate=0.077),
        replace(BUSY, sends=199.0),
        replace(BUSY, sends=None),
        replace(BUSY, bounces=4.0, complaints=1.0),
        replace(BUSY, bounces=None, complaints=None),
        replace(BUSY, bounce_rate=None, complaint_rate=None),
    ],
    ids=["nothing", "1 of 13", "few sends", "no sends known", "few of them", "none known", "no rate"],
)
def test_too_few_mails_have_no_level(figures: Figures) -> None:
    rate_status = after(figures)

    assert (rate_status.bounce_level, rate_status.complaint_level) == (RateLevel.NORMAL, RateLevel.NORMAL)


@pytest.mark.parametrize(
    ("figures", "held"),
    [
        (replace(BUSY, sends=199.0), True),
        (replace(BUSY, sends=160.0, bounces=4.0), True),
        (replace(BUSY, sends=159.0), False),
        (replace(BUSY, bounces=3.0, complaints=1.0), False),
        (replace(BUSY, sends=None), False),
        (replace(BUSY, bounce_rate=None, complaint_rate=None), False),
        (Figures(), False),
    ],
)
def test_a_level_ends_for_want_of_mail_only_well_below_the_minimum(figures: Figures, held: bool) -> None:
    rate_status = after(figures, previous=after(BUSY))

    assert (rate_status.bounce_level is RateLevel.REVIEW) is held


def test_a_level_is_held_against_a_rate_that_hovers_below_its_step() -> None:
    before = after(BUSY)

    hovering = after(replace(BUSY, bounce_rate=0.0475), before)
    fallen = after(replace(BUSY, bounce_rate=0.0445), hovering)

    assert hovering.bounce_level is RateLevel.REVIEW
    assert fallen.bounce_level is RateLevel.HIGH


def test_a_refusal_keeps_the_last_metrics_and_the_next_reading_ends_it() -> None:
    before = after(BUSY)

    refused = rate_status_refused(before, ACCOUNT, because=verbatim("AccessDenied"))
    again = after(BUSY, refused)

    assert refused == replace(before, refused=verbatim("AccessDenied"))
    assert again.refused is None


def test_a_subject_that_was_always_refused_was_never_looked_at() -> None:
    refused = rate_status_refused(None, ACCOUNT, because=verbatim("AccessDenied"))

    assert refused.looked_at is None
    assert refused.figures == Figures()


def test_counts_separate_hard_bounces_from_bounces_that_do_not_count_for_the_rate() -> None:
    mail = MailCounts(
        since=NOON.date(),
        by_outcome={
            "Bounce/Permanent/General": 3,
            "Bounce/Permanent/Suppressed": 2,
            "Bounce/Permanent/OnAccountSuppressionList": 50,
            "Bounce/Transient/General": 70,
            "Complaint": 4,
            "Complaint/OnAccountSuppressionList": 1,
            "Reject": 6,
        },
    )

    assert mail.hard_bounces == 5
    assert mail.complaints == 4


def test_the_days_that_are_counted_lie_within_the_window_of_the_figures() -> None:
    for hours in range(48):
        at = NOON + timedelta(hours=hours)

        first = counted_since(at)

        assert at - timedelta(days=7) < at.replace(year=first.year, month=first.month, day=first.day, hour=0)
