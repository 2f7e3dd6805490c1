"""What the core needs from the world, in the words of the domain. Adapters stand behind these; tests use fakes.

Every reading is a value: a refused or throttled read is an ``Unreadable``, a thing that is not there a ``Missing``.
Anything else that goes wrong is raised, so that Lambda retries and then keeps the message in a dead-letter queue.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from mailwarden.domain.findings.alert import Alert
from mailwarden.domain.findings.changes import Change
from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.record import FindingKey, FindingRecord, LookRecord
from mailwarden.domain.mail_path.ledger_facts import DeliveryFailures
from mailwarden.domain.monitoring.trails import Trail
from mailwarden.domain.readings import (
    ConfigurationSetReading,
    IdentityReading,
    PoolReading,
    RoleReading,
    SesAccountReading,
    Unreadable,
)
from mailwarden.domain.refs.hints import Hint
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, PoolRef, SesAccountRef, Subject
from mailwarden.domain.repair.journal import Intention, RepairOrder, WriteOutcome
from mailwarden.domain.reputation.feedback import MailCounts, RateStatus, SesFeedback
from mailwarden.domain.reputation.mail_events import PoolRoute
from mailwarden.message import Message


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolPage:
    """One page of a region's pools; ``after`` is None on the last."""

    pools: tuple[PoolRef, ...]
    after: str | None


class Pools(Protocol):
    """Reads user pools."""

    def read(self, pool: PoolRef) -> PoolReading:
        """One pool, as it is now."""
        ...

    def page(self, region: str, after: str | None) -> PoolPage | Unreadable:
        """Up to 60 pools of a region, from the token *after* on."""
        ...


class Identities(Protocol):
    """Reads SES identities."""

    def read(self, identity: IdentityRef, *, fresh: bool) -> IdentityReading:
        """One identity; ``fresh`` forbids an answer from a cache (at most 60 seconds old)."""
        ...


class ConfigurationSets(Protocol):
    """Reads SES configuration sets."""

    def read(self, configuration_set: ConfigurationSetRef, *, fresh: bool) -> ConfigurationSetReading:
        """One set with its event destinations; ``fresh`` forbids an answer from a cache (at most 60 seconds old)."""
        ...


class SesAccounts(Protocol):
    """Reads the SES account of a region."""

    def read(self, account: SesAccountRef, *, fresh: bool) -> SesAccountReading:
        """One region's account; ``fresh`` forbids an answer from a cache (at most 60 seconds old)."""
        ...


class EmailServiceRole(Protocol):
    """Reads whether the service-linked role of Cognito's mail exists."""

    def read(self, *, fresh: bool) -> RoleReading:
        """The role; ``fresh`` forbids an answer from a cache (at most 60 seconds old)."""
        ...


class Trails(Protocol):
    """Reads the trails that deliver events."""

    def seen_in(self, region: str) -> tuple[Trail, ...] | Unreadable:
        """The trails that a region sees; what could not be read of one of them is unread in it."""
        ...


class AppClients(Protocol):
    """Finds the pools of app clients."""

    def find(self, wanted: frozenset[str], region: str) -> Mapping[str, PoolRef]:
        """The pools of these app clients, by client id, as far as a few reads found them; the next call goes on."""
        ...


class ChangeWriter(Protocol):
    """Carries out one change: compares, writes, looks again."""

    def write(self, change: Change, *, entry_id: str) -> WriteOutcome:
        """Write *change* if ``before`` is still live; the journal entry must exist already."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """The resource belongs to infrastructure as code; ``by`` names the stack."""

    by: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOwned:
    """No stack of this account and region owns the resource."""


type Ownership = Owned | NotOwned


class Stacks(Protocol):
    """Knows which CloudFormation stack owns a pool."""

    def owner_of(self, pool: PoolRef) -> Ownership:
        """The owner. Only CloudFormation's word that there is none counts as none; any other error means owned."""
        ...


class KnownPools(Protocol):
    """Which pools are there, as far as looks and sweeps told."""

    def pools_alive(self, pools: frozenset[PoolRef]) -> frozenset[PoolRef]:
        """Those of *pools* that were there when they were looked at last; of the others nothing is said."""
        ...

    def pools_gone(self, pools: frozenset[PoolRef]) -> Mapping[PoolRef, datetime]:
        """Those of *pools* that AWS was asked for and did not have, and when it last said so."""
        ...

    def swept_at(self, region: str) -> datetime | None:
        """When the last complete sweep of a region ended."""
        ...


