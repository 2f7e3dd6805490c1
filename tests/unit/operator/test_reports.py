"""Reports by the calendar: once in each period, again where sending failed, and with every exempt pool in them."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from mailwarden.domain.operator.reports.period import ReportKind, first_day_of_last_month, period_of
from mailwarden.domain.operator.reports.weekly_summary import WeeklySummary
from mailwarden.domain.operator.shadow_report import ShadowReport
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.presentation.answers.lists.weekly_summary import summary_document
from mailwarden.presentation.catalogue.korean_catalogue import KOREAN, KOREAN_TEXTS
from mailwarden.presentation.catalogue.languages import ENGLISH
from mailwarden.presentation.columns import width_of
from mailwarden.presentation.reports.text import report_subject, report_text
from mailwarden.service.reports.send_reports import ReportSender
from tests.builders import developer, pool
from tests.fakes.deployment import Deployment
from tests.unit.operator.test_shadow_report import AWAY, HOME, hurt_pool, mend, reporter, shadowed
from tests.unit.presentation.languages import FOREIGN


@dataclass(slots=True)
class Sent:
    """A topic and its marks in memory; it fails as often as *failures* says."""

    reports: list[WeeklySummary | ShadowReport] = field(default_factory=list)
    periods: dict[ReportKind, str] = field(default_factory=dict)
    failures: int = 0

    def send(self, report: WeeklySummary | ShadowReport) -> None:
        if self.failures:
            self.failures -= 1
            raise TimeoutError
        self.reports.append(report)

    def last_period(self, kind: ReportKind) -> str | None:
        return self.periods.get(kind)

    def mark_sent(self, kind: ReportKind, *, period: str) -> None:
        self.periods[kind] = period


def sender(mailwarden: Deployment, sent: Sent) -> ReportSender:
    return ReportSender(reporter=reporter(mailwarden), sent=sent, topic=sent, clock=mailwarden.clock)


def days(mailwarden: Deployment, sent: Sent, count: int) -> Iterator[tuple[ReportKind, ...]]:
    """What is sent on each of so many days."""
    for _ in range(count):
        yield sender(mailwarden, sent).send_due()
        mailwarden.clock.pass_by(days=1)


def test_each_report_is_sent_once_in_its_period_and_not_in_the_first() -> None:
    mailwarden, sent = shadowed(hurt_pool(1)), Sent()

    kinds = [kind for done in days(mailwarden, sent, 62) for kind in done]

    # From Monday, 2 March, to Saturday, 2 May.
    assert kinds.count(ReportKind.WEEKLY) == 8
    assert kinds.count(ReportKind.SHADOW) == 2
    assert [report.since.isoformat() for report in sent.reports if isinstance(report, ShadowReport)] == [
        "2026-03-01",
        "2026-04-01",
    ]


def test_a_report_that_could_not_be_sent_is_sent_the_next_day() -> None:
    mailwarden = shadowed(hurt_pool(1))
    sent = Sent(periods={ReportKind.WEEKLY: "2026-W09", ReportKind.SHADOW: "2026-02"}, failures=1)

    with pytest.raises(ExceptionGroup):
        sender(mailwarden, sent).send_due()
    mailwarden.clock.pass_by(days=1)

    assert [type(report) for report in sent.reports] == [ShadowReport]
    assert sender(mailwarden, sent).send_due() == (ReportKind.WEEKLY,)
    assert sender(mailwarden, sent).send_due() == ()


@pytest.mark.parametrize(
    ("mode", "pools", "is_sent"),
    [(RepairMode.OFF, 0, True), (RepairMode.OFF, 1, True), (RepairMode.SAFE, 0, False)],
)
def test_the_shadow_report_is_sent_while_repairs_are_off(mode: RepairMode, pools: int, is_sent: bool) -> None:
    mailwarden = shadowed(*map(hurt_pool, range(pools)))
    mailwarden.mode = mode
    sent = Sent(periods={ReportKind.WEEKLY: "2026-W10", ReportKind.SHADOW: "2026-02"})

    sender(mailwarden, sent).send_due()

    assert bool(sent.reports) is is_sent
    assert sent.periods[ReportKind.SHADOW] == "2026-03"


def summary_with_exemptions() -> WeeklySummary:
    lost, sound, quiet = hurt_pool(1), hurt_pool(2), hurt_pool(3)
    mailwarden = shadowed(lost)
    mailwarden.hold(
        pool("eu-west-3", pool_id=sound.pool_id, email=developer(HOME), tags={"mailwarden": "report until=2026-03-06"}),
        pool("eu-west-3", pool_id=quiet.pool_id, email=developer(AWAY), tags={"mailwarden": "off reason=old"}),
    )
    mailwarden.settle_down(PoolHint(pool=sound), PoolHint(pool=quiet))
    sent = Sent(periods={ReportKind.WEEKLY: "2026-W09", ReportKind.SHADOW: "2026-03"})
    sender(mailwarden, sent).send_due()
    [report] = sent.reports
    assert isinstance(report, WeeklySummary)
    return report


SUMMARY = """\
Of 3 user pools 1 can send mail, 0 can and are at risk, 2 cannot, and 0 are
unknown.

