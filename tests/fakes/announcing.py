"""An announcer over the roles of a ledger."""

from collections.abc import Mapping

from mailwarden.domain.refs.resources import MonitoringRef
from mailwarden.domain.repair.limits import RepairMode
from mailwarden.ports.clock import Clock
from mailwarden.ports.findings.alert_channel import AlertChannel
from mailwarden.service.incidents.announce import Announcer
from mailwarden.service.incidents.extent import ExtentReader
from mailwarden.service.incidents.gathering import Gathering
from mailwarden.service.incidents.held_repairs import HeldRepairs
from tests.builders import ACCOUNT
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
