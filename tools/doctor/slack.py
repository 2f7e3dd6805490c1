"""The way to Slack: the webhook, or the bot token and its channel. Slack is asked, and nothing is posted."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from mailwarden.adapters.slack.secret import SecretMember, SlackSecret
from mailwarden.adapters.slack.web_api import SlackWebApi
from mailwarden.adapters.slack.webhook import HttpWebhook, NoAddress
from mailwarden.domain.readings import Unreadable
from mailwarden.message import Message, texts_in
from mailwarden.ports.findings.chat import ChannelRefused, ChatAnswer, MessageGone, Posted
from mailwarden.ports.findings.webhook import Delivered, PostResult, Rejected, RetryLater
from mailwarden.presentation.catalogue.languages import ENGLISH
from tools.doctor.lines import Line, sound, to_do, unknown
from tools.doctor.site import Site, looked
from tools.doctor.state import StateReading

WEBHOOK, TOKEN = "SlackWebhookSecretArn", "SlackTokenSecretArn"
_HOLDS: dict[str, SecretMember] = {WEBHOOK: "url", TOKEN: "token"}
# Slack's answer to a message without contents (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks,
# "Handling errors", and the errors of chat.postMessage): the address is right, and nothing is posted.
_EMPTY_MESSAGE = frozenset({"no_text", "missing_text_or_fallback_or_attachments", "invalid_payload"})

type Asked = PostResult | ChatAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackReading:
    """Slack's answer to an empty message; a message is why the secret cannot be used, None: no Slack.

    ``parameter`` is the stack parameter that names the secret; ``secret`` reads a token that Slack was asked with.
    ``is_route``: the channel is one of ``slackRoutes``, not that of the stack.
    """

    parameter: str
    answer: Asked | Unreadable | Message | None
    secret: SlackSecret | None = None
    is_route: bool = False


def has_slack(site: Site) -> bool:
    """Whether the stack has a way to Slack."""
    return any(site.home.parameters.get(name) for name in _HOLDS)


def read_slack(site: Site, state: StateReading) -> Iterator[SlackReading]:
    """Slack's answer for each channel, beginning with that of the stack; the others are those of the routes."""
    first = _read(site)
    yield first
    routed = () if isinstance(state.settings, str) else state.settings.slack_channels
    channel = site.home.parameters.get("SlackChannel", "")
    if first.secret is None:
        return
    for each in routed:
        if each != channel:
            yield replace(first, answer=_slack(site, first.secret).post(each, {}), is_route=True)


def _read(site: Site) -> SlackReading:
    """Read the secret, test the token, and send an empty message, which Slack refuses without posting anything."""
    parameter = next((name for name in _HOLDS if site.home.parameters.get(name)), WEBHOOK)
    arn = site.home.parameters.get(parameter, "")
    if not arn:
        return SlackReading(parameter=parameter, answer=None)
    region = arn.split(":")[3]
    client = site.client("secretsmanager", region)
    refused = looked(
        lambda: client.get_secret_value(SecretId=arn), action="secretsmanager:GetSecretValue", region=region
    )
    if isinstance(refused, Unreadable):
        return SlackReading(parameter=parameter, answer=refused)
    secret = SlackSecret(client=client, secret_arn=arn, member=_HOLDS[parameter], monotonic=time.monotonic)
    try:
        secret.current()
    except NoAddress as error:
        return SlackReading(parameter=parameter, answer=error.said)
    answer = _asked(site, parameter, secret)
    is_token = parameter == TOKEN and not isinstance(answer, Unreadable | Message)
    return SlackReading(parameter=parameter, answer=answer, secret=secret if is_token else None)


def _slack(site: Site, secret: SlackSecret) -> SlackWebApi:
    return SlackWebApi(secret, origin=site.home.parameters.get("SlackApiOrigin", ""))


def _asked(site: Site, parameter: str, secret: SlackSecret) -> Asked:
    given = site.home.parameters
    if parameter == WEBHOOK:
        origins = [each.strip() for each in given.get("AllowedWebhookOrigins", "").split(",")]
        return HttpWebhook(secret, origins=origins).post({})
    slack = _slack(site, secret)
    tested = slack.test()
    return slack.post(given.get("SlackChannel", ""), {}) if isinstance(tested, Delivered) else tested


def judge_routes(parameters: Mapping[str, str], state: StateReading) -> Iterator[Line]:
    """Routes of the settings are for a token: a webhook has one channel."""
    routed = () if isinstance(state.settings, str) else state.settings.slack_channels
    if routed and not parameters.get(TOKEN):
        yield to_do(
            "slackRoutes of the settings has no effect: only a token posts in several channels",
            f"deploy with {TOKEN}=… in place of the webhook, or remove slackRoutes",
        )


def judge_slack(reading: SlackReading) -> Iterator[Line]:
    """Slack is there: it refuses an empty message as such."""
    is_token = reading.parameter == TOKEN
    way, secret = ("token", "the bot token") if is_token else ("webhook", "the URL of the webhook")
    match reading.answer:
        case None:
            yield sound("Slack is not configured")
        case Unreadable() as refusal if refusal.reason == "ResourceNotFoundException":
            yield to_do(
                f"the secret of the Slack {way} was deleted", f"deploy with {reading.parameter}=… of another one"
            )
        case Unreadable() as refusal:
            yield unknown(f"the secret of the Slack {way}", refusal)
        case Message() as reason:
            yield to_do(ENGLISH.text(reason), f"put {secret} into the secret")
        case Delivered() | Posted():
            yield sound(f"the {way} answers")
        case Rejected(reason=reason) if _EMPTY_MESSAGE & set(texts_in(reason)):
            yield sound(
                "Slack takes the token, and does not refuse the channel" if is_token else "the Slack webhook answers"
            )
        case ChannelRefused(channel=channel, reason=reason):
            yield to_do(
                f"the Slack channel {channel} takes no messages: {ENGLISH.text(reason)}",
                "invite the app to the channel, or "
                + (
                    "name another one in slackRoutes"
                    if reading.is_route
                    else "deploy with SlackChannel=… of another one"
                ),
            )
        case Rejected(reason=reason) | MessageGone(reason=reason):
            new = "install the app again and put its bot token" if is_token else "create a webhook and put its URL"
            yield to_do(f"the Slack {way} refuses messages: {ENGLISH.text(reason)}", f"{new} into the secret")
        case RetryLater(reason=reason):
            yield to_do(
                f"the Slack {way} does not answer as it should: {ENGLISH.text(reason)}",
                "see docs/runbooks/slack-errors.md",
            )
