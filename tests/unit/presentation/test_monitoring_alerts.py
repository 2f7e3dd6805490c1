"""What our watch says of itself: no pool is named, and nothing is said of any pool's mail."""

import json

from mailwarden.domain.findings.finding import Effect, Severity
from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.refs.resources import MonitoringRef, PoolRef
from mailwarden.message import verbatim
from mailwarden.presentation.alerts.document import alert_document
from mailwarden.presentation.alerts.email_text import alert_subject, alert_text
from mailwarden.presentation.alerts.notice import Notice
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


def test_the_subject_is_the_watch_of_the_region() -> None:
    assert alert_subject(deaf()).startswith("HIGH: the watch of eu-west-1 has a problem: no trail delivers events")
    assert "the watch of eu-west-1 is resolved" in alert_subject(deaf(state=FindingState.RESOLVED))


def test_what_a_pool_says_of_the_watch_names_the_pool() -> None:
    notice = deaf(pool=SEOUL_POOL, pool_name="shop-users")

    assert notice.pool == SEOUL_POOL
    assert notice.affected == (SEOUL_POOL,)
    assert "Can send" in alert_text(notice)
