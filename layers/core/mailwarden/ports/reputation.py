"""What the function ``reputation`` needs from the world, in the words of the domain.

What the ledger holds and cannot be read is raised as MalformedDocument.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef, Subject, SubjectKind
from mailwarden.domain.repair.change_documents import MalformedDocument
from mailwarden.domain.reputation.account_snapshot import AccountSnapshot
from mailwarden.domain.reputation.feedback import RateStatus
from mailwarden.domain.reputation.suppression_count import SuppressedPage, SuppressionCount
from mailwarden.domain.reputation.time_series import Slot


class SesMetrics(Protocol):
    """Reads the figures that SES gives to CloudWatch."""

    def read(
        self,
        region: str,
        subjects: Sequence[SesAccountRef | ConfigurationSetRef],
        *,
        start: datetime,
        end: datetime,
    ) -> Mapping[SesAccountRef | ConfigurationSetRef, tuple[Slot, ...]] | Unreadable:
        """The slots from *start* on and before *end* that have any figure, in order, for each subject of a region."""
        ...


class TokenRejected:
    """SES does not know the token of the next page, or not any more."""


class SuppressionLists(Protocol):
    """Reads the suppression lists of SES accounts; whose addresses are on them is not told."""

    def page(
        self, account: SesAccountRef, *, since: datetime | None, to: datetime | None, after: str | None
    ) -> SuppressedPage | TokenRejected | Unreadable:
        """A page of up to 1,000 entries from the token *after* on.

        All entries of the time from *since* until *to* are shown, and perhaps a few from just before and after it.
        """
        ...


class ReputationLedger(Protocol):
    """What the ledger keeps of figures, accounts and suppression lists."""

    def subjects_in_use(
        self, *, kinds: Collection[SubjectKind], now: datetime, garbled: Callable[[MalformedDocument], object]
    ) -> tuple[Subject, ...]:
        """The subjects of these kinds that some pool's mail uses, in the order of their ARNs; forgets the others.

        An entry that cannot be read is told to *garbled*, and skipped if no pool uses what it names.
        """
        ...

    def rates(self, subject: SesAccountRef | ConfigurationSetRef) -> RateStatus | None:
        """How an account or a configuration set stands, if it was ever asked for."""
        ...

    def put_rates(self, rate_status: RateStatus) -> None:
        """Keep how an account or a set stands."""
        ...

    def slots(self, subject: SesAccountRef | ConfigurationSetRef, *, since: datetime) -> tuple[Slot, ...]:
        """The kept slots of an account or a set that begin at *since* or later, in order."""
        ...

    def put_slots(self, subject: SesAccountRef | ConfigurationSetRef, slots: Sequence[Slot]) -> None:
        """Keep slots, in place of those of the same time."""
        ...

    def account_snapshot(self, account: SesAccountRef) -> AccountSnapshot | None:
        """An SES account as it was last kept."""
        ...

    def keep_account(self, kept: AccountSnapshot) -> None:
        """Keep what was read of an SES account."""
        ...

    def suppression_count(self, account: SesAccountRef) -> SuppressionCount | None:
        """What is counted of an account's suppression list, with the passes under way."""
        ...

    def put_suppression_count(self, count: SuppressionCount, *, replaces: int | None) -> bool:
        """Keep a count if the stored revision is *replaces* (None: there is none); False otherwise."""
        ...

    def forget_suppression_count(self, account: SesAccountRef) -> None:
        """Remove what is counted of an account's suppression list, because it cannot be read."""
        ...

    def try_acquire_turn(self, subject: Subject, *, now: datetime, every: timedelta) -> bool:
        """Take the one turn that a subject has in *every*; False if it was taken already."""
        ...
