"""Reads a mail path as it would be if a change were written: everything else is read as it is."""

from dataclasses import dataclass, replace

from mailwarden.domain.findings.changes import (
    CreateServiceLinkedRole,
    GrantSending,
    ReplaceEmailConfiguration,
    ReplaceRiskConfiguration,
    WrittenChange,
)
from mailwarden.domain.known_good.risk_configuration import notices_in
from mailwarden.domain.readings import Identity, IdentityReading, Pool, PoolReading, Unreadable
from mailwarden.domain.refs.resources import IdentityRef, PoolRef
from mailwarden.ports.mail_path.identities import Identities
from mailwarden.ports.mail_path.pools import PoolPage, Pools
from mailwarden.service.inspection.mail_path_reader import MailPathReader


def as_if(change: WrittenChange, path_reader: MailPathReader) -> MailPathReader:
    """A reader that sees *change* in effect; a role that is to be created is read as it is."""
    match change:
        case ReplaceEmailConfiguration() | ReplaceRiskConfiguration():
            return replace(path_reader, pools=_ConfiguredPools(by=path_reader.pools, change=change))
        case GrantSending():
            return replace(path_reader, identities=_GrantedIdentities(by=path_reader.identities, change=change))
        case CreateServiceLinkedRole():
            return path_reader


@dataclass(frozen=True, slots=True, kw_only=True)
class _ConfiguredPools:
    by: Pools
    change: ReplaceEmailConfiguration | ReplaceRiskConfiguration

    def read(self, pool: PoolRef) -> PoolReading:
        reading = self.by.read(pool)
        if not isinstance(reading, Pool) or pool != self.change.pool:
            return reading
        match self.change:
            case ReplaceEmailConfiguration(after=email):
                return replace(reading, email=email)
            case ReplaceRiskConfiguration(after=risk):
                return replace(reading, risk=risk, threat_notices=notices_in(risk))

    def page(self, region: str, after: str | None) -> PoolPage | Unreadable:
        return self.by.page(region, after)


@dataclass(frozen=True, slots=True, kw_only=True)
class _GrantedIdentities:
    by: Identities
    change: GrantSending

    def read(self, identity: IdentityRef, *, fresh: bool) -> IdentityReading:
        reading = self.by.read(identity, fresh=fresh)
        if not isinstance(reading, Identity) or identity != self.change.identity:
            return reading
        policies = {**reading.policies, **self.change.after}
        return replace(reading, policies={name: text for name, text in policies.items() if text is not None})
