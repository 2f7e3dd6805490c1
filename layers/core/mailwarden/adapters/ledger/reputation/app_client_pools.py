"""Which pool an app client belongs to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mailwarden.adapters.aws.dynamodb.items import expiry, item_of
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.domain.refs.references import reference_in
from mailwarden.domain.refs.resources import PoolRef

_CLIENT = "POOL"
_KEEP = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoAppClientPools:
    """Implements ``AppClientPools``: the items ``CLIENT#region#id / POOL``."""

    table: Table

    def pool_of(self, client_id: str, region: str) -> PoolRef | None:
        """The pool of an app client, if it was asked for before; raises MalformedDocument."""
        members = self.table.read(_client_key(client_id, region), _CLIENT)
        return None if members is None else reference_in(members, "pool", PoolRef)

    def remember(self, client_id: str, pool: PoolRef, *, now: datetime) -> None:
        """Remember which pool an app client belongs to: it never moves to another."""
        kept = {"pool": pool.arn, "expires_at": expiry(now, after=_KEEP)}
        self.table.client.put_item(
            TableName=self.table.name, Item=item_of(_client_key(client_id, pool.region), _CLIENT, kept)
        )


def _client_key(client_id: str, region: str) -> str:
    return f"CLIENT#{region}#{client_id}"
