"""The recorder of findings."""

from functools import cache

from mailwarden.adapters.ledger.known_pools import DynamoKnownPools
from mailwarden.adapters.ledger.looks import DynamoLooks
from mailwarden.bootstrap.ledger import findings, ledger_table
from mailwarden.service.findings.finding_recorder import FindingRecorder


@cache
def recorder() -> FindingRecorder:
    """The recorder of looks and their findings."""
    return FindingRecorder(
        findings=findings(),
        looks=DynamoLooks(table=ledger_table()),
        known_pools=DynamoKnownPools(table=ledger_table()),
    )
