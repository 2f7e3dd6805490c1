"""Routes of the settings document choose the channel of a new incident; whatever is wrong with it, an alert has one."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from mailwarden.bootstrap import container, settings, slack
from mailwarden.domain.findings.finding import Severity
from mailwarden.inbound.sqs.slack import SlackBatch
from mailwarden.presentation.alerts.document import alert_body
from mailwarden.service.findings.slack_delivery import ChatAlert, SlackDelivery
from mailwarden.service.incidents.threaded_chat import ThreadedChat
from mailwarden.settings.environment import Environment
from tests.fakes.channels import InMemoryChat, a_chat_alert
from tests.fakes.ledger.incidents import InMemoryChatThreads
from tests.fakes.logs import KeptLog
from tests.fakes.message_visibility import HeldVisibility
from tests.unit.presentation.notices import a_notice

if TYPE_CHECKING:
    from mypy_boto3_ssm.client import SSMClient

DEFAULT, ROUTED, PARAMETER = "C0123456789", "C9876543210", "/mailwarden/settings"
ROUTES = f'{{"slackRoutes": [{{"severity": ["critical"], "channel": "{ROUTED}"}}]}}'


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch) -> Iterator["SSMClient"]:
    """Systems Manager, and the wiring of the function as in a stack with a token and settings."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    variables = {
        "AWS_REGION": "eu-west-1",
        "ACCOUNT_ID": "123456789012",
        "PARTITION": "aws",
        "LEDGER_TABLE": "ledger",
        "SETTINGS_PARAMETER": PARAMETER,
        "SLACK_TOKEN_SECRET_ARN": "arn:aws:secretsmanager:us-east-1:123456789012:secret:token-AbCdEf",
        "SLACK_CHANNEL": DEFAULT,
    }
    with mock_aws():
        session = boto3.session.Session(region_name="eu-west-1")
        monkeypatch.setattr(container, "environment", lambda: Environment.from_variables(variables))
        monkeypatch.setattr(container, "session", lambda: session)
        monkeypatch.setattr(container, "sqs", lambda: session.client("sqs"))
        settings._parameter.cache_clear()
        yield session.client("ssm")
        settings._parameter.cache_clear()


def channel_of(alert: ChatAlert) -> str:
    poster = slack.build_handler.__wrapped__().delivery.poster
    assert isinstance(poster, ThreadedChat)
    assert poster.default_channel == DEFAULT
    return poster.channel_of(alert)


def low(alert: ChatAlert) -> ChatAlert:
    return replace(alert, facts=replace(alert.facts, severity=Severity.LOW))


def test_a_route_of_the_settings_chooses_the_channel(ssm: "SSMClient") -> None:
    ssm.put_parameter(Name=PARAMETER, Type="String", Value=ROUTES)

    assert channel_of(a_chat_alert(1)) == ROUTED
    assert channel_of(low(a_chat_alert(1))) == DEFAULT


def test_without_a_document_that_can_be_read_the_alert_goes_to_the_default_channel(ssm: "SSMClient") -> None:
    assert ssm.describe_parameters()["Parameters"] == []

    assert channel_of(a_chat_alert(1)) == DEFAULT


def test_the_routes_of_the_last_valid_document_hold_while_the_newest_is_broken(ssm: "SSMClient") -> None:
    ssm.put_parameter(Name=PARAMETER, Type="String", Value=ROUTES)
    ssm.put_parameter(Name=PARAMETER, Type="String", Value='{"slackRoutes": [{"channel": "#alerts"}]}', Overwrite=True)

    assert channel_of(a_chat_alert(1)) == ROUTED


def test_routes_see_the_severity_the_rule_and_the_regions_of_an_alert() -> None:
    seen: list[ChatAlert] = []

    def remember(alert: ChatAlert) -> str:
        seen.append(alert)
        return ROUTED

    chat = InMemoryChat()
    poster = ThreadedChat(
        chat=chat,
        threads=InMemoryChatThreads(),
        channel_of=remember,
        default_channel=DEFAULT,
        clock=container.UtcClock(),
    )
    batch = SlackBatch(delivery=SlackDelivery(poster=poster), visibility=HeldVisibility(), sleep=float)
    record = {
        "messageId": "m",
        "receiptHandle": "m",
        "body": alert_body(replace(a_notice(severity=Severity.HIGH), application={"team": "checkout"})),
        "attributes": {"ApproximateReceiveCount": "1"},
    }

    failures = batch.handle({"Records": [record]}, log=KeptLog())

    assert failures == {"batchItemFailures": []}
    (alert,) = seen
    facts = alert.facts
    assert (facts.severity, facts.rule_id, facts.regions) == (Severity.HIGH, "MW401", frozenset({"ap-northeast-2"}))
    assert facts.tags == frozenset({("team", "checkout")})
    assert len(chat.channel(ROUTED)) == 1
