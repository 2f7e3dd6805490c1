"""Every finding's record, and which versions of it were announced where.

Two writers meet here. Looks replace the whole record, guarded by its revision. The announcer only raises the announced
versions and leaves the revision alone, so that telling people never makes a look start over. What was announced cannot
be untold: a look that read the record before the announcer wrote keeps the announcer's versions, because both writers
also require the announced versions to be the ones they merged with.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Self

from botocore.exceptions import ClientError

from mailwarden.adapters.aws.dynamodb.items import Item, StoredItem, key_of, members_of, sortable, values_of
from mailwarden.adapters.aws.dynamodb.table import Table, lost_race
from mailwarden.adapters.ledger.affected.pools import AffectedPools
from mailwarden.adapters.ledger.codec import AWAITING, awaits, finding_from, finding_item, finding_key, newest
from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import PoolRef, Subject
from mailwarden.message import Message, message

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

# DynamoDB allows 100 items.
_IN_ONE_TRANSACTION = 99
_AWAITING_INDEX = "awaiting"
_OPEN_INDEX = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoFindings:
    """Implements ``Findings``, ``FindingRecords`` and ``SubjectFindings``.

    The records are the items ``FINDING#… / rule`` and the sparse indexes ``awaiting`` and ``open``.
    *channels* are all that must be sent every version.
    """

    table: Table
    channels: Sequence[str]
    looked_from: str | None = None
    _early: dict[FindingKey, StoredItem | None] = field(default_factory=dict)

    def seen_from(self, subject: Subject, *, anew: bool = False, asks: Sequence[FindingKey] = ()) -> Self:  # noqa: ARG002 - nothing is remembered here
        """The same findings for a look from *subject*: each record says whether it affects *subject*.

        Several *asks* are read together: the first update of each begins with what was read.
        """
        return replace(self, looked_from=subject.arn, _early=self._read_together(asks) if len(asks) > 1 else {})

    def read(self, key: FindingKey) -> FindingRecord | None:
        """One finding's record with the first affected pools; raises MalformedDocument."""
        stored = self._stored(key)
        return None if stored is None else self._pools.with_first(stored)

    def about(self, subject: Subject, *, affecting: PoolRef, most: int) -> tuple[FindingRecord, ...]:
        """The records about *subject*, in the order of their rules."""
        # A page ends after 1 MB, too.
        pages = self.table.client.get_paginator("query").paginate(
            TableName=self.table.name,
            KeyConditionExpression="pk = :subject",
            ExpressionAttributeValues=values_of({":subject": finding_key(subject.arn)}),
            ConsistentRead=True,
            PaginationConfig={"MaxItems": most, "PageSize": most},
        )
        records = self.table.readable((item for page in pages for item in page["Items"]), finding_from)
        return tuple(self._pools.with_pool(record, affecting.arn) for record in records)

    def update(
        self, key: FindingKey, change: Callable[[FindingRecord | None], FindingRecord | None]
    ) -> FindingRecord | None:
        """Keep the record that *change* makes of the stored one; the record afterwards. Raises Contended."""
        for _ in self.table.attempts(f"{key.subject_arn} {key.rule_id}"):
            stored = self._stored_early(key)
            if stored is not None and self.looked_from is not None:
                stored = self._pools.with_pool(stored, self.looked_from)
            updated = change(stored)
            if updated is None:
                return stored
            known = {} if stored is None else dict(stored.lifecycle.announced)
            announced = newest(known, updated.lifecycle.announced)
            record = replace(updated, lifecycle=replace(updated.lifecycle, announced=announced))
            split = self._pools.split(stored, record)
            item = finding_item(split.stored, channels=self.channels)
            if stored is None:
                kept = self._put(item, split.writes, "attribute_not_exists(pk)")
            else:
                expected = {"revision": stored.lifecycle.revision, "announced": known}
                kept = self._put(item, split.writes, "revision = :revision AND announced = :announced", **expected)
            if kept:
                return split.seen
        return None

    def awaiting_announcement(self, *, now: datetime) -> Iterator[FindingRecord]:
        """Records that some channel was not told, those waiting longest first.

        The index lags behind the table, so each record is read again. A garbled one does not keep the others from being
        told: MalformedDocument is raised after them, and names them all.
        """
        pages = self.table.client.get_paginator("query").paginate(
            TableName=self.table.name,
            IndexName=_AWAITING_INDEX,
            KeyConditionExpression="awaiting = :awaiting AND announce_after <= :now",
            ExpressionAttributeValues=values_of({":awaiting": AWAITING, ":now": sortable(now)}),
        )
        garbled: list[Message] = []
        for item in (item for page in pages for item in page["Items"]):
            try:
                indexed = members_of(item)
                record = self.read(FindingKey(subject_arn=indexed.text("subject"), rule_id=indexed.text("rule_id")))
            except MalformedDocument as error:
                garbled.append(error.said)
                continue
            if record is not None and record.lifecycle.announce_after <= now and self._awaits(record):
                yield record
        if garbled:
            raise MalformedDocument(message("sentences", sentences=tuple(garbled)))

    def open_by_severity(self) -> Mapping[Severity, int]:
        """How many findings are open, for every severity. The index lags behind the table by moments."""
        return {severity: self._open_of(severity) for severity in Severity}

    def mark_announced(self, key: FindingKey, *, channels: Iterable[str], version: int) -> None:
        """Raise the version that *channels* were told; nothing happens for a finding that is not there.

        Raises Contended.
        """
        for _ in self.table.attempts(f"{key.subject_arn} {key.rule_id}"):
            record = self._stored(key)
            told = dict.fromkeys(channels, version)
            if record is None or not awaits(version, record.lifecycle.announced, told):
                return
            try:
                self._announce(key, record, newest(record.lifecycle.announced, told))
            except ClientError as error:
                if not lost_race(error):
                    raise
            else:
                return

    def _open_of(self, severity: Severity) -> int:
        pages = self.table.client.get_paginator("query").paginate(
            TableName=self.table.name,
            IndexName=_OPEN_INDEX,
            Select="COUNT",
            KeyConditionExpression="#open = :severity",
            # OPEN is one of DynamoDB's reserved words.
            ExpressionAttributeNames={"#open": "open"},
            ExpressionAttributeValues=values_of({":severity": severity.label}),
        )
        return sum(page["Count"] for page in pages)

    def _announce(self, key: FindingKey, record: FindingRecord, announced: dict[str, int]) -> None:
        level = not awaits(record.lifecycle.version, announced, self.channels)
        self.table.client.update_item(
            TableName=self.table.name,
            Key=key_of(finding_key(key.subject_arn), key.rule_id),
            UpdateExpression="SET announced = :announced" + (" REMOVE awaiting" if level else ""),
            ConditionExpression="revision = :revision AND announced = :known",
            ExpressionAttributeValues=values_of(
                {
                    ":announced": announced,
                    ":revision": record.lifecycle.revision,
                    ":known": dict(record.lifecycle.announced),
                },
            ),
        )

    def _put(
        self, item: Item, writes: "Sequence[TransactWriteItemTypeDef]", condition: str, **expected: object
    ) -> bool:
        """Whether the item was as expected and is replaced, together with the *writes* of pools stored apart."""
        values = values_of({f":{name}": value for name, value in expected.items()})
        put: TransactWriteItemTypeDef = {
            "Put": {"TableName": self.table.name, "Item": item, "ConditionExpression": condition}
        }
        if values:
            put["Put"]["ExpressionAttributeValues"] = values
        # Only an item of a version that stored every pool in it has so many; the counts come with its last part.
        early, last = writes[:-_IN_ONE_TRANSACTION], writes[-_IN_ONE_TRANSACTION:]
        try:
            for begin in range(0, len(early), _IN_ONE_TRANSACTION):
                self.table.client.transact_write_items(TransactItems=early[begin : begin + _IN_ONE_TRANSACTION])
            if last:
                self.table.client.transact_write_items(TransactItems=[put, *last])
            else:
                self.table.client.put_item(**put["Put"])
        except ClientError as error:
            if lost_race(error):
                return False
            raise
        return True

    @property
    def _pools(self) -> AffectedPools:
        return AffectedPools(table=self.table)

    def _stored(self, key: FindingKey) -> FindingRecord | None:
        members = self.table.read(finding_key(key.subject_arn), key.rule_id)
        return None if members is None else finding_from(members)

    def _read_together(self, keys: Sequence[FindingKey]) -> dict[FindingKey, StoredItem | None]:
        """The items of findings, None where there is none."""
        by_place = {(finding_key(key.subject_arn), key.rule_id): key for key in keys}
        found = {
            by_place[item["pk"]["S"], item["sk"]["S"]]: item
            for item in self.table.read_many(tuple(by_place), consistently=True)
        }
        return {key: found.get(key) for key in keys}

    def _stored_early(self, key: FindingKey) -> FindingRecord | None:
        """What was read together with others, once; or what is stored now."""
        if key not in self._early:
            return self._stored(key)
        item = self._early.pop(key)
        return None if item is None else finding_from(members_of(item))

    def _awaits(self, record: FindingRecord) -> bool:
        return awaits(record.lifecycle.version, record.lifecycle.announced, self.channels)
