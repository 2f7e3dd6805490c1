"""Incidents of every cause and occasion, of few and of many pools, in each language and on each channel."""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.incidents.alert import Alert, Extent, NamedPool, alert_of
from mailwarden.domain.incidents.incident import Occasion
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import ConfigurationSetRef
from mailwarden.domain.refs.root_causes import (
    AccountTrails,
    ConfigurationSetState,
    EmailRole,
    Fight,
    IdentityState,
    OwnState,
    RootCause,
    SameCalls,
    SendingPolicies,
)
from mailwarden.presentation.alerts.document import alert_body, notice_from_body
from mailwarden.presentation.alerts.email_text import alert_text
from mailwarden.presentation.alerts.notice import notice_of
from mailwarden.presentation.catalogue.catalogue import Catalogue
from mailwarden.presentation.catalogue.korean_catalogue import KOREAN
from mailwarden.presentation.catalogue.languages import ENGLISH
from mailwarden.presentation.slack.message import slack_message
from tests.fakes.examples import ACCOUNT, OREGON_IDENTITY, SEOUL_POOL, a_cause, a_pool, a_record, later
from tests.unit.presentation.test_slack_message import objections

HOSTILE = "<!channel> `x` ```y``` *b* https://evil.example jane@corp.example \n" * 4
CAUSES: tuple[RootCause, ...] = (
    IdentityState(identity=OREGON_IDENTITY),
    SendingPolicies(identity=OREGON_IDENTITY),
    EmailRole(partition="aws", account=ACCOUNT),
    ConfigurationSetState(
        configuration_set=ConfigurationSetRef(partition="aws", region="us-west-2", account=ACCOUNT, name="mail")
    ),
    AccountTrails(partition="aws", account=ACCOUNT),
    OwnState(finding=FindingKey(subject_arn=SEOUL_POOL.arn, rule_id="MW401")),
    SameCalls(rule_id="MW401", account=ACCOUNT, event_name="UpdateUserPool", principal="arn:aws:iam::1:role/deploy"),
    Fight(over=SendingPolicies(identity=OREGON_IDENTITY)),
    Fight(over=EmailRole(partition="aws", account=ACCOUNT)),
)


def alerts(*, name: str = "shop") -> Iterator[Alert]:
    states = {Occasion.ENDED: FindingState.RESOLVED}
    for cause, occasion, pools, lost in product(CAUSES, Occasion, (1, 2, 300), (0, 1)):
        state = states.get(occasion, FindingState.OPEN)
        for subject in (SEOUL_POOL, OREGON_IDENTITY):
            record = a_record(subject=subject, state=state, pool=SEOUL_POOL, pool_name=name)
            extent = Extent(
                pools=tuple(NamedPool(ref=a_pool(number), name=name) for number in range(1, min(pools, 50) + 1)),
                pool_count=pools,
                all_pools=pools + 1,
                regions={"ap-northeast-2": 1, "eu-west-1": 2} if pools > 2 else {"ap-northeast-2": pools},
                using=300,
                findings=pools,
                repaired=0,
                resolved=0,
                still_lost=lost if state is FindingState.RESOLVED else 0,
                culprits=(a_cause(), a_cause()),
                subject_is_gone=lost == 1 and occasion is Occasion.ENDED,
            )
            report = replace(
                alert_of(record).report, cause=cause, occasion=occasion, state=state, at=later(3600), extent=extent
            )
            yield alert_of(record, report)


@pytest.mark.parametrize("catalogue", [ENGLISH, KOREAN], ids=["english", "korean"])
def test_every_incident_is_shown_and_comes_back_from_its_document(catalogue: Catalogue) -> None:
    for alert in alerts():
        notice = notice_of(alert, rule_pages="https://docs.example/", catalogue=catalogue)
        assert notice_from_body(alert_body(notice, catalogue=catalogue)) == notice
        assert alert_text(notice, catalogue=catalogue)
        assert list(objections(slack_message(notice, catalogue=catalogue))) == []  # type: ignore[arg-type]


def test_names_of_many_pools_cannot_ping_link_or_show_an_address() -> None:
    for alert in alerts(name=HOSTILE):
        notice = notice_of(alert, rule_pages="https://docs.example/")
        message = slack_message(notice)
        assert list(objections(message)) == []  # type: ignore[arg-type]
        shown = json.dumps(message)
        assert "<!channel>" not in shown.replace("(!channel)", "")
        assert "jane@corp.example" not in shown + alert_body(notice) + alert_text(notice)


def test_the_headline_of_many_pools_counts_them_and_their_regions() -> None:
    lines = {
        (alert.report.occasion, alert.report.extent.pool_count): alert_text(
            notice_of(alert, rule_pages="", catalogue=ENGLISH)
        ).splitlines()[0]
        for alert in alerts()
        if isinstance(alert.report.cause, EmailRole)
        and alert.record.finding.subject == SEOUL_POOL
        and not alert.report.extent.still_lost
        and not alert.report.extent.subject_is_gone
    }

    assert lines[Occasion.GREW, 300] == (
        "CRITICAL, UPDATE: 300 pools in 2 regions cannot send mail: no sending policy allows it "
        f"(MW401, account {ACCOUNT})"
    )
    assert lines[Occasion.OPENED, 2].startswith("CRITICAL: at least 2 of 300 pools cannot send mail: ")
    assert lines[Occasion.REMINDER, 1].startswith("CRITICAL, STILL OPEN: pool shop cannot send mail: ")
