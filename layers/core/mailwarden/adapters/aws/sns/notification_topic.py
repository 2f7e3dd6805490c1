"""Publishes alerts to the topic of Amazon Q Developer in chat applications, in the form of a custom notification."""

from botocore.exceptions import ClientError

from mailwarden.adapters.aws.alert_refusals import refused_by
from mailwarden.adapters.aws.errors import may_pass, message_of
from mailwarden.adapters.aws.sns.alert_attributes import attributes_of
from mailwarden.adapters.aws.sns.alert_topic import SnsClient
from mailwarden.documents.reader import canonical_json
from mailwarden.domain.incidents.alert import Alert
from mailwarden.presentation.alerts.chat_notification import chat_notification
from mailwarden.presentation.alerts.notice import notice_of


class NotificationTopic:
    """Implements ``AlertChannel``; *rule_pages* and *account_name* are as in ``notice_of``."""

    def __init__(self, client: SnsClient, topic_arn: str, *, rule_pages: str, account_name: str = "") -> None:
        self._client = client
        self._topic_arn = topic_arn
        self._rule_pages = rule_pages
        self._account_name = account_name

    def send(self, alert: Alert) -> None:
        """Publish; raises AlertRefused, or botocore's ClientError where SNS failed or asked to wait."""
        notice = notice_of(alert, rule_pages=self._rule_pages, account_name=self._account_name)
        try:
            self._client.publish(
                TopicArn=self._topic_arn,
                Message=canonical_json(chat_notification(notice)),
                MessageAttributes=attributes_of(alert, notice),
            )
        except ClientError as error:
            if may_pass(error):
                raise
            raise refused_by("SNS", message_of(error)) from error
