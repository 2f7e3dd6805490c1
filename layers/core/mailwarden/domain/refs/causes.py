"""The cause of a look: the actor and the call of its event, for display only, never a reason to write."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from mailwarden.documents.reader import Members, digest_of
from mailwarden.domain.refs.call_words import EmailWord, NoticesWord, VerificationWord
from mailwarden.masking import masked
from mailwarden.message import Message, message

_SESSION = re.compile(r"arn:(?P<partition>[a-z-]+):sts::(?P<account>[0-9]{12}):assumed-role/(?P<role>[^/]+)/.+")
_ROLE = re.compile(r"arn:(?P<partition>[a-z-]+):iam::(?P<account>[0-9]{12}):role/(?:.+/)?(?P<role>[^/]+)")

# The calls that write a pool's EmailConfiguration or its surroundings.
POOL_WRITES = frozenset({"CreateUserPool", "UpdateUserPool"})
# The other calls that write what a repair writes: the policies of an identity, in both versions of SES's API, and the
# service-linked role.
_GRANT_WRITES = frozenset(
    {
        "PutIdentityPolicy",
        "DeleteIdentityPolicy",
        "CreateEmailIdentityPolicy",
        "UpdateEmailIdentityPolicy",
        "DeleteEmailIdentityPolicy",
        "CreateServiceLinkedRole",
        "DeleteServiceLinkedRole",
    }
)
# In the place of what the record of a call does not contain.
UNKNOWN = "unknown"
# The user agent of our own SDK clients: it marks the events of our own writes.
OUR_USER_AGENT = "mailwarden/"
_DIGITS = 4
# A message holds 256 KB, and a call about one: five if an actor chose the longest names of the widest characters.
_MOST_KINDS = 40
# Repeated calls are worth less: beyond so many calls, one of a known kind takes the place of an earlier one.
_MOST_CALLS = 20
# The names of infrastructure-as-code tools in events, in lower case. CloudFormation uses its own name (CloudTrail user
# guide, "invokedBy"); the others add theirs to the SDK's user agent where they call AWS themselves.
_DEPLOYMENT_TOOLS = (
    "cloudformation.amazonaws.com",
    "terraform",
    "opentofu",
    "pulumi",
    "crossplane",
    "aws-cdk",
    "amplify",
    "serverless",
    "ansible",
    "aws-sam-cli",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """The API call that led to a look (CloudTrail record contents: eventName, userIdentity, userAgent, eventTime).

    Every text comes from outside: escape it where it is shown. ``others`` are further calls that led to the same look,
    each without others: an alert names one call, a decision about a write asks about each. ``members`` are the names of
    the parameters of the call and ``policy`` is the policy it names, where the event shows them; messages between our
    functions carry neither. ``email`` is what the record shows of EmailConfiguration; None for other calls.
    ``verification`` is what that of UpdateUserPool shows of AutoVerifiedAttributes, ``notices`` what that of
    SetRiskConfiguration shows of the sender of notices. ``pool_id`` is the pool that either names, if its record shows
    it: a cause is passed on to other pools that the same repair serves.
    ``actor_digest`` distinguishes actors whose masked names are equal; it is empty where nothing was masked.
    ``left_mail_alone``: the looks before and after it found the same mail settings.
    """

    event_name: str
    event_id: str
    actor: str
    user_agent: str
    region: str
    at: datetime
    others: "tuple[Cause, ...]" = ()
    email: EmailWord | None = None
    verification: VerificationWord | None = None
    notices: NoticesWord | None = None
    pool_id: str | None = None
    actor_digest: str = ""
    left_mail_alone: bool = False
    members: tuple[str, ...] = field(default=(), compare=False)
    policy: str = field(default="", compare=False)

    @property
    def calls(self) -> "tuple[Cause, ...]":
        """This call and the others, each by itself."""
        return (replace(self, others=()), *self.others) if self.others else (self,)

    @property
    def principal(self) -> str:
        """The key of the principal that called: two that differ have two, also where their masked names are equal."""
        principal = principal_of(stored_actor(self.actor))
        return f"{principal}#{self.actor_digest}" if self.actor_digest else principal


def folded(*causes: Cause | None) -> Cause | None:
    """The latest call with all others; None without any. Of calls of the same time the first one given leads.

    Of one kind of call by one actor the latest stays. A call that wrote a pool, a policy or the role, or that names a
    deployment tool, is the last to give way to the limit of a message.
    """
    latest: dict[_Kind, Cause] = {}
    for call in (call for cause in causes if cause is not None for call in cause.calls):
        known = latest.get(_kind_of(call))
        if known is None or call.at > known.at:
            latest[_kind_of(call)] = call
    if not latest:
        return None
    first, *others = sorted(latest.values(), key=lambda call: call.at, reverse=True)
    others.sort(key=_gives_way_last, reverse=True)
    return replace(first, others=tuple(others[: _MOST_KINDS - 1]))


def joined_calls(known: Sequence[Cause], new: Iterable[Cause]) -> tuple[Cause, ...]:
    """*known* calls and *new* ones, each once and in order: all up to twenty, and up to forty of different kinds.

    A repeated call gives way to a call of a kind that is not known: that may be a deployment's, or explain a tag. A
    call that wrote what repairs write, or that names a deployment tool, is the last to give way, as in ``folded``.
    """
    calls, ids = list(known), {call.event_id for call in known}
    for call in new:
        if call.event_id in ids:
            continue
        ids.add(call.event_id)
        if len(calls) >= _MOST_CALLS:
            given_way = _given_way_to(call, calls)
            if given_way is call:
                continue
            if given_way is not None:
                calls.remove(given_way)
        calls.append(call)
    return tuple(calls)


def _given_way_to(call: Cause, calls: Sequence[Cause]) -> Cause | None:
    """The call that is left out for *call*, which may be itself; None if there is room for one more kind."""
    kinds = Counter(map(_kind_of, calls))
    if _kind_of(call) in kinds:
        return next(known for known in calls if _kind_of(known) == _kind_of(call))
    if len(calls) < _MOST_KINDS:
        return None
    repeated = (known for known in calls if kinds[_kind_of(known)] > 1)
    unimportant = (known for known in reversed(calls) if _gives_way_last(call) and not _gives_way_last(known))
    return next(repeated, None) or next(unimportant, call)


def cause_document(cause: Cause) -> dict[str, str]:
    """One call as a readable document."""
    return {
        "event_name": cause.event_name,
        "event_id": cause.event_id,
        "actor": cause.actor,
        "user_agent": cause.user_agent,
        "region": cause.region,
        "at": cause.at.isoformat(),
    }


def call_document(cause: Cause) -> dict[str, str]:
    """One call as the ledger and messages between functions keep it; ``cause_from`` reads it back."""
    shown = {
        "email": cause.email,
        "verification": cause.verification,
        "notices": cause.notices,
        "pool_id": cause.pool_id,
        "actor_digest": cause.actor_digest or None,
    }
    left_alone = {"left_mail_alone": "yes"} if cause.left_mail_alone else {}
    return cause_document(cause) | {name: str(text) for name, text in shown.items() if text is not None} | left_alone


def causes_document(cause: Cause) -> dict[str, object]:
    """A cause with its other calls as a document; ``cause_from`` reads it back."""
    others = [call_document(other) for other in cause.others]
    return {**call_document(cause), "others": others} if others else dict(call_document(cause))


def cause_from(document: Members, *, members: tuple[str, ...] = ()) -> Cause:
    """Read a cause back, with or without others; raises MalformedDocument. *members* are the names of parameters."""
    return Cause(
        event_name=document.text("event_name"),
        event_id=document.text("event_id"),
        actor=document.text("actor"),
        user_agent=document.text("user_agent"),
        region=document.text("region"),
        at=document.time("at"),
        others=tuple(map(cause_from, document.list_of_members("others"))) if document.has("others") else (),
        email=document.optional_choice("email", EmailWord),
        verification=document.optional_choice("verification", VerificationWord),
        notices=document.optional_choice("notices", NoticesWord),
        pool_id=document.optional_text("pool_id"),
        actor_digest=document.optional_text("actor_digest") or "",
        left_mail_alone=document.has("left_mail_alone"),
        members=members,
    )


def optional_cause_from(members: Members, name: str) -> Cause | None:
    """The cause in the member *name*, or None; raises MalformedDocument."""
    inner = members.optional_members(name)
    return None if inner is None else cause_from(inner)


def cause_id_of(cause: Cause | None) -> str | None:
    """The id of the call that a repair answers: all repairs that answer one call are one charge of the budget."""
    return None if cause is None else cause.event_id or None


def deployed_by(cause: Cause, deployment_roles: Iterable[str]) -> Message | None:
    """Why any of the calls counts as a deployment: its role is a deployment role, or it names such a tool; or None."""
    roles = tuple(deployment_roles)
    for call in cause.calls:
        if any(acts_as(call.actor, role) for role in roles):
            return message("deployment.role", actor=call.actor)
        tool = _tool_of(call)
        if tool is not None:
            return message("deployment.tool", tool=tool)
    return None


type _Kind = tuple[str, str, str | None, EmailWord | None, VerificationWord | None, NoticesWord | None, str | None]


def _kind_of(call: Cause) -> _Kind:
    """Repeated calls are of one kind: the same call by the same principal with the same tool, naming the same."""
    words = call.email, call.verification, call.notices
    return call.event_name, call.principal, _tool_of(call), *words, call.pool_id


def _gives_way_last(call: Cause) -> bool:
    return call.event_name in POOL_WRITES | _GRANT_WRITES or _tool_of(call) is not None


def _tool_of(call: Cause) -> str | None:
    return deployment_tool_in(call.user_agent)


def deployment_tool_in(text: str) -> str | None:
    """The deployment tool that a text names, in lower case."""
    said = text.lower()
    return next((tool for tool in _DEPLOYMENT_TOOLS if tool in said), None)


def shows_its_caller(call: Cause) -> bool:
    """Whether the record of a call named its actor and its tool: one that did not may be a deployment's."""
    return UNKNOWN not in {call.actor, call.user_agent} and bool(call.actor) and bool(call.user_agent)


