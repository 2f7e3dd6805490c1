"""What a person is to do about an open finding, step by step, the same on every channel."""

import json
from dataclasses import dataclass

from mailwarden.domain.findings.record import FindingState
from mailwarden.message import Argument, message
from mailwarden.presentation.alerts.lines import write_lines
from mailwarden.presentation.alerts.notice import Notice

_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """An action for a person: a sentence and, if it ends in one, a JSON document, indented."""

    sentence: Argument
    document: str | None


def to_do(notice: Notice) -> tuple[ToDo, ...]:
    """The actions for a person, one after the other; none where nothing is left to do.

    Where the exact write is shown, its document in an action would only repeat it.
    """
    if notice.state is not FindingState.OPEN or not notice.remediation:
        return ()
    steps = _steps(notice.remediation)
    written = _documents_written(notice) if write_lines(notice) else ()
    alone = sum(step.document is not None for step in steps) == 1
    return tuple(
        ToDo(sentence=message("alert.write-below", sentence=str(step.sentence).rstrip(" :")), document=None)
        if written and step.document is not None and (alone or json.loads(step.document) in written)
        else step
        for step in steps
    )


def _documents_written(notice: Notice) -> tuple[object, ...]:
    """The write as it is shown, and the policies in it."""
    try:
        after = json.loads("" if notice.proposed is None else notice.proposed.after)
    except ValueError:
        return (None,)
    return (after, *after.values()) if isinstance(after, dict) else (after,)


def _steps(remediation: str) -> tuple[ToDo, ...]:
    """Each part of the advice with the document that it ends in."""
    steps: list[ToDo] = []
    brace = remediation.find("{")
    while brace >= 0:
        try:
            document, end = _DECODER.raw_decode(remediation, brace)
        except ValueError:
            break
        text = json.dumps(document, indent=2, ensure_ascii=False)
        steps.append(ToDo(sentence=remediation[:brace].rstrip(), document=text))
        remediation = remediation[end:].lstrip("; ")
        brace = remediation.find("{")
    return (*steps, ToDo(sentence=remediation, document=None)) if remediation else tuple(steps)
