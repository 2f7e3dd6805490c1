"""What Mailwarden wrote down, read as an operator would: the ledger, its stream, and the journal."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Self

from boto3.dynamodb.types import TypeDeserializer

from mailwarden.message import argument_from_document
from mailwarden.presentation.catalogue.languages import ENGLISH
from tests.e2e.box import Box, Untyped
from tests.e2e.waiting import until

type Item = Mapping[str, Any]

_PLAIN = TypeDeserializer()


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    looked_at: datetime
    answer: str
    deciding: str | None
    rules: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Records:
    """The two tables; `looks` has every look, also those that a newer one replaced."""

    box: Box
    stream: Untyped
    iterator: str
    seen: dict[str, list[Look]] = field(default_factory=dict)
    channels: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, box: Box) -> Self:
        stream = box.client("dynamodbstreams")
        arn = box.client("dynamodb").describe_table(TableName=box.outputs["LedgerTable"])["Table"]["LatestStreamArn"]
        (shard,) = stream.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        first = stream.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")[
            "ShardIterator"
        ]
        return cls(box=box, stream=stream, iterator=first)

    def looks(self, pool_arn: str) -> list[Look]:
        """Every look at a pool, oldest first."""
        records = True
        while records:
            answer = self.stream.get_records(ShardIterator=self.iterator)
            self.iterator, records = answer["NextShardIterator"], bool(answer["Records"])
            for record in answer["Records"]:
                item = _plain(record["dynamodb"].get("NewImage", {}))
                if item.get("sk") == "LOOK" and "answer" in item:
                    self.seen.setdefault(item["pool"], []).append(_look(item))
        return list(self.seen.get(pool_arn, ()))

    def looked(self, pool_arn: str, *, after: int) -> Look:
        """The first look at a pool beyond so many, once there is one."""
        return until(lambda: self.looks(pool_arn)[after:], what=f"look {after + 1} at {pool_arn}")[0]

    def last_look(self, pool_arn: str) -> Look | None:
        """What the ledger knows of a pool now."""
        item = self._item("LedgerTable", f"POOL#{pool_arn}", "LOOK")
        return None if item is None or item.get("gone") else _look(item)

    def finding(self, subject_arn: str, rule: str, *, state: str, within: float = 20.0) -> Item:
        """A finding once it is in a state and everybody was told."""

        def look() -> Item | None:
            item = self.finding_now(subject_arn, rule)
            is_handed_over = item is not None and item["state"] == state and "awaiting" not in item
            return item if is_handed_over and self._is_told(subject_arn, rule) else None

        item = until(look, what=f"{rule} of {subject_arn} {state} and told", within=within)
        assert item is not None
        return item

    def _channels(self) -> tuple[str, ...]:
        """The channels that the stack has."""
        if not self.channels:
            function = self.box.outputs["AnnounceFunction"]
            answer = self.box.client("lambda").get_function_configuration(FunctionName=function)
            self.channels.extend(filter(None, answer["Environment"]["Variables"]["ALERT_CHANNELS"].split(",")))
        return tuple(self.channels)

    def _is_told(self, subject_arn: str, rule: str) -> bool:
        """Whether every channel has the last message about the incident of a finding, if it is in one."""
        member = self._item("LedgerTable", f"MEMBER#{subject_arn}", rule)
        incident = None if member is None else self._item("LedgerTable", f"INCIDENT#{member['cause']}", "INCIDENT")
        return incident is None or all(
            incident["announced"].get(channel, 0) >= incident["version"] for channel in self._channels()
        )

    def incident_of(self, subject_arn: str, rule: str) -> str:
        """The cause of the incident that a finding is in, as the ledger writes it."""
        member = self._item("LedgerTable", f"MEMBER#{subject_arn}", rule)
        assert member is not None
        return str(member["cause"])

    def finding_now(self, subject_arn: str, rule: str) -> Item | None:
        """A finding with its message, its reason and its evidence as people read them."""
        item = self._item("LedgerTable", f"FINDING#{subject_arn}", rule)
        if item is None:
            return None
        said = {name: _sentence(item[name]) for name in ("message", "reason") if item.get(name)}
        return {**item, **said, "evidence": {name: _sentence(value) for name, value in item["evidence"].items()}}

    def findings(self, *, affecting: str) -> list[Item]:
        """The findings that are about a pool or affect it, whatever their state."""
        short = f"{affecting.split(':')[3]}/{affecting.rsplit('/', 1)[-1]}"
        return [
            item
            for item in self._all("LedgerTable")
            if item["pk"].startswith("FINDING#") and (item["subject"] == affecting or short in item["affected"])
        ]

    def feedback(self, arn: str, kind: str) -> Item | None:
        """What is known of the mail of an SES account or a configuration set: `RATES`, `SUPPRESSION`, …"""
        return self._item("LedgerTable", f"FEEDBACK#{arn}", kind)

    def holding(self, text: str) -> list[Item]:
        """The items of both tables in which a text stands, whatever they are of and in whatever member."""
        items = [*self._all("LedgerTable"), *self._all("JournalTable")]
        return [item for item in items if text.lower() in str(item).lower()]

    def swept(self) -> set[str]:
        """The regions of which a sweep was completed."""
        return {
            item["pk"].removeprefix("SWEEP#") for item in self._all("LedgerTable") if item["pk"].startswith("SWEEP#")
        }

    def entries(self) -> list[Item]:
        """The journal's entries, oldest first: intention and outcome in one."""
        items = list(self._all("JournalTable"))
        outcomes = {item["pk"]: item for item in items if item["sk"] == "OUTCOME"}
        return [
            {
                **item,
                "outcome": outcomes.get(item["pk"], {}).get("outcome"),
                "concluded_at": outcomes.get(item["pk"], {}).get("at"),
            }
            for item in sorted(items, key=lambda item: str(item["at"]))
            if item["sk"] == "INTENTION"
        ]

    def writes(self, resource: str) -> list[Item]:
        """The journal's entries about a resource."""
        return [entry for entry in self.entries() if entry["resource"] == resource]

    def charged(self) -> Counter[str]:
        """The writes that the budgets of all hours have counted, by pool and for the account."""
        found = Counter[str]()
        for item in self._all("LedgerTable"):
            if item["pk"].startswith("BUDGET#"):
                found[item["pk"].removeprefix("BUDGET#")] += int(item["taken"])
        return found

    def windows(self) -> dict[str, list[float]]:
        """The time from the comparison to the answer of every write so far, in milliseconds, by what was written."""
        items = list(self._all("JournalTable"))
        resources = {item["pk"]: item["resource"] for item in items if item["sk"] == "INTENTION"}
        found: dict[str, list[float]] = {}
        for item in items:
            if item["sk"] == "OUTCOME" and "written_at" in item:
                compared, written = (datetime.fromisoformat(item[name]) for name in ("compared_at", "written_at"))
                service = resources[item["pk"]].split(":")[2]
                found.setdefault(service, []).append((written - compared).total_seconds() * 1000)
        return found

    def _item(self, table: str, pk: str, sk: str) -> Item | None:
        item = (
            self.box.client("dynamodb")
            .get_item(TableName=self.box.outputs[table], Key={"pk": {"S": pk}, "sk": {"S": sk}}, ConsistentRead=True)
            .get("Item")
        )
        return None if item is None else _plain(item)

    def _all(self, table: str) -> Iterator[Item]:
        pages = self.box.client("dynamodb").get_paginator("scan")
        for page in pages.paginate(TableName=self.box.outputs[table], ConsistentRead=True):
            yield from map(_plain, page["Items"])


def _plain(item: Mapping[str, Any]) -> Item:
    return {name: _PLAIN.deserialize(value) for name, value in item.items()}


def _sentence(document: object) -> str:
    return ENGLISH.text(argument_from_document(json.loads(json.dumps(document, default=_number))))


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _look(item: Item) -> Look:
    return Look(
        looked_at=datetime.fromisoformat(item["looked_at"]),
        answer=item["answer"],
        deciding=item.get("deciding"),
        rules=tuple(finding["rule"] for finding in item["findings"]),
    )
