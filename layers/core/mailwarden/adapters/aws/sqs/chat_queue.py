"""Sends alerts to the chat queue, which keeps the order of each incident and lets alerts wait for the rate limit."""

from mailwarden.adapters.aws.sqs.sender import SqsClient
from mailwarden.domain.incidents.alert import Alert
from mailwarden.presentation.alerts.document import alert_body
from mailwarden.presentation.alerts.notice import notice_of


class ChatQueue:
    """Implements ``AlertChannel``; *rule_pages* is the base URL of the rule pages."""

    def __init__(self, client: SqsClient, queue_url: str, *, rule_pages: str) -> None:
        self._client = client
        self._queue_url = queue_url
        self._rule_pages = rule_pages

    def send(self, alert: Alert) -> None:
        """Send; raises botocore's ClientError. SQS drops a duplicate of the same alert within five minutes."""
        self._client.send_message(
            QueueUrl=self._queue_url,
            MessageBody=alert_body(notice_of(alert, rule_pages=self._rule_pages)),
            MessageGroupId=alert.report.incident_id,
            MessageDeduplicationId=alert.alert_id,
        )
