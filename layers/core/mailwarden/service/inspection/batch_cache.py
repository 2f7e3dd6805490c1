"""Shares readings within a batch: a resource of several pools is read once, even for fresh looks."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

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
from mailwarden.ports.mail_path.configuration_sets import ConfigurationSets
from mailwarden.ports.mail_path.email_service_role import EmailServiceRole
from mailwarden.ports.mail_path.identities import Identities
from mailwarden.ports.mail_path.pools import PoolPage, Pools
from mailwarden.ports.mail_path.ses_accounts import SesAccounts
from mailwarden.ports.reputation.feedback import FeedbackReadings
from mailwarden.service.inspection.ledger_facts_reader import LedgerFactsReader
from mailwarden.service.inspection.mail_path_reader import MailPathReader

_SILENT_AFTER = 2


def for_one_batch(path_reader: MailPathReader) -> MailPathReader:
    """*path_reader* for the looks of one batch, which are dated at its start (docs/adr/0004).

    Fresh then means: read since the batch began. A refused or timed-out read is not retried for the next pool, and a
    region whose SES or Cognito does not answer is skipped after two timeouts: more would take the function's time from
    the pools of other regions. Pools themselves are read for each look. Repairs do not use it: a write is compared with
    the live state.
    """
    ses = _Silence()
    return replace(
        path_reader,
        pools=_AnsweringPools(below=path_reader.pools, silence=_Silence()),
        identities=_SharedIdentities(below=path_reader.identities, silence=ses),
        configuration_sets=_SharedConfigurationSets(below=path_reader.configuration_sets, silence=ses),
        accounts=_SharedAccounts(below=path_reader.accounts, silence=ses),
        role=_SharedRole(below=path_reader.role),
        ledger=None if path_reader.ledger is None else _shared(path_reader.ledger),
        register=None if path_reader.register is None else path_reader.register.anew(),
    )


def _shared(ledger: LedgerFactsReader) -> LedgerFactsReader:
    return replace(ledger, feedback=_SharedFeedback(below=ledger.feedback))


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


@dataclass(slots=True)
class _Once[K, V]:
    """Readings by resource, each with its freshness."""

    _kept: dict[K, tuple[V, bool]] = field(default_factory=dict)

    def get(self, key: K, read: Callable[[], V], *, fresh: bool) -> V:
        """The reading; a cached one does not satisfy a request for a fresh one."""
        kept = self._kept.get(key)
        if kept is None or (fresh and not kept[1]):
            kept = self._kept[key] = read(), fresh
        return kept[0]


@dataclass(slots=True, kw_only=True)
class _AnsweringPools:
    below: Pools
    silence: _Silence

    def read(self, pool: PoolRef) -> PoolReading:
        return self.silence.or_read(pool.region, "cognito-idp:DescribeUserPool", lambda: self.below.read(pool))

    def page(self, region: str, after: str | None) -> PoolPage | Unreadable:
        return self.below.page(region, after)


@dataclass(slots=True, kw_only=True)
class _SharedIdentities:
    below: Identities
    silence: _Silence
    once: _Once[IdentityRef, IdentityReading] = field(default_factory=_Once)

    def read(self, identity: IdentityRef, *, fresh: bool) -> IdentityReading:
        return self.once.get(identity, lambda: self._read(identity, fresh=fresh), fresh=fresh)

    def _read(self, identity: IdentityRef, *, fresh: bool) -> IdentityReading:
        return self.silence.or_read(
            identity.region, "ses:GetEmailIdentity", lambda: self.below.read(identity, fresh=fresh)
        )


@dataclass(slots=True, kw_only=True)
class _SharedConfigurationSets:
    below: ConfigurationSets
    silence: _Silence
    once: _Once[ConfigurationSetRef, ConfigurationSetReading] = field(default_factory=_Once)

    def read(self, configuration_set: ConfigurationSetRef, *, fresh: bool) -> ConfigurationSetReading:
        return self.once.get(configuration_set, lambda: self._read(configuration_set, fresh=fresh), fresh=fresh)

    def _read(self, configuration_set: ConfigurationSetRef, *, fresh: bool) -> ConfigurationSetReading:
        return self.silence.or_read(
            configuration_set.region,
            "ses:GetConfigurationSet",
            lambda: self.below.read(configuration_set, fresh=fresh),
        )


@dataclass(slots=True, kw_only=True)
class _SharedAccounts:
    below: SesAccounts
    silence: _Silence
    once: _Once[SesAccountRef, SesAccountReading] = field(default_factory=_Once)

    def read(self, account: SesAccountRef, *, fresh: bool) -> SesAccountReading:
        return self.once.get(account, lambda: self._read(account, fresh=fresh), fresh=fresh)

    def _read(self, account: SesAccountRef, *, fresh: bool) -> SesAccountReading:
        return self.silence.or_read(account.region, "ses:GetAccount", lambda: self.below.read(account, fresh=fresh))


@dataclass(slots=True, kw_only=True)
class _SharedRole:
    below: EmailServiceRole
    once: _Once[None, RoleReading] = field(default_factory=_Once)

    def read(self, *, fresh: bool) -> RoleReading:
        return self.once.get(None, lambda: self.below.read(fresh=fresh), fresh=fresh)


@dataclass(slots=True, kw_only=True)
class _SharedFeedback:
    below: FeedbackReadings
    accounts: _Once[SesAccountRef, SesFeedback] = field(default_factory=_Once)
    sets: _Once[ConfigurationSetRef, RateStatus | None] = field(default_factory=_Once)

    def of(self, account: SesAccountRef, *, fresh: bool) -> SesFeedback:
        return self.accounts.get(account, lambda: self.below.of(account, fresh=fresh), fresh=fresh)

    def rates(self, configuration_set: ConfigurationSetRef, *, fresh: bool) -> RateStatus | None:
        return self.sets.get(configuration_set, lambda: self.below.rates(configuration_set, fresh=fresh), fresh=fresh)
