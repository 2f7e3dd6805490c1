"""Converts the messages between our functions: hints and repair orders ⇄ JSON.

The queues' policies decide who may send. A message carries no authority here: it only names resources.
"""

import json
from collections.abc import Mapping

from mailwarden.documents.members import Members
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.hints import (
    ConfigurationSetHint,
    EverywhereHint,
    Hint,
    IdentityHint,
    PoolHint,
    RegionHint,
    SesAccountHint,
)
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, PoolRef, SesAccountRef, SubjectKind
from mailwarden.domain.repair.change_documents import (
    MalformedDocument,
    canonical_json,
    cause_document,
    cause_from_document,
)
from mailwarden.domain.repair.journal import RepairOrder

KIND = "mailwarden"
VERSION = 1
_HINT = "hint"
_ORDER = "repair-order"
_REGION = "region"
_EVERYTHING = "everything"


class MalformedMessage(ValueError):
    """A message is malformed; the text names the member and the error."""


def json_object(body: str) -> Mapping[str, object]:
    """The object in a message's body; raises MalformedMessage."""
    try:
        document = json.loads(body)
    except RecursionError as error:
        raise MalformedMessage("the message is nested too deeply to be read") from error
    except ValueError as error:
        raise MalformedMessage(f"the message is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise MalformedMessage(f"the message is a JSON {type(document).__name__}, not an object")
    return document


def is_ours(document: Mapping[str, object]) -> bool:
    """Whether a document claims to be a message between our functions; an EventBridge event does not."""
    return KIND in document


def headed(document: Mapping[str, object], kind: str) -> Members:
    """The members of a message of this kind and version; raises MalformedMessage for any other."""
    found, version = document.get(KIND), document.get("version")
    if found != kind:
        raise MalformedMessage(f"the message is of kind {str(found)[:40]!r}, not {kind!r}")
    if version != VERSION or isinstance(version, bool):
        raise MalformedMessage(f"the {kind} has version {str(version)[:40]}, this version reads {VERSION}")
    return Members(where=kind, values=document)


def hint_body(hint: Hint) -> str:
    """A hint as a message; ``hint_from`` reads it back."""
    told: dict[str, object] = {}
    match hint:
        case PoolHint(pool=pool, attempt=attempt, asks_anew=anew):
            told = {"look_at": SubjectKind.POOL.value, "arn": pool.arn, "attempt": attempt, "anew": anew}
        case IdentityHint(identity=identity):
            told = {"look_at": SubjectKind.IDENTITY.value, "arn": identity.arn}
        case ConfigurationSetHint(configuration_set=configuration_set, asks_anew=anew):
            told = {"look_at": SubjectKind.CONFIGURATION_SET.value, "arn": configuration_set.arn, "anew": anew}
        case SesAccountHint(account=account, asks_anew=anew):
            told = {"look_at": SubjectKind.SES_ACCOUNT.value, "arn": account.arn, "anew": anew}
        case RegionHint(region=region, after=after):
            told = {"look_at": _REGION, "region": region, "after": after}
        case EverywhereHint():
            told = {"look_at": _EVERYTHING}
    return _body(_HINT, told, hint.cause)


def hint_from(document: Mapping[str, object]) -> Hint:
    """Read a hint back; raises MalformedMessage."""
    members = headed(document, _HINT)
    try:
        return _hint(members)
    except MalformedDocument as error:
        raise MalformedMessage(str(error)) from error


def order_body(order: RepairOrder) -> str:
    """A repair order as a message; ``order_from_body`` reads it back."""
    told: dict[str, object] = {
        "pool": order.pool_arn,
        "rule": order.rule_id,
        "resource": order.resource,
        "change_digest": order.change_digest,
        "looked_at": order.looked_at.isoformat(),
    }
    return _body(_ORDER, told, order.cause)


def order_from_body(body: str) -> RepairOrder:
    """Read a repair order back; raises MalformedMessage."""
    members = headed(json_object(body), _ORDER)
    try:
        return RepairOrder(
            pool_arn=_named(members, "pool", PoolRef).arn,
            rule_id=members.text("rule"),
            resource=members.text("resource"),
            change_digest=members.text("change_digest"),
            looked_at=members.time("looked_at"),
            cause=_cause(members),
        )
    except MalformedDocument as error:
        raise MalformedMessage(str(error)) from error


def _body(kind: str, told: Mapping[str, object], cause: Cause | None) -> str:
    caused = None if cause is None else cause_document(cause)
    return canonical_json({KIND: kind, "version": VERSION, **told, "cause": caused})


def _hint(members: Members) -> Hint:
    cause = _cause(members)
    look_at, anew = members.text("look_at"), members.values.get("anew") is True
    match look_at:
        case SubjectKind.POOL:
            attempt = int(members.number("attempt")) if "attempt" in members.values else 0
            return PoolHint(pool=_named(members, "arn", PoolRef), cause=cause, attempt=attempt, asks_anew=anew)
        case SubjectKind.IDENTITY:
            return IdentityHint(identity=_named(members, "arn", IdentityRef), cause=cause)
        case SubjectKind.CONFIGURATION_SET:
            named = _named(members, "arn", ConfigurationSetRef)
            return ConfigurationSetHint(configuration_set=named, cause=cause, asks_anew=anew)
        case SubjectKind.SES_ACCOUNT:
            return SesAccountHint(account=_named(members, "arn", SesAccountRef), cause=cause, asks_anew=anew)
        case "region":
            return RegionHint(region=members.text("region"), after=members.optional_text("after"), cause=cause)
        case "everything":
            return EverywhereHint(cause=cause)
        case _:
            raise MalformedDocument(f"{members.where}.look_at is {look_at[:40]!r}, which nobody can look at")


def _named[R](members: Members, name: str, kind: type[R]) -> R:
    subject = members.subject(name)
    if not isinstance(subject, kind):
        raise MalformedDocument(f"{members.where}.{name} is {subject.arn!r}, not the kind of thing it should name")
    return subject


def _cause(members: Members) -> Cause | None:
    cause = members.optional_members("cause")
    if cause is None:
        return None
    try:
        return cause_from_document(cause.values)
    except MalformedDocument as error:
        raise MalformedDocument(f"{cause.where}: {error}") from error
