"""Reads the actor, the user agent and the time of a call from a CloudTrail record, for display only."""

from mailwarden.documents.reader import JsonObject, object_in, time_in
from mailwarden.domain.refs.call_records import (
    email_word,
    members_by_name,
    notices_word,
    verification_word,
    visible_text_in,
)
from mailwarden.domain.refs.causes import UNKNOWN, Cause, actor_digest, deployment_tool_in, stored_actor
from mailwarden.masking import masked

# Long enough for an ARN; a user agent may take a kilobyte (CloudTrail record contents), and a message has its limits.
_LONGEST = 300
_LONGEST_NAME, _MOST_MEMBERS = 64, 40
_RESOURCES = frozenset({"userPoolId", "emailIdentity", "identity", "resourceArn"})


def cause_of(envelope: JsonObject, detail: JsonObject, *, region: str) -> Cause | None:
    """The actor, the call and its time, as far as the record contains them; None without a time."""
    at = time_in(detail, "eventTime") or time_in(envelope, "time")
    if at is None:
        return None
    parameters, raw = object_in(detail, "requestParameters"), detail.get("requestParameters")
    is_update = detail.get("eventName") == "UpdateUserPool"
    sets_risks = detail.get("eventName") == "SetRiskConfiguration"
    names_pool = is_update or sets_risks
    actor = _actor(detail.get("userIdentity"))
    return Cause(
        event_name=_text(detail.get("eventName")) or UNKNOWN,
        event_id=_text(detail.get("eventID")) or _text(envelope.get("id")) or UNKNOWN,
        actor=stored_actor(actor),
        actor_digest=actor_digest(actor),
        user_agent=masked(_agent(detail)),
        region=region,
        at=at,
        email=email_word(raw) if is_update else None,
        verification=verification_word(raw) if is_update else None,
        notices=notices_word(raw) if sets_risks else None,
        pool_id=_text(visible_text_in(members_by_name(raw) or {}, "userpoolid")) if names_pool else None,
        members=_members(parameters),
        policy=_text(visible_text_in(parameters, "policyName")) or "",
    )


def _members(parameters: JsonObject) -> tuple[str, ...]:
    """The names of a call's parameters, without the one that names the resource; never a value."""
    names = (_text(name) for name in sorted(parameters) if name not in _RESOURCES)
    return tuple(name[:_LONGEST_NAME] for name in names if name)[:_MOST_MEMBERS]


def _actor(identity: object) -> str:
    """The most informative member of ``userIdentity`` (CloudTrail userIdentity element).

    A service that acts for itself has no ARN, only ``invokedBy``; a principal of another account may have none either.
    """
    if not isinstance(identity, dict):
        return UNKNOWN
    for member in ("arn", "invokedBy", "userName", "principalId", "type"):
        text = _text(identity.get(member))
        if text is not None:
            return text
    return UNKNOWN


def _agent(detail: JsonObject) -> str:
    """The user agent, with the deployment tool that the record names elsewhere or beyond its first 300 characters.

    A service that calls for another caller, as CloudFormation does, is named in ``invokedBy`` and as the source address
    (CloudTrail user guide, "userIdentity element" and "record contents"), whatever the user agent is.
    """
    agent = _text(detail.get("userAgent")) or UNKNOWN
    named = (
        detail.get("userAgent"),
        detail.get("sourceIPAddress"),
        object_in(detail, "userIdentity").get("invokedBy"),
    )
    tools = (deployment_tool_in(text) for text in named if isinstance(text, str))
    tool = next(filter(None, tools), None)
    if tool is None or deployment_tool_in(agent) is not None:
        return agent
    return tool if agent == UNKNOWN else f"{tool} {agent}"[:_LONGEST]


def _text(value: object) -> str | None:
    """A text on one line, without unprintable characters; None if it is empty."""
    if not isinstance(value, str):
        return None
    clean = "".join(sign if sign.isprintable() else " " for sign in value[:_LONGEST]).strip()
    return clean or None
