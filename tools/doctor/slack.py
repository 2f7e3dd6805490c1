"""The way to Slack: the webhook, or the bot token and its channel. Slack is asked, and nothing is posted."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

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

WEBHOOK, TOKEN = "SlackWebhookSecretArn", "SlackTokenSecretArn"
_HOLDS: dict[str, SecretMember] = {WEBHOOK: "url", TOKEN: "token"}
# Slack's answer to a message without contents (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks,
# "Handling errors", and the errors of chat.postMessage): the address is right, and nothing is posted.
_EMPTY_MESSAGE = frozenset({"no_text", "missing_text_or_fallback_or_attachments", "invalid_payload"})

type Asked = PostResult | ChatAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackReading:
    """Slack's answer to an empty message; a message is why the secret cannot be used, None: no Slack.

    ``parameter`` is the stack parameter that names the secret.
    """

    parameter: str
    answer: Asked | Unreadable | Message | None


def has_slack(site: Site) -> bool:
    """Whether the stack has a way to Slack."""
    return any(site.home.parameters.get(name) for name in _HOLDS)


def read_slack(site: Site) -> SlackReading:
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
    return SlackReading(parameter=parameter, answer=_asked(site, parameter, secret))


def _asked(site: Site, parameter: str, secret: SlackSecret) -> Asked:
    given = site.home.parameters
    if parameter == WEBHOOK:
        origins = [each.strip() for each in given.get("AllowedWebhookOrigins", "").split(",")]
        return HttpWebhook(secret, origins=origins).post({})
    slack = SlackWebApi(secret, origin=given.get("SlackApiOrigin", ""))
    tested = slack.test()
    return slack.post(given.get("SlackChannel", ""), {}) if isinstance(tested, Delivered) else tested


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
                "invite the app to the channel, or deploy with SlackChannel=… of another one",
            )
        case Rejected(reason=reason) | MessageGone(reason=reason):
            new = "install the app again and put its bot token" if is_token else "create a webhook and put its URL"
            yield to_do(f"the Slack {way} refuses messages: {ENGLISH.text(reason)}", f"{new} into the secret")
        case RetryLater(reason=reason):
            yield to_do(
                f"the Slack {way} does not answer as it should: {ENGLISH.text(reason)}",
                "see docs/runbooks/slack-errors.md",
            )
