"""What a person is to put into the source of a resource, where nothing was written because a deployment owns it."""

from collections.abc import Callable

from mailwarden.message import Message, message
from mailwarden.presentation.alerts.lines import Line
from mailwarden.presentation.alerts.notice import Notice
from mailwarden.presentation.snippets.snippet import Snippet


def source_line(notice: Notice) -> Line | None:
    """The line above the snippet; None where there is no snippet."""
    if not notice.snippets:
        return None
    first, *others = (message(f"form.{snippet.form.value}") for snippet in notice.snippets)
    said = message("alert.source", form=first)
    if others and notice.pool is not None:
        said = message("alert.source-and-more", form=first, others=tuple(others), pool_id=notice.pool.pool_id)
    return Line(label="label.source", text=said)


def snippet_or_command(notice: Notice, fits: Callable[[str], bool]) -> tuple[Line, str] | None:
    """The line and the code of the likeliest language; without the code unless it *fits*: half of it is of no use."""
    line = source_line(notice)
    if line is None:
        return None
    code = notice.snippets[0].code
    return (line, code) if fits(code) else (Line(label=line.label, text=_by_command(notice)), "")


def _by_command(notice: Notice) -> Message:
    if notice.pool is None:
        return message("alert.source-in-topic")
    return message("alert.source-by-command", pool_id=notice.pool.pool_id)


def snippet_document(snippet: Snippet) -> dict[str, str]:
    """A snippet in a document."""
    return {"form": snippet.form.value, "code": snippet.code}
