"""The ledger in a table of DynamoDB."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from mailwarden.adapters.aws.dynamodb.items import item_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Client, Table
from mailwarden.adapters.ledger.account_snapshots import AccountSnapshots
from mailwarden.adapters.ledger.announcement_lease import AnnouncementLease
from mailwarden.adapters.ledger.budgets import Budgets
from mailwarden.adapters.ledger.delivery_failures import Failures
from mailwarden.adapters.ledger.feedback import Feedback
from mailwarden.adapters.ledger.findings import Findings
from mailwarden.adapters.ledger.looks import Looks
from mailwarden.adapters.ledger.mail_counts import MailCountItems
from mailwarden.adapters.ledger.notices import Notices
from mailwarden.adapters.ledger.pool_existence import PoolExistenceItems
from mailwarden.adapters.ledger.resources_in_use import ResourcesInUse
from mailwarden.adapters.ledger.suppression_counts import SuppressionCounts
from mailwarden.adapters.ledger.time_series import TimeSeries
from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.lifecycle import CHANNELS
from mailwarden.domain.findings.record import FindingKey, FindingRecord, LookRecord
from mailwarden.domain.mail_path.from_addresses import SenderAddress
from mailwarden.domain.mail_path.ledger_facts import DeliveryFailures
from mailwarden.domain.refs.resources import ConfigurationSetRef, PoolRef, SesAccountRef, Subject, SubjectKind
from mailwarden.domain.repair.change_documents import MalformedDocument
from mailwarden.domain.reputation.account_snapshot import AccountSnapshot
from mailwarden.domain.reputation.feedback import MailCounts, RateStatus, SesFeedback, SesNotice
from mailwarden.domain.reputation.mail_events import CountedEvent, PoolRoute
from mailwarden.domain.reputation.suppression_count import SuppressionCount
from mailwarden.domain.reputation.time_series import Slot
from mailwarden.message import Message


class DynamoLedger:
    """Implements the ports of the ledger; *channels* are all that must be told of every version, *sleep* takes seconds.

    Every method may raise botocore's ClientError, and Contended where it writes; reading raises MalformedDocument for
    an item that this version cannot read. Uses GetItem, BatchGetItem, PutItem, UpdateItem, DeleteItem, BatchWriteItem
    and Query of the table (a transaction is permitted by the permissions of its parts) and Query of the indexes
    ``awaiting`` and ``open``.
    """

    def __init__(
        self,
        client: Client,
        table: str,
        *,
        channels: Sequence[str] = CHANNELS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._table = Table(client=client, name=table, sleep=sleep)
        self._looks = Looks(table=self._table)
        self._existence = PoolExistenceItems(table=self._table)
        self._failures = Failures(table=self._table)
        self._budgets = Budgets(table=self._table)
        self._telling = AnnouncementLease(table=self._table)
        self._findings = Findings(table=self._table, channels=channels)
        self._feedback = Feedback(table=self._table)
        self._counted_mail = MailCountItems(table=self._table)
        self._in_use = ResourcesInUse(table=self._table)
        self._series = TimeSeries(table=self._table)
        self._kept_accounts = AccountSnapshots(table=self._table)
        self._suppression_counts = SuppressionCounts(table=self._table)
        self._notices = Notices(table=self._table)

    def last_look(self, pool: PoolRef) -> LookRecord | None:
        """The last look at a pool."""
        return self._looks.last(pool)

    def put_look(self, look: LookRecord) -> bool:
        """Keep a look and its reverse index; False if a newer one is there already."""
        return self._looks.put(look)

    def forget_pool(self, pool: PoolRef, *, at: datetime) -> None:
        """Remove the look and the reverse index of a pool that is gone, unless a newer look is there."""
        self._looks.forget(pool, at=at)

    def pools_using(self, subject: Subject) -> tuple[PoolRef, ...]:
        """The pools whose last look used *subject*, in the order of their ARNs."""
        return self._looks.pools_using(subject)

    def pools_alive(self, pools: frozenset[PoolRef]) -> frozenset[PoolRef]:
        """Those of *pools* that were there when they were looked at last; of the others nothing is said."""
        return self._existence.alive(pools)

    def pools_gone(self, pools: frozenset[PoolRef]) -> Mapping[PoolRef, datetime]:
        """Those of *pools* that AWS was asked for and did not have, and when it last said so."""
        return self._existence.gone(pools)

    def remember_gone(self, pool: PoolRef, *, at: datetime) -> None:
        """Remember that AWS was asked for a pool and did not have it; says nothing of its look."""
        self._existence.remember_gone(pool, at=at)

    def finding(self, key: FindingKey) -> FindingRecord | None:
        """One finding's record."""
        return self._findings.read(key)

    def put_finding(self, record: FindingRecord, *, replaces: int | None) -> bool:
        """Keep a record if the stored revision is *replaces* (None: there is none); False otherwise.

        Of the announced versions in *record* and in the table, the newer ones stay.
        """
        return self._findings.put(record, replaces=replaces)

    def awaiting_announcement(self, *, now: datetime) -> Iterable[FindingRecord]:
        """Records with a version that some channel was not told and whose waiting time is over."""
        return self._findings.awaiting(now=now)

    def open_findings(self) -> Mapping[Severity, int]:
        """How many findings are open, for every severity; changes of the last moments may be missing."""
        return self._findings.open_by_severity()

    def mark_announced(self, key: FindingKey, *, channel: str, version: int) -> None:
        """Remember that *channel* was told *version*; never goes back to an older one."""
        self._findings.mark(key, channel=channel, version=version)

    def delivery_failures(self, pool: PoolRef) -> DeliveryFailures | None:
        """The deliveries that Cognito reported as failed, if there are any that were not forgotten yet."""
        return self._failures.read(pool)

    def feedback(self, account: SesAccountRef) -> SesFeedback:
        """Rates, suppression and standing notices of an SES account."""
        return self._feedback.of(account)

    def rates(self, subject: SesAccountRef | ConfigurationSetRef) -> RateStatus | None:
        """How an account or a configuration set stands, if it was ever asked for."""
        return self._feedback.rates(subject)

    def mail_counts(self, subject: Subject, *, since: date) -> MailCounts:
        """What of a subject's mail did not arrive as it should, from the beginning of a UTC day on."""
        return self._counted_mail.since(subject, since)

    # What the function reputation keeps (``mailwarden.ports.reputation``).

    def subjects_in_use(
        self, *, kinds: Collection[SubjectKind], now: datetime, garbled: Callable[[MalformedDocument], object]
    ) -> tuple[Subject, ...]:
        """The subjects of these kinds that some pool's mail uses, in the order of their ARNs; forgets the others."""
        return self._in_use.verified(kinds=kinds, now=now, garbled=garbled)

    def put_rates(self, rate_status: RateStatus) -> None:
        """Keep how an account or a set stands."""
        self._feedback.put_rates(rate_status)

    def slots(self, subject: SesAccountRef | ConfigurationSetRef, *, since: datetime) -> tuple[Slot, ...]:
        """The kept slots of an account or a set that begin at *since* or later, in order."""
        return self._series.since(subject, since)

    def put_slots(self, subject: SesAccountRef | ConfigurationSetRef, slots: Sequence[Slot]) -> None:
        """Keep slots, in place of those of the same time."""
        self._series.put(subject, slots)

    def account_snapshot(self, account: SesAccountRef) -> AccountSnapshot | None:
        """An SES account as it was last kept."""
        return self._kept_accounts.read(account)

    def keep_account(self, kept: AccountSnapshot) -> None:
        """Keep what was read of an SES account."""
        self._kept_accounts.put(kept)

    def suppression_count(self, account: SesAccountRef) -> SuppressionCount | None:
        """What is counted of an account's suppression list, with the passes under way."""
        return self._suppression_counts.read(account)

    def put_suppression_count(self, count: SuppressionCount, *, replaces: int | None) -> bool:
        """Keep a count if the stored revision is *replaces* (None: there is none); False otherwise."""
        return self._suppression_counts.put(count, replaces=replaces)

    def mail_via(self, route: PoolRoute, *, since: datetime, until: datetime) -> MailCounts:
        """What of a pool's mail through one account or set came back in the whole UTC hours between two moments."""
        return self._counted_mail.via(route, since=since, until=until)

    def forget_suppression_count(self, account: SesAccountRef) -> None:
        """Remove what is counted of an account's suppression list, because it cannot be read."""
        self._suppression_counts.forget(account)

    def count_delivery_failures(self, pool: PoolRef, failures: DeliveryFailures, *, quiet: timedelta) -> None:
        """Add failures to those that are known, or begin anew if there were none for as long as *quiet*."""
        self._failures.count(pool, failures, quiet=quiet)

    def pool_of_client(self, client_id: str, region: str) -> PoolRef | None:
        """The pool of an app client, if it was asked for before."""
        return self._failures.pool_of_client(client_id, region)

    def remember_client(self, client_id: str, pool: PoolRef, *, now: datetime) -> None:
        """Remember which pool an app client belongs to."""
        self._failures.remember_client(client_id, pool, now=now)

    def try_acquire_turn(self, subject: Subject, *, now: datetime, every: timedelta) -> bool:
        """Take the one turn that a subject has in *every*; False if it was taken already."""
        return self._failures.try_acquire_turn(subject, now=now, every=every)

    def swept_at(self, region: str) -> datetime | None:
        """When the last complete sweep of a region ended."""
        members = self._table.read(_sweep_key(region), "STATE")
        return None if members is None else members.time("swept_at")

    def mark_swept(self, region: str, *, at: datetime) -> None:
        """Remember a complete sweep of a region, unless a later one is known."""
        try:
            self._table.client.put_item(
                TableName=self._table.name,
                Item=item_of(_sweep_key(region), "STATE", {"swept_at": sortable(at)}),
                ConditionExpression="attribute_not_exists(pk) OR swept_at < :at",
                ExpressionAttributeValues=values_of({":at": sortable(at)}),
            )
        except self._table.client.exceptions.ConditionalCheckFailedException:
            return

    def take_from_budget(self, pool: PoolRef, *, now: datetime, per_account: int, per_pool: int) -> Message | None:
        """Take one repair from this hour's budgets; the reason if either is spent (nothing is taken then)."""
        return self._budgets.take(pool, now=now, per_account=per_account, per_pool=per_pool)

    def give_back_to_budget(self, pool: PoolRef, *, now: datetime) -> None:
        """Undo what was taken at *now*, because the repair will be tried again."""
        self._budgets.give_back(pool, now=now)

    def acquire_announcement_lease(self, key: FindingKey, *, now: datetime, until: datetime) -> bool:
        """Be the only one who tells people of a finding, until *until* at the latest; False if somebody else is."""
        return self._telling.begin(key, now=now, until=until)

    def release_announcement_lease(self, key: FindingKey) -> None:
        """Let others tell again."""
        self._telling.end(key)

    def is_used(self, subject: Subject) -> bool:
        """Whether the last look of any pool used *subject*."""
        return bool(self._looks.some_using(subject.arn, most=1))

    def pools_sending(self, sender: SenderAddress) -> tuple[PoolRef, ...]:
        """The pools whose last look found that they send so, at most two: more than one is nobody in particular."""
        return self._looks.some_using(sender.arn, most=2)

    def count_mail(self, events: Sequence[CountedEvent], *, now: datetime) -> frozenset[str]:
        """Count events, all of those that were not counted before or none; the keys of those that were not."""
        return self._counted_mail.count(events, now=now)

    def put_notice(self, notice: SesNotice, *, stands: bool) -> bool:
        """Keep what SES said, or that it does not stand any more; False if a later word about the same is known."""
        return self._notices.put(notice, stands=stands)


def _sweep_key(region: str) -> str:
    return f"SWEEP#{region}"
