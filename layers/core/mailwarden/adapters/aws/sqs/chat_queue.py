"""The queue in front of the chat: alerts keep their order and wait for the chat's pace."""

from mailwarden.adapters.aws.sns.alert_topic import RULE_PAGES
from mailwarden.adapters.aws.sqs.sender import Client
from mailwarden.domain.findings.alert import Alert
from mailwarden.presentation.alerts.document import alert_body
from mailwarden.presentation.alerts.notice import notice_of

GROUP = "chat"


class ChatQueue:
    """Implements ``AlertChannel``; *rule_pages* is what the address of a rule's page begins with."""

    def __init__(self, client: Client, queue_url: str, *, rule_pages: str = RULE_PAGES) -> None:
        self._client = client
        self._queue_url = queue_url
        self._rule_pages = rule_pages

    def send(self, alert: Alert) -> None:
        """Send; raises botocore's ClientError. The same alert within five minutes is kept once."""
        self._client.send_message(
            QueueUrl=self._queue_url,
            MessageBody=alert_body(notice_of(alert, rule_pages=self._rule_pages)),
            MessageGroupId=GROUP,
            MessageDeduplicationId=alert.alert_id,
        )
