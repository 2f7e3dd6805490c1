"""Reads the record of one mail that bounced, was rejected, delayed or complained about; never its recipients.

A record is the same whether it comes as an event of EventBridge or through SNS, from event publishing (``eventType``)
or from the feedback notifications of an identity (``notificationType``). SES guide, "Contents of event data that Amazon
SES publishes to Amazon SNS" and "Amazon SNS notification contents for Amazon SES".
"""

import hashlib
from datetime import datetime
from re import compile as pattern

from mailwarden.documents.faults import missing, wrong
from mailwarden.documents.reader import JsonObject, first_text_in, object_in, text_in, time_in
from mailwarden.domain.mail_path.mailbox import read_mailbox
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, NotASubject, SesAccountRef
from mailwarden.domain.reputation.mail_events import MailEvent
from mailwarden.inbound.cloudtrail.events import MalformedEvent
from mailwarden.inbound.ses.envelopes import NothingToCount, refuse_foreign, region_of
from mailwarden.message import message

# SES's names of its events on EventBridge, and in the records inside them (SES guide, "SES events schema reference").
DETAIL_TYPES = {
    "Email Bounced": "Bounce",
    "Email Complaint Received": "Complaint",
    "Email Rejected": "Reject",
    "Email Rendering Failed": "Rendering Failure",
    "Email Delivery Delayed": "DeliveryDelay",
}
# The member of a record with the details, by event type.
_DETAILS = {
    "Bounce": "bounce",
    "Complaint": "complaint",
    "Reject": "reject",
    "Rendering Failure": "failure",
    "DeliveryDelay": "deliveryDelay",
}
_UNKNOWN = "Unknown"
# With sending authorization one account sends as an identity of another, and both may get events of that mail (SES
# guide, "Using sending authorization with Amazon SES"). This is legitimate and not counted here.
_ELSEWHERE = NothingToCount(what="mail of another account")
_LONGEST_WORD = 40
_LONGEST_FROM = 1_000
_NOT_A_WORD = pattern(r"[^A-Za-z0-9]+")
_SET_NAME = pattern(r"[A-Za-z0-9_-]{1,64}")
_IDENTITY_NAME = pattern(r"[!-~]{1,320}")


def is_record(document: JsonObject) -> bool:
    """Whether a document is a record of event publishing or of feedback notifications, without an envelope."""
    return "eventType" in document or "notificationType" in document


def event_of_envelope(envelope: JsonObject, *, account: str, partition: str) -> MailEvent | NothingToCount:
    """Read an EventBridge event; raises ForeignEvent and MalformedEvent."""
    refuse_foreign(envelope, account=account)
    region, record = region_of(envelope), object_in(envelope, "detail")
    kind = _kind_of(record) or DETAIL_TYPES.get(str(envelope.get("detail-type")), "")
    identity = _identity_of(record, account=account, partition=partition)
    if isinstance(identity, NothingToCount):
        return identity
    ours = SesAccountRef(partition=partition, region=region, account=account)
    return _event(record, kind, identity, ours, time_in(envelope, "time"))


def event_of_record(
    record: JsonObject, *, account: str, partition: str, sent_at: datetime | None
) -> MailEvent | NothingToCount:
    """Read a record that came through SNS, published at *sent_at*; raises ForeignEvent and MalformedEvent.

    Only the ARN of the identity contains the region.
    """
    kind = _kind_of(record)
    if kind is None:
        raise MalformedEvent(wrong("record.eventType", record.get("eventType"), message("expected.text")))
    if kind not in _DETAILS:
        return NothingToCount(what=_word(kind))
    identity = _identity_of(record, account=account, partition=partition)
    if isinstance(identity, NothingToCount):
        return identity
    if identity is None:
        raise MalformedEvent(missing("record.mail.sourceArn"))
    ours = SesAccountRef(partition=partition, region=identity.region, account=account)
    return _event(record, kind, identity, ours, sent_at)


def _kind_of(record: JsonObject) -> str | None:
    return text_in(record, "eventType") or text_in(record, "notificationType")


