"""Entries of the journal, and the result of an undo, as lines for a terminal; no ARN is broken."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.text import Text

from tools.screen.json_text import compact
from tools.screen.terminal import WIDTH, laid_out

type Document = Mapping[str, Any]

_LABEL = 12
_GOOD, _BAD, _WARN, _STRONG, _DIM = "green", "red", "yellow", "bold", "dim"
_OUTCOMES = {"written": _GOOD, "open": _WARN, "side effect": _BAD, "refused": _BAD}


def journal_text(document: Document, *, width: int = WIDTH) -> list[Text]:
    """The whole answer of ``make journal``."""
    match document["answer"]:
        case "entries":
            return _entries(document, width)
        case "entry":
            return _whole(document, width)
        case "not found":
            return laid_out(f"The journal has no entry {document['id']}.", width)
        case _:
            return laid_out(f"Mailwarden did not understand the question: {document['problem']}.", width)


def _entries(document: Document, width: int) -> list[Text]:
    entries, since = document["entries"], moment(document["since"])
    if not entries and document["is_complete"]:
        return laid_out(f"The journal has no such entry since {since}.", width)
    count = "1 entry" if len(entries) == 1 else f"{len(entries)} entries"
    lines = laid_out(Text(f"{count} since {since}, the latest first", _STRONG), width)
    for entry in entries:
        lines += [Text(), *entry_text(entry, width=width)]
    if not document["is_complete"]:
        lines += [Text(), *laid_out("There may be older entries: ask with a pool or an identity.", width)]
    return lines


def _whole(document: Document, width: int) -> list[Text]:
    lines = entry_text(document["entry"], width=width)
    for finding in document["findings"]:
        if not document["entry"]["by_a_person"]:
            lines += labeled("Finding", f"{finding['rule']} of {finding['subject']}", width=width)
    return [*lines, Text(), *diff_text(document["diff"], width=width)]


def entry_text(entry: Document, *, width: int, with_undo: bool = True) -> list[Text]:
    """One entry: when, its result and its id; then a line for each of its facts, and the command for its undo."""
    head = Text.assemble(
        (f"{moment(entry['at'])}  ", _STRONG),
        (entry["outcome"], _OUTCOMES.get(entry["outcome"], _WARN)),
        f"  {entry['id']}",
    )
    lines = laid_out(head, width, then="  ")
    for label, text in _facts(entry):
        lines += labeled(label, text, width=width)
    if with_undo and entry["no_undo"] is None:
        lines += labeled("Undo", f"make undo ID={entry['id']}", width=width)
    return lines


def _facts(entry: Document) -> Iterator[tuple[str, str]]:
    yield "What", entry["title"]
    if entry["reason"] is not None:
        yield "Result", entry["reason"]
    yield "Resource", entry["resource"]
    if entry["pools"]:
        yield "Pools", _pools(entry)
    yield "Cause", _cause(entry)
    if entry["undoes"] is not None:
        yield "Undoes", f"entry {entry['undoes']}"
    if entry["undone_by"] is not None:
        yield "Undone by", f"entry {entry['undone_by']}"


def _pools(entry: Document) -> str:
    named = ", ".join(pool["id"] for pool in entry["pools"])
    more = entry["pools_count"] - len(entry["pools"])
    return f"{entry['pools_count']}: {named}" + (f" and {more} more" if more else "")


def _cause(entry: Document) -> str:
    cause = entry["cause"]
    by = "a person" if entry["by_a_person"] else ", ".join(entry["rules"])
    if cause is None:
        return by
    return f"{by}; {cause['call']} by {cause['actor']} at {moment(cause['at'])}"


def diff_text(rows: Sequence[Document], *, width: int) -> list[Text]:
    """The differences: each place once, below it what goes (-) and what comes (+)."""
    lines: list[Text] = []
    last: list[str] = []
    for row in rows:
        place = list(row["place"])
        if place != last:
            lines += laid_out(Text(" / ".join(place), _STRONG), width, then="  ")
            last = place
        for mark, style, value in (("-", _BAD, row["before"]), ("+", _GOOD, row["after"])):
            if value is not None:
                for line in compact(value, width=width - 6).splitlines() or [""]:
                    lines += laid_out(Text(line, style), width, first=Text(f"  {mark} ", style), then=f"  {mark}   ")
    return lines or [Text("nothing")]


def labeled(label: str, text: str, *, width: int) -> list[Text]:
    """A fact with its label in front."""
    first = Text.assemble((f"  {label}".ljust(_LABEL + 1), _DIM))
    return laid_out(text, width, first=first, then=" " * (_LABEL + 1))


def moment(text: str) -> str:
    """A time in UTC, to the minute."""
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
