"""Batches of messages: each is understood and handled by itself; what failed is named, so that only it comes again."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypedDict

from mailwarden.domain.documents import MalformedDocument
from mailwarden.domain.hints import Hint, PoolHint
from mailwarden.domain.journal import RepairOrder
from mailwarden.domain.records import FindingKey
from mailwarden.domain.subjects import NotASubject, PoolRef
from mailwarden.domain.watching import SettingsFault
from mailwarden.inbound.cloudtrail import ForeignEvent, MalformedEvent
from mailwarden.inbound.messages import MalformedMessage
from mailwarden.service.announcing import Announcer
from mailwarden.service.inspecting import Inspector, one_look_per_pool
from mailwarden.service.repairing import Repairer
from mailwarden.service.sweeping import Sweeper
from mailwarden.service.watching import Watched, Watcher

# What no second try can mend: the message is kept with the dead letters, its reason in the log.
NOT_UNDERSTOOD = (ForeignEvent, MalformedDocument, MalformedEvent, MalformedMessage, NotASubject)


class Log(Protocol):
    """A structured log."""

    def info(self, event: str, *, extra: Mapping[str, object]) -> None:
        """Something happened as it should."""
        ...

    def error(self, event: str, *, extra: Mapping[str, object]) -> None:
        """Something could not be understood; the reason is in *extra*."""
        ...

    def exception(self, event: str, *, extra: Mapping[str, object]) -> None:
        """Something failed; the traceback is added."""
        ...


class Failure(TypedDict):
    """One message that is to come again."""

    itemIdentifier: str


class Failures(TypedDict):
    """What Lambda expects of a function with ReportBatchItemFailures."""

    batchItemFailures: list[Failure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One SQS record; ``group`` is empty in a standard queue."""

    message_id: str
    body: str
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HintBatch:
    """Hints: all hints of a batch for one pool are one look."""

    inspector: Inspector
    understand: Callable[[str], tuple[Hint, ...]]

    def handle(self, event: Mapping[str, object], *, log: Log) -> Failures:
        """Handle the records of one invocation."""
        failed: set[str] = set()
        asked: dict[PoolRef, list[str]] = {}
        hints: list[PoolHint] = []
        for message in messages_of(event):
            try:
                for hint in self._pools(message):
                    hints.append(hint)
                    asked.setdefault(hint.pool, []).append(message.message_id)
            except NOT_UNDERSTOOD as error:
                refuse(log, message.message_id, error)
                failed.add(message.message_id)
            except Exception:
                log.exception("hint failed", extra={"message_id": message.message_id})
                failed.add(message.message_id)
        for pool, hint in one_look_per_pool(tuple(hints)).items():
            try:
                looked = self.inspector.inspect(hint)
            except Exception:
                log.exception("look failed", extra={"pool": pool.arn})
                failed.update(asked[pool])
                continue
            log.info(
                "looked",
                extra={
                    "pool": pool.arn,
                    "verdict": None if looked.verdict is None else looked.verdict.answer,
                    "deciding": None if looked.verdict is None else looked.verdict.deciding,
                    "findings": looked.findings,
                    "ordered": looked.ordered,
                    "note": looked.note,
                    "event_id": None if hint.cause is None else hint.cause.event_id,
                },
            )
        return failures_of(failed)

    def _pools(self, message: Message) -> Iterator[PoolHint]:
        for hint in self.understand(message.body):
            yield from self.inspector.pools_of(hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairBatch:
    """Repair orders: in order within a group; after a failure the rest of the group waits its turn."""

    repairer: Repairer
    understand: Callable[[str], RepairOrder]

    def handle(self, event: Mapping[str, object], *, log: Log) -> Failures:
        """Handle the records of one invocation."""
        failed: set[str] = set()
        stopped: set[str] = set()
        for message in messages_of(event):
            if message.group in stopped:
                failed.add(message.message_id)
                continue
            try:
                done = self.repairer.repair(self.understand(message.body))
            except NOT_UNDERSTOOD as error:
                # It says nothing about the orders behind it: they need not wait for the dead letters to take it.
                refuse(log, message.message_id, error)
                failed.add(message.message_id)
                continue
            except Exception:
                log.exception("repair failed", extra={"message_id": message.message_id})
                failed.add(message.message_id)
                stopped.add(message.group)
                continue
            log.info(
                "repaired" if done.outcome is not None else "nothing written",
                extra={
                    "pool": done.pool.arn,
                    "rule": done.rule_id,
                    "outcome": None if done.outcome is None else type(done.outcome).__name__.lower(),
                    "entry_id": done.entry_id,
                    "note": done.note,
                },
            )
        return failures_of(failed)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementBatch:
    """Changes of the ledger, or the schedule: the former are tried in order and stop at the first failure."""

    announcer: Announcer
    changed: Callable[[Mapping[str, object]], FindingKey | None]

    def handle(self, event: Mapping[str, object], *, log: Log) -> Failures:
        """Handle the records of one invocation, or tell everything that waits where there are none."""
        records = event.get("Records")
        if not isinstance(records, list):
            log.info("told what was waiting", extra={"findings": self.announcer.announce_waiting()})
            return failures_of(set())
        for record in records:
            key = self.changed(record)
            if key is None:
                continue
            try:
                channels = self.announcer.announce(key)
            except Exception:
                log.exception("announcement failed", extra={"subject": key.subject_arn, "rule": key.rule_id})
                return failures_of({str(record["dynamodb"]["SequenceNumber"])})
            if channels:
                log.info("told", extra={"subject": key.subject_arn, "rule": key.rule_id, "channels": channels})
        return failures_of(set())


@dataclass(slots=True, kw_only=True)
class ScheduledSweep:
    """A sweep of all regions, or of those that were never swept.

    ``started`` keeps a long first sweep, which goes on through hints, from being started anew each minute.
    """

    sweeper: Sweeper
    regions: tuple[str, ...]
    started: set[str]

    def run(self, *, everything: bool) -> Iterator[tuple[str, int | str]]:
        """Sweep; yields each region with its number of pools, or with why they could not be listed."""
        never = tuple(region for region in self.sweeper.never_swept(self.regions) if region not in self.started)
        for region, came_of_it in self.sweeper.sweep(self.regions if everything else never):
            if isinstance(came_of_it, int):
                self.started.add(region)
            yield region, came_of_it

    def age_seconds(self) -> float:
        """The age of the oldest complete sweep; a day where one is missing still, so that the alarm hears of it."""
        age = self.sweeper.age(self.regions)
        return 86_400.0 if age is None else age.total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledWatch:
    """What the watch rests on: the settings each time, the trails with each sweep of everything."""

    watcher: Watcher
    fault: SettingsFault | None

    def run(self, *, everything: bool) -> Iterator[Watched]:
        """Look; yields what came of each rule and region."""
        yield self.watcher.check_settings(self.fault)
        if everything:
            yield from self.watcher.check_trails()


def messages_of(event: Mapping[str, object]) -> Iterator[Message]:
    """The records of an SQS event (Lambda guide, "Using Lambda with Amazon SQS")."""
    records = event.get("Records")
    for record in records if isinstance(records, list) else ():
        yield Message(
            message_id=record["messageId"],
            body=record["body"],
            group=record.get("attributes", {}).get("MessageGroupId", ""),
        )


def refuse(log: Log, message_id: str, error: Exception) -> None:
    """Log why a message is not understood."""
    log.error("message not understood", extra={"message_id": message_id, "reason": f"{type(error).__name__}: {error}"})


def failures_of(failed: set[str]) -> Failures:
    """What Lambda is told of the messages that are to come again."""
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in sorted(failed)]}
