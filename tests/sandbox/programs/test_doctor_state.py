"""`make doctor` judges what the functions know, what waits and failed, who gets alerts, and what owners ask for."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from mailwarden.domain.readings import Unreadable
from mailwarden.message import Message, message
from mailwarden.ports.findings.chat import ChannelRefused, ChatAnswer
from mailwarden.ports.findings.webhook import Delivered, PostResult, Rejected, RetryLater
from tests.builders import developer, identity_ref, pool
from tests.sandbox.programs.doctor_readings import BUS, DENIED, DUBLIN, HOME, NOON, SETTINGS, STATE, statuses
from tests.sandbox.programs.whole_words import assert_whole_words
from tools.doctor.channels import Subscription, TopicReading, judge_topics
from tools.doctor.copies import CopyBusReading, HubReading, judge_copy_bus, judge_hub
from tools.doctor.lines import Line, exit_status, lines_text, note, sound, to_do, unknown
from tools.doctor.owners import judge_consent, judge_exemptions
from tools.doctor.pools import PoolsReading, TagsReading, judge_other_regions
from tools.doctor.queues import QueueReading, judge_dead_letters, judge_queues
from tools.doctor.slack import TOKEN, WEBHOOK, SlackReading, judge_routes, judge_slack
from tools.doctor.state import SettingsState, judge_settings, judge_sweeps


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (SETTINGS, ["ok"]),
        (replace(SETTINGS, parameter="", version=None), ["ok"]),
        (replace(SETTINGS, problem="it is not JSON", repair_mode="off"), ["to do"]),
        (replace(SETTINGS, problem="it is not JSON", version=None), ["to do"]),
        (replace(SETTINGS, repair_mode="off"), ["ok", "note"]),
        ("the function ask failed", ["unknown"]),
    ],
)
def test_the_settings(settings: SettingsState | str, expected: list[str]) -> None:
    assert statuses(judge_settings(replace(STATE, settings=settings))) == expected


@pytest.mark.parametrize(
    ("swept_at", "expected"),
    [
        ({HOME: NOON - timedelta(minutes=9)}, ["ok"]),
        ({HOME: NOON - timedelta(hours=3), DUBLIN: NOON}, ["ok"]),
        ({HOME: NOON - timedelta(hours=4), DUBLIN: NOON}, ["to do"]),
        ({HOME: None, DUBLIN: None}, ["to do"]),
        ({HOME: None, DUBLIN: NOON - timedelta(hours=4)}, ["to do", "to do"]),
        ("the function ask failed", ["unknown"]),
    ],
)
def test_the_sweeps(swept_at: dict[str, datetime | None] | str, expected: list[str]) -> None:
    found = judge_sweeps(replace(STATE, swept_at=swept_at), now=NOON, stale_after=timedelta(hours=3))

    assert statuses(found) == expected


@pytest.mark.parametrize(
    ("waiting", "has_dead_letters", "expected"),
    [(0, True, "ok"), (12, True, "ok"), (0, False, "to do"), (None, False, "to do"), (DENIED, False, "unknown")],
)
def test_a_queue(waiting: int | Unreadable | None, expected: str, *, has_dead_letters: bool) -> None:
    queue = QueueReading(output="HintsQueueUrl", name="hints", waiting=waiting, has_dead_letters=has_dead_letters)

    assert statuses(judge_queues((queue,))) == [expected]
    assert statuses(judge_dead_letters((queue,))) == ["ok"]


@pytest.mark.parametrize(("waiting", "expected"), [(0, "ok"), (1, "to do"), (None, "to do"), (DENIED, "unknown")])
def test_dead_letters(waiting: int | Unreadable | None, expected: str) -> None:
    queue = QueueReading(output="HintsDeadLettersUrl", name="hints-dead", waiting=waiting)

    assert statuses(judge_dead_letters((queue,))) == [expected]


CONFIRMED = Subscription(protocol="email", endpoint="j***@corp.example", is_confirmed=True)
PENDING = replace(CONFIRMED, is_confirmed=False)


@pytest.mark.parametrize(
    ("output", "subscriptions", "has_slack", "expected"),
    [
        ("AlertsTopicArn", (CONFIRMED,), True, ["ok"]),
        ("AlertsTopicArn", (CONFIRMED, PENDING), True, ["to do", "ok"]),
        ("AlertsTopicArn", (PENDING,), True, ["to do"]),
        ("AlertsTopicArn", (), True, ["note"]),
        ("AlertsTopicArn", (), False, ["to do"]),
        ("OperationsTopicArn", (), True, ["to do"]),
        ("OperationsTopicArn", None, True, ["to do"]),
        ("OperationsTopicArn", DENIED, True, ["unknown"]),
    ],
)
def test_the_subscriptions_of_a_topic(
    output: str,
    subscriptions: tuple[Subscription, ...] | Unreadable | None,
    expected: list[str],
    *,
    has_slack: bool,
) -> None:
    topic = TopicReading(output=output, subscriptions=subscriptions)

    assert statuses(judge_topics((topic,), has_slack=has_slack)) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (None, "ok"),
        (Delivered(), "ok"),
        (Rejected(reason=message("webhook.word", status=400, word="no_text")), "ok"),
        (Rejected(reason=message("webhook.word", status=400, word="invalid_payload")), "ok"),
        (Rejected(reason=message("webhook.word", status=404, word="no_service")), "to do"),
        (Rejected(reason=message("webhook.no-origin")), "to do"),
        (
            RetryLater(
                reason=message("webhook.not-reached", origin="https://hooks.slack.com:443", error="TimeoutError")
            ),
            "to do",
        ),
        (message("webhook.secret-empty"), "to do"),
        (
            Unreadable(action="secretsmanager:GetSecretValue", region=DUBLIN, reason="ResourceNotFoundException"),
            "to do",
        ),
        (DENIED, "unknown"),
    ],
)
def test_the_webhook(answer: PostResult | Unreadable | Message | None, expected: str) -> None:
    assert statuses(judge_slack(SlackReading(parameter=WEBHOOK, answer=answer))) == [expected]


@pytest.mark.parametrize(
    ("answer", "expected", "text"),
    [
        (Rejected(reason=message("slack.error", error="no_text")), "ok", "Slack takes the token"),
        (Rejected(reason=message("slack.error", error="token_revoked")), "to do", "refuses messages: Slack answered"),
        (
            ChannelRefused(channel="C0123456789", reason=message("slack.error", error="not_in_channel")),
            "to do",
            "the Slack channel C0123456789 takes no messages: Slack answered not_in_channel",
        ),
        (RetryLater(reason=message("slack.not-understood")), "to do", "does not answer as it should"),
        (message("slack-token.secret-empty"), "to do", "the secret of the Slack token is empty"),
    ],
)
def test_the_token_and_its_channel(answer: ChatAnswer | Message, expected: str, text: str) -> None:
    (line,) = judge_slack(SlackReading(parameter=TOKEN, answer=answer))

    assert line.status == expected
    assert text in line.what


@pytest.mark.parametrize(("is_route", "remedy"), [(False, "deploy with SlackChannel=…"), (True, "in slackRoutes")])
def test_a_channel_is_replaced_where_it_is_named(is_route: bool, remedy: str) -> None:
    refused = ChannelRefused(channel="C9876543210", reason=message("slack.error", error="is_archived"))

    (line,) = judge_slack(SlackReading(parameter=TOKEN, answer=refused, is_route=is_route))

    assert remedy in line.to_do


@pytest.mark.parametrize(
    ("parameters", "channels", "expected"),
    [
        ({"SlackWebhookSecretArn": "arn"}, ("C0123456789",), ["to do"]),
        ({}, ("C0123456789",), ["to do"]),
        ({"SlackWebhookSecretArn": "arn"}, (), []),
        ({"SlackTokenSecretArn": "arn"}, ("C0123456789",), []),
    ],
)
def test_routes_without_a_token_have_no_effect(
    parameters: dict[str, str], channels: tuple[str, ...], expected: list[str]
) -> None:
    state = replace(STATE, settings=replace(SETTINGS, slack_channels=channels))

    assert statuses(judge_routes(parameters, state)) == expected


@pytest.mark.parametrize(("exists", "expected"), [(True, "ok"), (False, "to do"), (None, "note"), (DENIED, "unknown")])
def test_the_bus_for_copies_of_alerts(exists: bool | Unreadable | None, expected: str) -> None:
    assert statuses(judge_copy_bus(CopyBusReading(arn=BUS, exists=exists))) == [expected]
    assert statuses(judge_copy_bus(CopyBusReading(arn="", exists=None))) == ["ok"]


@pytest.mark.parametrize(
    ("is_enabled", "expected"), [(True, "ok"), (False, "to do"), (None, "ok"), (DENIED, "unknown")]
)
def test_security_hub(is_enabled: bool | Unreadable | None, expected: str) -> None:
    assert statuses(judge_hub(HubReading(region=HOME, is_enabled=is_enabled))) == [expected]


@pytest.mark.parametrize(
    ("regions", "expected"),
    [
        ({DUBLIN: 0, "sa-east-1": 0}, ["ok"]),
        ({DUBLIN: 3, "sa-east-1": 60}, ["to do", "to do"]),
        ({DUBLIN: 0, "sa-east-1": DENIED}, ["unknown"]),
        ({DUBLIN: 1, "sa-east-1": DENIED}, ["to do", "unknown"]),
    ],
)
def test_regions_that_are_not_watched(regions: dict[str, int | Unreadable], expected: list[str]) -> None:
    assert statuses(judge_other_regions(regions)) == expected


IDENTITY = identity_ref(region="us-east-1")
USING = pool("us-east-1", email=developer(IDENTITY))


@pytest.mark.parametrize(
    ("tags", "consent", "expected"),
    [
        ({}, {}, ["note"]),
        ({IDENTITY.arn: {"mailwarden:cognito": "account"}}, {}, ["ok"]),
        ({IDENTITY.arn: {"mailwarden:cognito": USING.ref.pool_id}}, {}, ["ok"]),
        ({IDENTITY.arn: {"mailwarden:cognito": "us-east-1_Other"}}, {}, ["note"]),
        ({}, {IDENTITY.arn: ("account",)}, ["ok"]),
        (DENIED, {}, ["unknown"]),
    ],
)
def test_the_consent_of_an_identity(
    tags: dict[str, dict[str, str]] | Unreadable, consent: dict[str, tuple[str, ...]], expected: list[str]
) -> None:
    state = replace(STATE, settings=replace(SETTINGS, consent=consent))
    readings = (TagsReading(region="us-east-1", identities=tags),)

    assert statuses(judge_consent(PoolsReading(pools=(USING,)), readings, state)) == expected


def test_pools_that_were_not_read_are_told() -> None:
    pools = PoolsReading(pools=(), more=17, refused=(DENIED,))

    assert statuses(judge_consent(pools, (), STATE)) == ["unknown", "note"]
    assert statuses(judge_consent(PoolsReading(pools=()), (), replace(STATE, settings="failed"))) == ["unknown"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ["ok"]),
        ("off", ["note"]),
        ("report until=2026-03-02 reason=ask jane@corp.example", ["note"]),
        ("off until=2026-03-01", ["note"]),
        ("off until=soon", ["to do"]),
        ("please", ["to do"]),
    ],
)
def test_an_exemption(value: str | None, expected: list[str]) -> None:
    tags = {} if value is None else {"mailwarden": value}
    by_pool = tuple(judge_exemptions(PoolsReading(pools=(replace(USING, tags=tags),)), (), today=date(2026, 3, 2)))
    by_identity = judge_exemptions(
        PoolsReading(pools=(USING,)),
        (TagsReading(region="us-east-1", identities={IDENTITY.arn: tags}),),
        today=date(2026, 3, 2),
    )

    assert statuses(by_pool) == statuses(by_identity) == expected
    assert "has ended" in by_pool[0].what or value != "off until=2026-03-01"
    assert "jane@" not in by_pool[0].what


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((), 0),
        ((sound("a"), note("b")), 0),
        ((sound("a"), unknown("b", DENIED)), 2),
        ((unknown("b", DENIED), to_do("c", "d")), 1),
    ],
)
def test_the_exit_status(lines: tuple[Line, ...], expected: int) -> None:
    assert exit_status(lines) == expected


@pytest.mark.parametrize("width", [80, 100, 120])
def test_a_line_is_shown_whole_with_its_status_and_what_to_do(width: int) -> None:
    arn = "arn:aws:cognito-idp:ap-northeast-2:111122223333:userpool/ap-northeast-2_Shop00001"
    command = f"aws events enable-rule --name {arn} --region ap-northeast-2"
    lines = (
        sound(f"about {arn} " * 3),
        to_do("something is wrong", "find out what it is, and then make it right again, " * 3),
        to_do("a rule is disabled", command),
    )

    *text, last = [line.plain for line in lines_text(lines, width=width)]

    shown = "\n".join(text)
    texts = [*(line.what for line in lines), lines[1].to_do]
    assert_whole_words(shown.replace("->", ""), texts, width=width)
    assert shown.startswith("ok       about")
    assert "\nto do    something is wrong\n         -> find out" in shown
    assert last == f"         -> {command}"


def test_what_is_denied_names_the_permission() -> None:
    assert unknown("the trails", DENIED).to_do == "allow x:Read to your own credentials"
    assert unknown("the trails", "the function ask failed").to_do == "run make doctor again"
