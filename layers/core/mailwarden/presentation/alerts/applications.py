"""The applications of the pools that an alert concerns, by their tags."""

from mailwarden.message import Argument, Message, message
from mailwarden.presentation.alerts.notice import Notice
from mailwarden.presentation.alerts.wording import concerns_many

_GROUPS = 5


def application_of_pools(notice: Notice) -> tuple[str, Message] | None:
    """The label and the text: the tags of the one pool, or how many pools have each tag; None where none is known."""
    if not concerns_many(notice):
        tags = tuple(f"{name} {value}" for name, value in notice.application.items())
        return ("label.tags", message("alert.tags", tags=tags)) if tags else None
    groups = {} if notice.incident is None else notice.incident.groups
    if not groups:
        return None
    largest = sorted(groups.items(), key=lambda each: (-each[1], each[0]))[:_GROUPS]
    counts: tuple[Argument, ...] = tuple(f"{group} {count}" for group, count in largest)
    others = notice.affected_count - sum(count for _, count in largest)
    if others > 0:
        counts = (*counts, message("alert.other-groups", count=others))
    return "label.applications", message("alert.tags", tags=counts)
