"""Alerts show the tags of pools, and no decision depends on them."""

from dataclasses import replace

import pytest

from mailwarden.domain.findings.application_tags import APPLICATION_TAGS, application_of
from mailwarden.domain.operator.reports.weekly_summary import weekly_summary
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.presentation.alerts.document import alert_body, alert_document, notice_from_body
from mailwarden.presentation.alerts.notice import Notice, notice_of
from mailwarden.presentation.catalogue.languages import ENGLISH
from mailwarden.presentation.reports.text import report_text
from mailwarden.presentation.slack.message import slack_message
from tests.builders import unread
from tests.fakes.answers import pool_reader
from tests.fakes.deployment import Deployment
from tests.unit.incidents.seoul import broken, closed, look_at, minutes, opened, seoul, text_of

TAGS = {"team": "payments", "env": "prod", "cost": "1"}


def notices(mailwarden: Deployment) -> list[Notice]:
    return [notice_of(alert, rule_pages="https://docs.example/") for alert in mailwarden.topic.told]


def test_an_alert_about_one_pool_has_its_tags_on_every_channel() -> None:
    mailwarden = broken(seoul(tags=TAGS))

    (notice,) = notices(mailwarden)

    assert "Tags team payments, env prod" in " ".join(text_of(mailwarden.topic.told[0]).split())
    assert "*Tags*\nteam payments, env prod" in str(slack_message(notice)).replace("\\n", "\n")
    document = alert_document(notice)
    assert document["pool"]["tags"] == {"team": "payments", "env": "prod"}  # type: ignore[index]
    assert notice_from_body(alert_body(notice)) == notice


def test_an_alert_about_many_pools_counts_them_by_the_first_tag() -> None:
    pools = [seoul(number, tags={"team": "payments" if number < 8 else "shop"}) for number in range(12)]
    mailwarden = broken(*pools, seoul(12))

    grown = mailwarden.topic.told[-1]

    assert "By tag payments 8, shop 4, others 1" in " ".join(text_of(grown).split())
    assert dict(grown.report.extent.groups) == {"payments": 8, "shop": 4}
    mailwarden.hold(opened())
    look_at(mailwarden, *pools, seoul(12))
    assert "By tag payments 8, shop 4, others 1" in " ".join(text_of(mailwarden.topic.told[-1]).split())


def test_the_item_of_an_incident_is_bounded_whatever_the_tags() -> None:
    pools = [seoul(number, tags={"team": f"team {number}"}) for number in range(40)]
    mailwarden = broken(*pools)
    (incident,) = mailwarden.ledger.incidents.held.values()
    assert len(incident.all_groups) == 20
    mailwarden.hold(*(replace(each, tags={"team": "all"}) for each in pools))
    look_at(mailwarden, *pools)
    mailwarden.hold(opened())
    look_at(mailwarden, *pools)
    (incident,) = mailwarden.ledger.incidents.held.values()
    assert incident.groups == {}


@pytest.mark.parametrize(
    ("tags", "known"),
    [
        ({"owner": "ann@corp.example"}, {"owner": "a***@corp.example"}),
        ({"env": "  "}, {}),
        ({"Owner": "ann"}, {}),
        ({"service": "x" * 300}, {"service": "x" * 63 + "…"}),
        (unread("cognito-idp:DescribeUserPool"), {}),
    ],
    ids=str,
)
def test_a_tag_is_kept_clipped_and_masked(tags: dict[str, str], known: dict[str, str]) -> None:
    assert application_of(tags, APPLICATION_TAGS) == known


def test_tags_change_no_decision_and_no_message() -> None:
    mailwarden = broken(seoul())
    told = len(mailwarden.topic.told)
    mailwarden.hold(seoul(tags={"owner": "ann", "team": "mailwarden off"}))
    look_at(mailwarden, seoul())
    minutes(mailwarden, 30)
    assert len(mailwarden.topic.told) == told
    (record,) = mailwarden.ledger.findings.held.values()
    assert record.lifecycle.version == 1
    assert record.seen.application == {"owner": "ann", "team": "mailwarden off"}


def test_the_weekly_summary_names_the_tags() -> None:
    mailwarden = Deployment(mode=RepairMode.OFF)
    mailwarden.hold(closed(), seoul(tags=TAGS))
    look_at(mailwarden, seoul())
    text = report_text(weekly_summary(pool_reader(mailwarden).current()), catalogue=ENGLISH)
    assert ", team payments, env prod: cannot send; findings MW401" in " ".join(text.split())
