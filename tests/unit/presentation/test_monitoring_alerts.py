"""What our watch says of itself: no pool is named, and nothing is said of any pool's mail."""

import json
from dataclasses import replace

import pytest

from mailwarden.domain.findings.finding import Effect, Severity
from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.refs.resources import MonitoringRef, PoolRef
from mailwarden.message import verbatim
from mailwarden.presentation.alerts.document import alert_document
from mailwarden.presentation.alerts.email_text import alert_subject, alert_text
from mailwarden.presentation.alerts.notice import Notice
from mailwarden.presentation.console_links import console_links
from mailwarden.presentation.slack.message import slack_message
from tests.fakes.examples import ACCOUNT, MORNING, SEOUL_POOL
from tests.unit.presentation.notices import a_notice

MONITORING = MonitoringRef(partition="aws", region="eu-west-1", account=ACCOUNT)


def deaf(*, state: FindingState = FindingState.OPEN, pool: PoolRef | None = None, pool_name: str = "") -> Notice:
    return a_notice(
        subject=MONITORING,
        rule_id="MW901",
        rule_name="no-trail-delivers-events",
        link=Link.MONITORING,
        severity=Severity.HIGH,
        effect=Effect.NONE,
        state=state,
        message=verbatim("no trail delivers the calls of ses made in eu-west-1"),
        evidence={"missing": "ses.amazonaws.com"},
        affected={(pool or MONITORING).arn: MORNING},
        pool=pool,
        pool_name=pool_name,
        verdict=Answer.UNKNOWN,
        deciding=None,
        proposed=None,
        cause=None,
    )


def test_it_names_no_pool_and_affects_none() -> None:
    notice = deaf()

    assert notice.pool is None
    assert notice.affected == ()
    assert notice.affected_count == 0
    assert alert_document(notice)["affected"] == {"count": 0, "pools": []}


def test_it_says_nothing_of_any_mail() -> None:
    text, message = alert_text(deaf()), json.dumps(slack_message(deaf()))

    assert "Can send" not in text
    assert "Can send" not in message
    assert "ses.amazonaws.com" in text


def test_the_headline_names_what_users_of_mailwarden_notice() -> None:
    assert alert_subject(deaf()).startswith("HIGH: changes do not reach Mailwarden: no trail delivers them (MW901, eu-")
    over = alert_subject(deaf(state=FindingState.RESOLVED))
    assert over.startswith("RESOLVED: no longer found: changes do not reach Mailwarden")


def test_it_says_nothing_of_a_repair_that_there_cannot_be() -> None:
    assert "Done" not in alert_text(deaf())
    assert "About       Mailwarden's monitoring of eu-west-1, account 111122223333" in alert_text(deaf())


@pytest.mark.parametrize(
    ("rule_id", "page"),
    [
        ("MW901", "https://eu-west-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1#/trails"),
        ("MW904", "https://eu-west-1.console.aws.amazon.com/systems-manager/parameters?region=eu-west-1"),
        ("MW905", "https://eu-west-1.console.aws.amazon.com/cognito/v2/idp/user-pools?region=eu-west-1"),
    ],
)
def test_the_link_leads_to_where_the_problem_is(rule_id: str, page: str) -> None:
    assert [link.url for link in console_links(replace(deaf(), rule_id=rule_id))] == [page]


def test_what_a_pool_says_of_the_watch_names_the_pool() -> None:
    notice = deaf(pool=SEOUL_POOL, pool_name="shop-users")

    assert notice.pool == SEOUL_POOL
    assert notice.affected == (SEOUL_POOL,)
    assert "Can send" in alert_text(notice)
