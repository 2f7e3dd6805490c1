"""A writer that changes held readings, and the stacks that own pools."""

from dataclasses import dataclass, field, replace

from mailwarden.domain.findings.changes import (
    CreateServiceLinkedRole,
    GrantSending,
    ReplaceEmailConfiguration,
    ReplaceRiskConfiguration,
    WrittenChange,
)
from mailwarden.domain.known_good.risk_configuration import notices_in
from mailwarden.domain.readings import Identity, Pool, ServiceLinkedRole
from mailwarden.domain.refs.resources import ConfigurationSetRef, PoolRef
from mailwarden.domain.repair.journal import Drifted, WriteResult, Written
from mailwarden.domain.repair.write_window import WriteWindow
from mailwarden.message import verbatim
from mailwarden.ports.clock import Clock
from mailwarden.ports.repair.stacks import NotOwned, Ownership
from tests.builders import HeldIdentities, HeldPools, HeldRole


@dataclass(slots=True, kw_only=True)
class HeldWriter:
    """Writes into the held readings, after the same comparison with ``before``; ``answer`` overrules it."""

    pools: HeldPools
    identities: HeldIdentities
    role: HeldRole
    written: list[WrittenChange] = field(default_factory=list)
    answer: WriteResult | None = None
    clock: Clock | None = None

    def write(self, change: WrittenChange, *, entry_id: str) -> WriteResult:
        if self.answer is not None:
            return self.answer
        compared_at = None if self.clock is None else self.clock.now()
        if not self._write(change):
            return Drifted(reason=verbatim("before is not live"))
        self.written.append(change)
        if self.clock is None or compared_at is None:
            return Written(entry_id=entry_id)
        window = WriteWindow(resource=change.resource, compared_at=compared_at, written_at=self.clock.now())
        return Written(entry_id=entry_id, window=window)

    def _write(self, change: WrittenChange) -> bool:
        match change:
            case GrantSending(identity=ref, before=before, after=after):
                live = self.identities.held.get(ref)
                if not isinstance(live, Identity) or any(live.policies.get(name) != before[name] for name in before):
                    return False
                kept = {name: text for name, text in {**live.policies, **after}.items() if text is not None}
                self.identities.held[ref] = replace(live, policies=kept)
            case ReplaceEmailConfiguration(pool=ref, before=email, after=wanted, modified=modified):
                pool = self.pools.held.get(ref)
                if not isinstance(pool, Pool) or pool.email != email:
                    return False
                if modified is not None and pool.last_modified != modified:
                    return False
                self.pools.held[ref] = replace(pool, email=wanted)
            case ReplaceRiskConfiguration(pool=ref, before=before_risk, after=after_risk):
                pool = self.pools.held.get(ref)
                if not isinstance(pool, Pool) or pool.risk != before_risk:
                    return False
                self.pools.held[ref] = replace(pool, risk=after_risk, threat_notices=notices_in(after_risk))
            case CreateServiceLinkedRole():
                self.role.held = ServiceLinkedRole.PRESENT
        return True


@dataclass(slots=True, kw_only=True)
class HeldStacks:
    """Which pools and configuration sets a stack owns."""

    owners: dict[PoolRef, Ownership] = field(default_factory=dict)
    sets: dict[ConfigurationSetRef, Ownership] = field(default_factory=dict)

    def owner_of_set(self, ref: ConfigurationSetRef) -> Ownership:
        return self.sets.get(ref, NotOwned())

    def owner_of(self, pool: PoolRef) -> Ownership:
        return self.owners.get(pool, NotOwned())
