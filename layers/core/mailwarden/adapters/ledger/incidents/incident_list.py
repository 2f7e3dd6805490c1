"""Lists incidents through the index ``awaiting``: an open one is always in it, and one that ended while it is kept."""

from dataclasses import dataclass

from mailwarden.adapters.aws.dynamodb.items import StoredItem, values_of
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.adapters.ledger.incidents.codec import DUE, OVER, incident_from
from mailwarden.domain.incidents.listing import StoredIncidents

_INDEX = "awaiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoIncidentList:
    """Implements ``IncidentList`` with Query of the index, which has whole items."""

    table: Table

    def open(self, *, most: int) -> StoredIncidents:
        """Incidents about which a message may become due."""
        return self._listed(DUE, most=most, latest_first=False)

    def ended(self, *, most: int) -> StoredIncidents:
        """Incidents that are over, and whose end was announced if it was news."""
        return self._listed(OVER, most=most, latest_first=True)

    def _listed(self, kind: str, *, most: int, latest_first: bool) -> StoredIncidents:
        pages = self.table.client.get_paginator("query").paginate(
            TableName=self.table.name,
            IndexName=_INDEX,
            KeyConditionExpression="awaiting = :kind",
            ExpressionAttributeValues=values_of({":kind": kind}),
            ScanIndexForward=not latest_first,
            PaginationConfig={"MaxItems": most + 1, "PageSize": min(most + 1, 1000)},
        )
        items: list[StoredItem] = [item for page in pages for item in page["Items"]]
        incidents = tuple(self.table.readable(items[:most], incident_from))
        return StoredIncidents(
            incidents=incidents,
            unread=len(items[:most]) - len(incidents),
            is_complete=len(items) <= most,
        )
