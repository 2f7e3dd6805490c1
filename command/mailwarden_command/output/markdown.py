"""The report as Markdown: for an issue, a pull request or a wiki."""

import re
from collections.abc import Iterator

from mailwarden.domain.findings.finding import Effect
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.presentation.steps import steps_of
from mailwarden_command.audit.causes import causes_of, of_one_rule
from mailwarden_command.audit.report import AuditReport
from mailwarden_command.output.documents import finding_of, name_of, rules_of
from mailwarden_command.screen import ANSWERS, EFFECTS, NOT_AUDITED, UNKNOWN, counted, deleted, not_readable, summary

# Names come from outside: nothing in them may become a link, an image, a tag or a cell.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~&@:])")


def markdown_lines(report: AuditReport) -> Iterator[str]:
    """The lines of the page."""
    yield "# Audit of the mail of Amazon Cognito user pools"
    yield ""
    yield f"{escaped(summary(report))}."
    yield ""
    yield "| verdict | pools |"
    yield "|---|---|"
    for answer, number in report.verdicts.items():
        yield f"| {ANSWERS[answer]} | {number} |"
    if gone := deleted(report):
        yield ""
        yield gone
    yield from _pools(report)
    for group in of_one_rule(causes_of(report)):
        finding = group[0].finding
        pools = len({pool for cause in group for pool in cause.pools})
        yield ""
        is_unknown = finding.effect is Effect.UNKNOWN
        yield f"## {UNKNOWN if is_unknown else f'{finding.rule_id} {finding.rule_name}'}"
        yield ""
        yield f"{finding.severity.label}, {EFFECTS[finding.effect]}, {counted(pools, 'pool')}"
        for cause in group:
            document = finding_of(cause)
            yield ""
            yield f"- {escaped(document['message'])}: {escaped(document['evidence'].get('reason') or document['why'])}"
            yield from _steps(document["to_do"])
            yield f"  Pools: {', '.join(f'`{pool.arn}`' for pool in cause.pools)}"
    lines = [*not_readable(report)]
    if lines:
        yield ""
        yield f"## {NOT_AUDITED}"
        yield ""
        yield from (f"- {escaped(line)}" for line in lines)


def escaped(text: str) -> str:
    """The text with every character escaped that Markdown gives a meaning."""
    return _MARKUP.sub(r"\\\1", text)


def _pools(report: AuditReport) -> Iterator[str]:
    shown = [explained for explained in report.pools if explained.verdict.answer is not Answer.YES]
    if shown:
        yield ""
        yield "| pool | name | verdict | decided by | rules |"
        yield "|---|---|---|---|---|"
    for explained in shown:
        pool, verdict = explained.path.pool, explained.verdict
        rules = ", ".join(rules_of(explained))
        deciding = verdict.deciding.value if verdict.deciding else ""
        name = escaped(name_of(pool.name))
        yield f"| `{pool.ref.pool_id}` | {name} | {verdict.answer.value} | {deciding} | {rules} |"


def _steps(text: str) -> Iterator[str]:
    for step in steps_of(text):
        yield ""
        yield f"  {escaped(step.sentence)}"
        if step.pasted:
            yield ""
            yield f"  ```{'sh' if step.document is None else 'json'}"
            yield from (f"  {row}" for row in step.pasted.splitlines())
            yield "  ```"
    yield ""
