"""The report as SARIF 2.1.0 (OASIS): a result for each cause, located at the ARN of its subject."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.findings.finding import Effect, Severity
from mailwarden.rules import ALL
from mailwarden.settings.environment import RULE_PAGES
from mailwarden_command.audit.causes import Cause, causes_of
from mailwarden_command.audit.report import AuditReport
from mailwarden_command.output.documents import finding_of

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

# RFC 3986, "unreserved", and the slash.
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
LEVELS: Mapping[Severity, str] = {
    Severity.LOW: "note",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "error",
}
# GitHub's ranks of security severities, 0.1 to 10.
_SCORES: Mapping[Severity, str] = {
    Severity.LOW: "2.0",
    Severity.MEDIUM: "5.0",
    Severity.HIGH: "8.0",
    Severity.CRITICAL: "9.5",
}


def sarif_lines(report: AuditReport) -> Iterator[str]:
    """The lines of the log file."""
    yield json.dumps(sarif_document(report), ensure_ascii=False, indent=1)


def sarif_document(report: AuditReport) -> JsonDocument:
    """The log file: a result for each cause."""
    return log_document(report.version, _invocation(report), [_result(cause) for cause in causes_of(report)])


def log_document(version: str, invocation: JsonDocument, results: Sequence[JsonDocument]) -> JsonDocument:
    """A log file of one run, which lists every rule; ``version`` is Mailwarden's."""
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": _tool(version),
                "columnKind": "unicodeCodePoints",
                "invocations": [invocation],
                "results": results,
            }
        ],
    }


def _tool(version: str) -> JsonDocument:
    return {
        "driver": {
            "name": "Mailwarden",
            "semanticVersion": version,
            "informationUri": "https://github.com/mailwarden/mailwarden",
            "rules": [_rule(number) for number in range(len(ALL))],
        }
    }


def _rule(number: int) -> JsonDocument:
    rule = ALL[number]
    return {
        "id": rule.rule_id,
        "name": rule.name,
        "shortDescription": {"text": rule.name},
        "helpUri": f"{RULE_PAGES}{rule.rule_id}.md",
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"security-severity": _SCORES[rule.severity], "tags": [rule.link.value]},
    }


def _invocation(report: AuditReport) -> JsonDocument:
    return {
        "executionSuccessful": True,
        "startTimeUtc": f"{report.started_at:%Y-%m-%dT%H:%M:%SZ}",
        "endTimeUtc": f"{report.ended_at:%Y-%m-%dT%H:%M:%SZ}",
        "toolExecutionNotifications": [
            {"level": "error", "message": {"text": str(refusal)}} for refusal in report.refusals
        ],
    }


def _result(cause: Cause) -> JsonDocument:
    finding, document = cause.finding, finding_of(cause)
    is_unknown = finding.effect is Effect.UNKNOWN
    # Another kind than "fail" has no level (SARIF 2.1.0, 3.27.10); "open": more is needed to decide (3.27.9).
    verdict = {"kind": "open", "level": "none"} if is_unknown else {"level": LEVELS[finding.severity]}
    return {
        "ruleId": finding.rule_id,
        "ruleIndex": next(number for number, rule in enumerate(ALL) if rule.rule_id == finding.rule_id),
        **verdict,
        "message": {"text": f"{document['message']}. {document['why']}. To do: {document['to_do']}"},
        "locations": [_location(finding.subject.arn)],
        "relatedLocations": [_location(pool.arn) for pool in cause.pools],
        "partialFingerprints": {"subjectAndRule/v1": _fingerprint(cause)},
        "properties": {"effect": finding.effect.value, "severity": finding.severity.label, "rules": list(cause.rules)},
    }


def _location(arn: str) -> JsonDocument:
    """An ARN, and the same as a path: GitHub refuses a whole file with one location that has none."""
    return {
        "physicalLocation": {"artifactLocation": {"uri": _path(arn)}, "region": {"startLine": 1}},
        "logicalLocations": [{"fullyQualifiedName": arn, "kind": "resource"}],
    }


def _path(arn: str) -> str:
    """A relative reference (RFC 3986)."""
    _, partition, service, region, account, resource = arn.split(":", 5)
    parts = (partition, account, region or "global", service, resource)
    return "/".join(map(quoted, parts))


def quoted(path: str) -> str:
    """A path in a relative reference (RFC 3986); no module of the network is imported for it."""
    return "".join(chr(byte) if chr(byte) in _UNRESERVED else f"%{byte:02X}" for byte in path.encode(errors="replace"))


def _fingerprint(cause: Cause) -> str:
    text = f"{cause.finding.rule_id} {cause.finding.subject.arn}"
    return hashlib.sha256(text.encode()).hexdigest()