Not plainly able to send (`make why POOL=...` explains each):
  shop (eu-west-3_Shop00001): cannot send; findings MW201
  shop (eu-west-3_Shop00003): cannot send; findings MW201

Exempt from repairs, and with `off` from alerts, by a tag (`make exemptions`):
  shop (eu-west-3_Shop00002), report until 2026-03-06: can send; findings
    MW912
  shop (eu-west-3_Shop00003), off without an end: cannot send; findings MW201
"""


def test_an_exempt_pool_stays_in_the_weekly_summary() -> None:
    report = summary_with_exemptions()

    document = summary_document(report)

    assert report_text(report, catalogue=ENGLISH) == SUMMARY
    assert report_subject(report, catalogue=ENGLISH) == "Mailwarden, week 2026-W10: 2 pools cannot send mail"
    assert document["can_send"] == {"yes": 1, "at risk": 0, "no": 2, "unknown": 0}
    assert (document["hurt_count"], document["exemptions_count"]) == (2, 2)


def test_the_mail_about_repairs_that_were_held_back_has_the_figures() -> None:
    same, other = map(hurt_pool, (1, 2))
    mailwarden = shadowed(same, other)
    mailwarden.clock.pass_by(hours=5)
    mend(mailwarden, same)
    report = reporter(mailwarden).report((mailwarden.clock.at - timedelta(days=9)).date())

    text = report_text(report, catalogue=ENGLISH)

    assert text == (
        "Since 2026-02-21 2 fixes were due while RepairMode was off; `safe` would have\n"
        "written 2.\n"
        "RepairMode is off now.\n"
        "\n"
        "  1: another actor made the same change, typically after 5 hours\n"
        "  1: nothing was done yet, typically for 5 hours\n"
        "\n"
        "`make shadow-report` shows each case, and asks CloudFormation for the owner of\n"
        "each pool.\n"
    )


def test_a_second_language_needs_no_change_outside_the_catalogue() -> None:
    text = report_text(summary_with_exemptions(), catalogue=FOREIGN)

    assert "cannot send" not in text
    assert "Exempt" not in text
    assert len(report_subject(summary_with_exemptions(), catalogue=FOREIGN)) < 100


def test_a_line_of_a_report_is_at_most_78_cells_wide() -> None:
    texts = [report_text(summary_with_exemptions(), catalogue=language) for language in (ENGLISH, KOREAN)]

    assert [line for text in texts for line in text.splitlines() if width_of(line) > 78] == []
    # A command is not broken into two lines.
    assert all("(`make why POOL=...`" in text for text in texts)


def test_korean_has_every_text_of_a_report() -> None:
    assert {id_ for id_ in ENGLISH.templates if id_.startswith("report.")} <= set(KOREAN_TEXTS)
    assert "메일을 보낼 수 없는 사용자 풀 2개" in report_subject(summary_with_exemptions(), catalogue=KOREAN)


@pytest.mark.parametrize(
    ("at", "week", "month", "first"),
    [
        (datetime(2027, 1, 1, tzinfo=UTC), "2026-W53", "2027-01", "2026-12-01"),
        (datetime(2026, 12, 31, tzinfo=UTC), "2026-W53", "2026-12", "2026-11-01"),
        (datetime(2026, 3, 31, 23, 59, tzinfo=UTC), "2026-W14", "2026-03", "2026-02-01"),
    ],
)
def test_weeks_and_months_are_those_of_the_calendar(at: datetime, week: str, month: str, first: str) -> None:
    assert (period_of(ReportKind.WEEKLY, at), period_of(ReportKind.SHADOW, at)) == (week, month)
    assert first_day_of_last_month(at).isoformat() == first


def test_the_mail_of_many_pools_is_bounded() -> None:
    report = summary_with_exemptions()
    many = replace(report, hurt=report.hurt * 500, exemptions=report.exemptions * 500)

    assert len(report_text(many, catalogue=ENGLISH).splitlines()) < 150
    assert "and 970 more" in report_text(many, catalogue=ENGLISH)
