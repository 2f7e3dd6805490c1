"""Wires ``functions/announce``."""

from collections.abc import Mapping
from functools import cache

from mailwarden.adapters.aws.clients import READING
from mailwarden.adapters.aws.sns.alert_topic import AlertTopic
from mailwarden.adapters.aws.sqs.chat_queue import ChatQueue
from mailwarden.adapters.ledger.announcement_leases import DynamoAnnouncementLeases
from mailwarden.adapters.ledger.stream import finding_changed
from mailwarden.bootstrap import container
from mailwarden.bootstrap.ledger import findings, ledger_table
from mailwarden.domain.refs.resources import MonitoringRef
from mailwarden.inbound.invoke.sample_order import SampleOrders
from mailwarden.inbound.stream.announcements import AnnouncementBatch
from mailwarden.ports.findings.alert_channel import AlertChannel
from mailwarden.service.findings.announce import Announcer
from mailwarden.service.findings.sample_alert import SampleAlerts


def _channels() -> Mapping[str, AlertChannel]:
    """Slack is a channel only if a webhook is configured."""
    known = container.environment()
    channels: dict[str, AlertChannel] = {
        "topic": AlertTopic(
            container.session().client("sns", config=READING),
            known.topic_arn,
            rule_pages=known.rule_pages_url,
        ),
    }
    if "chat" in known.alert_channels:
        channels["chat"] = ChatQueue(container.sqs(), known.chat_queue_url, rule_pages=known.rule_pages_url)
    return channels


@cache
def build_handler() -> AnnouncementBatch:
    """The handler of ledger changes, of the schedule and of orders for a sample."""
    channels = _channels()
    return AnnouncementBatch(
        announcer=Announcer(
            findings=findings(),
            leases=DynamoAnnouncementLeases(table=ledger_table()),
            channels=channels,
            clock=container.UtcClock(),
        ),
        samples=lambda: _sample_orders(channels),
        changed=finding_changed,
    )


def _sample_orders(channels: Mapping[str, AlertChannel]) -> SampleOrders:
    # The rules are a part of a cold start that no other alert needs.
    from mailwarden.rules.monitoring.mw900_sample_alert import RULE  # noqa: PLC0415

    known = container.environment()
    return SampleOrders(
        samples=SampleAlerts(channels=channels, finding_of=RULE.check, clock=container.UtcClock()),
        home=MonitoringRef(partition=known.partition, region=known.home_region, account=known.account),
    )


def prepare() -> None:
    """Build what every change of the ledger needs before the first one comes."""
    container.build_early(build_handler)
