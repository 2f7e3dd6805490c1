"""Feedback about sent mail: rates, suppression, SES's own notices, and counts by pool.

A look does not read any of it from AWS: the functions ``reputation`` and ``tally`` store it in the ledger, with its
time. Missing values are None, never zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef
from mailwarden.domain.reputation.rate_levels import RateLevel
from mailwarden.message import Message

# The period of the metrics' sums; it is printed with every rate.
WINDOW = timedelta(days=7)

# SES delivers its notices on a best-effort basis: a notice without an end expires after this time.
NOTICE_STANDS_FOR = timedelta(days=30)

_HOUR = timedelta(hours=1)
_MOMENT = timedelta(microseconds=1)
_LATE = timedelta(minutes=15)

# SES refused the mail for an address on the account's own list: it does not count for the bounce rate (SES guide,
# "Using the Amazon SES account-level suppression list").
_NEVER_SENT = "/OnAccountSuppressionList"
_HARD_BOUNCE = "Bounce/Permanent/"
_COMPLAINT = "Complaint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """CloudWatch's metrics of an account or a configuration set: message counts of one period, and AWS's own rates.

    None without a data point: a metric exists from its first event on. The rates are fractions; AWS computes them over
    a representative volume that it does not publish, so they are not bounces divided by sends.
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
    """The rates of an account or a configuration set: sums over ``WINDOW`` until ``looked_at``, and the latest rates.

    ``looked_at`` is the time of the last successful read, None if there was none; ``tried_at`` of the last attempt.
    ``refused`` is the error of the last attempt, None if it succeeded. The levels have hysteresis
    (``RateSteps.after``). ``sends_since`` is the start of the known sends within the window, None without sends.
    """

    subject: SesAccountRef | ConfigurationSetRef
    looked_at: datetime | None
    figures: Figures
    bounce_level: RateLevel = RateLevel.NORMAL
    complaint_level: RateLevel = RateLevel.NORMAL
    sends_since: datetime | None = None
    refused: Message | None = None
    tried_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressionGrowth:
    """The size and growth of an SES account's suppression list; never its addresses.

    ``added`` has, by UTC day and reason (BOUNCE, COMPLAINT), the number of new or renewed entries, counted until
    ``counted_to``. ``total`` is the last full count by reason, of ``total_at``. ``refused`` as in ``RateStatus``.
    """

    counted_to: datetime | None
    added: Mapping[date, Mapping[str, int]] = field(default_factory=dict)
    total: Mapping[str, int] | None = None
    total_at: datetime | None = None
    refused: Message | None = None

    def added_on(self, day: date) -> int:
        """The number of new or renewed entries of a day."""
        return sum(self.added.get(day, {}).values())


class NoticeKind(StrEnum):
    """The kinds of SES notices about an account, an identity, a configuration set or a tenant."""

    SENDING_DISABLED = "sending disabled"
    RECOMMENDATION = "recommendation"


@dataclass(frozen=True, slots=True, kw_only=True)
class SesNotice:
    """An open SES notice; ``about`` is the ARN that it names, ``text`` its text (from outside: escape).

    ``topic`` is the type of a recommendation, if SES names one: one resource may have two open at once.
    """

    account: SesAccountRef
    kind: NoticeKind
    about: str
    text: str
    at: datetime
    topic: str = ""

    def stands_at(self, now: datetime) -> bool:
        """Whether it has not expired at a time."""
        return now - self.at <= NOTICE_STANDS_FOR


@dataclass(frozen=True, slots=True, kw_only=True)
class SesFeedback:
    """The ledger's feedback about one SES account; None for parts without a record."""

    rates: RateStatus | None = None
    suppression: SuppressionGrowth | None = None
    notices: tuple[SesNotice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MailCounts:
    """Failed or delayed messages of a pool, an identity or a set, since the beginning of ``since``.

    ``by_outcome`` counts by names like ``Bounce/Permanent/General``, ``Complaint`` or ``Complaint/<subtype>``,
    ``Reject``, ``RenderingFailure`` and ``DeliveryDelay/<type>``; each event counts once, for any number of
    deliveries and routes. A mail to several recipients may bounce in several events.
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

        Without those for mail to an address on the account's list: that mail was never sent.
        """
        return sum(
            number
            for outcome, number in self.by_outcome.items()
            if outcome.startswith(_COMPLAINT) and not outcome.endswith(_NEVER_SENT)
        )


def counted_since(at: datetime) -> date:
    """The first of the whole UTC days within ``WINDOW`` before *at*, so that counts cover no more than the metrics."""
    return (at - WINDOW).date() + timedelta(days=1)


def comparable(rate_status: RateStatus) -> tuple[datetime, datetime] | None:
    """The whole UTC hours whose bounces can be compared with the sends of a rate status; None if there are none.

    A bounce follows its mail, and CloudWatch is minutes late. So the bounces of an hour belong to mails among the known
    sends if the sends are known from the hour's start and the hour ended some time before they were read.
    """
    if rate_status.looked_at is None or rate_status.sends_since is None:
        return None
    first, last = _whole_hour(rate_status.sends_since + _HOUR - _MOMENT), _whole_hour(rate_status.looked_at - _LATE)
    return (first, last) if first < last else None


def _whole_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
