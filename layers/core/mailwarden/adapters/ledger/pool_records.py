"""The items of one pool, with one query instead of a read for each."""

from dataclasses import dataclass

from mailwarden.adapters.aws.dynamodb.items import members_of, values_of
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.adapters.ledger.codec import LOOK, pool_key
from mailwarden.adapters.ledger.looks import live_look_from
from mailwarden.adapters.ledger.reputation.delivery_failures import FAILURES, failures_from
from mailwarden.adapters.ledger.write_histories import WROTE, write_history_from
from mailwarden.adapters.ledger.write_windows import OTHER, WINDOW, history_from
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.ports.mail_path.pool_records import PoolRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoPoolRecords:
    """Implements ``PoolRecords``: the items of ``POOL#…`` about looks, failures, writes and their windows."""

    table: Table

    def read(self, pool: PoolRef) -> PoolRecord:
        """The current record of a pool; raises MalformedDocument."""
        answer = self.table.client.query(
            TableName=self.table.name,
            KeyConditionExpression="pk = :pool",
            ExpressionAttributeValues=values_of({":pool": pool_key(pool)}),
            ConsistentRead=True,
        )
        items = {item["sk"]["S"]: item for item in answer["Items"]}
        look, failures = items.get(LOOK), items.get(FAILURES)
        return PoolRecord(
            last_look=None if look is None else live_look_from(members_of(look)),
            failures=None if failures is None else failures_from(members_of(failures)),
            writes=tuple(write_history_from(members_of(item)) for key, item in items.items() if key.startswith(WROTE)),
            windows=history_from(
                {key: members_of(item) for key, item in items.items() if key.startswith((WINDOW, OTHER))}
            ),
        )
