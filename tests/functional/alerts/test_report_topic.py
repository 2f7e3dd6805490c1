"""Reports reach the topic in the form that each reader wants, within the limit of SNS, and once in each period."""

import json
from dataclasses import replace

import pytest

from mailwarden.adapters.aws.sns.report_topic import SnsReportTopic
from mailwarden.domain.operator.reports.weekly_summary import WeeklySummary
from mailwarden.domain.operator.shadow_report import ShadowReport
from tests.functional.alerts.conftest import Topic
from tests.unit.operator.test_reports import summary_with_exemptions
from tests.unit.operator.test_shadow_report import hurt_pool, mend, report, shadowed

SNS_LIMIT = 262_144


def shadow_report(cases: int) -> ShadowReport:
    mailwarden = shadowed(hurt_pool(1))
    mend(mailwarden, hurt_pool(1), with_reply_to="help@shop.example")
    told = report(mailwarden)
    return replace(told, cases=told.cases * cases)


@pytest.mark.parametrize(
    ("sent", "kind"),
    [(summary_with_exemptions(), "weekly-summary"), (shadow_report(1), "shadow-report")],
)
def test_machines_get_the_document_and_people_a_text(
    topic: Topic, sent: WeeklySummary | ShadowReport, kind: str
) -> None:
    SnsReportTopic(topic.client, topic.arn).send(sent)

    document = json.loads(topic.forms["default"])
    assert (document["mailwarden"], document["version"]) == (kind, 1)
    assert topic.attributes == {"report": kind}
    assert topic.calls[-1]["Subject"].startswith("Mailwarden")
    assert len(topic.calls[-1]["Subject"]) < 100
    assert "make " in topic.forms["email"]
    assert topic.forms["sms"] == topic.calls[-1]["Subject"]


@pytest.mark.parametrize("text", ["é" * 5000, '"' * 5000, "\n" * 5000])
def test_a_report_of_any_size_stays_within_the_limit(topic: Topic, text: str) -> None:
    summary, shadow = summary_with_exemptions(), shadow_report(3000)
    looks = tuple(replace(look, pool_name=text) for look in summary.hurt * 1000)
    cases = tuple(replace(case, pool_name=text) for case in shadow.cases)
    publisher = SnsReportTopic(topic.client, topic.arn)

    for sent in (replace(summary, hurt=looks, exemptions=summary.exemptions * 1000), replace(shadow, cases=cases)):
        publisher.send(sent)

        assert len(topic.calls[-1]["Message"].encode()) < SNS_LIMIT
