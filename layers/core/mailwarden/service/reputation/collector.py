"""Stores the metrics of the SES accounts and configuration sets in use, and sends hints when a level changes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.readings import SesAccount, Unreadable
from mailwarden.domain.refs.hints import ConfigurationSetHint, SesAccountHint
from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef, SubjectKind
from mailwarden.domain.reputation.account_snapshot import AccountSnapshot, is_to_be_judged_anew
from mailwarden.domain.reputation.feedback import RateStatus
from mailwarden.domain.reputation.rate_levels import RateLevel
from mailwarden.domain.reputation.rate_status import rate_status_after, rate_status_refused
from mailwarden.domain.reputation.thresholds import Thresholds
from mailwarden.domain.reputation.time_series import SLOT, Slot, first_wanted, sends_since, slot_of, summed, window_of
from mailwarden.ports.clock import Clock
from mailwarden.ports.hint_queue import DelayedHint, HintQueue
from mailwarden.ports.mail_path.resources_in_use import ResourcesInUse
from mailwarden.ports.mail_path.ses_accounts import SesAccounts
from mailwarden.ports.reputation.account_snapshots import AccountSnapshots
from mailwarden.ports.reputation.feedback import Feedback
from mailwarden.ports.reputation.ses_metrics import SesMetrics, TimeSeries
from mailwarden.rules.feedback.rates import not_known_because

# A hint is sent before its data is stored: after an interruption the next run sends it again, and none is lost. The
# delay lets the looks wait until the data is stored.
AFTER_THE_WRITE = timedelta(seconds=5)

_NEVER = datetime.min.replace(tzinfo=UTC)

type Rated = SesAccountRef | ConfigurationSetRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The result for one region: a word for each reading, and the subjects of hints.

    ``garbled`` are corrupt ledger items: they were treated as never read, and overwritten.
    """

    account: SesAccountRef
    sets: int
    figures: str
    state: str
    slots_put: int = 0
    hinted: tuple[str, ...] = ()
    garbled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReputationCollector:
    """Reads the metrics and the state of SES accounts of one AWS account; writes the ledger, sends hints."""

    figures: SesMetrics
    accounts: SesAccounts
    resources_in_use: ResourcesInUse
    feedback: Feedback
    series: TimeSeries
    snapshots: AccountSnapshots
    hints: HintQueue
    clock: Clock
    thresholds: Thresholds
    partition: str
    account: str

    def in_use(
        self, *, corrupt: Callable[[MalformedDocument], object]
    ) -> Mapping[SesAccountRef, tuple[ConfigurationSetRef, ...]]:
        """The SES accounts that pools send through, with their sets, in the order of reading.

        The account with the oldest attempt comes first, so that none starves if the time of a run is too short. A
        region that does not answer takes the time of the next ones, so refused regions come last.
        """
        kinds = frozenset({SubjectKind.SES_ACCOUNT, SubjectKind.CONFIGURATION_SET})
        sets: dict[SesAccountRef, list[ConfigurationSetRef]] = {}
        for subject in self.resources_in_use.listed(kinds=kinds, now=self.clock.now(), corrupt=corrupt):
            if (subject.partition, subject.account) != (self.partition, self.account):
                continue
            ref = SesAccountRef(partition=subject.partition, region=subject.region, account=subject.account)
            here = sets.setdefault(ref, [])
            if isinstance(subject, ConfigurationSetRef):
                here.append(subject)
        return {ref: tuple(sets[ref]) for ref in sorted(sets, key=self._turn)}

    def keep(self, account: SesAccountRef, sets: Iterable[ConfigurationSetRef]) -> Kept:
        """Read one region's metrics and its account and store both, including a refusal.

        Subjects of hints are stored first: the looks follow seconds later, and there may be hundreds of sets.
        """
        now = self.clock.now()
        subjects: tuple[Rated, ...] = (account, *sets)
        garbled: list[str] = []
        known: dict[Rated, RateStatus | None] = {subject: self._standing(subject, garbled) for subject in subjects}
        rate_statuses, put, told = self._standings(account.region, known, now)
        reading = self.accounts.read(account, fresh=True)
        told_anew = [each.subject for each in rate_statuses if _is_news(each, known[each.subject], now)]
        is_changed = self._is_changed(reading, garbled)
        hinted = tuple(dict.fromkeys([account, *told_anew] if is_changed else told_anew))
        self.hints.send([DelayedHint(hint=_hint(subject), delay=AFTER_THE_WRITE) for subject in hinted])
        for rate_status in sorted(rate_statuses, key=lambda each: each.subject not in hinted):
            self.feedback.put_rates(rate_status)
        if isinstance(reading, SesAccount):
            self.snapshots.put(AccountSnapshot(account=reading, read_at=now))
        return Kept(
            account=account,
            sets=len(subjects) - 1,
            figures=told,
            state=str(reading) if isinstance(reading, Unreadable) else reading.enforcement.value,
            slots_put=put,
            hinted=tuple(subject.arn for subject in hinted),
            garbled=tuple(garbled),
        )

    def age(self, accounts: Iterable[SesAccountRef]) -> timedelta | None:
        """The age of the oldest metrics of *accounts*, 0 without accounts; None if one was never read.

        A corrupt ledger item counts as never read.
        """
        rate_statuses = [self._standing(account, []) for account in accounts]
        read = [None if rate_status is None else rate_status.looked_at for rate_status in rate_statuses]
        known = [at for at in read if at is not None]
        if len(known) < len(read):
            return None
        return max((self.clock.now() - at for at in known), default=timedelta(0))

    def _standings(
        self, region: str, known: Mapping[Rated, RateStatus | None], now: datetime
    ) -> tuple[list[RateStatus], int, str]:
        start = first_wanted(known.values(), now)
        answer = self.figures.read(region, tuple(known), start=start, end=slot_of(now) + SLOT)
        if isinstance(answer, Unreadable):
            refused = (rate_status_refused(last, subject, because=answer.message) for subject, last in known.items())
            return [replace(rate_status, tried_at=now) for rate_status in refused], 0, str(answer)
        rate_statuses, put = [], 0
        for subject, last in known.items():
            series = {slot.at: slot.figures for slot in self.series.since(subject, window_of(now))}
            new: list[Slot] = [slot for slot in answer.get(subject, ()) if series.get(slot.at) != slot.figures]
            self.series.put(subject, new)
            put += len(new)
            series = {**series, **{slot.at: slot.figures for slot in new}}
            rate_status = rate_status_after(last, subject, summed(series, now), at=now, limits=self.thresholds)
            rate_statuses.append(replace(rate_status, tried_at=now, sends_since=sends_since(series, now)))
        return rate_statuses, put, "read"

    def _standing(self, subject: Rated, garbled: list[str]) -> RateStatus | None:
        try:
            return self.feedback.rates(subject)
        except MalformedDocument as error:
            garbled.append(str(error))
            return None

    def _turn(self, account: SesAccountRef) -> tuple[bool, datetime, str]:
        rate_status = self._standing(account, [])
        if rate_status is None:
            return False, _NEVER, account.region
        return rate_status.refused is not None, rate_status.tried_at or rate_status.looked_at or _NEVER, account.region

    def _is_changed(self, reading: SesAccount | Unreadable, garbled: list[str]) -> bool:
        if isinstance(reading, Unreadable):
            return False
        try:
            before = self.snapshots.last(reading.ref)
        except MalformedDocument as error:
            garbled.append(str(error))
            return False
        return before is not None and is_to_be_judged_anew(
            before.account, reading, quota_share=self.thresholds.quota_share
        )


def _is_news(rate_status: RateStatus, known: RateStatus | None, now: datetime) -> bool:
    """Whether the rules' result for a rate status differs from that for the previous one, at its time or now.

    Looks since then may have found that the metrics are too old.
    """
    says = _says(rate_status, now)
    asked_at = None if known is None else known.tried_at or known.looked_at
    return says != _says(known, asked_at or now) or (says is not None and _says(known, now) is None)


def _says(rate_status: RateStatus | None, at: datetime) -> tuple[RateLevel, RateLevel] | None:
    """The rules' result for a rate status at a time; None if unknown, for instance because the metrics are too old."""
    if rate_status is None:
        return RateLevel.NORMAL, RateLevel.NORMAL
    if not_known_because(rate_status.looked_at, rate_status.refused, at) is not None:
        return None
    return rate_status.bounce_level, rate_status.complaint_level


def _hint(subject: Rated) -> SesAccountHint | ConfigurationSetHint:
    match subject:
        case SesAccountRef():
            return SesAccountHint(account=subject, asks_anew=True)
        case ConfigurationSetRef():
            return ConfigurationSetHint(configuration_set=subject, asks_anew=True)
