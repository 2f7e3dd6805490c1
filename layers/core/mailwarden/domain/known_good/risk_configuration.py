"""A pool's risk configuration as one canonical JSON text: the sender in it, and the text with a lost sender back.

The members are those of the Cognito API (SetRiskConfiguration): CompromisedCredentialsRiskConfiguration,
AccountTakeoverRiskConfiguration and RiskExceptionConfiguration.
"""

import json
from collections.abc import Mapping

from mailwarden.documents.reader import JsonObject, canonical_json, object_in, text_in
from mailwarden.domain.readings import ThreatNotices
from mailwarden.message import storable

TAKEOVER = "AccountTakeoverRiskConfiguration"
NOTIFY = "NotifyConfiguration"
_ACTIONS, _NOTIFIES = "Actions", "Notify"
# In bytes of JSON. The API allows three mails of at most 40 KB each (NotifyEmailType), so far less is usual.
_LONGEST = 100_000


def risk_text(parts: JsonObject) -> str:
    """The parts of a risk configuration as a text that is the same for the same meaning.

    Null and empty count as absent, and the order of a list has no meaning: filters of events, ranges of addresses.
    """
    return canonical_json(_settled(parts))


def notices_in(risk: str | None) -> ThreatNotices | None:
    """The sender of the notices; None if no response notifies, or if there is no sender."""
    takeover = object_in(risk_parts(risk), TAKEOVER)
    notify = object_in(takeover, NOTIFY)
    actions = object_in(takeover, _ACTIONS)
    if not notify or not any(_notifies(action) for action in actions.values()):
        return None
    text = canonical_json(takeover)
    return ThreatNotices(
        source_arn=text_in(notify, "SourceArn") or "",
        from_address=text_in(notify, "From"),
        reply_to=text_in(notify, "ReplyTo"),
        takeover=text if _is_kept_whole(text) else "",
    )


def with_notices(risk: str, known: ThreatNotices) -> str | None:
    """*risk* with the sender of *known* and responses that notify; None if more than that is not known of it.

    Responses that are live stay, as long as one of them notifies. Else each risk level that notified does so again, and
    what is done about the sign-in stays as it is live, or becomes what it was where the level has no response.
    """
    if not known.takeover:
        return None
    parts, before = risk_parts(risk), risk_parts(known.takeover)
    live = object_in(object_in(parts, TAKEOVER), _ACTIONS)
    actions = dict(live)
    if not any(_notifies(action) for action in live.values()):
        for level, action in object_in(before, _ACTIONS).items():
            if level not in live:
                actions[level] = action
            elif _notifies(action):
                actions[level] = {**object_in(live, level), _NOTIFIES: True}
    return risk_text({**parts, TAKEOVER: {NOTIFY: before.get(NOTIFY), _ACTIONS: actions}})


def risk_parts(risk: str | None) -> JsonObject:
    """The parts by name; none for no text."""
    parts = json.loads(risk) if risk else {}
    return parts if isinstance(parts, dict) else {}


def _is_kept_whole(risk: str) -> bool:
    """Whether the last look can hold the text as it is; half a surrogate pair is no UTF-8."""
    return storable(risk, _LONGEST) == risk and len(risk.encode()) <= _LONGEST


def _notifies(action: object) -> bool:
    return isinstance(action, Mapping) and action.get(_NOTIFIES) is True


def _settled(value: object) -> object:
    if isinstance(value, Mapping):
        members = {str(name): _settled(member) for name, member in value.items()}
        return {name: member for name, member in members.items() if member not in (None, {}, [], "")}
    if isinstance(value, list):
        return sorted((_settled(each) for each in value), key=canonical_json)
    return value