def principal_of(actor: str) -> str:
    """The actor without the name of its session, which the caller that assumes a role may choose."""
    session = _SESSION.fullmatch(actor)
    return actor if session is None else actor[: session.end("role")]


def stored_actor(actor: str) -> str:
    """An actor as it is stored: addresses are masked, and the name of a role stays, because decisions compare it.

    Sessions and users are often named by addresses.
    """
    principal = principal_of(actor)
    if principal != actor:
        return f"{principal}/{masked(actor[len(principal) + 1 :])}"
    return actor if _ROLE.fullmatch(actor) else masked(actor)


def actor_digest(actor: str) -> str:
    """A short digest of a principal, if anything of it is masked; it distinguishes principals with equal masks.

    Addresses are few enough to be tried one by one, so the digest has 65,536 values only: it fits many addresses, and
    two actors of one incident all the same hardly ever share one.
    """
    principal = principal_of(actor)
    return "" if principal_of(stored_actor(actor)) == principal else digest_of(principal)[:_DIGITS]


def acts_as(actor: str, principal_arn: str) -> bool:
    """Whether a call's actor is this principal, or a session of it if it is a role.

    The ARN of a session has the role's name without its path (IAM user guide, "IAM identifiers").
    """
    if actor in {principal_arn, stored_actor(principal_arn)}:
        return True
    session, role = _SESSION.fullmatch(actor), _ROLE.fullmatch(principal_arn)
    return session is not None and role is not None and session.groupdict() == role.groupdict()
