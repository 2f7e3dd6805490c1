"""One finding in the AWS Security Finding Format, as Security Hub's BatchImportFindings takes it.

The limits: Security Hub user guide, "Required top-level ASFF attributes", "Optional top-level ASFF attributes" and
"Resources ASFF object".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.findings.finding import Effect, Severity
from mailwarden.presentation.masking import clipped

_TITLE, _DESCRIPTION, _RECOMMENDATION = 256, 1024, 512
_FIELD = 2048
_RESOURCE = 512
_MOST_RESOURCES = 32
_EVERY_REGION = "*"
_TYPES = ("Software and Configuration Checks",)


class Compliance(StrEnum):
    """The statuses of the format (Security Hub API reference, Compliance)."""

    PASSED = "PASSED"
    WARNING = "WARNING"
    FAILED = "FAILED"
    NOT_AVAILABLE = "NOT_AVAILABLE"


_COMPLIANCE: Mapping[Effect, Compliance] = {
    Effect.LOST: Compliance.FAILED,
    Effect.AT_RISK: Compliance.WARNING,
    Effect.UNKNOWN: Compliance.NOT_AVAILABLE,
    Effect.NONE: Compliance.WARNING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityFinding:
    """What is known of a finding. *region* and *account* are those of the Security Hub that takes it.

    ``resources`` are ARNs, the most important first. ``is_active``: it needs attention; ``compliance``: that of one
    that is over; None: by its effect.
    """

    finding_id: str
    rule_id: str
    partition: str
    region: str
    account: str
    created_at: datetime
    updated_at: datetime
    severity: Severity
    effect: Effect
    title: str
    description: str
    recommendation: str
    page: str
    fields: Mapping[str, str]
    resources: Iterable[str]
    is_active: bool = True
    compliance: Compliance | None = None


def product_arn(*, partition: str, region: str, account: str) -> str:
    """The product under which an account imports findings of its own."""
    return f"arn:{partition}:securityhub:{region}:{account}:product/{account}/default"


def asff_document(finding: SecurityFinding) -> JsonDocument:
    """The finding in the format, every text within its limit."""
    severity = {"Label": finding.severity.name, "Original": finding.severity.label}
    return {
        "SchemaVersion": "2018-10-08",
        "Id": finding.finding_id,
        "ProductArn": product_arn(partition=finding.partition, region=finding.region, account=finding.account),
        "GeneratorId": f"mailwarden/{finding.rule_id}",
        "AwsAccountId": finding.account,
        "Types": list(_TYPES),
        "CreatedAt": _time(finding.created_at),
        "UpdatedAt": _time(finding.updated_at),
        "Severity": severity,
        # An update of a finding takes these from here only.
        "FindingProviderFields": {"Severity": severity, "Types": list(_TYPES)},
        "Title": clipped(finding.title, _TITLE),
        "Description": clipped(finding.description, _DESCRIPTION),
        "Remediation": {
            "Recommendation": {"Text": clipped(finding.recommendation, _RECOMMENDATION), "Url": finding.page}
        },
        "ProductFields": {name: clipped(text, _FIELD) for name, text in finding.fields.items()},
        "Resources": [
            _resource(arn, finding.partition) for arn in list(dict.fromkeys(finding.resources))[:_MOST_RESOURCES]
        ],
        "Compliance": {"Status": finding.compliance or _COMPLIANCE[finding.effect]},
        # Security Hub keeps its own status of a finding that is known.
        "Workflow": {"Status": "NEW"},
        "RecordState": "ACTIVE" if finding.is_active else "ARCHIVED",
    }


def _resource(arn: str, partition: str) -> JsonDocument:
    """A resource; one that may be in any region has none."""
    region = arn.split(":")[3]
    place = {} if region in {"", _EVERY_REGION} else {"Region": region}
    return {"Type": "Other", "Id": clipped(arn, _RESOURCE), "Partition": partition, **place}


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
