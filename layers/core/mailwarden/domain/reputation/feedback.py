"""What comes back of the mail that was sent: rates, suppression, SES's own notices, and counts pool by pool.

None of it is read with a look: the functions ``reputation`` and ``tally`` keep it in the ledger, with the time it is
from. What is missing is None and never zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef
from mailwarden.domain.reputation.rate_levels import RateLevel

# Of which time the sums of the figures are; it is printed wherever a rate is told.
WINDOW = timedelta(days=7)

# SES's own notices are delivered with best effort: one whose end nobody told of is forgotten after this time.
NOTICE_STANDS_FOR = timedelta(days=30)

_HOUR = timedelta(hours=1)
_MOMENT = timedelta(microseconds=1)
_LATE = timedelta(minutes=15)

# The mail was refused for an address on the account's own list: it does not count for the bounce rate (SES guide,
# "Using the Amazon SES account-level suppression list").
_NEVER_SENT = "/OnAccountSuppressionList"
_HARD_BOUNCE = "Bounce/Permanent/"
_COMPLAINT = "Complaint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What CloudWatch has of an account or a configuration set: numbers of messages of one time, and AWS's own rates.

    None where there is no data point: a metric exists from its first event on. The rates are fractions; AWS computes
    them over a representative volume that it does not tell, so they are not bounces by sends.
    """

    sends: float | None = None
    deliveries: float | None = None
    bounces: float | None = None
    complaints: float | None = None
    rejects: float | None = None
    rendering_failures: float | None = None
    bounce_rate: float | None = None
    complaint_rate: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RateStatus:
    """How an account or a configuration set stands: sums over ``WINDOW`` until ``looked_at``, and the latest rates.

    ``looked_at`` is when the figures were last read, None if they never could be; ``tried_at`` when they were last
    asked for. ``refused`` is why the last attempt failed, None if it did not. The levels remember where the rates come
    from (``RateSteps.after``). ``sends_since`` is from when on sends are known within the window, None where none are.
    """

    subject: SesAccountRef | ConfigurationSetRef
    looked_at: datetime | None
    figures: Figures
    bounce_level: RateLevel = RateLevel.NORMAL
    complaint_level: RateLevel = RateLevel.NORMAL
    sends_since: datetime | None = None
    refused: str | None = None
    tried_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressionGrowth:
    """What an SES account's suppression list holds and how it grows; never whose addresses they are.

    ``added`` has, by UTC day and reason (BOUNCE, COMPLAINT), the entries that were put or renewed on it, counted until
    ``counted_to``. ``total`` is the last full count by reason, of ``total_at``. ``refused`` as in ``RateStatus``.
    """

    counted_to: datetime | None
    added: Mapping[date, Mapping[str, int]] = field(default_factory=dict)
    total: Mapping[str, int] | None = None
    total_at: datetime | None = None
    refused: str | None = None

    def added_on(self, day: date) -> int:
        """All entries that were put or renewed on a day."""
        return sum(self.added.get(day, {}).values())


class NoticeKind(StrEnum):
    """What SES itself may say about an account, an identity, a configuration set or a tenant."""

    SENDING_DISABLED = "sending disabled"
    RECOMMENDATION = "recommendation"


@dataclass(frozen=True, slots=True, kw_only=True)
class SesNotice:
    """A word of SES that still stands; ``about`` is the ARN it names, ``text`` what it says (from outside: escape).

    ``topic`` is the type of a recommendation, where SES names one: two about one thing may be open at once.
    """

    account: SesAccountRef
    kind: NoticeKind
    about: str
    text: str
    at: datetime
    topic: str = ""

    def stands_at(self, now: datetime) -> bool:
        """Whether it is not too old to be believed."""
        return now - self.at <= NOTICE_STANDS_FOR


@dataclass(frozen=True, slots=True, kw_only=True)
class SesFeedback:
    """All that the ledger knows of the feedback of one SES account; None where nothing was recorded yet."""

    rates: RateStatus | None = None
    suppression: SuppressionGrowth | None = None
    notices: tuple[SesNotice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MailCounts:
    """Messages of a pool, an identity or a set that did not arrive as they should, since the beginning of ``since``.

    ``by_outcome`` counts by names like ``Bounce/Permanent/General``, ``Complaint`` or ``Complaint/<subtype>``,
    ``Reject``, ``RenderingFailure`` and ``DeliveryDelay/<type>``; each event counts once, however often and by however
    many ways it was delivered. A mail to several recipients may bounce in several events.
    """

    since: date
    by_outcome: Mapping[str, int]

    @property
    def hard_bounces(self) -> int:
        """The bounces that count for the bounce rate."""
        return sum(
            number
            for outcome, number in self.by_outcome.items()
            if outcome.startswith(_HARD_BOUNCE) and not outcome.endswith(_NEVER_SENT)
        )

    @property
    def complaints(self) -> int:
        """The complaints of recipients.

        Not those that stand for mail to an address on the account's list: that mail was never sent.
        """
        return sum(
            number
            for outcome, number in self.by_outcome.items()
            if outcome.startswith(_COMPLAINT) and not outcome.endswith(_NEVER_SENT)
        )


def counted_since(at: datetime) -> date:
    """The first of the whole UTC days that lie within ``WINDOW`` before *at*: no more than the figures' sums hold."""
    return (at - WINDOW).date() + timedelta(days=1)


def comparable(rate_status: RateStatus) -> tuple[datetime, datetime] | None:
    """The whole UTC hours whose bounces can be compared with a standing's sends; None where none can.

    A bounce follows its mail. So the bounces of hours in which the sends are known from their beginning on, and that
    ended a while before they were read, belong to mails among these sends: CloudWatch is late by minutes.
    """
    if rate_status.looked_at is None or rate_status.sends_since is None:
        return None
    first, last = _whole_hour(rate_status.sends_since + _HOUR - _MOMENT), _whole_hour(rate_status.looked_at - _LATE)
    return (first, last) if first < last else None


def _whole_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
