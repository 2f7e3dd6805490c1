"""The exemptions as a table for a terminal; no id is broken."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.cells import cell_len
from rich.text import Text

from tools.screen.terminal import WIDTH, laid_out

type Document = Mapping[str, Any]

_HEAD = ("resource", "region", "tag", "ends", "can send", "findings")
_GAP = 2
_STYLES = {"unreadable": "red", "last day": "yellow", "ends within a week": "yellow", "ended": "dim"}


def exemptions_text(document: Document, *, width: int = WIDTH) -> list[Text]:
    """The whole answer of ``make exemptions``."""
    if document["answer"] != "listed":
        return laid_out(f"Mailwarden did not understand the question: {document['text']}.", width)
    rows = document["exemptions"]
    lines = laid_out(Text(_title(document), "bold"), width, then="  ")
    if rows:
        lines += [Text(), *_table(rows, width)]
    if document["count"] > len(rows):
        lines += laid_out(f"{document['count'] - len(rows)} more are not shown.", width)
    if document["unread"]:
        lines += laid_out(f"The last inspection of {document['unread']} pools could not be read.", width)
    return lines


def _title(document: Document) -> str:
    pools = "1 pool" if document["pools"] == 1 else f"{document['pools']} pools"
    count = {0: "No exemption", 1: "1 exemption"}.get(document["count"], f"{document['count']} exemptions")
    return f"{count} among {pools}, by the last inspections"


def _table(rows: Sequence[Document], width: int) -> Iterator[Text]:
    cells = [_HEAD, *map(_cells, rows)]
    widths = [max(cell_len(row[column]) for row in cells) for column in range(len(_HEAD))]
    for number, row in enumerate(cells):
        line = (" " * _GAP).join(cell + " " * (size - cell_len(cell)) for cell, size in zip(row, widths, strict=True))
        style = "bold" if number == 0 else _STYLES.get(rows[number - 1]["state"], "")
        yield Text(line.rstrip(), style)
        if number:
            yield from _below(rows[number - 1], width)


def _cells(row: Document) -> tuple[str, ...]:
    subject, pools = row["subject"], row["pools"]
    name = subject["name"] if subject["kind"] != "pool" else pools[0]["id"]
    answers = sorted({pool["can_send"] for pool in pools})
    rules = sorted({rule for pool in pools for rule in pool["rules"]})
    return name, subject["region"], row["word"] or "?", _end(row), ", ".join(answers), ", ".join(rules) or "none"


def _end(row: Document) -> str:
    match row["state"]:
        case "unreadable":
            return "unreadable"
        case "without an end":
            return "never"
        case "last day":
            return f"{row['until']} (today)"
        case "ended":
            return f"{row['until']} (ended)"
        case _:
            left = row["days_left"]
            return f"{row['until']} ({left} {'day' if left == 1 else 'days'})"


def _below(row: Document, width: int) -> Iterator[Text]:
    """The name of a pool, the reason of its owner, the flaw of a tag, and the number of pools of an identity."""
    subject = row["subject"]
    about = [subject["name"]] if subject["kind"] == "pool" and subject["name"] else []
    if subject["kind"] != "pool":
        about.append(f"identity of {row['pools_count']} {'pool' if row['pools_count'] == 1 else 'pools'}")
    said = "; ".join([*about, *filter(None, (row["reason"], row["problem"]))])
    if said:
        yield from laid_out(Text(said, "dim"), width, first="    ", then="    ")
