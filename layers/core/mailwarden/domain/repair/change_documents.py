"""Changes as JSON documents and back: for the journal, for messages, and for people to read."""

import json
from collections.abc import Mapping

from mailwarden.documents.faults import wrong
from mailwarden.documents.reader import (
    JsonObject,
    MalformedDocument,
    Members,
    canonical_json,
    digest_of,
    json_from_text,
)
from mailwarden.domain.findings.changes import (
    Change,
    CreateServiceLinkedRole,
    Fix,
    GrantSending,
    OperatorChange,
    RemoveSuppression,
    ReplaceEmailConfiguration,
    ReplaceRiskConfiguration,
)
from mailwarden.domain.findings.record import ProposedWrite
from mailwarden.domain.known_good.risk_configuration import risk_text
from mailwarden.domain.readings import EmailConfiguration, SenderMode
from mailwarden.domain.refs.references import reference_in, references_in
from mailwarden.domain.refs.resources import IdentityRef, PoolRef, SesAccountRef
from mailwarden.message import Message, message

# In bytes: an item of DynamoDB has at most 400 KB, and the journal's has the findings, pools and cause besides.
LONGEST_CHANGE = 300_000


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


def email_from_document(document: JsonObject) -> EmailConfiguration:
    """Read the form of the Cognito API; raises MalformedDocument for a sending account nobody has heard of."""
    members = Members(where="EmailConfiguration", values=document)
    return EmailConfiguration(
        sending_account=members.optional_choice("EmailSendingAccount", SenderMode),
        source_arn=members.optional_text("SourceArn"),
        from_address=members.optional_text("From"),
        reply_to=members.optional_text("ReplyToEmailAddress"),
        configuration_set=members.optional_text("ConfigurationSet"),
    )


def change_document(change: Change | OperatorChange) -> dict[str, object]:
    """A change as a document; ``change_from`` reads it back."""
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
        case ReplaceRiskConfiguration(pool=pool, before=earlier, after=later):
            return {"kind": "replace-risk-configuration", "pool": pool.arn, "before": earlier, "after": later}


def change_from(members: Members) -> Change | OperatorChange:
    """Read a change back; raises MalformedDocument."""
    kind = members.text("kind")
    match kind:
        case "grant-sending":
            return GrantSending(
                identity=reference_in(members, "identity", IdentityRef),
                pools=references_in(members, "pools", PoolRef),
                before=members.optional_texts_by_name("before"),
                after=members.optional_texts_by_name("after"),
            )
        case "replace-email-configuration":
            return ReplaceEmailConfiguration(
                pool=reference_in(members, "pool", PoolRef),
                before=email_from_document(members.members("before").values),
                after=email_from_document(members.members("after").values),
            )
        case "create-service-linked-role":
            return CreateServiceLinkedRole(partition=members.text("partition"), account=members.text("account"))
        case "remove-suppression":
            return RemoveSuppression(
                account=reference_in(members, "account", SesAccountRef),
                address_digest=members.text("address_digest"),
                reason=members.text("reason"),
                since=members.time("since"),
            )
        case "replace-risk-configuration":
            return ReplaceRiskConfiguration(
                pool=reference_in(members, "pool", PoolRef),
                before=_risk_in(members, "before"),
                after=_risk_in(members, "after"),
            )
        case _:
            raise MalformedDocument(wrong(f"{members.where}.kind", kind, message("expected.change")))


def _risk_in(members: Members, name: str) -> str:
    """A risk configuration in its one spelling; raises MalformedDocument for a text that is no object."""
    where = f"{members.where}.{name}"
    return risk_text(Members.of(json_from_text(members.text(name), where=where), where=where).values)


def journal_text(change: Change | OperatorChange) -> str:
    """A change as the journal keeps it: as a text, a policy stays unchanged byte for byte."""
    return canonical_json(change_document(change))


def why_not_kept(change: Change | OperatorChange) -> Message | None:
    """Why the journal cannot keep the change and its way back whole; None if it can.

    What cannot be kept must not be written: nothing could undo it. Cognito allows a FROM of 131,072 characters. An undo
    is not asked about: it is as large as what it undoes, and that is kept.
    """
    try:
        size = len(journal_text(change).encode())
    except UnicodeEncodeError:
        # Half a surrogate pair is no UTF-8.
        return message("change.not-a-text")
    return message("change.too-large", size=size, limit=LONGEST_CHANGE) if size > LONGEST_CHANGE else None


def change_digest(change: Change | OperatorChange) -> str:
    """The same 64 hexadecimal digits for the same change to the same resource."""
    return digest_of(change_document(change))


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
