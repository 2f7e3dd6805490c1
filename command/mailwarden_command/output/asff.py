"""The report in the AWS Security Finding Format, as Security Hub's BatchImportFindings takes it, 100 at a time."""

import hashlib
import json
from collections.abc import Iterator

from mailwarden.documents.reader import JsonDocument
from mailwarden.presentation.asff.finding import SecurityFinding, asff_document
from mailwarden.settings.environment import RULE_PAGES
from mailwarden_command.audit.causes import Cause, causes_of
from mailwarden_command.audit.report import AuditReport
from mailwarden_command.output.documents import finding_of


def asff_lines(report: AuditReport) -> Iterator[str]:
    """The lines of a JSON array of findings."""
    findings = [asff_finding(cause, report) for cause in causes_of(report)]
    yield json.dumps(findings, ensure_ascii=False, indent=1)


def asff_finding(cause: Cause, report: AuditReport) -> JsonDocument:
    """One cause, in the account and region of its first pool."""
    finding, document, pool = cause.finding, finding_of(cause), cause.pools[0]
    known_as = hashlib.sha256(f"{finding.rule_id} {finding.subject.arn}".encode()).hexdigest()
    return asff_document(
        SecurityFinding(
            finding_id=f"mailwarden/{finding.rule_id}/{known_as}",
            rule_id=finding.rule_id,
            partition=pool.partition,
            region=pool.region,
            account=pool.account,
            created_at=report.ended_at,
            updated_at=report.ended_at,
            severity=finding.severity,
            effect=finding.effect,
            title=f"{finding.rule_id} {document['message']}",
            description=document["why"],
            recommendation=document["to_do"],
            page=f"{RULE_PAGES}{finding.rule_id}.md",
            fields={"mailwarden/effect": finding.effect.value, "mailwarden/rule": finding.rule_name},
            resources=[finding.subject.arn, *(each.arn for each in cause.pools)],
        )
    )
