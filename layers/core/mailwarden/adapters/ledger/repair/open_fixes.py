"""The open findings by the resource that their fix would write: one query, however many pools use the resource."""

from dataclasses import dataclass

from mailwarden.adapters.aws.dynamodb.items import sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.domain.findings.record import FindingRecord, FindingState, Handling
from mailwarden.domain.refs.finding_key import FindingKey

_FIXES_INDEX = "fixes"


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoOpenFixes:
    """Implements ``OpenFixes`` with the sparse index ``fixes``."""

    table: Table

    def on(self, resource: str, *, most: int) -> tuple[FindingKey, ...]:
        """At most *most* open findings whose fix writes *resource*; one query, of keys alone."""
        answer = self.table.client.query(
            TableName=self.table.name,
            IndexName=_FIXES_INDEX,
            KeyConditionExpression="fix_resource = :resource",
            ExpressionAttributeValues=values_of({":resource": resource}),
            Limit=most,
        )
        return tuple(
            FindingKey(subject_arn=item["pk"]["S"].partition("#")[2], rule_id=item["sk"]["S"])
            for item in answer["Items"]
        )


def fix_members(record: FindingRecord) -> dict[str, object]:
    """What the index holds of a finding: ordered repairs come before all others, and old findings before new ones."""
    lifecycle, proposed = record.lifecycle, record.write.proposed
    if proposed is None or lifecycle.state is not FindingState.OPEN:
        return {}
    turn = "ordered" if record.write.handling in {Handling.PENDING, Handling.WRITING} else "waiting"
    return {"fix_resource": proposed.resource, "fix_turn": f"{turn} {sortable(lifecycle.opened_at)}"}
