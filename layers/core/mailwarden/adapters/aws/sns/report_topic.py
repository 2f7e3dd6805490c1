"""Publishes reports to the topic of the alerts: a JSON document for machines, a text for mail."""

from typing import TYPE_CHECKING

from mailwarden.documents.reader import canonical_json
from mailwarden.domain.operator.reports.weekly_summary import WeeklySummary
from mailwarden.domain.operator.shadow_report import ShadowReport
from mailwarden.presentation.answers.lists.shadow_report import shadow_document
from mailwarden.presentation.answers.lists.weekly_summary import summary_document
from mailwarden.presentation.catalogue.spoken import spoken
from mailwarden.presentation.reports.text import report_subject, report_text

if TYPE_CHECKING:
    from mypy_boto3_sns.client import SNSClient

# A case has at most 4 KB, and SNS accepts 262,144 bytes of all forms together (SNS API reference, Publish).
_MOST = 50


class SnsReportTopic:
    """Implements ``ReportTopic``. The attribute ``report`` names the kind; alerts have none."""

    def __init__(self, client: "SNSClient", topic_arn: str) -> None:
        self._client = client
        self._topic_arn = topic_arn

    def send(self, report: WeeklySummary | ShadowReport) -> None:
        """Publish; raises botocore's ClientError."""
        document = (
            summary_document(report) if isinstance(report, WeeklySummary) else shadow_document(report, most=_MOST)
        )
        subject = report_subject(report, catalogue=spoken())
        forms = {
            "default": canonical_json(document),
            "email": report_text(report, catalogue=spoken()),
            "sms": subject,
        }
        self._client.publish(
            TopicArn=self._topic_arn,
            Subject=subject,
            Message=canonical_json(forms),
            MessageStructure="json",
            MessageAttributes={"report": {"DataType": "String", "StringValue": str(document["mailwarden"])}},
        )
