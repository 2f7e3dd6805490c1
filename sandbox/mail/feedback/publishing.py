"""Publishes SES's events of a message: to the configuration set's event destinations and the identity's topics.

The two are independent of each other (SES Developer Guide, "Monitor email sending using event publishing"). SES
publishes to a topic only where the topic's policy admits it for the configuration set or the identity; the policy a
new topic comes with admits it for the whole account. Destinations in Firehose, Pinpoint and CloudWatch get nothing
here, and a message to several recipients has separate events.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from email.utils import parseaddr

from sandbox.mail import emulator
from sandbox.mail.feedback import mail_events
from sandbox.mail.feedback.mail_events import Event, EventKind, Headers
from sandbox.mail.mail_path.mailbox import Mail
from sandbox.mail.policies import authorization
from sandbox.mail.ses.store import Realm, domain_of
from sandbox.platform.calls import call_list
from sandbox.platform.events import service_events

_DETAIL_TYPES = {
    EventKind.SEND: "Email Sent",
    EventKind.DELIVERY: "Email Delivered",
    EventKind.BOUNCE: "Email Bounced",
    EventKind.COMPLAINT: "Email Complaint Received",
    EventKind.REJECT: "Email Rejected",
    EventKind.RENDERING_FAILURE: "Email Rendering Failed",
    EventKind.DELIVERY_DELAY: "Email Delivery Delayed",
}


def publish(realm: Realm, mail: Mail, configuration_set: str | None, events: Sequence[Event]) -> None:
    """Publish these events of a message to every destination that selects them."""
    headers = _headers(realm, mail, configuration_set)
    for event in events:
        if configuration_set is not None:
            _to_destinations(realm, configuration_set, event, headers)
        _to_topic_of_identity(realm, mail, event, headers)


def _to_destinations(realm: Realm, configuration_set: str, event: Event, headers: Headers) -> None:
    partition = emulator.partition_of(realm.region)
    set_arn = f"arn:{partition}:ses:{realm.region}:{realm.account_id}:configuration-set/{configuration_set}"
    record = mail_events.record(event, headers)
    for destination in _destinations(realm, configuration_set, event.kind):
        if "EventBridgeDestination" in destination:
            service_events.put_soon(
                region=realm.region,
                source="aws.ses",
                detail_type=_DETAIL_TYPES[event.kind],
                detail=record,
                resources=[set_arn],
            )
        elif "SnsDestination" in destination:
            _publish_soon(realm, destination["SnsDestination"]["TopicArn"], record, set_arn)


def _destinations(realm: Realm, configuration_set: str, kind: EventKind) -> Iterator[Mapping[str, Mapping[str, str]]]:
    found = emulator.configuration_set(realm.account_id, realm.region, configuration_set) or {}
    for destination in (found.get("EventDestinations") or {}).values():
        if destination["Enabled"] and kind.name in destination["MatchingEventTypes"]:
            yield destination


def _to_topic_of_identity(realm: Realm, mail: Mail, event: Event, headers: Headers) -> None:
    """Publish a bounce, complaint or delivery to the topic that SetIdentityNotificationTopic named, if any."""
    identity = realm.identity(mail.identity) if mail.identity else None
    topic = identity.topics.get(event.kind.value) if identity is not None else None
    if topic:
        _publish_soon(realm, topic, mail_events.notification(event, headers), headers.source_arn)


def _publish_soon(realm: Realm, topic_arn: str, message: emulator.Json, source_arn: str) -> None:
    text = json.dumps(message)
    service_events.soon(realm.region, lambda: emulator.publish_for_ses(topic_arn, text, source_arn, realm.account_id))


def _headers(realm: Realm, mail: Mail, configuration_set: str | None) -> Headers:
    tags = {
        "ses:source-ip": ["127.0.3.0"],
        "ses:from-domain": [domain_of(parseaddr(mail.sender)[1])],
        "ses:caller-identity": [_caller(mail)],
    }
    return Headers(
        message_id=mail.message_id or mail.id,
        sent=mail.time,
        source=mail.sender,
        source_arn=realm.arn_of(mail.identity or ""),
        account=realm.account_id,
        recipient=mail.to,
        subject=mail.subject,
        reply_to=mail.reply_to,
        tags=tags | ({"ses:configuration-set": [configuration_set]} if configuration_set else {}),
    )


def _caller(mail: Mail) -> str:
    """Name who asked SES to send: Cognito's role for a pool, else the role or user of the current call."""
    if mail.pool is not None:
        return authorization.SERVICE_LINKED_ROLE
    request = call_list.current.get()
    if request is None:
        return "root"
    return request.role or request.caller.rpartition("/")[2].rpartition(":")[2]
