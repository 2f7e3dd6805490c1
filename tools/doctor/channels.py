"""Where alerts and alarms go: subscriptions of both topics, and the webhook of Slack."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from mailwarden.adapters.slack.webhook import HttpWebhook, NoAddress
from mailwarden.adapters.slack.webhook_secret import WebhookSecret
from mailwarden.domain.readings import Unreadable
from mailwarden.masking import masked
from mailwarden.message import Message, texts_in
from mailwarden.ports.findings.webhook import Delivered, PostResult, Rejected, RetryLater
from mailwarden.presentation.catalogue.languages import ENGLISH
from tools.doctor.lines import Line, counted, missed, note, sound, to_do, unknown
from tools.doctor.site import Site, looked

_PENDING = "PendingConfirmation"
TOPICS = {"AlertsTopicArn": "alerts about mail", "OperationsTopicArn": "alarms about Mailwarden itself"}
# Slack's answer to a message without contents (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks,
# "Handling errors"): the address is right, and nothing is posted.
_EMPTY_MESSAGE = frozenset({"no_text", "missing_text_or_fallback_or_attachments", "invalid_payload"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A subscription, with its endpoint masked."""

    protocol: str
    endpoint: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicReading:
    """A topic by its output; ``subscriptions`` is None if the topic was deleted."""

    output: str
    subscriptions: tuple[Subscription, ...] | Unreadable | None


def read_topics(site: Site) -> tuple[TopicReading, ...]:
    """Both topics."""
    return tuple(
        TopicReading(output=output, subscriptions=_subscriptions(site, site.home.outputs[output])) for output in TOPICS
    )


def _subscriptions(site: Site, topic: str) -> tuple[Subscription, ...] | Unreadable | None:
    pages = site.client("sns").get_paginator("list_subscriptions_by_topic").paginate
    found = looked(
        lambda: [each for page in pages(TopicArn=topic) for each in page["Subscriptions"]],
        action="sns:ListSubscriptionsByTopic",
        region=site.home.region,
        missing={"NotFound", "NotFoundException"},
    )
    if found is None or isinstance(found, Unreadable):
        return found
    return tuple(
        Subscription(
            protocol=each["Protocol"],
            endpoint=masked(each["Endpoint"]),
            is_confirmed=each["SubscriptionArn"] != _PENDING,
        )
        for each in found
    )


def judge_topics(topics: tuple[TopicReading, ...], *, has_slack: bool) -> Iterator[Line]:
    """Every topic has a confirmed subscription; without one, Slack alone gets alerts."""
    for topic in topics:
        what = TOPICS[topic.output]
        if not isinstance(topic.subscriptions, tuple):
            yield from filter(None, [missed(f"the topic with {what}", topic.subscriptions)])
        else:
            yield from _of_topic(topic.output, topic.subscriptions, has_slack=has_slack)


def _of_topic(output: str, subscriptions: tuple[Subscription, ...], *, has_slack: bool) -> Iterator[Line]:
    what = TOPICS[output]
    parameter = "AlertsEmail" if output == "AlertsTopicArn" else "OperationsEmail"
    confirmed = [each for each in subscriptions if each.is_confirmed]
    for each in subscriptions:
        if not each.is_confirmed:
            yield to_do(
                f"{each.endpoint} ({each.protocol}) has not confirmed its subscription to {what}",
                "follow the link in the mail of AWS; after three days it has to be subscribed again",
            )
    if confirmed:
        yield sound(f"{counted(len(confirmed), 'confirmed subscription')} to {what}")
    elif subscriptions:
        return
    elif output == "AlertsTopicArn" and has_slack:
        yield note(f"no subscription to {what}: only Slack gets them", f"deploy with {parameter}=…, or subscribe")
    else:
        yield to_do(f"the topic with {what} has no subscription", f"deploy with {parameter}=…, or subscribe")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookReading:
    """The answer of the webhook to an empty message; a message is why its address is not known, None: no Slack."""

    answer: PostResult | Unreadable | Message | None


def read_webhook(site: Site) -> WebhookReading:
    """Read the secret and send an empty message, which Slack refuses without posting anything."""
    arn = site.home.parameters.get("SlackWebhookSecretArn", "")
    if not arn:
        return WebhookReading(answer=None)
    region = arn.split(":")[3]
    client = site.client("secretsmanager", region)
    refused = looked(
        lambda: client.get_secret_value(SecretId=arn), action="secretsmanager:GetSecretValue", region=region
    )
    if isinstance(refused, Unreadable):
        return WebhookReading(answer=refused)
    address = WebhookSecret(client=client, secret_arn=arn, monotonic=time.monotonic)
    try:
        address.current()
    except NoAddress as error:
        return WebhookReading(answer=error.said)
    origins = [each.strip() for each in site.home.parameters.get("AllowedWebhookOrigins", "").split(",")]
    return WebhookReading(answer=HttpWebhook(address, origins=origins).post({}))


def judge_webhook(reading: WebhookReading) -> Iterator[Line]:
    """The webhook is there: it refuses an empty message as such."""
    match reading.answer:
        case None:
            yield sound("Slack is not configured")
        case Unreadable() as refusal if refusal.reason == "ResourceNotFoundException":
            yield to_do(
                "the secret of the Slack webhook was deleted", "deploy with SlackWebhookSecretArn=… of another one"
            )
        case Unreadable() as refusal:
            yield unknown("the secret of the Slack webhook", refusal)
        case Message() as reason:
            yield to_do(ENGLISH.text(reason), "put the URL of the webhook into the secret")
        case Delivered():
            yield sound("the webhook answers")
        case Rejected(reason=reason) if _EMPTY_MESSAGE & set(texts_in(reason)):
            yield sound("the Slack webhook answers")
        case Rejected(reason=reason):
            yield to_do(
                f"the Slack webhook refuses messages: {ENGLISH.text(reason)}",
                "create a webhook and put its URL into the secret",
            )
        case RetryLater(reason=reason):
            yield to_do(
                f"the Slack webhook does not answer as it should: {ENGLISH.text(reason)}",
                "see docs/runbooks/slack-errors.md",
            )
