"""What came back, in memory: counts, rates, suppression lists, notices, and what goes with them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import islice

from mailwarden.domain.mail_path.ledger_facts import DeliveryFailures
from mailwarden.domain.operator.removal import Removal
from mailwarden.domain.refs.resources import ConfigurationSetRef, PoolRef, SesAccountRef, Subject
from mailwarden.domain.reputation.account_snapshot import AccountSnapshot
from mailwarden.domain.reputation.feedback import MailCounts, RateStatus, SesFeedback, SesNotice
from mailwarden.domain.reputation.mail_events import CountedEvent, CounterKey, PoolRoute, day_period, hour_period
from mailwarden.domain.reputation.suppression_count import SuppressionCount
from mailwarden.domain.reputation.time_series import Slot
from mailwarden.ports.reputation.feedback import Feedback
from mailwarden.ports.reputation.mail_counters import MOST_WRITES_AT_ONCE


@dataclass(slots=True, kw_only=True)
class InMemoryDeliveryFailures:
    """Implements ``DeliveryFailureCounts``."""

    held: dict[PoolRef, DeliveryFailures] = field(default_factory=dict)

    def of(self, pool: PoolRef) -> DeliveryFailures | None:
        return self.held.get(pool)

    def add(self, pool: PoolRef, failures: DeliveryFailures, *, quiet: timedelta) -> None:
        self.held[pool] = failures.added_to(self.held.get(pool), quiet=quiet)


@dataclass(slots=True, kw_only=True)
class InMemoryAppClientPools:
    """Implements ``AppClientPools``."""

    held: dict[tuple[str, str], PoolRef] = field(default_factory=dict)

    def pool_of(self, client_id: str, region: str) -> PoolRef | None:
        return self.held.get((client_id, region))

    def remember(self, client_id: str, pool: PoolRef, *, now: datetime) -> None:  # noqa: ARG002 - never forgets
        self.held[client_id, pool.region] = pool


@dataclass(slots=True, kw_only=True)
class InMemoryTurns:
    """Implements ``Turns``."""

    held: dict[Subject, datetime] = field(default_factory=dict)

    def try_acquire(self, subject: Subject, *, now: datetime, every: timedelta) -> bool:
        if self.held.get(subject, now) > now:
            return False
        self.held[subject] = now + every
        return True


@dataclass(slots=True, kw_only=True)
class InMemorySesNotices:
    """Implements ``SesNotices``."""

    held: dict[tuple[str, str, str, str], tuple[SesNotice, bool]] = field(default_factory=dict)

    def put(self, notice: SesNotice, *, stands: bool) -> bool:
        key = notice.account.arn, notice.about, notice.kind.value, notice.topic
        known, _ = self.held.get(key, (notice, stands))
        if known.at > notice.at:
            return False
        self.held[key] = notice, stands
        return True

    def standing(self, account: SesAccountRef) -> tuple[SesNotice, ...]:
        said = (notice for _, (notice, stands) in sorted(self.held.items()) if stands and notice.account == account)
        return tuple(islice(said, 50))


@dataclass(slots=True, kw_only=True)
class InMemorySuppressionCounts:
    """Implements ``SuppressionCounts``."""

    held: dict[SesAccountRef, SuppressionCount] = field(default_factory=dict)

    def read(self, account: SesAccountRef) -> SuppressionCount | None:
        return self.held.get(account)

    def put(self, count: SuppressionCount, *, replaces: int | None) -> bool:
        current = self.held.get(count.account)
        if (None if current is None else current.revision) != replaces:
            return False
        self.held[count.account] = count
        return True

    def forget(self, account: SesAccountRef) -> None:
        self.held.pop(account, None)


@dataclass(slots=True, kw_only=True)
class InMemoryFeedback:
    """Implements ``Feedback``; ``held`` is what a test says of a subject, beside what was put."""

    notices: InMemorySesNotices
    counts: InMemorySuppressionCounts
    held: dict[Subject, SesFeedback] = field(default_factory=dict)

    def of(self, account: SesAccountRef) -> SesFeedback:
        known, counted = self.held.get(account, SesFeedback()), self.counts.held.get(account)
        return replace(
            known,
            suppression=known.suppression if counted is None else counted.known,
            notices=(*known.notices, *self.notices.standing(account)),
        )

    def rates(self, subject: SesAccountRef | ConfigurationSetRef) -> RateStatus | None:
        return self.held.get(subject, SesFeedback()).rates

    def put_rates(self, rate_status: RateStatus) -> None:
        known = self.held.get(rate_status.subject, SesFeedback())
        self.held[rate_status.subject] = replace(known, rates=rate_status)


@dataclass(slots=True, kw_only=True)
class InMemoryMailCounters:
    """Implements ``MailCounters``."""

    held: dict[CounterKey, Counter[str]] = field(default_factory=dict)
    counted: set[str] = field(default_factory=set)

    def count(self, events: Sequence[CountedEvent], *, now: datetime) -> frozenset[str]:  # noqa: ARG002 - never forgets
        new = [event for event in events if event.key not in self.counted]
        writes = len(events) + len({counter_key for event in events for counter_key in event.counter_keys})
        if writes > MOST_WRITES_AT_ONCE:
            raise ValueError(f"{len(events)} events need {writes} writes, more than {MOST_WRITES_AT_ONCE}")
        for event in new:
            for counter_key in event.counter_keys:
                self.held.setdefault(counter_key, Counter())[event.outcome] += 1
        self.counted.update(event.key for event in new)
        return frozenset(event.key for event in new)

    def since(self, subject: Subject, first: date) -> MailCounts:
        return MailCounts(since=first, by_outcome=self._sum(subject.arn, day_period(first), day_period(date.max)))

    def via(self, route: PoolRoute, *, since: datetime, until: datetime) -> MailCounts:
        hours = hour_period(since), hour_period(until - timedelta(hours=1))
        return MailCounts(since=since.date(), by_outcome=self._sum(route.arn, *hours))

    def _sum(self, arn: str, first: str, last: str) -> dict[str, int]:
        counts = (each for key, each in self.held.items() if key.arn == arn and first <= key.period <= last)
        return dict(sum(counts, Counter[str]()))


@dataclass(slots=True, kw_only=True)
class InMemoryTimeSeries:
    """Implements ``TimeSeries``."""

    held: dict[Subject, dict[datetime, Slot]] = field(default_factory=dict)

    def since(self, subject: SesAccountRef | ConfigurationSetRef, first: datetime) -> tuple[Slot, ...]:
        kept = self.held.get(subject, {})
        return tuple(kept[at] for at in sorted(kept) if at >= first)

    def put(self, subject: SesAccountRef | ConfigurationSetRef, slots: Sequence[Slot]) -> None:
        self.held.setdefault(subject, {}).update({slot.at: slot for slot in slots})


@dataclass(slots=True, kw_only=True)
class InMemoryAccountSnapshots:
    """Implements ``AccountSnapshots``."""

    held: dict[SesAccountRef, AccountSnapshot] = field(default_factory=dict)

    def last(self, account: SesAccountRef) -> AccountSnapshot | None:
        return self.held.get(account)

    def put(self, snapshot: AccountSnapshot) -> None:
        self.held[snapshot.account.ref] = snapshot


@dataclass(slots=True, kw_only=True)
class InMemoryRemovals:
    """Implements ``Removals``."""

    held: dict[tuple[SesAccountRef, str], Removal] = field(default_factory=dict)

    def last(self, account: SesAccountRef, address_digest: str) -> Removal | None:
        return self.held.get((account, address_digest))

    def put(self, removal: Removal, *, replaces: Removal | None) -> bool:
        key = removal.account, removal.address_digest
        if self.held.get(key) not in {replaces, removal}:
            return False
        self.held[key] = removal
        return True


@dataclass(slots=True)
class UncachedFeedback:
    """Implements ``FeedbackReadings`` without keeping anything."""

    feedback: Feedback

    def of(self, account: SesAccountRef, *, fresh: bool) -> SesFeedback:  # noqa: ARG002 - all is fresh
        return self.feedback.of(account)

    def rates(self, configuration_set: ConfigurationSetRef, *, fresh: bool) -> RateStatus | None:  # noqa: ARG002
        return self.feedback.rates(configuration_set)
