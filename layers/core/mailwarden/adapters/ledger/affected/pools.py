"""The affected pools of a finding: some in its own item, the others in one small item each.

A finding about an SES account affects every pool of a region. With all of them in its item, each look would read
thousands, and some 5,000 would not fit into the 400 KB of an item. The counts of the pools that are stored apart are in
the finding's item, which is written in the same transaction, so they are exact.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from mailwarden.adapters.aws.dynamodb.items import item_of, key_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.documents.reader import Members
from mailwarden.domain.findings.record import FindingRecord, Lifecycle
from mailwarden.domain.refs.finding_key import FindingKey

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

# With so many pools an item stays below the 4 KB that one read unit covers.
LISTED = 20
# The most that alerts name.
_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Affected:
    """One affected pool: the look that first saw it, and whether its owner asked for silence."""

    arn: str
    seen_at: datetime
    exempt: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A record as its item stores it, as the writer sees it, and the writes of pools that are stored apart."""

    stored: FindingRecord
    seen: FindingRecord
    writes: "tuple[TransactWriteItemTypeDef, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedPools:
    """The items ``AFFECTED#rule#subject / pool``."""

    table: Table

    def with_pool(self, record: FindingRecord, arn: str) -> FindingRecord:
        """The record with this pool, if the finding affects it."""
        if arn in record.lifecycle.affected or record.lifecycle.others == 0:
            return record
        members = self.table.read(affected_key(record.key), arn)
        if members is None:
            return record
        return _joined(record, [_affected_from(members)])

    def with_first(self, record: FindingRecord) -> FindingRecord:
        """The record with as many pools as alerts name."""
        room = _SHOWN - len(record.lifecycle.affected)
        if room <= 0 or record.lifecycle.others == 0:
            return record
        answer = self.table.client.query(
            TableName=self.table.name,
            KeyConditionExpression="pk = :finding",
            ExpressionAttributeValues=values_of({":finding": affected_key(record.key)}),
            ConsistentRead=True,
            Limit=room,
        )
        return _joined(record, self.table.readable(answer["Items"], _affected_from))

    def split(self, before: FindingRecord | None, after: FindingRecord) -> Split:
        """Divide the pools of *after* between its item and items of their own.

        A pool that is stored apart moves into the item of the finding when there is room.
        """
        lifecycle = after.lifecycle
        was_apart = frozenset[str]() if before is None else before.lifecycle.apart
        was_listed = frozenset[str]() if before is None else before.lifecycle.affected.keys() - was_apart
        in_turn = sorted(lifecycle.affected, key=lambda arn: (arn not in was_listed, arn))
        listed, apart = in_turn[:LISTED], frozenset(in_turn[LISTED:])
        writes = [self._put(after, arn) for arn in sorted(apart) if before is None or _differs(before, after, arn)]
        writes += [self._drop(after.key, arn) for arn in sorted(was_apart - apart)]
        stored = replace(
            lifecycle,
            affected={arn: lifecycle.affected[arn] for arn in listed},
            exempt=lifecycle.exempt & frozenset(listed),
            apart=frozenset(),
            others=lifecycle.others + len(apart),
            others_exempt=lifecycle.others_exempt + len(apart & lifecycle.exempt),
        )
        return Split(
            stored=replace(after, lifecycle=stored),
            seen=replace(after, lifecycle=replace(lifecycle, apart=apart)),
            writes=tuple(writes),
        )

    def _put(self, record: FindingRecord, arn: str) -> "TransactWriteItemTypeDef":
        lifecycle = record.lifecycle
        members = {"seen_at": sortable(lifecycle.affected[arn]), "exempt": arn in lifecycle.exempt}
        return {"Put": {"TableName": self.table.name, "Item": item_of(affected_key(record.key), arn, members)}}

    def _drop(self, key: FindingKey, arn: str) -> "TransactWriteItemTypeDef":
        return {"Delete": {"TableName": self.table.name, "Key": key_of(affected_key(key), arn)}}


def affected_key(key: FindingKey) -> str:
    """The partition of the affected pools of one finding that are stored apart."""
    return f"AFFECTED#{key.rule_id}#{key.subject_arn}"


def _affected_from(members: Members) -> _Affected:
    return _Affected(arn=members.text("sk"), seen_at=members.time("seen_at"), exempt=members.flag("exempt"))


def _joined(record: FindingRecord, found: Iterable[_Affected]) -> FindingRecord:
    before = record.lifecycle
    new = [each for each in found if each.arn not in before.affected]
    lifecycle = replace(
        before,
        affected={**before.affected, **{each.arn: each.seen_at for each in new}},
        exempt=before.exempt | {each.arn for each in new if each.exempt},
        apart=before.apart | {each.arn for each in new},
        others=before.others - len(new),
        others_exempt=before.others_exempt - sum(each.exempt for each in new),
    )
    return replace(record, lifecycle=lifecycle)


def _differs(before: FindingRecord, after: FindingRecord, arn: str) -> bool:
    """Whether the item of a pool has to be written."""
    return arn not in before.lifecycle.apart or _of(before.lifecycle, arn) != _of(after.lifecycle, arn)


def _of(lifecycle: Lifecycle, arn: str) -> tuple[datetime | None, bool]:
    return lifecycle.affected.get(arn), arn in lifecycle.exempt
