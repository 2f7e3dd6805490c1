"""What the function ``reputation`` needs from the world, in the words of the domain."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from mailwarden.domain.feedback import RateStanding, SesFeedback
from mailwarden.domain.kept_account import KeptAccount
from mailwarden.domain.readings import Unread
from mailwarden.domain.series import Slot
from mailwarden.domain.subjects import ConfigurationSetRef, SesAccountRef, Subject, SubjectKind
from mailwarden.domain.suppression import SuppressedPage, SuppressionCount


class SesFigures(Protocol):
    """Reads the figures that SES gives to CloudWatch."""

    def read(
        self,
        region: str,
        subjects: Sequence[SesAccountRef | ConfigurationSetRef],
        *,
        start: datetime,
        end: datetime,
    ) -> Mapping[SesAccountRef | ConfigurationSetRef, tuple[Slot, ...]] | Unread:
        """The slots from *start* on and before *end* that have any figure, in order, for each subject of a region."""
        ...


class TokenRejected:
    """SES does not know the token of the next page, or not any more."""


class SuppressionLists(Protocol):
    """Reads the suppression lists of SES accounts; whose addresses are on them is not told."""

    def page(
        self, account: SesAccountRef, *, since: datetime | None, to: datetime | None, after: str | None
    ) -> SuppressedPage | TokenRejected | Unread:
        """A page of up to 1,000 entries from the token *after* on.

        All entries of the time from *since* until *to* are shown, and perhaps a few from just before and after it.
        """
        ...


class ReputationLedger(Protocol):
    """What the ledger keeps of figures, accounts and suppression lists."""

    def subjects_in_use(self, *, kinds: Collection[SubjectKind], now: datetime) -> tuple[Subject, ...]:
        """The subjects of these kinds that some pool's mail uses, in the order of their ARNs; forgets the others."""
        ...

    def feedback(self, account: SesAccountRef) -> SesFeedback:
        """Rates, suppression and standing notices of an SES account."""
        ...

    def rates(self, configuration_set: ConfigurationSetRef) -> RateStanding | None:
        """How a configuration set stands, if it was ever asked for."""
        ...

    def put_rates(self, standing: RateStanding) -> None:
        """Keep how an account or a set stands."""
        ...

    def slots(self, subject: SesAccountRef | ConfigurationSetRef, *, since: datetime) -> tuple[Slot, ...]:
        """The kept slots of an account or a set that begin at *since* or later, in order."""
        ...

    def put_slots(self, subject: SesAccountRef | ConfigurationSetRef, slots: Sequence[Slot]) -> None:
        """Keep slots, in place of those of the same time."""
        ...

    def kept_account(self, account: SesAccountRef) -> KeptAccount | None:
        """An SES account as it was last kept."""
        ...

    def keep_account(self, kept: KeptAccount) -> None:
        """Keep what was read of an SES account."""
        ...

    def suppression_count(self, account: SesAccountRef) -> SuppressionCount | None:
        """What is counted of an account's suppression list, with the passes under way."""
        ...

    def put_suppression_count(self, count: SuppressionCount, *, replaces: int | None) -> bool:
        """Keep a count if the stored revision is *replaces* (None: there is none); False otherwise."""
        ...

    def take_turn(self, subject: Subject, *, now: datetime, every: timedelta) -> bool:
        """Take the one turn that a subject has in *every*; False if it was taken already."""
        ...
