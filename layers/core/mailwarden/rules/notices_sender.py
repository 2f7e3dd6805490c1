"""The sender of threat protection's notices as if it were the pool's own, so that the same rules judge it."""

from dataclasses import replace

from mailwarden.domain.mail_path.ledger_facts import LedgerFacts
from mailwarden.domain.mail_path.named_pools import NamedPools
from mailwarden.domain.mail_path.path import MailPath, sender_of
from mailwarden.domain.readings import EmailConfiguration, SenderMode, ThreatNotices


def as_own_sender(path: MailPath, notices: ThreatNotices, mode: SenderMode) -> MailPath:
    """*path* with the sender of the notices in place of the pool's, and nothing else of the pool's own mail."""
    email = EmailConfiguration(
        sending_account=mode,
        source_arn=notices.source_arn,
        from_address=notices.from_address,
        reply_to=notices.reply_to,
    )
    return replace(
        path,
        pool=replace(path.pool, email=email, link_domain=None, threat_notices=None),
        sender=sender_of(email, custom_sender_lambda=None),
        ses_states=() if path.notices_state is None else (path.notices_state,),
        candidates={},
        service_linked_role=None,
        ledger_facts=LedgerFacts(),
        named_pools=NamedPools(),
        notices_state=None,
    )