class Memory(KnownPools, Protocol):
    """What is known of pools without reading AWS."""

    def last_look(self, pool: PoolRef) -> LookRecord | None:
        """The last look at a pool."""
        ...

    def delivery_failures(self, pool: PoolRef) -> DeliveryFailures | None:
        """The deliveries that Cognito reported as failed, if there are any that were not forgotten yet."""
        ...

    def feedback(self, account: SesAccountRef) -> SesFeedback:
        """Rates, suppression and standing notices of an SES account."""
        ...

    def rates(self, configuration_set: ConfigurationSetRef) -> RateStatus | None:
        """How a configuration set stands, if it was ever asked for."""
        ...

    def mail_counts(self, subject: Subject, *, since: date) -> MailCounts:
        """What of a subject's mail did not arrive as it should, from the beginning of a UTC day on."""
        ...

    def mail_via(self, route: PoolRoute, *, since: datetime, until: datetime) -> MailCounts:
        """What of a pool's mail through one account or set came back in the whole UTC hours between two moments."""
        ...


class Ledger(Memory, Protocol):
    """The table of what is known. An older look never wins."""

    def put_look(self, look: LookRecord) -> bool:
        """Keep a look and its reverse index; False if a newer one is there already."""
        ...

    def forget_pool(self, pool: PoolRef, *, at: datetime) -> None:
        """Remove the look and the reverse index of a pool that is gone, unless a newer look is there."""
        ...

    def pools_using(self, subject: Subject) -> tuple[PoolRef, ...]:
        """The pools whose last look used *subject*, in the order of their ARNs."""
        ...

    def finding(self, key: FindingKey) -> FindingRecord | None:
        """One finding's record."""
        ...

    def put_finding(self, record: FindingRecord, *, replaces: int | None) -> bool:
        """Keep a record if the stored revision is *replaces* (None: there is none); False otherwise."""
        ...

    def awaiting_announcement(self, *, now: datetime) -> Iterable[FindingRecord]:
        """Records with a version that some channel was not told and whose waiting time is over."""
        ...

    def open_findings(self) -> Mapping[Severity, int]:
        """How many findings are open, for every severity; changes of the last moments may be missing."""
        ...

    def mark_announced(self, key: FindingKey, *, channel: str, version: int) -> None:
        """Remember that *channel* was told *version*; never goes back to an older one."""
        ...

    def count_delivery_failures(self, pool: PoolRef, failures: DeliveryFailures, *, quiet: timedelta) -> None:
        """Add failures to those that are known, or begin anew if there were none for as long as *quiet*."""
        ...

    def pool_of_client(self, client_id: str, region: str) -> PoolRef | None:
        """The pool of an app client, if it was asked for before."""
        ...

    def remember_client(self, client_id: str, pool: PoolRef, *, now: datetime) -> None:
        """Remember which pool an app client belongs to."""
        ...

    def try_acquire_turn(self, subject: Subject, *, now: datetime, every: timedelta) -> bool:
        """Take the one turn that a subject has in *every*; False if it was taken already."""
        ...

    def remember_gone(self, pool: PoolRef, *, at: datetime) -> None:
        """Remember that AWS was asked for a pool and did not have it; says nothing of its look."""
        ...

    def mark_swept(self, region: str, *, at: datetime) -> None:
        """Remember a complete sweep of a region."""
        ...

    def take_from_budget(self, pool: PoolRef, *, now: datetime, per_account: int, per_pool: int) -> Message | None:
        """Take one repair from this hour's budgets; the reason if either is spent (nothing is taken then)."""
        ...

    def give_back_to_budget(self, pool: PoolRef, *, now: datetime) -> None:
        """Undo what was taken at *now*, because the repair will be tried again."""
        ...

    def acquire_announcement_lease(self, key: FindingKey, *, now: datetime, until: datetime) -> bool:
        """Be the only one who tells people of a finding, until *until* at the latest; False if somebody else is."""
        ...

    def release_announcement_lease(self, key: FindingKey) -> None:
        """Let others tell again."""
        ...


class Journal(Protocol):
    """The append-only record of every write."""

    def intend(self, intention: Intention) -> None:
        """Put the intention, once."""
        ...

    def conclude(self, entry_id: str, outcome: WriteOutcome, *, at: datetime) -> None:
        """Put the outcome, once, apart from the intention."""
        ...

    def times_written(self, resource: str, change_digest: str, *, since: datetime) -> int:
        """How often the same change to the same resource was written since then."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayedHint:
    """A hint and how long it should wait in the queue (at most 15 minutes, the limit of SQS)."""

    hint: Hint
    delay: timedelta = timedelta(0)


class HintQueue(Protocol):
    """Where hints wait."""

    def send(self, hints: Sequence[DelayedHint]) -> None:
        """Send them all, or raise."""
        ...


class RepairQueue(Protocol):
    """Where repair orders wait; orders for one resource keep their order."""

    def send(self, orders: Sequence[RepairOrder]) -> None:
        """Send them all, or raise. The same change seen by the same look is sent once."""
        ...


class AlertChannel(Protocol):
    """Where alerts go."""

    def send(self, alert: Alert) -> None:
        """Hand the alert over, or raise."""
        ...
