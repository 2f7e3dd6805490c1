"""An alert as the text of a mail, to be read at three in the morning: the first line says it all."""

import textwrap

from mailwarden.domain.refs.resources import PoolRef
from mailwarden.presentation.alerts.notice import Notice, shortened
from mailwarden.presentation.alerts.wording import (
    affected_line,
    cause_line,
    console_links,
    done_line,
    headline,
    is_over,
    pool_line,
    since_line,
    subject_name,
    to_do_line,
    verdict_line,
    write_line,
)
from mailwarden.presentation.masking import clipped

_LABEL = 10
_WIDTH = 78
_WRITE = 3000
# "UTF-8 text with no line breaks or control characters, and less than 100 characters long" (SNS API reference,
# Publish); older descriptions say ASCII, which every mail program takes.
_SUBJECT = 99
# One text message holds 140 bytes.
_SHORT = 140


def alert_text(notice: Notice) -> str:
    """The whole text."""
    paragraphs = [
        [headline(notice)],
        [
            _labelled("What was" if is_over(notice) else "What", notice.message),
            _labelled("Why", None if is_over(notice) else notice.why),
            _labelled("Can send", verdict_line(notice)),
        ],
        [
            _labelled("Pool", pool_line(notice)),
            _labelled("About", None if isinstance(notice.subject, PoolRef) else subject_name(notice)),
            _labelled("Affects", affected_line(notice)),
            _labelled("Since", since_line(notice)),
        ],
        [
            _labelled("Change", cause_line(notice)),
            _labelled("By", None if notice.cause is None else notice.cause.actor),
            _labelled("With", None if notice.cause is None else notice.cause.user_agent),
        ],
        [
            _labelled("Done", done_line(notice)),
            _labelled("To do", to_do_line(notice)),
            _labelled("Undo id", notice.undo_id),
        ],
        _write(notice),
        ["seen:", *(f"  {name}: {value}" for name, value in notice.evidence.items())] if notice.evidence else [],
        [
            *(f"{link.label}: {link.url}" for link in console_links(notice)),
            f"rule: {notice.rule_page}",
            f"alert: {notice.alert_id}, version {notice.version}",
        ],
    ]
    shown = ["\n".join(line for line in paragraph if line) for paragraph in paragraphs]
    return "\n\n".join(paragraph for paragraph in shown if paragraph) + "\n"


def alert_subject(notice: Notice) -> str:
    """The subject of the mail: ASCII, below 100 characters, without control characters."""
    ascii_only = headline(notice).encode("ascii", "replace").decode("ascii")
    return ascii_only if len(ascii_only) <= _SUBJECT else f"{ascii_only[: _SUBJECT - 3]}..."


def alert_short_text(notice: Notice) -> str:
    """The alert as one text message to a telephone."""
    return clipped(headline(notice).encode("ascii", "replace").decode("ascii"), _SHORT).replace("…", ".")


def _labelled(label: str, text: str | None) -> str:
    if not text:
        return ""
    return textwrap.fill(
        text,
        width=_WIDTH,
        initial_indent=f"{label:<{_LABEL}}",
        subsequent_indent=" " * _LABEL,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _write(notice: Notice) -> list[str]:
    line = write_line(notice)
    if notice.proposed is None or line is None:
        return []
    return [
        f"{notice.proposed.title}: this {line}:",
        "before:",
        textwrap.indent(shortened(notice.proposed.before, _WRITE), "  "),
        "after:",
        textwrap.indent(shortened(notice.proposed.after, _WRITE), "  "),
    ]
