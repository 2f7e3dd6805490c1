"""What the ledger knows of a pool that no read of AWS tells: calls that failed, and what was announced by an event."""

from dataclasses import dataclass
from datetime import datetime

from mailwarden.domain.findings.record import LookRecord
from mailwarden.domain.reputation.feedback import MailCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFailures:
    """Calls in which Cognito said that it could not send: when the first and the last were made, and how many.

    ``last_call`` and ``last_code`` are the name and the error code of the last one. Times are UTC.
    """

    first: datetime
    last: datetime
    number: int
    last_call: str
    last_code: str

    def and_(self, other: "DeliveryFailures") -> "DeliveryFailures":
        """Both together."""
        latest = max(self, other, key=lambda each: each.last)
        return DeliveryFailures(
            first=min(self.first, other.first),
            last=latest.last,
            number=self.number + other.number,
            last_call=latest.last_call,
            last_code=latest.last_code,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFacts:
    """What a look takes from the ledger about its pool.

    ``unannounced_since``: when the pool was last modified, if its mail settings then changed and no event told so.
    ``last_look``: the look that this one is to replace.
    ``mail``: what of the pool's mail of the last days did not arrive, as far as it can be told from others' mail.
    """

    failures: DeliveryFailures | None = None
    unannounced_since: datetime | None = None
    last_look: LookRecord | None = None
    mail: MailCounts | None = None
