"""What a person is to do about an open finding, step by step, the same on every channel."""

import json
from dataclasses import replace

from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.message import Argument, message
from mailwarden.presentation.alerts.lines import WHOLE_WRITE, Line, write_lines
from mailwarden.presentation.alerts.notice import Notice
from mailwarden.presentation.steps import AdviceStep, steps_of

# The state of these links is read by every look, so that the next sweep ends what no event reports. Rates and delivery
# failures end with their periods.
_READ_BY_LOOKS = frozenset(Link) - {Link.FEEDBACK, Link.RUNTIME, Link.MONITORING}


def to_do(notice: Notice) -> tuple[AdviceStep, ...]:
    """The actions for a person, one after the other; none where nothing is left to do.

    Where the exact write is shown whole, its document in an action would only repeat it: it is then empty.
    """
    if notice.state is not FindingState.OPEN or not notice.remediation:
        return ()
    steps = steps_of(notice.remediation)
    written = _documents_written(notice)
    alone = sum(step.document is not None for step in steps) == 1
    return tuple(
        replace(step, sentence=step.sentence.rstrip(" :"), document="")
        if written and step.document is not None and (alone or json.loads(step.document) in written)
        else step
        for step in steps
    )


def verify_lines(notice: Notice) -> tuple[Line, ...]:
    """How a person checks an open finding once it is mended, and when Mailwarden announces its end."""
    if notice.state is not FindingState.OPEN or not notice.remediation or notice.pool is None:
        return ()
    if notice.link is Link.MONITORING:
        return ()
    said = "alert.verify" if notice.link in _READ_BY_LOOKS else "alert.verify-by-command"
    return (Line(label="label.verify", text=message(said, pool_id=notice.pool.pool_id)),)


def sentence_of(step: AdviceStep) -> Argument:
    """The sentence of a step; it refers to the write below that repeats its document."""
    return message("alert.write-below", sentence=step.sentence) if step.document == "" else step.sentence


def _documents_written(notice: Notice) -> tuple[object, ...]:
    """The write as it is shown, and the policies in it; none where a channel would cut it."""
    write = notice.proposed
    if write is None or not write_lines(notice) or len(write.after) > WHOLE_WRITE or write.after_cut:
        return ()
    try:
        after = json.loads(write.after)
    except ValueError:
        return (None,)
    return (after, *after.values()) if isinstance(after, dict) else (after,)
