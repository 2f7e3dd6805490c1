"""Tells the messages of the two queues of ``tally`` apart by what stands in them, and believes them by how they came.

Whoever may publish to a topic of the feedback queue may write any document, so what comes by a topic is at most counted
as mail. What makes a finding by itself has to come from a rule of ours: a word of SES in no envelope of SNS, a failed
call in the queue that admits no topic.
"""

from mailwarden.documents.reader import shown, text_in
from mailwarden.domain.reputation.mail_events import MailEvent
from mailwarden.inbound.cloudtrail.delivery_failures import FailedDelivery, failed_delivery
from mailwarden.inbound.cloudtrail.events import ForeignEvent
from mailwarden.inbound.ses import mail_events
from mailwarden.inbound.ses import notices as ses_notices
from mailwarden.inbound.ses.envelopes import NothingToCount, unwrapped
from mailwarden.inbound.ses.notices import SesStatement, ses_statement
from mailwarden.queue_messages.codec import MalformedMessage

type Signal = FailedDelivery | MailEvent | SesStatement | NothingToCount

# The events of single mails that arrived, or were to: an event destination may well send them, too.
_OF_A_MAIL = "Email "
# How the name of the queue of failed calls ends; ``template.yaml`` names it after the stack.
SIGNALS_QUEUE = "-signals"


def signal_from(body: str, *, queue: str, account: str, partition: str) -> Signal:
    """What one message says; *queue* is the ARN of the queue it was taken from.

    Raises:
        ForeignEvent: It is another account's, of none of the kinds that our rules ask for, or came another way than
            from them.
        MalformedEvent: An event or a record lacks what it cannot be counted without.
        MalformedMessage: It is none of these shapes at all.
    """
    message = unwrapped(body)
    if isinstance(message, NothingToCount):
        return message
    document = message.document
    kind = text_in(document, "detail-type") or ""
    if kind.startswith(_OF_A_MAIL):
        return mail_events.event_of_envelope(document, account=account, partition=partition)
    if "detail-type" in document or "detail" in document:
        if message.by_topic:
            raise ForeignEvent(f"event.detail-type is {shown(kind)}, and the event came by an SNS topic")
        if kind in ses_notices.DETAIL_TYPES:
            return ses_statement(document, account=account, partition=partition)
        if not queue.endswith(SIGNALS_QUEUE):
            raise ForeignEvent(f"event.detail-type is {shown(kind)}, which is not for the queue {shown(queue)}")
        return failed_delivery(document, account=account)
    if mail_events.is_record(document):
        return mail_events.event_of_record(document, account=account, partition=partition, sent_at=message.sent_at)
    raise MalformedMessage("the message is neither an event of EventBridge nor a record of SES, with or without SNS")
