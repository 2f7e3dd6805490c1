"""Handing a message over: into the mailbox, or onto the heap of lost mail when its recipient is suppressed."""

import time
from collections.abc import Sequence
from email.utils import parseaddr

from sandbox.mail import emulator, sending
from sandbox.mail.mailbox import MAILBOX, Loss, Mail
from sandbox.mail.store import SIMULATOR_DOMAIN, Realm, domain_of


def send_through_ses(realm: Realm, mail: Mail, configuration_set: str | None) -> None:
    """Count a message against the quota and deliver it, unless its recipient is on the suppression list.

    SES takes a message to a suppressed address, counts it, and does not deliver it.
    """
    if domain_of(mail.to) != SIMULATOR_DOMAIN:
        realm.account.sent_at.append(time.time())
    reason = sending.suppressed_as(realm, mail.to, configuration_set)
    if reason is None:
        MAILBOX.deliver(mail)
        return
    said = f"{mail.to} is on the account's suppression list in {realm.region} ({reason})."
    MAILBOX.lose(mail, Loss(stage="suppression", reason=said))


def send_by_api(
    realm: Realm,
    *,
    action: str,
    sender: str,
    recipients: Sequence[str],
    subject: str,
    body: str,
    reply_to: str | None,
    configuration_set: str | None,
) -> str:
    """Send what somebody asked SES for directly, one message to each recipient; gives SES's message id."""
    message_id = emulator.new_id()
    identity = realm.identity_that_sends_for(parseaddr(sender)[1])
    for number, recipient in enumerate(recipients):
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
        )
        send_through_ses(realm, mail, sending.effective_set(identity, configuration_set))
    return message_id
