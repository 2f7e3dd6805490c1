"""Facts about a pool that are in the ledger and that no AWS read returns: failed calls and unannounced changes."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mailwarden.domain.known_good.notices import KnownNotices
from mailwarden.domain.known_good.record import KnownGood
from mailwarden.domain.known_good.verification import KnownVerification
from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.mail_path.overlap import Overlap
from mailwarden.domain.monitoring.fights import WriteHistory
from mailwarden.domain.reputation.feedback import MailCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFailures:
    """Calls in which Cognito could not send: the times of the first and the last, and their number.

    ``last_call`` and ``last_code`` are the name and the error code of the last call. ``at_daily_limit`` is the time of
    the last call that failed because the default sender had sent all mail of the day. Times are UTC.
    """

    first: datetime
    last: datetime
    number: int
    last_call: str
    last_code: str
    at_daily_limit: datetime | None = None

    def and_(self, other: "DeliveryFailures") -> "DeliveryFailures":
        """The combination of both."""
        latest = max(self, other, key=lambda each: each.last)
        return DeliveryFailures(
            first=min(self.first, other.first),
            last=latest.last,
            number=self.number + other.number,
            last_call=latest.last_call,
            last_code=latest.last_code,
            at_daily_limit=_later(self.at_daily_limit, other.at_daily_limit),
        )

    def added_to(self, known: "DeliveryFailures | None", *, quiet: timedelta) -> "DeliveryFailures":
        """The count with these; after *quiet* without a failure it starts over, but the limit of a day stays."""
        if known is None:
            return self
        if self.first - known.last <= quiet:
            return known.and_(self)
        return replace(self, at_daily_limit=_later(self.at_daily_limit, known.at_daily_limit))


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((each for each in (one, other) if each is not None), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFacts:
    """The ledger's facts about the pool of a look.

    ``unannounced_since``: when the pool was last modified, if its mail settings changed then and no event reported it.
    ``last_look``: the look that this one is to replace.
    ``mail``: failed mail of the last days that can be attributed to the pool.
    ``writes``: our writes for the pool in the last 30 days, and whether the last one was undone.
    ``overlaps``: writes of ours to the pool and its identities that another actor's call overlapped.
    ``known_good``: the EmailConfiguration that the pool is expected to have, with the calls since, this look's too.
    ``email_is_shown``: a record of UpdateUserPool in the region of the pool showed EmailConfiguration once; only known
    where the pool lost its sender. ``verification``: that the pool is expected to verify addresses by mail, with the
    calls since. ``notices``: the sender of threat protection's notices that the pool is expected to have.
    """

    failures: DeliveryFailures | None = None
    unannounced_since: datetime | None = None
    last_look: LookRecord | None = None
    mail: MailCounts | None = None
    writes: tuple[WriteHistory, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    known_good: KnownGood | None = None
    email_is_shown: bool = False
    verification: KnownVerification | None = None
    notices: KnownNotices | None = None
