"""The ledger in memory: the same promises as the table's, held to them by the contract tests."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import islice

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.lifecycle import CHANNELS
from mailwarden.domain.findings.record import FindingKey, FindingRecord, FindingState, LookRecord
from mailwarden.domain.mail_path.from_addresses import SenderAddress
from mailwarden.domain.mail_path.ledger_facts import DeliveryFailures
from mailwarden.domain.refs.resources import (
    ConfigurationSetRef,
    NotASubject,
    PoolRef,
    SesAccountRef,
    Subject,
    SubjectKind,
    kind_of,
    subject_from_arn,
)
from mailwarden.domain.repair.change_documents import MalformedDocument
from mailwarden.domain.reputation.account_snapshot import AccountSnapshot
from mailwarden.domain.reputation.feedback import MailCounts, RateStatus, SesFeedback, SesNotice
from mailwarden.domain.reputation.mail_events import CountedEvent, CounterKey, PoolRoute, day_period, hour_period
from mailwarden.domain.reputation.suppression_count import SuppressionCount
from mailwarden.domain.reputation.time_series import Slot
from mailwarden.message import Message, message
from mailwarden.ports.feedback import MOST_WRITES_AT_ONCE


@dataclass(slots=True, kw_only=True)
class InMemoryLedger:
    """Implements ``mailwarden.ports.Ledger`` and ``mailwarden.ports.feedback``."""

    channels: Sequence[str] = CHANNELS
    looks: dict[PoolRef, LookRecord] = field(default_factory=dict)
    gone: dict[PoolRef, datetime] = field(default_factory=dict)
    findings: dict[FindingKey, FindingRecord] = field(default_factory=dict)
    sweeps: dict[str, datetime] = field(default_factory=dict)
    asked: dict[PoolRef, datetime] = field(default_factory=dict)
    failures: dict[PoolRef, DeliveryFailures] = field(default_factory=dict)
    fed_back: dict[Subject, SesFeedback] = field(default_factory=dict)
    mail: dict[CounterKey, Counter[str]] = field(default_factory=dict)
    counted: set[str] = field(default_factory=set)
    said: dict[tuple[str, str, str, str], tuple[SesNotice, bool]] = field(default_factory=dict)
    clients: dict[tuple[str, str], PoolRef] = field(default_factory=dict)
    turns: dict[Subject, datetime] = field(default_factory=dict)
    taken: Counter[tuple[str, datetime]] = field(default_factory=Counter)
    telling: dict[FindingKey, datetime] = field(default_factory=dict)
    series: dict[Subject, dict[datetime, Slot]] = field(default_factory=dict)
    ses_accounts: dict[SesAccountRef, AccountSnapshot] = field(default_factory=dict)
    suppressions: dict[SesAccountRef, SuppressionCount] = field(default_factory=dict)

    def last_look(self, pool: PoolRef) -> LookRecord | None:
        return self.looks.get(pool)

    def put_look(self, look: LookRecord) -> bool:
        if self._known_at(look.pool, default=look.looked_at) > look.looked_at:
            return False
        self.gone.pop(look.pool, None)
        self.looks[look.pool] = look
        return True

    def forget_pool(self, pool: PoolRef, *, at: datetime) -> None:
        if self._known_at(pool, default=at) > at:
            return
        self.looks.pop(pool, None)
        self.gone[pool] = at

    def pools_using(self, subject: Subject) -> tuple[PoolRef, ...]:
        using = (pool for pool, look in self.looks.items() if subject.arn in look.uses)
        return tuple(sorted(using, key=lambda pool: pool.arn))

    def pools_alive(self, pools: frozenset[PoolRef]) -> frozenset[PoolRef]:
        return pools & self.looks.keys()

    def pools_gone(self, pools: frozenset[PoolRef]) -> Mapping[PoolRef, datetime]:
        return {pool: at for pool, at in self.asked.items() if pool in pools}

    def remember_gone(self, pool: PoolRef, *, at: datetime) -> None:
        self.asked[pool] = at

    def finding(self, key: FindingKey) -> FindingRecord | None:
        return self.findings.get(key)

    def put_finding(self, record: FindingRecord, *, replaces: int | None) -> bool:
        key = FindingKey(subject_arn=record.subject.arn, rule_id=record.rule_id)
        current = self.findings.get(key)
        if (None if current is None else current.revision) != replaces:
            return False
        known = {} if current is None else current.announced
        self.findings[key] = replace(record, announced=_newest(known, record.announced))
        return True

    def awaiting_announcement(self, *, now: datetime) -> Iterable[FindingRecord]:
        due = [record for record in self.findings.values() if self._awaits(record) and record.announce_after <= now]
        return sorted(due, key=lambda record: record.announce_after)

    def open_findings(self) -> Mapping[Severity, int]:
        is_open = [record for record in self.findings.values() if record.state is FindingState.OPEN]
        return {severity: sum(record.severity is severity for record in is_open) for severity in Severity}

    def mark_announced(self, key: FindingKey, *, channel: str, version: int) -> None:
        current = self.findings.get(key)
        if current is not None:
            self.findings[key] = replace(current, announced=_newest(current.announced, {channel: version}))

    def delivery_failures(self, pool: PoolRef) -> DeliveryFailures | None:
        return self.failures.get(pool)

    def feedback(self, account: SesAccountRef) -> SesFeedback:
        known = self.fed_back.get(account, SesFeedback())
        said = (notice for _, (notice, stands) in sorted(self.said.items()) if stands and notice.account == account)
        return replace(known, notices=(*known.notices, *islice(said, 50)))

    def rates(self, subject: SesAccountRef | ConfigurationSetRef) -> RateStatus | None:
        return self.fed_back.get(subject, SesFeedback()).rates

    def mail_counts(self, subject: Subject, *, since: date) -> MailCounts:
        return MailCounts(since=since, by_outcome=self._counted(subject.arn, day_period(since), day_period(date.max)))

    def mail_via(self, route: PoolRoute, *, since: datetime, until: datetime) -> MailCounts:
        hours = hour_period(since), hour_period(until - timedelta(hours=1))
        return MailCounts(since=since.date(), by_outcome=self._counted(route.arn, *hours))

    # What the function reputation keeps (``mailwarden.ports.reputation``).

    def subjects_in_use(
        self,
        *,
        kinds: Collection[SubjectKind],
        now: datetime,  # noqa: ARG002 - nothing is listed apart here
        garbled: Callable[[MalformedDocument], object],  # noqa: ARG002 - and nothing is garbled
    ) -> tuple[Subject, ...]:
        used = {arn for look in self.looks.values() for arn in look.uses}
        subjects = (subject for arn in sorted(used) for subject in _subjects_of_ses(arn))
        return tuple(subject for subject in subjects if kind_of(subject) in kinds)

    def put_rates(self, rate_status: RateStatus) -> None:
        known = self.fed_back.get(rate_status.subject, SesFeedback())
        self.fed_back[rate_status.subject] = replace(known, rates=rate_status)

    def slots(self, subject: SesAccountRef | ConfigurationSetRef, *, since: datetime) -> tuple[Slot, ...]:
        kept = self.series.get(subject, {})
        return tuple(kept[at] for at in sorted(kept) if at >= since)

    def put_slots(self, subject: SesAccountRef | ConfigurationSetRef, slots: Sequence[Slot]) -> None:
        self.series.setdefault(subject, {}).update({slot.at: slot for slot in slots})

    def account_snapshot(self, account: SesAccountRef) -> AccountSnapshot | None:
        return self.ses_accounts.get(account)

    def keep_account(self, kept: AccountSnapshot) -> None:
        self.ses_accounts[kept.account.ref] = kept

    def suppression_count(self, account: SesAccountRef) -> SuppressionCount | None:
        return self.suppressions.get(account)

    def put_suppression_count(self, count: SuppressionCount, *, replaces: int | None) -> bool:
        current = self.suppressions.get(count.account)
        if (None if current is None else current.revision) != replaces:
            return False
        self.suppressions[count.account] = count
        known = self.fed_back.get(count.account, SesFeedback())
        self.fed_back[count.account] = replace(known, suppression=count.known)
        return True

    def forget_suppression_count(self, account: SesAccountRef) -> None:
        self.suppressions.pop(account, None)
        self.fed_back[account] = replace(self.fed_back.get(account, SesFeedback()), suppression=None)

    def count_delivery_failures(self, pool: PoolRef, failures: DeliveryFailures, *, quiet: timedelta) -> None:
        known = self.failures.get(pool)
        goes_on = known is not None and failures.first - known.last <= quiet
        self.failures[pool] = known.and_(failures) if known is not None and goes_on else failures

    def pool_of_client(self, client_id: str, region: str) -> PoolRef | None:
        return self.clients.get((client_id, region))

    def remember_client(self, client_id: str, pool: PoolRef, *, now: datetime) -> None:  # noqa: ARG002 - never forgets
        self.clients[client_id, pool.region] = pool

    def try_acquire_turn(self, subject: Subject, *, now: datetime, every: timedelta) -> bool:
        if self.turns.get(subject, now) > now:
            return False
        self.turns[subject] = now + every
        return True

    def swept_at(self, region: str) -> datetime | None:
        return self.sweeps.get(region)

    def mark_swept(self, region: str, *, at: datetime) -> None:
        self.sweeps[region] = max(at, self.sweeps.get(region, at))

    def take_from_budget(self, pool: PoolRef, *, now: datetime, per_account: int, per_pool: int) -> Message | None:
        hour = now.replace(minute=0, second=0, microsecond=0)
        if self.taken[pool.account, hour] >= per_account:
            return message("budget.account-spent", limit=per_account)
        if self.taken[pool.arn, hour] >= per_pool:
            return message("budget.pool-spent", limit=per_pool)
        self.taken[pool.account, hour] += 1
        self.taken[pool.arn, hour] += 1
        return None

    def give_back_to_budget(self, pool: PoolRef, *, now: datetime) -> None:
        hour = now.replace(minute=0, second=0, microsecond=0)
        for name in (pool.account, pool.arn):
            self.taken[name, hour] = max(0, self.taken[name, hour] - 1)

    def acquire_announcement_lease(self, key: FindingKey, *, now: datetime, until: datetime) -> bool:
        if self.telling.get(key, now) > now:
            return False
        self.telling[key] = until
        return True

    def release_announcement_lease(self, key: FindingKey) -> None:
        self.telling.pop(key, None)

    def is_used(self, subject: Subject) -> bool:
        return any(subject.arn in look.uses for look in self.looks.values())

    def pools_sending(self, sender: SenderAddress) -> tuple[PoolRef, ...]:
        sending = (pool for pool, look in self.looks.items() if sender.arn in look.uses)
        return tuple(sorted(sending, key=lambda pool: pool.arn))[:2]

    def count_mail(self, events: Sequence[CountedEvent], *, now: datetime) -> frozenset[str]:  # noqa: ARG002 - never forgets
        new = [event for event in events if event.key not in self.counted]
        writes = len(events) + len({counter_key for event in events for counter_key in event.counter_keys})
        if writes > MOST_WRITES_AT_ONCE:
            raise ValueError(f"{len(events)} events need {writes} writes, more than {MOST_WRITES_AT_ONCE}")
        for event in new:
            for counter_key in event.counter_keys:
                self.mail.setdefault(counter_key, Counter())[event.outcome] += 1
        self.counted.update(event.key for event in new)
        return frozenset(event.key for event in new)

    def put_notice(self, notice: SesNotice, *, stands: bool) -> bool:
        key = notice.account.arn, notice.about, notice.kind.value, notice.topic
        known, _ = self.said.get(key, (notice, stands))
        if known.at > notice.at:
            return False
        self.said[key] = notice, stands
        return True

    def _counted(self, arn: str, first: str, last: str) -> dict[str, int]:
        counts = (
            each
            for counter_key, each in self.mail.items()
            if counter_key.arn == arn and first <= counter_key.period <= last
        )
        return dict(sum(counts, Counter[str]()))

    def _known_at(self, pool: PoolRef, *, default: datetime) -> datetime:
        look = self.looks.get(pool)
        return self.gone.get(pool, default) if look is None else look.looked_at

    def _awaits(self, record: FindingRecord) -> bool:
        return any(record.announced.get(channel, 0) < record.version for channel in self.channels)


def _subjects_of_ses(arn: str) -> tuple[Subject, ...]:
    try:
        subject = subject_from_arn(arn)
    except NotASubject:
        return ()
    listed = {SubjectKind.IDENTITY, SubjectKind.CONFIGURATION_SET, SubjectKind.SES_ACCOUNT}
    return (subject,) if kind_of(subject) in listed else ()


def _newest(left: Mapping[str, int], right: Mapping[str, int]) -> dict[str, int]:
    return {channel: max(left.get(channel, 0), right.get(channel, 0)) for channel in {**left, **right}}
