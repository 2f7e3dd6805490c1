"""Converts the messages between our functions: hints and repair orders ⇄ JSON.

The queues' policies decide who may send. A message carries no authority here: it only names resources.
"""

from collections.abc import Collection

from mailwarden.documents.faults import shown, wrong
from mailwarden.documents.reader import JsonObject, MalformedDocument, Members, canonical_json, json_from_text
from mailwarden.domain.refs.causes import Cause, causes_document, optional_cause_from
from mailwarden.domain.refs.hints import (
    ConfigurationSetHint,
    EverywhereHint,
    Hint,
    IdentityHint,
    PoolHint,
    RegionHint,
    SesAccountHint,
)
from mailwarden.domain.refs.references import reference_in
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, PoolRef, SesAccountRef, SubjectKind
from mailwarden.domain.repair.journal import RepairOrder
from mailwarden.message import ExplainedError, message

KIND = "mailwarden"
VERSION = 1
_HINT = "hint"
_ORDER = "repair-order"
_REGION = "region"
_EVERYTHING = "everything"
_MESSAGE = "message"


class MalformedMessage(ExplainedError, ValueError):
    """A message is malformed; the text names the member and the error."""


def json_object(body: str) -> JsonObject:
    """The object in a message's body; raises MalformedMessage."""
    try:
        document = json_from_text(body, where=_MESSAGE)
    except MalformedDocument as error:
        raise MalformedMessage(error.said) from error
    if not isinstance(document, dict):
        raise MalformedMessage(wrong(_MESSAGE, document, message("expected.object")))
    return document


def is_ours(document: JsonObject) -> bool:
    """Whether a document claims to be a message between our functions; an EventBridge event does not."""
    return KIND in document


def headed(document: JsonObject, kind: str, *, versions: Collection[int] = (VERSION,)) -> Members:
    """The members of a message of this kind and one of these versions; raises MalformedMessage for any other."""
    found, version = document.get(KIND), document.get("version")
    if found != kind:
        raise MalformedMessage(message("message.other-kind", found=shown(found), kind=kind))
    if version not in versions or isinstance(version, bool):
        raise MalformedMessage(message("message.other-version", kind=kind, version=shown(version), ours=max(versions)))
    return Members(where=kind, values=document)


def hint_body(hint: Hint) -> str:
    """A hint as a message; ``hint_from`` reads it back."""
    told: dict[str, object] = {}
    match hint:
        case PoolHint(pool=pool, attempt=attempt, asks_anew=anew, waits=waits):
            told = {"look_at": SubjectKind.POOL.value, "arn": pool.arn, "attempt": attempt, "anew": anew}
            told["waits"] = waits
        case IdentityHint(identity=identity, after=after, until=until):
            told = {"look_at": SubjectKind.IDENTITY.value, "arn": identity.arn, "after": after, "until": until}
        case ConfigurationSetHint(configuration_set=configuration_set, asks_anew=anew, after=after, until=until):
            told = {"look_at": SubjectKind.CONFIGURATION_SET.value, "arn": configuration_set.arn, "anew": anew}
            told |= {"after": after, "until": until}
        case SesAccountHint(account=account, asks_anew=anew, after=after, until=until):
            told = {"look_at": SubjectKind.SES_ACCOUNT.value, "arn": account.arn, "anew": anew}
            told |= {"after": after, "until": until}
        case RegionHint(region=region, after=after, begun_at=begun_at, restarts=restarts):
            told = {"look_at": _REGION, "region": region, "after": after, "restarts": restarts}
            told["begun_at"] = None if begun_at is None else begun_at.isoformat()
        case EverywhereHint():
            told = {"look_at": _EVERYTHING}
    return _body(_HINT, told, hint.cause)


def hint_from(document: JsonObject) -> Hint:
    """Read a hint back; raises MalformedMessage."""
    members = headed(document, _HINT)
    try:
        return _hint(members)
    except MalformedDocument as error:
        raise MalformedMessage(error.said) from error


def order_body(order: RepairOrder) -> str:
    """A repair order as a message; ``order_from_body`` reads it back."""
    told: dict[str, object] = {
        "pool": order.pool_arn,
        "rule": order.rule_id,
        "resource": order.resource,
        "change_digest": order.change_digest,
        "looked_at": order.looked_at.isoformat(),
        "attempt": order.attempt,
    }
    return _body(_ORDER, told, order.cause)


def order_from_body(body: str) -> RepairOrder:
    """Read a repair order back; raises MalformedMessage."""
    members = headed(json_object(body), _ORDER)
    try:
        return RepairOrder(
            pool_arn=reference_in(members, "pool", PoolRef).arn,
            rule_id=members.text("rule"),
            resource=members.text("resource"),
            change_digest=members.text("change_digest"),
            looked_at=members.time("looked_at"),
            cause=optional_cause_from(members, "cause"),
            attempt=_count(members, "attempt"),
        )
    except MalformedDocument as error:
        raise MalformedMessage(error.said) from error


def _body(kind: str, told: JsonObject, cause: Cause | None) -> str:
    caused = None if cause is None else causes_document(cause)
    return canonical_json({KIND: kind, "version": VERSION, **told, "cause": caused})


def _hint(members: Members) -> Hint:
    cause = optional_cause_from(members, "cause")
    look_at, anew = members.text("look_at"), members.values.get("anew") is True
    after, until = members.optional_text("after"), members.optional_text("until")
    match look_at:
        case SubjectKind.POOL:
            return PoolHint(
                pool=reference_in(members, "arn", PoolRef),
                cause=cause,
                attempt=_count(members, "attempt"),
                asks_anew=anew,
                waits=members.values.get("waits") is True,
            )
        case SubjectKind.IDENTITY:
            identity = reference_in(members, "arn", IdentityRef)
            return IdentityHint(identity=identity, cause=cause, after=after, until=until)
        case SubjectKind.CONFIGURATION_SET:
            named = reference_in(members, "arn", ConfigurationSetRef)
            return ConfigurationSetHint(configuration_set=named, cause=cause, asks_anew=anew, after=after, until=until)
        case SubjectKind.SES_ACCOUNT:
            account = reference_in(members, "arn", SesAccountRef)
            return SesAccountHint(account=account, cause=cause, asks_anew=anew, after=after, until=until)
        case "region":
            return RegionHint(
                region=members.text("region"),
                after=after,
                cause=cause,
                begun_at=members.time("begun_at") if members.has("begun_at") else None,
                restarts=_count(members, "restarts"),
            )
        case "everything":
            return EverywhereHint(cause=cause)
        case _:
            raise MalformedDocument(wrong(f"{members.where}.look_at", look_at, message("expected.look")))


def _count(members: Members, name: str) -> int:
    return members.number(name) if members.has(name) else 0
