"""What happened to an incident, as a short reply in its thread: the first message has everything else."""

from collections.abc import Iterable

from mailwarden.domain.incidents.incident import Occasion
from mailwarden.message import Message, message
from mailwarden.presentation.alerts.lines import done_line, lasted_so_far, undo_lines
from mailwarden.presentation.alerts.notice import Notice
from mailwarden.presentation.alerts.wording import headline
from mailwarden.presentation.catalogue.catalogue import Catalogue
from mailwarden.presentation.catalogue.spoken import spoken
from mailwarden.presentation.slack.message import sign
from mailwarden.presentation.slack.mrkdwn import Json, escaped, mrkdwn

_LINE = 700


def slack_reply(notice: Notice, *, pools_before: int, catalogue: Catalogue | None = None) -> Json:
    """The contents of a reply; the message before named *pools_before* affected pools."""
    catalogue = catalogue or spoken()
    lines = [escaped(catalogue.text(line), _LINE) for line in _lines(notice, pools_before)]
    lines[0] = f"{sign(notice)} {lines[0]}"
    return {
        "text": lines[0],
        "unfurl_links": False,
        "unfurl_media": False,
        "blocks": [{"type": "section", "text": mrkdwn("\n".join(lines))}],
    }


def _lines(notice: Notice, pools_before: int) -> Iterable[Message]:
    """One line, and the handling if that can be news."""
    match None if notice.incident is None else notice.incident.occasion:
        case Occasion.REMINDER:
            return (message("reply.still-open", duration=lasted_so_far(notice)),)
        case Occasion.GREW if notice.affected_count > pools_before:
            more = notice.affected_count - pools_before
            return (message("reply.more-pools", count=more, pools=notice.affected_count),)
        case Occasion.GREW if notice.affected_count < pools_before:
            fewer = pools_before - notice.affected_count
            return (message("reply.fewer-pools", count=fewer, pools=notice.affected_count),)
        case _:
            done = done_line(notice)
            undo = (message("reply.undo", undo=line.text) for line in undo_lines(notice))
            return (headline(notice), *(() if done is None else (done,)), *undo)
