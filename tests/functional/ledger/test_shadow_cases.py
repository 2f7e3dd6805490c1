"""Fixes that were not written come back as they were kept: in a look while they go on, by their day once they ended."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mailwarden.domain.mail_path.look_record import ShadowCase
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.operator.reports.period import ReportKind
from mailwarden.domain.readings import EmailConfiguration, SenderMode
from mailwarden.domain.repair.shadow import EndedCase, ShadowEnding
from mailwarden.message import message
from tests.fakes.examples import MORNING, OREGON_IDENTITY, SEOUL_POOL, a_cause, a_look, a_pool
from tests.fakes.ledger.roles import LedgerRoles

CASE = ShadowCase(
    rule_id="MW201",
    subject_arn=SEOUL_POOL.arn,
    resource=SEOUL_POOL.arn,
    title=message("fix.move-pool", pool="shop", identity="shop.example", region="eu-west-3"),
    opened_at=MORNING,
    withheld=None,
    wanted=EmailConfiguration(sending_account=SenderMode.DEVELOPER, source_arn=OREGON_IDENTITY.arn),
    email=EmailConfiguration(from_address="Shop <no-reply@shop.example>"),
    policies=None,
    cause=a_cause(),
)
GRANT = replace(CASE, rule_id="MW401", wanted=None, policies="0" * 16, withheld=message("decision.no-fix"), cause=None)


def ended(day: int, *, month: int = 3, case: ShadowCase = CASE, number: int = 1, hour: int = 12) -> EndedCase:
    return EndedCase(
        pool=a_pool(number),
        pool_name="shop",
        case=case,
        ended_at=datetime(2026, month, day, hour, tzinfo=UTC),
        ending=ShadowEnding.OTHERWISE,
        verdict=Answer.YES,
        cause=a_cause(),
    )


@pytest.mark.parametrize("cases", [(), (CASE,), (CASE, GRANT)])
def test_a_look_keeps_what_goes_on(ledger: LedgerRoles, cases: tuple[ShadowCase, ...]) -> None:
    look = replace(a_look(), shadow=cases)

    assert ledger.looks.put(look)
    assert ledger.looks.last(SEOUL_POOL) == look


def test_what_ended_is_found_by_its_day_across_months(ledger: LedgerRoles) -> None:
    cases = [ended(28, month=2), ended(1), ended(31, case=GRANT), ended(1, month=4)]
    for case in (*reversed(cases), *cases):
        ledger.shadow_cases.keep(case)

    assert ledger.shadow_cases.ended_since(date(2026, 2, 28), until=date(2026, 4, 1)) == tuple(cases)
    assert ledger.shadow_cases.ended_since(date(2026, 3, 1), until=date(2026, 3, 31)) == tuple(cases[1:3])
    assert ledger.shadow_cases.ended_since(date(2026, 5, 1), until=date(2026, 6, 1)) == ()


def test_of_a_pool_a_rule_and_a_day_the_last_one_is_kept(ledger: LedgerRoles) -> None:
    for hour in range(20):
        ledger.shadow_cases.keep(ended(2, hour=hour))
    ledger.shadow_cases.keep(ended(2, number=2))
    ledger.shadow_cases.keep(replace(ended(3), verdict=None, cause=None, ending=ShadowEnding.POOL_GONE))

    found = ledger.shadow_cases.ended_since(date(2026, 3, 2), until=date(2026, 3, 3))

    assert len(found) == 3
    assert max(each.ended_at for each in found if each.pool == a_pool(1)) - found[0].ended_at <= timedelta(days=1)


def test_the_last_period_of_each_report_is_remembered(ledger: LedgerRoles) -> None:
    assert [ledger.sent_reports.last_period(kind) for kind in ReportKind] == [None, None]

    ledger.sent_reports.mark_sent(ReportKind.WEEKLY, period="2026-W09")
    ledger.sent_reports.mark_sent(ReportKind.WEEKLY, period="2026-W10")

    assert ledger.sent_reports.last_period(ReportKind.WEEKLY) == "2026-W10"
    assert ledger.sent_reports.last_period(ReportKind.SHADOW) is None
