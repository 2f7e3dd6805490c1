"""The report as SARIF 2.1.0 (OASIS): a result for each finding, at its line; GitHub shows it in the pull request."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import PurePath

from mailwarden.documents.reader import JsonDocument
from mailwarden.domain.findings.finding import Effect
from mailwarden.rules import ALL
from mailwarden_command.checking.output.documents import finding_document
from mailwarden_command.checking.report import CheckedFile, CheckedPool, CheckReport, FoundInSource
from mailwarden_command.checking.sentences import refusal, undecided_lines
from mailwarden_command.checking.source.nodes import Place
from mailwarden_command.output.sarif import LEVELS, log_document, quoted


def sarif_lines(report: CheckReport) -> Iterator[str]:
    """The lines of the log file."""
    yield json.dumps(sarif_document(report), ensure_ascii=False, indent=1)


def sarif_document(report: CheckReport) -> JsonDocument:
    """The log file: a result for each finding."""
    return log_document(report.version, _invocation(report), [_result(*each) for each in report.found()])


def _invocation(report: CheckReport) -> JsonDocument:
    refused = [file for file in report.files if file.refusal]
    return {
        "executionSuccessful": not refused,
        "toolExecutionNotifications": [
            *(_notification("error", refusal(file), file, file.place) for file in refused),
            *(
                _notification("warning", f"{name}: {sentence}", file, place)
                for file, name, place, sentence in undecided_lines(report)
            ),
        ],
    }


def _notification(level: str, text: str, file: CheckedFile, place: Place | None) -> JsonDocument:
    return {"level": level, "message": {"text": text}, "locations": [_location(file, place or Place(line=1))]}


def _result(file: CheckedFile, pool: CheckedPool, found: FoundInSource) -> JsonDocument:
    finding = found.finding
    document = finding_document(found, in_plan=file.is_plan)
    level = "note" if finding.is_note else "warning" if found.may_be_elsewhere else LEVELS[finding.severity]
    # Another kind than "fail" has no level (SARIF 2.1.0, 3.27.10); "open": more is needed to decide (3.27.9).
    is_open = finding.effect is Effect.UNKNOWN and not found.may_be_elsewhere
    verdict = {"kind": "open", "level": "none"} if is_open else {"level": level}
    advice = document["in_source"] or document["to_do"]
    sentences = (
        f"{document['message']}.",
        f"{document['why']}.",
        f"Unless {document['unless']}." if document["unless"] else "",
        f"In the source: {advice}",
    )
    return {
        "ruleId": finding.rule_id,
        "ruleIndex": next(number for number, rule in enumerate(ALL) if rule.rule_id == finding.rule_id),
        **verdict,
        "message": {"text": " ".join(sentence for sentence in sentences if sentence)},
        "locations": [
            {
                **_location(file, found.place),
                "logicalLocations": [{"fullyQualifiedName": pool.name, "kind": "resource"}],
            }
        ],
        "partialFingerprints": {"poolAndRule/v1": _fingerprint(file, pool, found)},
        "properties": {
            "effect": finding.effect.value,
            "severity": finding.severity.label,
            "if": document["if"],
            "toDo": document["to_do"],
        },
    }


def _location(file: CheckedFile, place: Place) -> JsonDocument:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(file.path)},
            "region": {"startLine": place.line, "startColumn": place.column},
        }
    }


def _uri(path: str) -> str:
    """A relative reference, or a file URI for an absolute path."""
    if PurePath(path).is_absolute():
        return PurePath(path).as_uri()
    return quoted(path).removeprefix("./")


def _fingerprint(file: CheckedFile, pool: CheckedPool, found: FoundInSource) -> str:
    text = f"{found.finding.rule_id} {file.path} {pool.name}"
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
