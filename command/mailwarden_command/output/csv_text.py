"""The report as CSV: a row for each finding of each pool, and one for a pool without any."""

import csv
import io
from collections.abc import Iterable, Iterator

from mailwarden_command.audit.report import AuditReport
from mailwarden_command.output.documents import Document, findings_of, name_of, pool_document

COLUMNS = (
    "account", "region", "pool_id", "pool_name", "can_send", "deciding_link", "rule", "rule_name", "severity", "effect",
    "subject", "message", "why", "to_do", "mailwarden_would", "because",
)  # fmt: skip

# A spreadsheet takes a cell that begins so for a formula, and names of pools come from outside.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def csv_lines(report: AuditReport) -> Iterator[str]:
    """The lines, with the names of the columns first."""
    yield _line(COLUMNS)
    for explained in report.pools:
        document = pool_document(explained)
        pool, verdict = document["pool"], document["verdict"]
        deciding = verdict["deciding_link"] or ""
        start = (pool["account"], pool["region"], pool["id"], pool["name"], verdict["can_send"], deciding)
        rows = [(*start, *_cells(found)) for found in findings_of(document)]
        yield from map(_line, rows or [(*start, *[""] * (len(COLUMNS) - len(start)))])
    for unread in report.unread:
        ref = unread.ref
        name, refusal = name_of(unread.name), str(unread.refusal)
        start = (ref.account, ref.region, ref.pool_id, name, "unknown", "")
        yield _line((*start, "", "", "", "unknown", ref.arn, refusal, "", "", "", ""))


def inert(cell: str) -> str:
    """The cell as a spreadsheet shows it and never computes it; ``original`` reverses it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def original(cell: str) -> str:
    """The cell before ``inert``."""
    return cell.removeprefix("'")


def _cells(found: Document) -> tuple[str, ...]:
    return (
        found["rule"]["id"],
        found["rule"]["name"],
        found["severity"],
        found["effect"],
        found["subject"],
        found["message"],
        found["why"],
        found["to_do"],
        found["mailwarden"]["will"],
        found["mailwarden"]["because"],
    )


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(map(inert, cells))
    return out.getvalue()
