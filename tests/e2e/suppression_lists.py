"""Suppression lists that were counted a moment ago, so that a run of `reputation` need not go through nine days."""

from collections.abc import Iterable
from datetime import UTC, datetime

from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.adapters.ledger.reputation.suppression_counts import DynamoSuppressionCounts
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.reputation.feedback import SuppressionGrowth
from mailwarden.domain.reputation.suppression_count import SuppressionCount
from tests.e2e.box import Box


def count_empty_lists(box: Box, regions: Iterable[str]) -> None:
    """Let the ledger know that nobody is suppressed in these regions; of which it must not know anything yet.

    The first count of a list takes half a minute, because SES grants a page every three seconds.
    """
    now = datetime.now(UTC)
    counts = DynamoSuppressionCounts(table=Table(client=box.client("dynamodb"), name=box.outputs["LedgerTable"]))
    for region in regions:
        account = SesAccountRef(partition="aws", region=region, account=box.account)
        known = SuppressionGrowth(counted_to=now, total={}, total_at=now)
        assert counts.put(SuppressionCount(account=account, known=known, revision=1), replaces=None)
