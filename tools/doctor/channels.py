"""Where alerts and alarms go: the subscriptions of both topics."""

from collections.abc import Iterator
from dataclasses import dataclass

from mailwarden.domain.readings import Unreadable
from mailwarden.masking import masked
from tools.doctor.lines import Line, counted, missed, note, sound, to_do
from tools.doctor.site import Site, looked

_PENDING = "PendingConfirmation"
TOPICS = {"AlertsTopicArn": "alerts about mail", "OperationsTopicArn": "alarms about Mailwarden itself"}


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
