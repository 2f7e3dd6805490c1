"""Delivers a message: its fate, its events, its counts, and the addresses that SES suppresses."""

import time
from collections.abc import Sequence
from email.utils import parseaddr

from sandbox.mail import emulator
from sandbox.mail.feedback import mail_events, publishing, recipients, reputation
from sandbox.mail.feedback.recipients import Outcome
from sandbox.mail.mail_path.mailbox import MAILBOX, Loss, Mail
from sandbox.mail.ses import sending
from sandbox.mail.ses.store import Realm, Suppressed

_SUPPRESSION_REASONS = {Outcome.BOUNCE: "BOUNCE", Outcome.COMPLAINT: "COMPLAINT"}
_NEVER_TRIED = frozenset({Outcome.REJECT, Outcome.RENDERING_FAILURE})


def send_through_ses(realm: Realm, mail: Mail, configuration_set: str | None) -> None:
    """Count a message against the quota, deliver or lose it, and publish its events.

    SES takes a message to a suppressed address, counts it, and does not deliver it.
    """
    if not recipients.is_simulator(mail.to):
        realm.account.sent_at.append(time.time())
    outcome = recipients.outcome_of(mail.to)
    reason = None if outcome in _NEVER_TRIED else sending.suppressed_as(realm, mail.to, configuration_set)
    if reason is not None:
        outcome = Outcome.SUPPRESSED_BY_ACCOUNT
        said = f"{mail.to} is on the account's suppression list in {realm.region} ({reason})."
        MAILBOX.lose(mail, Loss(stage="suppression", reason=said))
    elif mail_events.arrives(outcome):
        MAILBOX.deliver(mail)
    else:
        MAILBOX.lose(mail, Loss(stage="recipient", reason=f"The way to {mail.to} ends with {outcome}."))
    events = mail_events.events_of(outcome, mail.to)
    reputation.count(realm, mail.to, configuration_set, outcome, events)
    _suppress(realm, mail, configuration_set, outcome)
    publishing.publish(realm, mail, configuration_set, events)


def _suppress(realm: Realm, mail: Mail, configuration_set: str | None, outcome: Outcome) -> None:
    """Put an address that bounced or complained on the account's list, where that reason is one to suppress for."""
    reason = _SUPPRESSION_REASONS.get(outcome)
    if reason is None or recipients.is_simulator(mail.to):
        return
    if reason in sending.suppressed_reasons(realm, configuration_set):
        address, message_id = mail.to.lower(), mail.message_id or mail.id
        entry = Suppressed(address=address, reason=reason, updated=round(time.time(), 3), message_id=message_id)
        realm.suppressed[address] = entry


def send_by_api(
    realm: Realm,
    *,
    action: str,
    sender: str,
    addresses: Sequence[str],
    subject: str,
    body: str,
    reply_to: str | None,
    configuration_set: str | None,
) -> str:
    """Send the message of a direct SES call, one to each recipient; returns SES's message id."""
    message_id = emulator.new_id()
    identity = realm.identity_that_sends_for(parseaddr(sender)[1])
    for number, recipient in enumerate(addresses):
        mail = Mail(
            id=f"{message_id}-{number:06}",
            time=time.time(),
            pool=None,
            trigger=action,
            sender=sender,
            reply_to=reply_to,
            to=parseaddr(recipient)[1],
            subject=subject,
            body=body,
            ses_region=realm.region,
            identity=identity.name if identity is not None else None,
            message_type="Api",
            message_id=message_id,
        )
        send_through_ses(realm, mail, sending.effective_set(identity, configuration_set))
    return message_id
