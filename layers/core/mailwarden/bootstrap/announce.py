"""Wires ``functions/announce``."""

from functools import cache

from mailwarden.adapters.aws.clients import READING
from mailwarden.adapters.aws.sns.alert_topic import AlertTopic
from mailwarden.adapters.aws.sqs.chat_queue import ChatQueue
from mailwarden.adapters.ledger.announcement_leases import DynamoAnnouncementLeases
from mailwarden.adapters.ledger.stream import finding_changed
from mailwarden.bootstrap import container
from mailwarden.bootstrap.ledger import findings, ledger_table
from mailwarden.inbound.stream.announcements import AnnouncementBatch
from mailwarden.ports.findings.alert_channel import AlertChannel
from mailwarden.service.findings.announce import Announcer


@cache
def build_handler() -> AnnouncementBatch:
    """The handler of ledger changes and of the schedule; Slack is a channel only if a webhook is configured."""
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
    return AnnouncementBatch(
        announcer=Announcer(
            findings=findings(),
            leases=DynamoAnnouncementLeases(table=ledger_table()),
            channels=channels,
            clock=container.UtcClock(),
        ),
        changed=finding_changed,
    )


def prepare() -> None:
    """Build what every change of the ledger needs before the first one comes."""
    container.build_early(build_handler)
