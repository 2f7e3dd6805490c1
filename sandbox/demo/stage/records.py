"""Reads Mailwarden's records like an operator: the ledger and its stream, and the journal."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from boto3.dynamodb.types import TypeDeserializer

from sandbox.demo.stage.waiting import NotSeen, until

type Client = Any
"""A client of boto3; the sandbox's environment holds no stubs for most of the services used here."""

type Item = Mapping[str, Any]

_PLAIN = TypeDeserializer()
_LONGEST_CACHE = timedelta(seconds=60)
_UNFINISHED = frozenset({"pending", "writing"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a pool: can it send, and the first link that decides it."""

    looked_at: datetime
    answer: str
    deciding: str | None
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedWrite:
    """The written or withheld change: JSON texts."""

    resource: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule's word about one subject, and what was done about it."""

    rule_id: str
    rule_name: str
    state: str
    handling: str
    severity: str
    reason: str
    """The code of the reason for what was done, or not done; empty without one."""
    actor: str
    proposed: ProposedWrite | None
    undo_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One write: its intention and its outcome."""

    entry_id: str
    resource: str
    outcome: str
    concluded_at: datetime


@dataclass(slots=True, kw_only=True)
class Records:
    """The two tables."""

    table: Client
    stream: Client
    ledger: str
    journal: str
    _iterator: str | None = None
    _looks: dict[str, list[Look]] = field(default_factory=dict)

    @classmethod
    def of(cls, *, table: Client, stream: Client, outputs: Mapping[str, str]) -> Self:
        """Read the stream from its beginning on: it has every look, also those that a newer one replaced."""
        records = cls(table=table, stream=stream, ledger=outputs["LedgerTable"], journal=outputs["JournalTable"])
        arn = records.table.describe_table(TableName=records.ledger)["Table"]["LatestStreamArn"]
        (shard,) = records.stream.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        records._iterator = records.stream.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        return records

    def first_look(self, pool_arn: str, *, since: datetime, rule: str | None = None) -> Look:
        """The first look at a pool that began after a moment, or the first that found a rule. Raises NotSeen."""
        what = f"a look at {pool_arn} in the ledger" + ("" if rule is None else f" that found {rule}")
        return until(lambda: self._first_look(pool_arn, since, rule), what=what)

    def finding(self, subject_arn: str, rule_id: str, *, state: str) -> Finding:
        """A finding once it is in a state and nothing is being done about it. Raises NotSeen."""
        seen = "nothing"

        def look() -> Finding | None:
            nonlocal seen
            item = self._item(self.ledger, f"FINDING#{subject_arn}", rule_id)
            if item is None:
                return None
            seen = f"{item['state']}, {item['handling']}, {_code(item.get('reason'))}"
            unfinished = state == "open" and item["handling"] in _UNFINISHED
            return _finding(item) if item["state"] == state and not unfinished else None

        try:
            return until(look, what=f"{rule_id} of {subject_arn} as {state}")
        except NotSeen as error:
            raise NotSeen(f"{error}; the ledger says: {seen}") from None

    def open_findings(self) -> tuple[str, ...]:
        """The rules with an open finding."""
        return tuple(sorted(item["rule_id"] for item in self._all(self.ledger) if item.get("state") == "open"))

    def swept(self) -> frozenset[str]:
        """The regions that were looked at completely at least once."""
        return frozenset(
            item["pk"].removeprefix("SWEEP#") for item in self._all(self.ledger) if item["pk"].startswith("SWEEP#")
        )

    def counted(self, pool_arn: str) -> Mapping[str, int]:
        """A pool's failed mail by outcome, over all days."""
        total: Counter[str] = Counter()
        for item in self._all(self.ledger):
            if item["pk"] == f"COUNTS#{pool_arn}":
                total.update({name[2:]: int(value) for name, value in item.items() if name.startswith("n:")})
        return total

    def entry(self, entry_id: str) -> JournalEntry:
        """An entry of the journal once it is concluded. Raises NotSeen."""
        return until(lambda: self._entry(entry_id), what=f"the outcome of {entry_id} in the journal")

    def writes(self) -> int:
        """How many writes the journal holds."""
        return sum(1 for item in self._all(self.journal) if item["sk"] == "INTENTION")

    def _entry(self, entry_id: str) -> JournalEntry | None:
        intention = self._item(self.journal, entry_id, "INTENTION")
        outcome = self._item(self.journal, entry_id, "OUTCOME")
        if intention is None or outcome is None:
            return None
        return JournalEntry(
            entry_id=entry_id,
            resource=intention["resource"],
            outcome=outcome["outcome"],
            concluded_at=datetime.fromisoformat(outcome["at"]),
        )

    def _first_look(self, pool_arn: str, since: datetime, rule: str | None) -> Look | None:
        self._read_on()
        found = (look for look in self._looks.get(pool_arn, ()) if rule is None or rule in look.rules)
        # A look because of figures may rest on readings from a minute ago, and is dated so.
        earliest = since if rule is None else since - _LONGEST_CACHE
        return next((look for look in found if look.looked_at >= earliest), None)

    def _read_on(self) -> None:
        answer = self.stream.get_records(ShardIterator=self._iterator)
        self._iterator = answer["NextShardIterator"]
        for record in answer["Records"]:
            item = _plain(record["dynamodb"].get("NewImage", {}))
            if item.get("sk") == "LOOK" and "answer" in item:
                self._looks.setdefault(item["pool"], []).append(_look(item))

    def _item(self, table: str, pk: str, sk: str) -> Item | None:
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        item = self.table.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
        return None if item is None else _plain(item)

    def _all(self, table: str) -> Iterator[Item]:
        for page in self.table.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
            yield from map(_plain, page["Items"])


def _plain(item: Mapping[str, Any]) -> Item:
    return {name: _PLAIN.deserialize(value) for name, value in item.items()}


def _look(item: Item) -> Look:
    return Look(
        looked_at=datetime.fromisoformat(item["looked_at"]),
        answer=item["answer"],
        deciding=item.get("deciding"),
        rules=tuple(finding["rule"] for finding in item["findings"]),
    )


def _code(reason: Mapping[str, Any] | None) -> str:
    """The code of a reason; its sentence is made for the alert."""
    return "" if reason is None else str(reason["id"])


def _finding(item: Item) -> Finding:
    proposed = item.get("proposed")
    return Finding(
        rule_id=item["rule_id"],
        rule_name=item["rule_name"],
        state=item["state"],
        handling=item["handling"],
        severity=item["severity"],
        reason=_code(item.get("reason")),
        actor=(item.get("cause") or {}).get("actor", ""),
        proposed=None
        if proposed is None
        else ProposedWrite(
            resource=proposed["resource"],
            before=proposed["before"],
            after=proposed["after"],
        ),
        undo_id=item.get("undo_id"),
    )
