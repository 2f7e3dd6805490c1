"""The report as Markdown: for a pull request or the summary of a job."""

from collections.abc import Iterator

from mailwarden_command.checking.output.documents import finding_document
from mailwarden_command.checking.report import CheckReport
from mailwarden_command.checking.sentences import (
    AFTER_DEPLOYMENT,
    NOT_IN_SOURCE,
    NOT_JUDGED,
    NOT_READ,
    absent_lines,
    after_deployment,
    condition_of,
    refusal,
    summary,
    undecided_lines,
)
from mailwarden_command.output.markdown import escaped


def markdown_lines(report: CheckReport) -> Iterator[str]:
    """The lines of the page."""
    yield "# Check of the mail of Amazon Cognito user pools"
    yield ""
    yield f"{escaped(summary(report))}."
    found = [*report.found()]
    if found:
        yield ""
        yield "| place | rule | severity | finding |"
        yield "|---|---|---|---|"
    for file, _, each in found:
        document = finding_document(each, in_plan=file.is_plan)
        condition = condition_of(each)
        unless = f" Unless {document['unless']}." if document["unless"] else ""
        text = f"{document['message']}{f' ({condition})' if condition else ''}. {document['why']}.{unless}"
        advice = document["in_source"] or document["to_do"]
        yield (
            f"| {escaped(file.path)}:{each.place.line} | [{each.finding.rule_id}]({document['rule']['page']})"
            f" | {'note' if each.finding.is_note else each.finding.severity.label}"
            f" | {escaped(' '.join(f'{text} {advice}'.split()))} |"
        )
    refused = [f"{file.path}: {refusal(file)}" for file in report.files if file.refusal]
    undecided = [f"{file.path}:{place.line}: {text}" for file, _, place, text in undecided_lines(report)]
    absent = [f"{file.path}:{pool.place.line}: {text}" for file, pool, text in absent_lines(report)]
    for title, lines in ((NOT_READ, refused), (NOT_JUDGED, undecided), (NOT_IN_SOURCE, absent)):
        if lines:
            yield from ("", f"## {title}", "")
            yield from (f"- {escaped(line)}" for line in lines)
    yield from ("", f"{AFTER_DEPLOYMENT}: {escaped(after_deployment(report))}.")
