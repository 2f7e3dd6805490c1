"""Turns an EventBridge event of a CloudTrail call into hints; the actor is for display only."""

from mailwarden.documents.faults import one_of, wrong
from mailwarden.documents.reader import MalformedDocument, Members, object_in
from mailwarden.domain.refs.hints import Hint
from mailwarden.inbound.cloudtrail.actors import cause_of
from mailwarden.inbound.cloudtrail.calls import CALLS
from mailwarden.inbound.cloudtrail.named_resources import Call, anything_of
from mailwarden.message import ExplainedError, message
from mailwarden.region_names import is_region

DETAIL_TYPE = "AWS API Call via CloudTrail"


class ForeignEvent(ExplainedError, ValueError):
    """Our rules do not match the event: another account, source, detail-type or call."""


class MalformedEvent(ExplainedError, ValueError):
    """The event is not an EventBridge event of a CloudTrail call; the message names the bad member."""


def hints_from_event(event: object, *, account: str, partition: str) -> tuple[Hint, ...]:
    """The hints of a call; none if it failed or concerns a resource without any pool's mail.

    A call with an unreadable resource becomes hints for every resource it could concern: it is neither an error nor
    ignored.

    Args:
        event: The event as parsed JSON (EventBridge user guide, "AWS service events delivered via CloudTrail").
        account: Our account. Account and region of a hint are those of the envelope, which EventBridge writes.
        partition: Our partition.

    Raises:
        ForeignEvent: Our rules do not match the event.
        MalformedEvent: The envelope or its detail cannot be read.
    """
    try:
        envelope = Members.of(event, where="event")
        _refuse_foreign(envelope, account=account)
        region = envelope.text("region")
        detail = envelope.members("detail")
    except MalformedDocument as error:
        raise MalformedEvent(error.said) from error
    if not is_region(region):
        raise MalformedEvent(wrong("event.region", region, message("expected.region")))
    if detail.has("errorCode"):
        return ()
    # Parameters may be null, left out, or a text that marks them as hidden or were cut off.
    call = Call(
        partition=partition,
        account=account,
        region=region,
        parameters=object_in(detail.values, "requestParameters"),
        answer=object_in(detail.values, "responseElements"),
        cause=cause_of(envelope.values, detail.values, region=region),
    )
    return _hints(call, source=envelope.text("source"), name=detail.values.get("eventName"))


def _refuse_foreign(envelope: Members, *, account: str) -> None:
    expected = {"detail-type": (DETAIL_TYPE,), "source": tuple(CALLS), "account": (account,)}
    for member, accepted in expected.items():
        value = envelope.text(member)
        if value not in accepted:
            raise ForeignEvent(wrong(f"event.{member}", value, one_of(accepted)))


def _hints(call: Call, *, source: str, name: object) -> tuple[Hint, ...]:
    if not isinstance(name, str):
        return (anything_of(call, source),)
    read = CALLS[source].get(name)
    if read is None:
        raise ForeignEvent(wrong("event.detail.eventName", name, message("expected.call", source=source)))
    found = read(call)
    return (anything_of(call, source),) if found is None else found
