"""Publishes alerts to SNS: a JSON document for machines, a text for mail, and attributes for filter policies."""

from typing import TYPE_CHECKING

from mailwarden.adapters.aws.sns.alert_attributes import attributes_of
from mailwarden.documents.reader import canonical_json
from mailwarden.domain.incidents.alert import Alert
from mailwarden.presentation.alerts.document import alert_body
from mailwarden.presentation.alerts.email_text import alert_short_text, alert_subject, alert_text
from mailwarden.presentation.alerts.notice import notice_of
from mailwarden.presentation.catalogue.languages import ENGLISH

if TYPE_CHECKING:
    from mypy_boto3_sns.client import SNSClient
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef

type SnsClient = SNSClient


class AlertTopic:
    """Implements ``AlertChannel``; *rule_pages* and *account_name* are as in ``notice_of``."""

    def __init__(self, client: SnsClient, topic_arn: str, *, rule_pages: str, account_name: str = "") -> None:
        self._client = client
        self._topic_arn = topic_arn
        self._rule_pages = rule_pages
        self._account_name = account_name

    def send(self, alert: Alert) -> None:
        """Publish; raises botocore's ClientError.

        Queues, functions and URLs get ``default``, the document. The limits of a notice keep the message below the
        262,144 bytes that SNS accepts (SNS API reference, Publish). It takes a subject in UTF-8, and older descriptions
        of it ASCII only: a subject that is refused becomes the English one, which is ASCII.
        """
        notice = notice_of(alert, rule_pages=self._rule_pages, account_name=self._account_name)
        forms = {
            "default": alert_body(notice),
            "email": alert_text(notice),
            "sms": alert_short_text(notice),
        }
        attributes = attributes_of(alert, notice)
        subject = alert_subject(notice)
        try:
            self._publish(subject, canonical_json(forms), attributes)
        except self._client.exceptions.InvalidParameterException:
            if subject.isascii():
                raise
            self._publish(alert_subject(notice, catalogue=ENGLISH), canonical_json(forms), attributes)

    def _publish(self, subject: str, forms: str, attributes: dict[str, "MessageAttributeValueTypeDef"]) -> None:
        self._client.publish(
            TopicArn=self._topic_arn,
            Subject=subject,
            Message=forms,
            MessageStructure="json",
            MessageAttributes=attributes,
        )
