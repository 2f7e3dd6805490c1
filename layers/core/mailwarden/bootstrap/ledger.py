"""The ledger of a function: its table, and the roles that several functions need."""

from functools import cache

from mailwarden.adapters.aws.clients import READING
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.adapters.ledger.findings import DynamoFindings
from mailwarden.bootstrap import container


@cache
def ledger_table() -> Table:
    """The table; creates its client."""
    client = container.session().client("dynamodb", config=READING)
    return Table(client=client, name=container.environment().ledger_table)


@cache
def findings() -> DynamoFindings:
    """The findings; chat is a channel only where a webhook is configured, otherwise alerts would wait without end."""
    return DynamoFindings(table=ledger_table(), channels=container.environment().alert_channels)
