"""The report for a terminal: each finding begins with its place, which editors and terminals open."""

from collections.abc import Iterator

from rich.text import Text

from mailwarden.domain.findings.finding import Effect, Severity
from mailwarden.presentation.steps import steps_of
from mailwarden_command.checking.output.documents import finding_document
from mailwarden_command.checking.report import CheckedFile, CheckedPool, CheckReport, FoundInSource
from mailwarden_command.checking.sentences import (
    AFTER_DEPLOYMENT,
    NOT_IN_SOURCE,
    NOT_JUDGED,
    NOT_READ,
    absent_lines,
    after_deployment,
    condition_of,
    effect_of,
    refusal,
    summary,
    undecided_lines,
)
from tools.screen.json_text import compact
from tools.screen.terminal import laid_out

_LABEL = 13
_STYLES = {Severity.CRITICAL: "red", Severity.HIGH: "red", Severity.MEDIUM: "yellow", Severity.LOW: "none"}


def table_lines(report: CheckReport, *, width: int) -> Iterator[Text]:
    """The whole report, in lines of at most *width* cells where no word is wider."""
    yield from laid_out(Text(summary(report), "bold"), width, then="  ")
    for file, pool, found in sorted(report.found(), key=_order):
        yield Text()
        yield from _finding(file, pool, found, width)
    refused = [f"{file.path}{_line(file)}: {refusal(file)}" for file in report.files if file.refusal]
    undecided = [f"{file.path}:{place.line}: {text}" for file, _, place, text in undecided_lines(report)]
    absent = [f"{file.path}:{pool.place.line}: {text}" for file, pool, text in absent_lines(report)]
    after = [after_deployment(report)] if [*report.pools()] else []
    for title, lines in (
        (NOT_READ, refused),
        (NOT_JUDGED, undecided),
        (NOT_IN_SOURCE, absent),
        (AFTER_DEPLOYMENT, after),
    ):
        if lines:
            yield Text()
            yield Text(title, "bold")
            for line in lines:
                yield from laid_out(line, width, first="  ", then="    ")


def _order(each: tuple[CheckedFile, CheckedPool, FoundInSource]) -> tuple[bool, int, str, int]:
    file, _, found = each
    return found.finding.is_note, -found.finding.severity, file.path, found.place.line


def _finding(file: CheckedFile, pool: CheckedPool, found: FoundInSource, width: int) -> Iterator[Text]:
    finding = found.finding
    document = finding_document(found, in_plan=file.is_plan)
    severity = "note" if finding.is_note else finding.severity.label
    style = "none" if finding.is_note or finding.effect is Effect.UNKNOWN else _STYLES[finding.severity]
    yield Text.assemble(
        (f"{file.path}:{found.place.line}:{found.place.column}", "bold"),
        f" {finding.rule_id} {finding.rule_name} (",
        (severity, style),
        f", {effect_of(finding)})",
    )
    condition = condition_of(found)
    rows = (
        ("What", document["message"]),
        ("When", condition[:1].upper() + condition[1:]),
        ("Why", document["why"]),
        ("Unless", document["unless"]),
        ("In the source", document["in_source"]),
        ("Pool", pool.name if pool.name not in document["message"] else ""),
    )
    for label, text in rows:
        if text:
            first = Text.assemble((f"  {label}".ljust(_LABEL + 3), "dim"))
            yield from laid_out(text, width, first=first, then=" " * (_LABEL + 3))
    if not finding.is_note:
        yield from _steps(document["to_do"], width)


def _steps(text: str, width: int) -> Iterator[Text]:
    """Each step; a policy or a command in it is set apart, so that it can be copied."""
    for step in steps_of(text):
        first = Text.assemble(("  To do".ljust(_LABEL + 3), "dim"))
        yield from laid_out(step.sentence, width, first=first, then=" " * (_LABEL + 3))
        rows = step.pasted if step.document is None else compact(step.document, width=width - 4)
        yield from (Text(f"    {row}") for row in rows.splitlines())


def _line(file: CheckedFile) -> str:
    return "" if file.place is None else f":{file.place.line}:{file.place.column}"
