"""The report for a terminal: verdicts, the pools that need attention, and findings by cause with their advice."""

import re
from collections.abc import Iterator, Mapping

from rich.cells import cell_len
from rich.text import Text

from mailwarden.domain.findings.finding import Effect
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.presentation.steps import steps_of
from mailwarden_command.audit.causes import Cause, causes_of, of_one_rule
from mailwarden_command.audit.report import AuditReport
from mailwarden_command.output.documents import Document, finding_of, name_of, needs_attention, rules_of
from mailwarden_command.screen import (
    ANSWERS,
    EFFECTS,
    NOT_AUDITED,
    UNKNOWN,
    counted,
    deleted,
    more_causes,
    not_readable,
    refused_access,
    summary,
    would,
)
from tools.screen.json_text import compact
from tools.screen.terminal import fitted, laid_out
from tools.screen.why_source import source_lines

_LABEL = 14
_STYLES = {Answer.NO: "red", Answer.UNKNOWN: "yellow", Answer.AT_RISK: "yellow", Answer.YES: "green"}
_MARKS = {Answer.NO: "✘", Answer.UNKNOWN: "?", Answer.AT_RISK: "!", Answer.YES: "✔"}
_EFFECT_STYLES = {Effect.LOST: "red", Effect.UNKNOWN: "yellow", Effect.AT_RISK: "yellow", Effect.NONE: "none"}
_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_HELD = "\ue001"
_MOST_POOLS = 12
_SHORTEST_NAME, _LONGEST_NAME = 12, 32
# The mark, the link and the spaces between the columns.
_BESIDE_NAMES = 27
# Of one rule; the other formats have all of them.
_MOST_CAUSES, _MOST_NOTES = 20, 2


def table_lines(report: AuditReport, *, width: int) -> Iterator[Text]:
    """The whole report, in lines of at most *width* cells where no word is wider."""
    yield from laid_out(Text(summary(report), "bold"), width, then="  ")
    yield from _verdicts(report)
    if gone := deleted(report):
        yield from laid_out(gone, width, first="  ", then="  ")
    yield from _pools(report, width)
    for group in of_one_rule(causes_of(report)):
        yield Text()
        yield from _group(group, report, width)
    yield from _unread(report, width)


def _verdicts(report: AuditReport) -> Iterator[Text]:
    for answer, number in report.verdicts.items():
        if number:
            text = f"{number:>6} {ANSWERS[answer]}"
            yield Text.assemble("  ", (_MARKS[answer], _STYLES[answer]), text)


def _pools(report: AuditReport, width: int) -> Iterator[Text]:
    """A line for each pool that cannot send, may not send, or has a finding that is no mere advice."""
    shown = [explained for explained in report.pools if needs_attention(explained)]
    if shown:
        yield Text()
    ids = max((len(explained.path.pool.ref.pool_id) for explained in shown), default=0)
    rules = max((len(" ".join(rules_of(explained))) for explained in shown), default=0)
    # A longer name is cut, so that a line fits as far as ids and rules let it.
    room = max(_SHORTEST_NAME, min(_LONGEST_NAME, width - ids - rules - _BESIDE_NAMES))
    names = min(room, max((cell_len(name_of(explained.path.pool.name)) for explained in shown), default=0))
    for explained in shown:
        pool, verdict = explained.path.pool, explained.verdict
        line = Text.assemble(
            "  ",
            (_MARKS[verdict.answer], _STYLES[verdict.answer]),
            f" {pool.ref.pool_id:<{ids}}  {fitted(name_of(pool.name), names)}  ",
            (f"{verdict.deciding.value if verdict.deciding else '':<17}", "dim"),
            f"  {' '.join(rules_of(explained))}",
        )
        line.rstrip()
        yield line


def _group(causes: tuple[Cause, ...], report: AuditReport, width: int) -> Iterator[Text]:
    finding = causes[0].finding
    pools = len({pool for cause in causes for pool in cause.pools})
    is_unknown = finding.effect is Effect.UNKNOWN
    title = UNKNOWN if is_unknown else f"{finding.rule_id} {finding.rule_name}"
    yield Text.assemble(
        (title, "bold"),
        f" ({finding.severity.label}{'' if is_unknown else ', '}",
        ("" if is_unknown else EFFECTS[finding.effect], _EFFECT_STYLES[finding.effect]),
        f"), {counted(pools, 'pool')}",
    )
    most = _MOST_NOTES if finding.is_note else _MOST_CAUSES
    names = {explained.path.pool.ref: explained.path.pool.name for explained in report.pools}
    for number, cause in enumerate(causes[:most]):
        if number:
            yield Text()
        yield from _cause(cause, finding_of(cause), names, width)
    if len(causes) > most:
        yield Text()
        yield from laid_out(more_causes(len(causes) - most), width, first="  ", then="  ")


def _cause(cause: Cause, document: Document, names: Mapping[PoolRef, str], width: int) -> Iterator[Text]:
    yield from _labeled("What", document["message"], width)
    if reason := document["evidence"].get("reason") if document["effect"] == "unknown" else None:
        yield from _labeled("Reason", reason, width)
    yield from _labeled("Why", document["why"], width)
    yield from _steps(document["to_do"], width)
    if not cause.finding.is_note and document["effect"] != "unknown":
        yield from _labeled("Mailwarden", would(document), width)
        yield from source_lines(document["source"], document["mailwarden"], width=width)
    if len(cause.rules) > 1:
        yield from _labeled("Undecided", ", ".join(cause.rules), width)
    if cause.finding.subject not in cause.pools or len(cause.pools) > 1:
        shown = [f"{name_of(names[pool])} ({pool.pool_id})" for pool in cause.pools[:_MOST_POOLS]]
        more = [f"{len(cause.pools) - _MOST_POOLS} more"] if len(cause.pools) > _MOST_POOLS else []
        yield from _labeled("Pools", ", ".join([*shown, *more]), width)


def _steps(text: str, width: int) -> Iterator[Text]:
    """Each step; a policy or a command in it is set apart, so that it can be copied."""
    for step in steps_of(text):
        yield from _labeled("To do", step.sentence, width)
        if step.document is None:
            yield from (Text(f"    {row}") for row in step.pasted.splitlines())
        else:
            for row in compact(step.document, width=width - 4).splitlines():
                yield from _json_row(row, width)


def _json_row(row: str, width: int) -> Iterator[Text]:
    """A row of JSON, which may be broken between strings only: a line break within one is no JSON."""
    held = _JSON_STRING.sub(lambda found: found[0].replace(" ", _HELD), row)
    for line in laid_out(held, width, first="    ", then="    "):
        line.plain = line.plain.replace(_HELD, " ")
        yield line


def _unread(report: AuditReport, width: int) -> Iterator[Text]:
    lines = [*not_readable(report)]
    if lines:
        yield Text()
        yield Text(NOT_AUDITED, "bold")
        for line in lines:
            yield from laid_out(line, width, first="  ", then="    ")
    if advice := refused_access(report):
        yield Text()
        yield from laid_out(advice, width, then="  ")


def _labeled(label: str, text: str, width: int) -> list[Text]:
    first = Text.assemble((f"  {label}".ljust(_LABEL), "dim"))
    return laid_out(text, width, first=first, then=" " * _LABEL)
