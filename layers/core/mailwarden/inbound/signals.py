"""Tells the messages of the two queues of ``tally`` apart by what stands in them."""

from mailwarden.domain.mail_events import MailEvent
from mailwarden.inbound import mail_events, ses_notices
from mailwarden.inbound.failures import FailedDelivery, failed_delivery
from mailwarden.inbound.messages import MalformedMessage
from mailwarden.inbound.ses_messages import NothingToCount, text_in, unwrapped
from mailwarden.inbound.ses_notices import SaidBySes, said_by_ses

type Signal = FailedDelivery | MailEvent | SaidBySes | NothingToCount

# The events of single mails that arrived, or were to: an event destination may well send them, too.
_OF_A_MAIL = "Email "


def signal_from(body: str, *, account: str, partition: str) -> Signal:
    """What one message says.

    Raises:
        ForeignEvent: It is another account's, or of none of the kinds that our rules ask for.
        MalformedEvent: An event or a record lacks what it cannot be counted without.
        MalformedMessage: It is none of these shapes at all.
    """
    message = unwrapped(body)
    if isinstance(message, NothingToCount):
        return message
    document = message.document
    kind = text_in(document, "detail-type") or ""
    if kind in ses_notices.DETAIL_TYPES:
        return said_by_ses(document, account=account, partition=partition)
    if kind.startswith(_OF_A_MAIL):
        return mail_events.event_of_envelope(document, account=account, partition=partition)
    if "detail-type" in document or "detail" in document:
        return failed_delivery(document, account=account)
    if mail_events.is_record(document):
        return mail_events.event_of_record(document, account=account, partition=partition, sent_at=message.sent_at)
    raise MalformedMessage("the message is neither an event of EventBridge nor a record of SES, with or without SNS")
