"""Shares readings between looks: a reading that is newer than the hint for a look serves that look."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from mailwarden.domain.mail_path.overlap import ResourceWrites
from mailwarden.domain.monitoring.fights import WriteHistory
from mailwarden.domain.readings import (
    ConfigurationSetReading,
    IdentityReading,
    PoolReading,
    RoleReading,
    SesAccountReading,
    Unreadable,
)
from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef, PoolRef, SesAccountRef
from mailwarden.domain.reputation.feedback import RateStatus, SesFeedback
from mailwarden.ports.clock import Clock
from mailwarden.ports.mail_path.configuration_sets import ConfigurationSets
from mailwarden.ports.mail_path.email_service_role import EmailServiceRole
from mailwarden.ports.mail_path.identities import Identities
from mailwarden.ports.mail_path.pools import PoolPage, Pools
from mailwarden.ports.mail_path.ses_accounts import SesAccounts
from mailwarden.ports.repair.write_histories import HistoryOfRole
from mailwarden.ports.repair.write_windows import WindowsOfResources
from mailwarden.ports.reputation.feedback import FeedbackReadings
from mailwarden.service.inspection.ledger_facts_reader import LedgerFactsReader
from mailwarden.service.inspection.mail_path_reader import MailPathReader
from mailwarden.service.inspection.ses_turns import SesTurns

# The longest time that a reading of an identity, a set, an account or a role serves further looks.
LONGEST_CACHE = timedelta(seconds=60)
_SILENT_AFTER = 2


@dataclass(slots=True)
class RecentReadings:
    """The readings of one process, each with the time before it was read, and those of one batch that failed."""

    _held: dict[Hashable, tuple[object, datetime]] = field(default_factory=dict)

    def begin_batch(self, at: datetime) -> None:
        """Drop what is too old, and what could not be read: it is tried again once in a batch."""
        self._held = {
            key: (reading, asked_at)
            for key, (reading, asked_at) in self._held.items()
            if at - asked_at <= LONGEST_CACHE and not isinstance(reading, Unreadable)
        }

    def get[V](self, key: Hashable, read: Callable[[], V], *, since: datetime, clock: Clock) -> V:
        """The reading of a resource, as old as *since* at most."""
        held = self._held.get(key)
        if held is None or held[1] < since:
            asked_at = clock.now()
            held = self._held[key] = read(), asked_at
        # Each key has readings of one type: it begins with the name of the action.
        return held[0]  # type: ignore[return-value]


@dataclass(slots=True)
class _Silence:
    """The regions in which one service does not answer, with the failed readings.

    One timeout may be an accident; after two, the region is skipped.
    """

    _reasons: dict[str, list[str]] = field(default_factory=dict)

    def or_read[V](self, region: str, action: str, read: Callable[[], V]) -> V | Unreadable:
        """The reading, or the earlier timeout of the region."""
        reasons = self._reasons.setdefault(region, [])
        if len(reasons) == _SILENT_AFTER:
            return Unreadable(action=action, region=region, reason=reasons[-1], transient=True, is_timeout=True)
        reading = read()
        if isinstance(reading, Unreadable) and reading.is_timeout:
            reasons.append(reading.reason)
        return reading


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchReaders:
    """The readers of mail paths for the looks of one batch.

    A refused or timed-out read is not retried for the next pool, and a region whose SES or Cognito does not answer is
    skipped after two timeouts: more would take the function's time from the pools of other regions. Pools themselves
    are read for each look. Repairs do not use it: a write is compared with the live state.
    """

    path_reader: MailPathReader
    recent: RecentReadings
    clock: Clock
    _ses: _Silence = field(default_factory=_Silence)

    def since(self, since: datetime, *, turns: SesTurns | None = None) -> MailPathReader:
        """A reader whose readings are as old as *since* at most; with *turns* it asks SES only in its turn."""
        reader = self.path_reader
        shared = _Shared(recent=self.recent, clock=self.clock, since=since, silence=self._ses, turns=turns)
        return replace(
            reader,
            identities=_SharedIdentities(below=reader.identities, shared=shared),
            configuration_sets=_SharedConfigurationSets(below=reader.configuration_sets, shared=shared),
            accounts=_SharedAccounts(below=reader.accounts, shared=shared),
            role=_SharedRole(below=reader.role, shared=shared),
            ledger=None if reader.ledger is None else _sharing(reader.ledger, shared),
        )


def for_one_batch(
    path_reader: MailPathReader, *, clock: Clock, started_at: datetime, recent: RecentReadings | None = None
) -> BatchReaders:
    """The readers for a batch that starts; *recent* is what earlier batches of the process read."""
    kept = RecentReadings() if recent is None else recent
    kept.begin_batch(started_at)
    reader = replace(
        path_reader,
        pools=_AnsweringPools(below=path_reader.pools, silence=_Silence()),
        register=None if path_reader.register is None else path_reader.register.anew(),
    )
    return BatchReaders(path_reader=reader, recent=kept, clock=clock)


def _sharing(ledger: LedgerFactsReader, shared: "_Shared") -> LedgerFactsReader:
    """The ledger of one look: pools share feedback, and the writes to their identities and their role."""
    return replace(
        ledger,
        feedback=_SharedFeedback(below=ledger.feedback, shared=shared),
        windows=_SharedWindows(below=ledger.windows, shared=shared),
        written=_SharedHistoryOfRole(below=ledger.written, shared=shared),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    """How one look shares readings."""

    recent: RecentReadings
    clock: Clock
    since: datetime
    silence: _Silence
    turns: SesTurns | None

    def get[V](self, key: Hashable, read: Callable[[], V]) -> V:
        return self.recent.get(key, read, since=self.since, clock=self.clock)

    def of_ses[V](self, action: str, region: str, key: Hashable, read: Callable[[], V]) -> V | Unreadable:
        def in_turn() -> V | Unreadable:
            if self.turns is not None:
                self.turns.wait_for(region)
            return self.silence.or_read(region, action, read)

        return self.get((action, key), in_turn)


@dataclass(frozen=True, slots=True, kw_only=True)
class _AnsweringPools:
    below: Pools
    silence: _Silence

    def read(self, pool: PoolRef) -> PoolReading:
        return self.silence.or_read(pool.region, "cognito-idp:DescribeUserPool", lambda: self.below.read(pool))

    def page(self, region: str, after: str | None) -> PoolPage | Unreadable:
        return self.below.page(region, after)


@dataclass(frozen=True, slots=True, kw_only=True)
class _SharedIdentities:
    below: Identities
    shared: _Shared

    def read(self, identity: IdentityRef, *, fresh: bool) -> IdentityReading:  # noqa: ARG002 - the look has a limit of its own
        return self.shared.of_ses(
            "ses:GetEmailIdentity", identity.region, identity, lambda: self.below.read(identity, fresh=True)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _SharedConfigurationSets:
    below: ConfigurationSets
    shared: _Shared

    def read(
        self,
        configuration_set: ConfigurationSetRef,
        *,
        fresh: bool,  # noqa: ARG002 - the look has a limit of its own
    ) -> ConfigurationSetReading:
        return self.shared.of_ses(
            "ses:GetConfigurationSet",
            configuration_set.region,
            configuration_set,
            lambda: self.below.read(configuration_set, fresh=True),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _SharedAccounts:
    below: SesAccounts
    shared: _Shared

    def read(self, account: SesAccountRef, *, fresh: bool) -> SesAccountReading:  # noqa: ARG002 - the look has a limit of its own
        return self.shared.get(("ses:GetAccount", account), lambda: self._read(account))

    def _read(self, account: SesAccountRef) -> SesAccountReading:
        return self.shared.silence.or_read(
            account.region, "ses:GetAccount", lambda: self.below.read(account, fresh=True)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _SharedRole:
    below: EmailServiceRole
    shared: _Shared

    def read(self, *, fresh: bool) -> RoleReading:  # noqa: ARG002 - the look has a limit of its own
        return self.shared.get(("iam:GetRole", None), lambda: self.below.read(fresh=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class _SharedFeedback:
    below: FeedbackReadings
    shared: _Shared

    def of(self, account: SesAccountRef, *, fresh: bool) -> SesFeedback:  # noqa: ARG002 - the look has a limit of its own
        return self.shared.get(("feedback", account), lambda: self.below.of(account, fresh=True))

    def rates(
        self,
        configuration_set: ConfigurationSetRef,
        *,
        fresh: bool,  # noqa: ARG002 - the look has a limit of its own
    ) -> RateStatus | None:
        return self.shared.get(("rates", configuration_set), lambda: self.below.rates(configuration_set, fresh=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class _SharedWindows:
    below: WindowsOfResources
    shared: _Shared

    def of(self, resource: str) -> ResourceWrites:
        return self.shared.get(("windows", resource), lambda: self.below.of(resource))


@dataclass(frozen=True, slots=True, kw_only=True)
class _SharedHistoryOfRole:
    below: HistoryOfRole
    shared: _Shared

    def of_role(self, pool: PoolRef) -> WriteHistory | None:
        account = (pool.partition, pool.account)
        return self.shared.get(("history of the role", account), lambda: self.below.of_role(pool))
