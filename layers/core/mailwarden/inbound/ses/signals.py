"""Classifies the messages of ``tally``'s two queues by their content, and trusts them by their route.

A publisher of a topic of the feedback queue can send any document, so a message from a topic is counted as mail at
most. A signal that raises a finding by itself has to come from an EventBridge rule of ours: an SES notice without an
SNS envelope, or a failed call in the queue that accepts no topic.
"""

from mailwarden.documents.faults import shown
from mailwarden.documents.reader import text_in
from mailwarden.domain.reputation.mail_events import MailEvent
from mailwarden.inbound.cloudtrail.delivery_failures import FailedDelivery, failed_delivery
from mailwarden.inbound.cloudtrail.events import ForeignEvent
from mailwarden.inbound.ses import mail_events
from mailwarden.inbound.ses import notices as ses_notices
from mailwarden.inbound.ses.envelopes import NothingToCount, unwrapped
from mailwarden.inbound.ses.notices import SesStatement, ses_statement
from mailwarden.message import message
from mailwarden.queue_messages.codec import MalformedMessage

type Signal = FailedDelivery | MailEvent | SesStatement | NothingToCount

# Events of mails without a failure: an event destination may send them, too.
_OF_A_MAIL = "Email "
# The suffix of the name of the queue of failed calls; ``template.yaml`` puts the stack's name before it.
DELIVERY_FAILURES_QUEUE = "-delivery-failures"


def signal_from(body: str, *, queue: str, account: str, partition: str) -> Signal:
    """The signal in one message; *queue* is the ARN of its queue.

    Raises:
        ForeignEvent: It belongs to another account, our rules do not match its kind, or it came by a route that is
            not trusted for its kind.
        MalformedEvent: An event or a record lacks a required member.
        MalformedMessage: It has none of these forms.
    """
    found = unwrapped(body)
    if isinstance(found, NothingToCount):
        return found
    document = found.document
    kind = text_in(document, "detail-type") or ""
    if kind.startswith(_OF_A_MAIL):
        return mail_events.event_of_envelope(document, account=account, partition=partition)
    if "detail-type" in document or "detail" in document:
        if found.by_topic:
            raise ForeignEvent(message("event.by-topic", value=shown(kind)))
        if kind in ses_notices.DETAIL_TYPES:
            return ses_statement(document, account=account, partition=partition)
        if not queue.endswith(DELIVERY_FAILURES_QUEUE):
            raise ForeignEvent(message("event.other-queue", value=shown(kind), queue=shown(queue)))
        return failed_delivery(document, account=account)
    if mail_events.is_record(document):
        return mail_events.event_of_record(document, account=account, partition=partition, sent_at=found.sent_at)
    raise MalformedMessage(message("event.no-known-form"))
