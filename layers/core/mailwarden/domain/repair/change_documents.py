"""Changes and causes as JSON documents and back: for the journal, for messages, and for people to read."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from mailwarden.domain.findings.changes import (
    Change,
    CreateServiceLinkedRole,
    Fix,
    GrantSending,
    OperatorChange,
    RemoveSuppression,
    ReplaceEmailConfiguration,
)
from mailwarden.domain.findings.record import ProposedWrite
from mailwarden.domain.readings import EmailConfiguration, SenderMode
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.resources import IdentityRef, PoolRef, SesAccountRef

type Document = Mapping[str, object]


class MalformedDocument(ValueError):
    """A document is not what it should be; the message names the member and what is wrong with it."""


def email_document(email: EmailConfiguration) -> dict[str, str]:
    """An EmailConfiguration in the form of the Cognito API: absent members are left out."""
    members = {
        "EmailSendingAccount": None if email.sending_account is None else email.sending_account.value,
        "SourceArn": email.source_arn,
        "From": email.from_address,
        "ReplyToEmailAddress": email.reply_to,
        "ConfigurationSet": email.configuration_set,
    }
    return {name: value for name, value in members.items() if value is not None}


def email_from_document(document: Document) -> EmailConfiguration:
    """Read the form of the Cognito API; raises MalformedDocument for a sending account nobody has heard of."""
    account = _optional_text(document, "EmailSendingAccount")
    if account is not None and account not in set(SenderMode):
        raise MalformedDocument(f"EmailSendingAccount is {account!r}, not one of {', '.join(SenderMode)}")
    return EmailConfiguration(
        sending_account=None if account is None else SenderMode(account),
        source_arn=_optional_text(document, "SourceArn"),
        from_address=_optional_text(document, "From"),
        reply_to=_optional_text(document, "ReplyToEmailAddress"),
        configuration_set=_optional_text(document, "ConfigurationSet"),
    )


def change_document(change: Change | OperatorChange) -> dict[str, object]:
    """A change as a document; ``change_from_document`` reads it back."""
    match change:
        case GrantSending(identity=identity, pools=pools, before=before, after=after):
            return {
                "kind": "grant-sending",
                "identity": identity.arn,
                "pools": [pool.arn for pool in pools],
                "before": dict(before),
                "after": dict(after),
            }
        case ReplaceEmailConfiguration(pool=pool, before=old, after=new):
            return {
                "kind": "replace-email-configuration",
                "pool": pool.arn,
                "before": email_document(old),
                "after": email_document(new),
            }
        case CreateServiceLinkedRole(partition=partition, account=account):
            return {"kind": "create-service-linked-role", "partition": partition, "account": account}
        case RemoveSuppression(account=ses, address_digest=digest, reason=reason, since=since):
            return {
                "kind": "remove-suppression",
                "account": ses.arn,
                "address_digest": digest,
                "reason": reason,
                "since": since.isoformat(),
            }


def change_from_document(document: Document) -> Change | OperatorChange:
    """Read a change back; raises MalformedDocument or NotASubject."""
    kind = document.get("kind")
    match kind:
        case "grant-sending":
            return GrantSending(
                identity=IdentityRef.from_arn(_text(document, "identity")),
                pools=tuple(PoolRef.from_arn(arn) for arn in _texts(document, "pools")),
                before=_policies(document, "before"),
                after=_policies(document, "after"),
            )
        case "replace-email-configuration":
            return ReplaceEmailConfiguration(
                pool=PoolRef.from_arn(_text(document, "pool")),
                before=email_from_document(_object(document, "before")),
                after=email_from_document(_object(document, "after")),
            )
        case "create-service-linked-role":
            return CreateServiceLinkedRole(
                partition=_text(document, "partition"),
                account=_text(document, "account"),
            )
        case "remove-suppression":
            return RemoveSuppression(
                account=SesAccountRef.from_arn(_text(document, "account")),
                address_digest=_text(document, "address_digest"),
                reason=_text(document, "reason"),
                since=time_from_text(_text(document, "since")),
            )
        case _:
            raise MalformedDocument(f"kind is {kind!r}, which is no change of this version")


def change_digest(change: Change | OperatorChange) -> str:
    """The same 64 hexadecimal digits for the same change to the same resource."""
    return hashlib.sha256(canonical_json(change_document(change)).encode()).hexdigest()


def proposed_write(fix: Fix) -> ProposedWrite:
    """A fix as people read it."""
    before, after = _ses_states(fix.change)
    return ProposedWrite(
        title=fix.title,
        applicability=fix.applicability.value,
        resource=fix.change.resource,
        before=before,
        after=after,
    )


def cause_document(cause: Cause) -> dict[str, str]:
    """A cause as a document; ``cause_from_document`` reads it back."""
    return {
        "event_name": cause.event_name,
        "event_id": cause.event_id,
        "actor": cause.actor,
        "user_agent": cause.user_agent,
        "region": cause.region,
        "at": cause.at.isoformat(),
    }


def cause_from_document(document: Document) -> Cause:
    """Read a cause back; raises MalformedDocument."""
    return Cause(
        event_name=_text(document, "event_name"),
        event_id=_text(document, "event_id"),
        actor=_text(document, "actor"),
        user_agent=_text(document, "user_agent"),
        region=_text(document, "region"),
        at=time_from_text(_text(document, "at")),
    )


def time_from_text(text: str) -> datetime:
    """Read an ISO 8601 time with its offset; raises MalformedDocument."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise MalformedDocument(f"{text!r} is not an ISO 8601 time") from error
    if at.tzinfo is None:
        raise MalformedDocument(f"{text!r} has no offset from UTC")
    return at


def canonical_json(document: object) -> str:
    """The one spelling of a JSON document: sorted keys, no spaces."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _ses_states(change: Change) -> tuple[str, str]:
    match change:
        case GrantSending(before=before, after=after):
            return _readable(_parsed(before)), _readable(_parsed(after))
        case ReplaceEmailConfiguration(before=old, after=new):
            return _readable(email_document(old)), _readable(email_document(new))
        case CreateServiceLinkedRole():
            return "null", _readable(change.resource)


def _parsed(policies: Mapping[str, str | None]) -> dict[str, object]:
    return {name: None if text is None else json.loads(text) for name, text in policies.items()}


def _readable(document: object) -> str:
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False)


def _text(document: Document, member: str) -> str:
    value = document.get(member)
    if not isinstance(value, str):
        raise MalformedDocument(f"{member} is {value!r}, not a text")
    return value


def _optional_text(document: Document, member: str) -> str | None:
    return None if document.get(member) is None else _text(document, member)


def _texts(document: Document, member: str) -> tuple[str, ...]:
    value = document.get(member)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise MalformedDocument(f"{member} is {value!r}, not a list of texts")
    return tuple(value)


def _object(document: Document, member: str) -> Document:
    value = document.get(member)
    if not isinstance(value, dict):
        raise MalformedDocument(f"{member} is {value!r}, not an object")
    return value


def _policies(document: Document, member: str) -> dict[str, str | None]:
    policies = _object(document, member)
    for name, text in policies.items():
        if text is not None and not isinstance(text, str):
            raise MalformedDocument(f"{member}.{name} is {text!r}, neither a policy nor null")
    return {name: text if isinstance(text, str) else None for name, text in policies.items()}
