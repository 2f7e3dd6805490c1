"""The report in the AWS Security Finding Format, as Security Hub's BatchImportFindings takes it, 100 at a time."""

import hashlib
import json
from collections.abc import Iterator, Mapping

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.findings.finding import Effect
from mailwarden.presentation.masking import clipped
from mailwarden.settings.environment import RULE_PAGES
from mailwarden_command.audit.causes import Cause, causes_of
from mailwarden_command.audit.report import AuditReport
from mailwarden_command.output.documents import finding_of

# Security Hub user guide, "Required top-level ASFF attributes" and "Optional top-level ASFF attributes".
_TITLE, _DESCRIPTION, _RECOMMENDATION = 256, 1024, 512
_MOST_RESOURCES = 32
_COMPLIANCE: Mapping[Effect, str] = {
    Effect.LOST: "FAILED",
    Effect.AT_RISK: "WARNING",
    Effect.UNKNOWN: "NOT_AVAILABLE",
    Effect.NONE: "WARNING",
}


def asff_lines(report: AuditReport) -> Iterator[str]:
    """The lines of a JSON array of findings."""
    findings = [asff_finding(cause, report) for cause in causes_of(report)]
    yield json.dumps(findings, ensure_ascii=False, indent=1)


def asff_finding(cause: Cause, report: AuditReport) -> JsonDocument:
    """One cause, in the account and region of its first pool."""
    finding, document, pool = cause.finding, finding_of(cause), cause.pools[0]
    at = f"{report.ended_at:%Y-%m-%dT%H:%M:%SZ}"
    named = [finding.subject.arn, *(each.arn for each in cause.pools if each.arn != finding.subject.arn)]
    known_as = hashlib.sha256(f"{finding.rule_id} {finding.subject.arn}".encode()).hexdigest()
    return {
        "SchemaVersion": "2018-10-08",
        "Id": f"mailwarden/{finding.rule_id}/{known_as}",
        "ProductArn": (f"arn:{pool.partition}:securityhub:{pool.region}:{pool.account}:product/{pool.account}/default"),
        "GeneratorId": f"mailwarden/{finding.rule_id}",
        "AwsAccountId": pool.account,
        "Types": ["Software and Configuration Checks"],
        "CreatedAt": at,
        "UpdatedAt": at,
        "Severity": {"Label": finding.severity.name},
        "Title": clipped(f"{finding.rule_id} {document['message']}", _TITLE),
        "Description": clipped(document["why"], _DESCRIPTION),
        "Remediation": {
            "Recommendation": {
                "Text": clipped(document["to_do"], _RECOMMENDATION),
                "Url": f"{RULE_PAGES}{finding.rule_id}.md",
            }
        },
        "ProductFields": {"mailwarden/effect": finding.effect.value, "mailwarden/rule": finding.rule_name},
        "Resources": [
            {"Type": "Other", "Id": arn, "Partition": pool.partition, "Region": pool.region}
            for arn in named[:_MOST_RESOURCES]
        ],
        "Compliance": {"Status": _COMPLIANCE[finding.effect]},
        "Workflow": {"Status": "NEW"},
        "RecordState": "ACTIVE",
    }
