"""Keeps the figures of the SES accounts and configuration sets in use, and has pools looked at when a level changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mailwarden.domain.documents import MalformedDocument
from mailwarden.domain.feedback import RateStanding
from mailwarden.domain.hints import ConfigurationSetHint, SesAccountHint
from mailwarden.domain.kept_account import KeptAccount, is_to_be_judged_anew
from mailwarden.domain.rate_levels import RateLevel
from mailwarden.domain.rating import standing_after, standing_refused
from mailwarden.domain.readings import SesAccount, Unread
from mailwarden.domain.series import SLOT, Slot, first_wanted, sends_since, slot_of, summed, window_of
from mailwarden.domain.subjects import ConfigurationSetRef, SesAccountRef, SubjectKind
from mailwarden.domain.thresholds import Thresholds
from mailwarden.ports import Clock, DelayedHint, HintQueue, SesAccounts
from mailwarden.ports.reputation import ReputationLedger, SesFigures
from mailwarden.rules.feedback.standing import not_known_because

# A hint is sent before what it is about is kept: a run that dies in between sends it again, and none is lost. The looks
# it leads to wait until it is kept.
AFTER_THE_WRITE = timedelta(seconds=5)

type Rated = SesAccountRef | ConfigurationSetRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What came of one region: a word for each reading, and who is looked at because of it."""

    account: SesAccountRef
    sets: int
    figures: str
    state: str
    slots_put: int = 0
    hinted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresKeeper:
    """Reads the figures and the state of SES accounts of one AWS account; writes the ledger, sends hints."""

    figures: SesFigures
    accounts: SesAccounts
    ledger: ReputationLedger
    hints: HintQueue
    clock: Clock
    thresholds: Thresholds
    partition: str
    account: str

    def in_use(self) -> Mapping[SesAccountRef, tuple[ConfigurationSetRef, ...]]:
        """The SES accounts of ours that pools send through, with the sets; those that were refused last come last.

        A region that does not answer takes the time of those behind it.
        """
        kinds = frozenset({SubjectKind.SES_ACCOUNT, SubjectKind.CONFIGURATION_SET})
        sets: dict[SesAccountRef, list[ConfigurationSetRef]] = {}
        for subject in self.ledger.subjects_in_use(kinds=kinds, now=self.clock.now()):
            if (subject.partition, subject.account) != (self.partition, self.account):
                continue
            ref = SesAccountRef(partition=subject.partition, region=subject.region, account=subject.account)
            here = sets.setdefault(ref, [])
            if isinstance(subject, ConfigurationSetRef):
                here.append(subject)
        order = sorted(sets, key=lambda ref: (self._was_refused(ref), ref.region))
        return {ref: tuple(sets[ref]) for ref in order}

    def keep(self, account: SesAccountRef, sets: Iterable[ConfigurationSetRef]) -> Kept:
        """Read one region's figures and its account and keep both; a refusal of either is kept, too."""
        now = self.clock.now()
        subjects: tuple[Rated, ...] = (account, *sets)
        known: dict[Rated, RateStanding | None] = {subject: self._standing(subject) for subject in subjects}
        standings, put, told = self._standings(account.region, known, now)
        reading = self.accounts.read(account, fresh=True)
        told_anew = [each.subject for each in standings if _says(each) != _says(known[each.subject])]
        hinted = tuple(dict.fromkeys([account, *told_anew] if self._is_changed(reading) else told_anew))
        self.hints.send([DelayedHint(hint=_hint(subject), delay=AFTER_THE_WRITE) for subject in hinted])
        for standing in standings:
            self.ledger.put_rates(standing)
        if isinstance(reading, SesAccount):
            self.ledger.keep_account(KeptAccount(account=reading, read_at=now))
        return Kept(
            account=account,
            sets=len(subjects) - 1,
            figures=told,
            state=str(reading) if isinstance(reading, Unread) else reading.enforcement.value,
            slots_put=put,
            hinted=tuple(subject.arn for subject in hinted),
        )

    def age(self, accounts: Iterable[SesAccountRef]) -> timedelta | None:
        """How old the oldest figures of *accounts* are, 0 for no accounts; None if those of one were never read.

        What the ledger holds and cannot be read counts as never read.
        """
        standings = [self._readable(account) for account in accounts]
        read = [None if standing is None else standing.looked_at for standing in standings]
        known = [at for at in read if at is not None]
        if len(known) < len(read):
            return None
        return max((self.clock.now() - at for at in known), default=timedelta(0))

    def _standings(
        self, region: str, known: Mapping[Rated, RateStanding | None], now: datetime
    ) -> tuple[list[RateStanding], int, str]:
        start = first_wanted(known.values(), now)
        answer = self.figures.read(region, tuple(known), start=start, end=slot_of(now) + SLOT)
        if isinstance(answer, Unread):
            refused = (standing_refused(last, subject, because=str(answer)) for subject, last in known.items())
            return [replace(standing, tried_at=now) for standing in refused], 0, str(answer)
        standings, put = [], 0
        for subject, last in known.items():
            series = {slot.at: slot.figures for slot in self.ledger.slots(subject, since=window_of(now))}
            new: list[Slot] = [slot for slot in answer.get(subject, ()) if series.get(slot.at) != slot.figures]
            self.ledger.put_slots(subject, new)
            put += len(new)
            series = {**series, **{slot.at: slot.figures for slot in new}}
            standing = standing_after(last, subject, summed(series, now), at=now, limits=self.thresholds)
            standings.append(replace(standing, tried_at=now, sends_since=sends_since(series, now)))
        return standings, put, "read"

    def _standing(self, subject: Rated) -> RateStanding | None:
        match subject:
            case SesAccountRef():
                return self.ledger.feedback(subject).rates
            case ConfigurationSetRef():
                return self.ledger.rates(subject)

    def _readable(self, account: SesAccountRef) -> RateStanding | None:
        try:
            return self._standing(account)
        except MalformedDocument:
            # Reading it for its figures says so, and says it of this account alone.
            return None

    def _was_refused(self, account: SesAccountRef) -> bool:
        standing = self._readable(account)
        return standing is not None and standing.refused is not None

    def _is_changed(self, reading: SesAccount | Unread) -> bool:
        if isinstance(reading, Unread):
            return False
        before = self.ledger.kept_account(reading.ref)
        return before is not None and is_to_be_judged_anew(
            before.account, reading, quota_share=self.thresholds.quota_share
        )


def _says(standing: RateStanding | None) -> tuple[RateLevel, RateLevel] | None:
    """What the rules have to say of a standing; None while nobody knows, as when figures are refused for too long."""
    if standing is None:
        return RateLevel.CALM, RateLevel.CALM
    tried_at = standing.tried_at or standing.looked_at
    if tried_at is not None and not_known_because(standing.looked_at, standing.refused, tried_at) is not None:
        return None
    return standing.bounce_level, standing.complaint_level


def _hint(subject: Rated) -> SesAccountHint | ConfigurationSetHint:
    match subject:
        case SesAccountRef():
            return SesAccountHint(account=subject, asks_anew=True)
        case ConfigurationSetRef():
            return ConfigurationSetHint(configuration_set=subject, asks_anew=True)
