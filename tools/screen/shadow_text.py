"""The shadow report as lines for a terminal: first the figures on which to decide, then each case."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from rich.text import Text

from tools.screen.terminal import WIDTH, laid_out

type Document = Mapping[str, Any]

_LABEL = 14
_FIGURES = (
    ("right", "green", "another actor made the same change"),
    ("different", "yellow", "another actor made another change: compare them below"),
    ("needless", "yellow", "the problem passed while nothing of it changed"),
    ("waiting", "red", "nothing was done yet"),
    ("unknown", "dim", "the pool was deleted, or RepairMode changed"),
)
_UNITS = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))


def shadow_text(document: Document, *, width: int = WIDTH) -> list[Text]:
    """The whole answer of ``make shadow-report``."""
    if document["answer"] != "reported":
        return laid_out(f"Mailwarden did not understand the question: {document['text']}.", width)
    lines = laid_out(Text(_title(document), "bold"), width, then="  ")
    lines += laid_out(f"RepairMode is {document['repair_mode']} now.", width)
    if document["count"]:
        lines += [Text(), *_figures(document, width)]
    for case in document["cases"]:
        lines += [Text(), *_case(case, width)]
    if document["count"] > len(document["cases"]):
        lines += [Text(), *laid_out(f"{document['count'] - len(document['cases'])} more are not shown.", width)]
    if document["unread"]:
        lines += [Text(), *laid_out(f"The last inspection of {document['unread']} pools could not be read.", width)]
    return lines


def _title(document: Document) -> str:
    since = f"since {document['since']}"
    if not document["count"]:
        return f"No fix was due while RepairMode was off, {since}, in {document['pools']} pools"
    fixes = "1 fix was" if document["count"] == 1 else f"{document['count']} fixes were"
    return f"{fixes} due while RepairMode was off, {since}; safe would have written {document['would_write']}"


def _figures(document: Document, width: int) -> Iterator[Text]:
    for judged, style, meaning in _FIGURES:
        figures = document["judged"][judged]
        if figures["count"]:
            first = Text.assemble(f"  {figures['count']:>4} ", (f"{judged:<12}", style))
            after = f"; median {duration(figures['median_seconds'])}"
            yield from laid_out(f"{meaning}{after}", width, first=first, then=" " * 19)
    withheld = document["judged"]["withheld"]["count"]
    if withheld:
        first = Text.assemble(f"  {withheld:>4} ", (f"{'withheld':<12}", "dim"))
        yield from laid_out("safe would not have written either", width, first=first, then=" " * 19)


def _case(case: Document, width: int) -> Iterator[Text]:
    pool = case["pool"]
    style = next((style for judged, style, _ in _FIGURES if judged == case["judged"]), "dim")
    head = Text.assemble((f"{_moment(case['since'])}  ", "bold"), (case["judged"], style), f"  {case['rule']}")
    yield from laid_out(Text.assemble(head, f"  {pool['name']} ({pool['id']})"), width, then="  ")
    yield from _labeled("Fix", case["title"], width)
    if case["because"] is not None:
        yield from _labeled("Withheld", case["because"], width)
    if case["after"] is not None and case["judged"] == "different":
        for name in sorted({*case["before"], *case["after"]}):
            before, after = case["before"].get(name), case["after"].get(name)
            if before != after:
                yield from _labeled(name, f"{before or 'none'} -> {after or 'none'}", width)
    yield from _labeled("Ended", _end(case), width)
    if case["by"] is not None:
        by = case["by"]
        tool = f", {by['tool']}" if by["tool"] else ""
        yield from _labeled("Last call", f"{by['call']} by {by['actor']}{tool} at {_moment(by['at'])}", width)


def _end(case: Document) -> str:
    lasted = duration(case["lasted_seconds"])
    if case["ending"] is None:
        return f"not yet, after {lasted}; the pool can send: {case['can_send']}"
    after = "" if case["can_send"] is None else f"; the pool can send: {case['can_send']}"
    return f"{case['ending']}, after {lasted}{after}"


def duration(seconds: int) -> str:
    """A duration in its largest unit, rounded down."""
    unit, length = next(((unit, length) for unit, length in _UNITS if seconds >= length), _UNITS[-1])
    return f"{seconds // length} {unit}"


def _labeled(label: str, text: str, width: int) -> list[Text]:
    first = Text.assemble((f"  {label}".ljust(_LABEL), "dim"))
    return laid_out(text, width, first=first, then=" " * _LABEL)


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
