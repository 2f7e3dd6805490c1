"""The pools of a deployment and their findings as tables for a terminal; no id is broken."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.cells import cell_len
from rich.text import Text

from tools.screen.terminal import WIDTH, fitted, laid_out
from tools.screen.why_figures import tags_of

type Document = Mapping[str, Any]

_STYLES = {"no": "red", "unknown": "yellow", "at risk": "yellow", "yes": "green"}
_NAME_COLUMN, _LONGEST_NAME = 2, 32
_MARKS = {"no": "✘", "unknown": "?", "at risk": "!", "yes": "✔"}


def pools_text(document: Document, *, width: int = WIDTH) -> list[Text]:
    """The verdicts, and a line for each pool."""
    if document["answer"] != "listed":
        return _not_understood(document, width)
    pools = document["pools"]
    counts = Counter(pool["can_send"] for pool in pools)
    shown = ", ".join(f"{counts[answer]} {answer}" for answer in _MARKS if counts[answer]) or "none"
    lines = [*_title(document, f"can send mail: {shown}", width), Text()]
    lines += _table(pools)
    return [*lines, *_left_out(document, width)]


def findings_text(document: Document, *, width: int = WIDTH) -> list[Text]:
    """The findings by rule and subject, with the pools of each; the most pools first."""
    if document["answer"] != "listed":
        return _not_understood(document, width)
    found: dict[tuple[str, str], list[Document]] = {}
    for pool in document["pools"]:
        for finding in pool["findings"]:
            found.setdefault((finding["rule"], finding["subject"]), []).append(pool)
    ordered = sorted(found.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    lines = _title(document, f"{len(ordered)} findings", width)
    for (rule, subject), pools in ordered:
        lines += [Text(), *laid_out(Text.assemble((rule, "bold"), f" {subject}"), width, then="  ")]
        names = ", ".join(f"{pool['name']} ({pool['id']})" for pool in pools)
        lines += laid_out(names, width, first="  ", then="  ")
    return [*lines, *_left_out(document, width)]


def _title(document: Document, said: str, width: int) -> list[Text]:
    number = document["count"]
    pools = "1 pool" if number == 1 else f"{number} pools"
    return laid_out(Text(f"{pools}, by the last inspections; {said}", "bold"), width, then="  ")


def _pool(pool: Document) -> tuple[str, ...]:
    rules = " ".join(dict.fromkeys(finding["rule"] for finding in pool["findings"]))
    looked_at = f"{datetime.fromisoformat(pool['looked_at']).astimezone(UTC):%Y-%m-%d %H:%M}"
    return _MARKS[pool["can_send"]], pool["id"], pool["name"], pool["deciding_link"] or "", looked_at, rules


def _table(pools: Sequence[Document]) -> Iterator[Text]:
    """A line for each pool, and one for its tags; a very long name is cut, that the columns stay together."""
    rows = [_pool(pool) for pool in pools]
    widths = [max(cell_len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    if widths:
        widths[_NAME_COLUMN] = min(widths[_NAME_COLUMN], _LONGEST_NAME)
    for row, pool in zip(rows, pools, strict=True):
        mark, *others = map(fitted, row, widths)
        line = Text.assemble("  ", (mark, _STYLES[pool["can_send"]]), " ", "  ".join(others))
        line.rstrip()
        yield line
        if tags := tags_of(pool).removeprefix(", "):
            yield Text(f"    {tags}", "dim")


def _left_out(document: Document, width: int) -> list[Text]:
    """The numbers of pools and findings for which an answer has no room, and of unreadable pools."""
    pools, lines = document["pools"], list[Text]()
    more = document["fitting"] - len(pools)
    if more > 0:
        lines += laid_out(f"{more} more pools are not shown: choose with --name or --can-send.", width)
    findings = sum(pool["findings_count"] - len(pool["findings"]) for pool in pools)
    if findings > 0:
        lines += laid_out(f"{findings} findings of these pools are not shown: ask about one pool.", width)
    if document["unread"]:
        lines += laid_out(f"The last inspection of {document['unread']} pools could not be read.", width)
    return lines


def _not_understood(document: Document, width: int) -> list[Text]:
    return laid_out(f"Mailwarden did not understand the question: {document['text']}.", width)
