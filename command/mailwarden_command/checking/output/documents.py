"""The report as one versioned JSON document (docs/check.schema.json), of which the other formats are made."""

import json
from collections.abc import Iterator
from typing import Any

from mailwarden.documents.reader import JsonDocument
from mailwarden.presentation.masking import one_line
from mailwarden.settings.environment import RULE_PAGES
from mailwarden_command.checking.report import CheckedFile, CheckedPool, CheckReport, FoundInSource, OpenRules
from mailwarden_command.checking.sentences import (
    advice_of_rule,
    effect_of,
    exception_of,
    nested_stack,
    open_sentence,
    refusal,
    text_of_finding,
    to_do,
)

VERSION = 1
_NAME = 256


def json_lines(report: CheckReport) -> Iterator[str]:
    """The lines of the document."""
    yield json.dumps(check_document(report), ensure_ascii=False, indent=1)


def check_document(report: CheckReport) -> JsonDocument:
    """The whole document."""
    return {
        "mailwarden": "check",
        "version": VERSION,
        "program": report.version,
        "files": [_file(file) for file in report.files],
        "needs_account": list(report.needs_account),
    }


def finding_document(found: FoundInSource, *, in_plan: bool) -> dict[str, Any]:
    """One finding."""
    finding = found.finding
    return {
        "rule": {"id": finding.rule_id, "name": finding.rule_name, "page": f"{RULE_PAGES}{finding.rule_id}.md"},
        "severity": finding.severity.label,
        "effect": finding.effect.value,
        "effect_in_words": effect_of(finding),
        "is_note": finding.is_note,
        "line": found.place.line,
        "column": found.place.column,
        "if": {one_line(name, _NAME): one_line(value, _NAME) for name, value in found.choices.items()},
        "message": text_of_finding(found, finding.message),
        "why": text_of_finding(found, finding.why),
        "to_do": to_do(found),
        "unless": exception_of(found),
        "in_source": advice_of_rule(finding, in_plan=in_plan),
    }


def _file(file: CheckedFile) -> JsonDocument:
    return {
        "path": file.path,
        "refusal": refusal(file) or None,
        "line": None if file.place is None else file.place.line,
        "pools": [_pool(pool, file) for pool in file.pools],
        "nested_stacks": [
            {"name": one_line(stack.name, _NAME), "line": stack.place.line, "message": nested_stack(stack)}
            for stack in file.nested
        ],
    }


def _pool(pool: CheckedPool, file: CheckedFile) -> JsonDocument:
    return {
        "name": one_line(pool.name, _NAME),
        "line": pool.place.line,
        "not_known": one_line(pool.not_known, _NAME) or None,
        "findings": [finding_document(found, in_plan=file.is_plan) for found in pool.found],
        "open": [_open(rules, in_plan=file.is_plan) for rules in pool.open_rules],
    }


def _open(rules: OpenRules, *, in_plan: bool) -> JsonDocument:
    return {
        "reason": rules.reason.name.lower().replace("_", " "),
        "rules": list(rules.rules),
        "about": [one_line(each, _NAME) for each in rules.about],
        "message": open_sentence(rules, in_plan=in_plan),
    }
