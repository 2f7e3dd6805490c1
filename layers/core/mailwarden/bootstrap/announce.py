"""What ``functions/announce`` is made of."""

from collections.abc import Mapping
from functools import cache

from mailwarden.adapters.aws.clients import READING
from mailwarden.adapters.aws.sns.alert_topic import AlertTopic
from mailwarden.adapters.aws.sqs.chat_queue import ChatQueue
from mailwarden.adapters.ledger.announcement_leases import DynamoAnnouncementLeases
from mailwarden.adapters.ledger.codec import finding_from_image
from mailwarden.bootstrap import container
from mailwarden.bootstrap.ledger import findings, ledger_table
from mailwarden.domain.findings.record import FindingKey
from mailwarden.inbound.stream.announcements import AnnouncementBatch
from mailwarden.ports.findings.alert_channel import AlertChannel
from mailwarden.service.findings.announce import Announcer


@cache
def build_handler() -> AnnouncementBatch:
    """The handler of the ledger's changes and of the schedule; chat is told only where a webhook is configured."""
    known = container.environment()
    channels: dict[str, AlertChannel] = {
        "topic": AlertTopic(container.session().client("sns", config=READING), known.topic_arn),
    }
    if known.slack_secret_arn:
        channels["chat"] = ChatQueue(container.sqs(), known.chat_queue_url)
    return AnnouncementBatch(
        announcer=Announcer(
            findings=findings(),
            leases=DynamoAnnouncementLeases(table=ledger_table()),
            channels=channels,
            clock=container.UtcClock(),
        ),
        changed=_finding_changed,
    )


def _finding_changed(record: Mapping[str, object]) -> FindingKey | None:
    """The finding that a stream record is about; None for the removal of an item and for items of other kinds."""
    change = record.get("dynamodb")
    image = change.get("NewImage") if isinstance(change, dict) else None
    finding = None if image is None else finding_from_image(image)
    return None if finding is None else FindingKey(subject_arn=finding.subject.arn, rule_id=finding.rule_id)


def prepare() -> None:
    """Build what every change of the ledger needs before the first one comes."""
    container.build_early(build_handler)