def _event(
    record: JsonObject, kind: str, identity: IdentityRef | None, ours: SesAccountRef, sent_at: datetime | None
) -> MailEvent | NothingToCount:
    if kind not in _DETAILS:
        return NothingToCount(what=_word(kind))
    if identity is not None and identity.region != ours.region:
        raise MalformedEvent(message("event.other-region", named=identity.region, region=ours.region))
    mail, details = object_in(record, "mail"), object_in(record, _DETAILS[kind])
    at = time_in(details, "timestamp")
    happened = at or time_in(mail, "timestamp") or sent_at
    if happened is None:
        raise MalformedEvent(message("event.no-time"))
    return MailEvent(
        key=_key(kind, mail, details, at),
        outcome=_outcome(kind, details),
        at=happened,
        account=ours,
        identity=identity,
        configuration_set=_configuration_set_of(mail, ours),
        sender=_sender_of(mail),
    )


def _key(kind: str, mail: JsonObject, details: JsonObject, at: datetime | None) -> str:
    """The deduplication key of an event, because SNS and EventBridge share no event id.

    A mail to several recipients may cause several bounces or complaints, each with its own feedback id, and several
    delays.
    """
    message_id, feedback_id = text_in(mail, "messageId"), text_in(details, "feedbackId")
    if message_id is None and feedback_id is None:
        raise MalformedEvent(message("event.no-id"))
    which = feedback_id or ("" if at is None else at.isoformat())
    text = "\n".join((kind, message_id or "", which))
    # A lone surrogate is valid JSON but not valid Unicode.
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _outcome(kind: str, details: JsonObject) -> str:
    match kind:
        case "Bounce":
            return f"Bounce/{_word(details.get('bounceType'))}/{_word(details.get('bounceSubType'))}"
        case "Complaint":
            subtype = text_in(details, "complaintSubType")
            return "Complaint" if subtype is None else f"Complaint/{_word(subtype)}"
        case "DeliveryDelay":
            return f"DeliveryDelay/{_word(details.get('delayType'))}"
        case _:
            return _word(kind)


def _word(value: object) -> str:
    """The text reduced to letters and digits: it comes from outside and becomes part of a name."""
    return _NOT_A_WORD.sub("", value)[:_LONGEST_WORD] or _UNKNOWN if isinstance(value, str) else _UNKNOWN


def _identity_of(record: JsonObject, *, account: str, partition: str) -> IdentityRef | NothingToCount | None:
    """The sending identity; None if the record does not name it.

    Returns NothingToCount for another account's mail or identity; raises MalformedEvent for another kind of ARN.
    """
    mail = object_in(record, "mail")
    if text_in(mail, "sendingAccountId") not in {None, account}:
        return _ELSEWHERE
    arn = text_in(mail, "sourceArn")
    if arn is None:
        return None
    try:
        identity = IdentityRef.from_arn(arn)
    except NotASubject as error:
        raise MalformedEvent(wrong("record.mail.sourceArn", arn, message("expected.identity-arn"))) from error
    if (identity.account, identity.partition) != (account, partition):
        return _ELSEWHERE
    if "*" in identity.region or not identity.region or _IDENTITY_NAME.fullmatch(identity.name) is None:
        raise MalformedEvent(wrong("record.mail.sourceArn", arn, message("expected.identity-arn")))
    return identity


def _configuration_set_of(mail: JsonObject, ours: SesAccountRef) -> ConfigurationSetRef | None:
    name = first_text_in(object_in(mail, "tags"), "ses:configuration-set")
    if name is None or _SET_NAME.fullmatch(name) is None:
        return None
    return ConfigurationSetRef(partition=ours.partition, region=ours.region, account=ours.account, name=name)


def _sender_of(mail: JsonObject) -> str | None:
    for written in (text_in(mail, "source"), first_text_in(object_in(mail, "commonHeaders"), "from")):
        mailbox = None if written is None or len(written) > _LONGEST_FROM else read_mailbox(written)
        if mailbox is not None:
            return mailbox.address
    return None
