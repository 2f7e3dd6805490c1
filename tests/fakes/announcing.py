"""An announcer over the roles of a ledger."""

from collections.abc import Mapping

from mailwarden.ports.clock import Clock
from mailwarden.ports.findings.alert_channel import AlertChannel
from mailwarden.service.incidents.announce import Announcer
from mailwarden.service.incidents.extent import ExtentReader
from mailwarden.service.incidents.gathering import Gathering
from tests.fakes.ledger.roles import LedgerRoles


def announcer_of(ledger: LedgerRoles, channels: Mapping[str, AlertChannel], clock: Clock) -> Announcer:
    """The announcer as the function is made of it."""
    return Announcer(
        findings=ledger.findings,
        incidents=ledger.incidents,
        gathering=Gathering(
            findings=ledger.findings,
            incidents=ledger.incidents,
            bursts=ledger.bursts,
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
