"""An alert as the text of a mail: the first line has all that matters at three in the morning."""

import textwrap
from collections.abc import Iterable
from functools import lru_cache

from mailwarden.message import message
from mailwarden.presentation.alerts.actions import sentence_of, to_do, verify_lines
from mailwarden.presentation.alerts.lines import (
    Line,
    call_lines,
    done_line,
    evidence_lines,
    place_lines,
    problem_lines,
    undo_lines,
    write_lines,
)
from mailwarden.presentation.alerts.notice import Notice
from mailwarden.presentation.alerts.source import snippet_or_command
from mailwarden.presentation.alerts.wording import headline
from mailwarden.presentation.catalogue.catalogue import Catalogue
from mailwarden.presentation.catalogue.spoken import spoken
from mailwarden.presentation.columns import indented, labeled, width_of
from mailwarden.presentation.console_links import console_links
from mailwarden.presentation.masking import clipped

_LABEL = "label."
_WIDTH = 78
_WRITE = 3000
# "UTF-8 text with no line breaks or control characters, and less than 100 characters long" (SNS API reference,
# Publish); older descriptions say ASCII, which every mail program takes.
_SUBJECT = 99
# One text message holds 140 bytes: 140 characters of ASCII, or 70 of UCS-2 (SNS API reference, Publish).
_SHORT = 140
_BYTES_OF_UCS_2 = 2


def alert_text(notice: Notice, *, catalogue: Catalogue | None = None) -> str:
    """The whole text."""
    catalogue = catalogue or spoken()
    paragraphs = [
        [catalogue.text(headline(notice))],
        _labeled(problem_lines(notice), catalogue),
        _labeled((*place_lines(notice), *call_lines(notice)), catalogue),
        _done(notice, catalogue),
        _source(notice, catalogue),
        _write(notice, catalogue),
        _evidence(notice, catalogue),
        _pages(notice, catalogue),
    ]
    shown = ["\n".join(line for line in paragraph if line) for paragraph in paragraphs]
    return "\n\n".join(paragraph for paragraph in shown if paragraph) + "\n"


def alert_subject(notice: Notice, *, catalogue: Catalogue | None = None) -> str:
    """The subject of the mail: below 100 characters, without control characters; ASCII in a language that is."""
    catalogue = catalogue or spoken()
    subject = _headline(notice, catalogue)
    return subject if len(subject) <= _SUBJECT else f"{subject[: _SUBJECT - 3]}..."


def alert_short_text(notice: Notice, *, catalogue: Catalogue | None = None) -> str:
    """The alert as one text message to a telephone."""
    catalogue = catalogue or spoken()
    longest = _SHORT if catalogue.is_ascii else _SHORT // _BYTES_OF_UCS_2
    return clipped(_headline(notice, catalogue), longest).replace("…", ".")


def _headline(notice: Notice, catalogue: Catalogue) -> str:
    """In ASCII where the language is."""
    text = catalogue.text(headline(notice))
    return text.encode("ascii", "replace").decode("ascii") if catalogue.is_ascii else text


def _labeled(lines: Iterable[Line], catalogue: Catalogue) -> list[str]:
    """Each line behind its label, in a column of texts."""
    texts = [(catalogue.text(message(line.label)), catalogue.text(line.text)) for line in lines]
    return [labeled(label, text, column=_column(catalogue), width=_WIDTH) for label, text in texts if text]


@lru_cache(maxsize=2)
def _column(catalogue: Catalogue) -> int:
    """The cell where the texts begin: behind the widest label of the language."""
    return max(width_of(str(text)) for id_, text in catalogue.templates.items() if id_.startswith(_LABEL)) + 2


def _done(notice: Notice, catalogue: Catalogue) -> list[str]:
    done = done_line(notice)
    shown = [] if done is None else _labeled([Line(label="label.done", text=done)], catalogue)
    for step in to_do(notice):
        shown += _labeled([Line(label="label.to-do", text=sentence_of(step))], catalogue)
        shown.append(textwrap.indent(step.pasted, "  "))
    return [*shown, *_labeled((*verify_lines(notice), *undo_lines(notice)), catalogue)]


def _write(notice: Notice, catalogue: Catalogue) -> list[str]:
    write, lines = notice.proposed, write_lines(notice)
    if write is None or not lines:
        return []
    return [
        *_labeled(lines, catalogue),
        *_side("label.before", write.before, write.before_cut, catalogue),
        *_side("label.after", write.after, write.after_cut, catalogue),
    ]


def _source(notice: Notice, catalogue: Catalogue) -> list[str]:
    shown = snippet_or_command(notice, lambda code: len(code) <= _WRITE)
    return [] if shown is None else [*_labeled([shown[0]], catalogue), textwrap.indent(shown[1], "  ")]


def _side(label: str, document: str, cut: int, catalogue: Catalogue) -> list[str]:
    """One side of the write, and the number of characters that are left out of it."""
    shown, left_out = textwrap.indent(document[:_WRITE], "  "), cut + len(document[_WRITE:])
    more = [f"  {catalogue.text(message('alert.more-characters', count=left_out))}"] if left_out else []
    return [f"{catalogue.text(message(label))}:", shown, *more]


def _evidence(notice: Notice, catalogue: Catalogue) -> list[str]:
    seen = evidence_lines(notice, catalogue)
    title = catalogue.text(message("label.seen"))
    shown = (indented(f"{name}: {value}", by="  ", width=_WIDTH) for name, value in seen)
    return [f"{title}:", *shown] if seen else []


def _pages(notice: Notice, catalogue: Catalogue) -> list[str]:
    about = catalogue.text(message("page.rule", rule=notice.rule_id))
    pages = [f"{catalogue.text(link.label)}: {link.url}" for link in console_links(notice)]
    return [*pages, f"{about}: {notice.rule_page}"]
