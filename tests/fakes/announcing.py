"""An announcer over the roles of a ledger."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import MonitoringRef
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.ports.clock import Clock
from mailwarden.ports.findings.alert_channel import AlertChannel
from mailwarden.service.incidents.announce import Announcer
from mailwarden.service.incidents.extent import ExtentReader
from mailwarden.service.incidents.gathering import Gathering
from mailwarden.service.incidents.held_repairs import HeldRepairs
from tests.builders import ACCOUNT
from tests.fakes.ledger.in_memory import InMemoryLedger
from tests.fakes.ledger.roles import LedgerRoles


def announcer_of(
    ledger: LedgerRoles, channels: Mapping[str, AlertChannel], clock: Clock, *, mode: RepairMode = RepairMode.SAFE
) -> Announcer:
    """The announcer as the function is made of it."""
    return Announcer(
        findings=ledger.findings,
        incidents=ledger.incidents,
        gathering=Gathering(
            findings=ledger.findings,
            incidents=ledger.incidents,
            bursts=ledger.bursts,
            held=HeldRepairs(
                stop_switch=ledger.stop_switch,
                findings=ledger.findings,
                repair_mode=mode,
                home=MonitoringRef(partition="aws", region="us-east-1", account=ACCOUNT),
            ),
            channels=tuple(channels),
            clock=clock,
        ),
        extents=ExtentReader(
            findings=ledger.findings,
            incidents=ledger.incidents,
            looks=ledger.looks,
            resources_in_use=ledger.resources_in_use,
        ),
        leases=ledger.incident_leases,
        channels=channels,
        clock=clock,
    )


@dataclass(slots=True, kw_only=True)
class Stream:
    """The stream of the ledger, and the schedule that comes after it; ``brought`` holds what was told."""

    brought: dict[FindingKey, FindingRecord] = field(default_factory=dict)

    def bring(self, ledger: InMemoryLedger, announcer: Announcer, *, now: datetime) -> None:
        """Announce the findings that changed or wait, and the incidents that are due; raises as the announcer does."""
        announcer.announce(*self._news(ledger, now))
        self.brought = dict(ledger.findings.held)

    def _news(self, ledger: InMemoryLedger, now: datetime) -> Iterator[FindingKey]:
        due = set(ledger.incidents.due(now=now))
        for key, record in ledger.findings.held.items():
            announced, member = record.lifecycle.announced, ledger.incidents.member(key)
            if (
                self.brought.get(key) is not record
                or any(announced.get(name, 0) < record.lifecycle.version for name in ledger.findings.channels)
                or member is None
                or member.cause in due
            ):
                yield key
