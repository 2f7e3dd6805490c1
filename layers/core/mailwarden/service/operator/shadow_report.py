"""Reports what RepairMode `safe` would have written while it was off; reads the ledger and CloudFormation."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from mailwarden.domain.mail_path.look_record import LookRecord, ShadowCase
from mailwarden.domain.operator.shadow_report import ReportedCase, ShadowReport, reported
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.domain.repair.shadow import ShadowEnding
from mailwarden.message import Message
from mailwarden.ports.repair.shadow_cases import ShadowCases
from mailwarden.service.operator.read_pools import PoolReader
from mailwarden.service.repair.source_owners import SourceOwners

# CloudFormation is asked once for each pool; of further ones only the calls are known.
_MOST_STACKS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowReporter:
    """Reads the cases that go on from the last looks, and those that ended. ``owners`` is None where none is asked."""

    pools: PoolReader
    shadow_cases: ShadowCases
    owners: SourceOwners | None
    repair_mode: RepairMode

    def report(self, since: date) -> ShadowReport:
        """The cases that went on or ended from *since* on."""
        listed = self.pools.current()
        at, looks = listed.at, {look.pool: look for look in listed.looks}
        ended = self.shadow_cases.ended_since(since, until=at.date())
        known = [(each.pool, each.case) for each in ended if each.ending is not ShadowEnding.MODE_CHANGED]
        known += [(look.pool, case) for look in looks.values() for case in look.shadow]
        sources = dict(self._sources(known, looks))
        going_on = (
            ReportedCase(
                pool=look.pool,
                pool_name=look.pool_name,
                case=case,
                withheld=case.withheld or sources.get((look.pool, case)),
                verdict=look.answer,
            )
            for look in looks.values()
            for case in look.shadow
        )
        over = (reported(each, source=sources.get((each.pool, each.case))) for each in ended)
        return ShadowReport(
            at=at,
            since=since,
            repair_mode=self.repair_mode,
            cases=tuple(sorted((*going_on, *over), key=_latest_first)),
            pools=listed.pools,
            unread=listed.unread,
        )

    def _sources(
        self, known: Iterable[tuple[PoolRef, ShadowCase]], looks: Mapping[PoolRef, LookRecord]
    ) -> Iterator[tuple[tuple[PoolRef, ShadowCase], Message]]:
        """Why fixes that would have been written belong into a source; each pool's stack is looked up once."""
        if self.owners is None:
            return
        stacks: dict[PoolRef, Message | None] = {}
        for pool, case in known:
            if case.withheld is not None:
                continue
            reason = self.owners.deployed((case.cause,))
            if reason is None and case.wanted is not None:
                if pool not in stacks and len(stacks) < _MOST_STACKS:
                    stacks[pool] = self.owners.of_pool(pool, (), last=looks.get(pool))
                reason = stacks.get(pool)
            if reason is not None:
                yield (pool, case), reason


def _latest_first(case: ReportedCase) -> tuple[float, str, str]:
    return -case.case.opened_at.timestamp(), case.pool.arn, case.case.rule_id
