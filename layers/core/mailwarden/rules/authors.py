"""Who made a change, as far as the records of the calls show it: for rules about settings that were lost."""

from mailwarden.domain.known_good.origin import Authorship, Origin
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.user_agents import tool_in
from mailwarden.message import Message, message

_MOST_CALLS = 5


def author_message(rule_id: str, authorship: Authorship) -> Message:
    """The calls that may have made it, and what their records show; the texts are those of the rule."""
    calls = authorship.calls
    if not calls:
        return message("author.unknown")
    shown = tuple(_call_message(call) for call in calls[:_MOST_CALLS])
    id_ = f"{rule_id}.author.{'left-out' if authorship.origin is Origin.LEFT_OUT else 'not-shown'}"
    return message(id_, calls=shown) if len(calls) == 1 else message(f"{id_}.several", calls=shown, number=len(calls))


def event_ids(authorship: Authorship) -> str:
    """The ids of the calls' events."""
    return ", ".join(call.event_id for call in authorship.calls[:_MOST_CALLS])


def _call_message(call: Cause) -> Message:
    at = call.at.isoformat(timespec="seconds")
    tool = tool_in(call.user_agent)
    if not tool:
        return message("author.call", event=call.event_name, actor=call.actor, at=at)
    return message("author.call-with", event=call.event_name, actor=call.actor, at=at, tool=tool)
