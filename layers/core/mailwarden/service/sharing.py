"""Shares readings within a batch: what several pools depend on is read once, also where each look must be fresh."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from mailwarden.domain.readings import ConfigurationSetReading, IdentityReading, RoleReading, SesAccountReading
from mailwarden.domain.subjects import ConfigurationSetRef, IdentityRef, SesAccountRef
from mailwarden.ports import ConfigurationSets, EmailServiceRole, Identities, SesAccounts
from mailwarden.service.looking import Looker


def for_one_batch(looker: Looker) -> Looker:
    """*looker* for the looks of one batch, which are dated at its start (docs/adr/0004).

    Fresh then means: read since the batch began. A read that was refused or timed out is not tried again for the next
    pool either. Pools themselves are read for each look. Not for repairs: what is written is compared with what is
    live then.
    """
    return replace(
        looker,
        identities=_SharedIdentities(below=looker.identities),
        configuration_sets=_SharedConfigurationSets(below=looker.configuration_sets),
        accounts=_SharedAccounts(below=looker.accounts),
        role=_SharedRole(below=looker.role),
    )


@dataclass(slots=True)
class _Once[K, V]:
    """Readings by what was read, and whether they were read fresh."""

    _kept: dict[K, tuple[V, bool]] = field(default_factory=dict)

    def get(self, key: K, read: Callable[[], V], *, fresh: bool) -> V:
        """The reading; what came from a cache does not do where a fresh one is asked for."""
        kept = self._kept.get(key)
        if kept is None or (fresh and not kept[1]):
            kept = self._kept[key] = read(), fresh
        return kept[0]


@dataclass(slots=True, kw_only=True)
class _SharedIdentities:
    below: Identities
    once: _Once[IdentityRef, IdentityReading] = field(default_factory=_Once)

    def read(self, identity: IdentityRef, *, fresh: bool) -> IdentityReading:
        return self.once.get(identity, lambda: self.below.read(identity, fresh=fresh), fresh=fresh)


@dataclass(slots=True, kw_only=True)
class _SharedConfigurationSets:
    below: ConfigurationSets
    once: _Once[ConfigurationSetRef, ConfigurationSetReading] = field(default_factory=_Once)

    def read(self, configuration_set: ConfigurationSetRef, *, fresh: bool) -> ConfigurationSetReading:
        return self.once.get(configuration_set, lambda: self.below.read(configuration_set, fresh=fresh), fresh=fresh)


@dataclass(slots=True, kw_only=True)
class _SharedAccounts:
    below: SesAccounts
    once: _Once[SesAccountRef, SesAccountReading] = field(default_factory=_Once)

    def read(self, account: SesAccountRef, *, fresh: bool) -> SesAccountReading:
        return self.once.get(account, lambda: self.below.read(account, fresh=fresh), fresh=fresh)


@dataclass(slots=True, kw_only=True)
class _SharedRole:
    below: EmailServiceRole
    once: _Once[None, RoleReading] = field(default_factory=_Once)

    def read(self, *, fresh: bool) -> RoleReading:
        return self.once.get(None, lambda: self.below.read(fresh=fresh), fresh=fresh)
