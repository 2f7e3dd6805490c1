"""The message attributes of an alert, by which subscriptions filter."""

from typing import TYPE_CHECKING

from mailwarden.domain.incidents.alert import Alert
from mailwarden.domain.refs.resources import kind_of
from mailwarden.presentation.alerts.incident import kind_of_cause
from mailwarden.presentation.alerts.notice import Notice

if TYPE_CHECKING:
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef


def attributes_of(alert: Alert, notice: Notice) -> dict[str, "MessageAttributeValueTypeDef"]:
    """The same on every topic."""
    texts = {
        "severity": notice.severity.label,
        "rule": notice.rule_id,
        "region": notice.subject.region,
        "state": notice.state.value,
        "verdict": notice.verdict.value,
        "subject_kind": kind_of(notice.subject).value,
        "account": notice.subject.account,
        "cause": kind_of_cause(alert.report.cause),
    }
    return {name: {"DataType": "String", "StringValue": text} for name, text in texts.items()}
