"""A replayed event as a value: the hints that it becomes, the pools to inspect, and what would be written for them."""

from collections.abc import Iterator
from dataclasses import dataclass

from mailwarden.domain.findings.changes import Fix
from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.operator.question import Explained
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.hints import (
    ConfigurationSetHint,
    EverywhereHint,
    Hint,
    IdentityHint,
    PoolHint,
    RegionHint,
    SesAccountHint,
)
from mailwarden.domain.refs.resources import PoolRef, index_arn
from mailwarden.domain.repair.decision import Repair
from mailwarden.message import Message
from mailwarden.service.findings.used_resources import used_by
from mailwarden_command.audit.report import AuditReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """An event, replayed; ``dropped`` is why `inspect` would ignore it, and then there is nothing else."""

    hints: tuple[Hint, ...] = ()
    dropped: Message | None = None
    audit: AuditReport | None = None

    @property
    def cause(self) -> Cause | None:
        """The call of the event."""
        return next((hint.cause for hint in self.hints if hint.cause is not None), None)

    def writes(self) -> Iterator[tuple[Explained, Finding, Fix]]:
        """The fixes that would be ordered."""
        for explained, said in () if self.audit is None else self.audit.said():
            if isinstance(said.decision, Repair):
                yield explained, said.finding, said.decision.fix


def pools_of(hints: tuple[Hint, ...]) -> frozenset[PoolRef] | None:
    """The pools that the hints name; None if at least one of them leads to pools that only a look at all can find."""
    named = [hint.pool for hint in hints if isinstance(hint, PoolHint)]
    return frozenset(named) if len(named) == len(hints) else None


def concerns(hint: Hint, explained: Explained) -> bool:
    """Whether the hint leads to this pool, as the reverse index of the ledger does after every pool was inspected."""
    pool = explained.path.pool.ref
    match hint:
        case PoolHint():
            return hint.pool == pool
        case RegionHint():
            return hint.region == pool.region
        case EverywhereHint():
            return True
        case IdentityHint(identity=subject):
            return index_arn(subject) in used_by(explained.path)
        case ConfigurationSetHint(configuration_set=subject):
            return index_arn(subject) in used_by(explained.path)
        case SesAccountHint(account=subject):
            return index_arn(subject) in used_by(explained.path)
