"""The queue in front of the chat: alerts keep their order and wait for the chat's pace."""

from mailwarden.adapters.alert_document import alert_body
from mailwarden.adapters.alert_notice import notice_of
from mailwarden.adapters.alert_topic import RULE_PAGES
from mailwarden.adapters.sqs_batches import Client
from mailwarden.domain.alerts import Alert

GROUP = "chat"


class ChatQueue:
    """Implements ``mailwarden.ports.AlertChannel``; *rule_pages* is what the address of a rule's page begins with."""

    def __init__(self, client: Client, queue_url: str, *, rule_pages: str = RULE_PAGES) -> None:
        self._client = client
        self._queue_url = queue_url
        self._rule_pages = rule_pages

    def tell(self, alert: Alert) -> None:
        """Send; raises botocore's ClientError. The same alert within five minutes is kept once."""
        self._client.send_message(
            QueueUrl=self._queue_url,
            MessageBody=alert_body(notice_of(alert, rule_pages=self._rule_pages)),
            MessageGroupId=GROUP,
            MessageDeduplicationId=alert.alert_id,
        )
