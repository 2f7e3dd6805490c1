"""A writer that changes held readings."""

from dataclasses import dataclass, field, replace

from mailwarden.domain.findings.changes import (
    Change,
    CreateServiceLinkedRole,
    GrantSending,
    ReplaceEmailConfiguration,
)
from mailwarden.domain.readings import Identity, Pool, ServiceLinkedRole
from mailwarden.domain.repair.journal import Drifted, WriteResult, Written
from mailwarden.message import verbatim
from tests.builders import HeldIdentities, HeldPools, HeldRole


@dataclass(slots=True, kw_only=True)
class HeldWriter:
    """Writes into the held readings, after the same comparison with ``before``; ``answer`` overrules it."""

    pools: HeldPools
    identities: HeldIdentities
    role: HeldRole
    written: list[Change] = field(default_factory=list)
    answer: WriteResult | None = None

    def write(self, change: Change, *, entry_id: str) -> WriteResult:
        if self.answer is not None:
            return self.answer
        if not self._write(change):
            return Drifted(reason=verbatim("before is not live"))
        self.written.append(change)
        return Written(entry_id=entry_id)

    def _write(self, change: Change) -> bool:
        match change:
            case GrantSending(identity=ref, before=before, after=after):
                live = self.identities.held.get(ref)
                if not isinstance(live, Identity) or any(live.policies.get(name) != before[name] for name in before):
                    return False
                kept = {name: text for name, text in {**live.policies, **after}.items() if text is not None}
                self.identities.held[ref] = replace(live, policies=kept)
            case ReplaceEmailConfiguration(pool=ref, before=email, after=wanted):
                pool = self.pools.held.get(ref)
                if not isinstance(pool, Pool) or pool.email != email:
                    return False
                self.pools.held[ref] = replace(pool, email=wanted)
            case CreateServiceLinkedRole():
                self.role.held = ServiceLinkedRole.PRESENT
        return True
