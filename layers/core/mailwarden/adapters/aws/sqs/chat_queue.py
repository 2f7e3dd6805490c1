"""Sends alerts to the chat queue, which keeps the order of each incident and lets alerts wait for the rate limit."""

from mailwarden.adapters.aws.sqs.sender import SqsClient
from mailwarden.domain.incidents.alert import Alert
from mailwarden.presentation.alerts.document import alert_body
from mailwarden.presentation.alerts.notice import notice_of


class ChatQueue:
    """Implements ``AlertChannel``; *rule_pages* and *account_name* are as in ``notice_of``."""

    def __init__(self, client: SqsClient, queue_url: str, *, rule_pages: str, account_name: str = "") -> None:
        self._client = client
        self._queue_url = queue_url
        self._rule_pages = rule_pages
        self._account_name = account_name

    def send(self, alert: Alert) -> None:
        """Send; raises botocore's ClientError. SQS drops a duplicate of the same alert within five minutes."""
        self._client.send_message(
            QueueUrl=self._queue_url,
            MessageBody=alert_body(notice_of(alert, rule_pages=self._rule_pages, account_name=self._account_name)),
            MessageGroupId=alert.report.incident_id,
            MessageDeduplicationId=alert.alert_id,
        )
