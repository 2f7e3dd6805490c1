"""What the core needs of the ledger to keep what SES tells by itself: counts of single mails, and notices."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from mailwarden.domain.mail_path.from_addresses import SenderAddress
from mailwarden.domain.refs.resources import PoolRef, Subject
from mailwarden.domain.reputation.feedback import SesNotice
from mailwarden.domain.reputation.mail_events import CountedEvent
from mailwarden.ports import Ledger

# What one transaction of DynamoDB may write (its API reference, TransactWriteItems).
MOST_WRITES_AT_ONCE = 100


class MailLedger(Ledger, Protocol):
    """The ledger as ``tally`` needs it."""

    def is_used(self, subject: Subject) -> bool:
        """Whether the last look of any pool used *subject*."""
        ...

    def pools_sending(self, sender: SenderAddress) -> tuple[PoolRef, ...]:
        """The pools whose last look found that they send so, at most two: more than one is nobody in particular."""
        ...

    def count_mail(self, events: Sequence[CountedEvent], *, now: datetime) -> frozenset[str]:
        """Count events, all of those that were not counted before or none; the keys of those that were not.

        Each key may be there once. Raises ValueError where they need more than ``MOST_WRITES_AT_ONCE`` writes.
        """
        ...

    def put_notice(self, notice: SesNotice, *, stands: bool) -> bool:
        """Keep what SES said, or that it does not stand any more; False if a later word about the same is known."""
        ...
