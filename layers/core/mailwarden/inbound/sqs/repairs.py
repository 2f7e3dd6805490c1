"""Handles batches of repair orders, in order within a group."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from mailwarden.domain.repair.journal import RepairOrder, Unconfirmed, Written, window_of
from mailwarden.inbound.sqs.backoff import Backoff
from mailwarden.inbound.sqs.batch import AN_INVOCATION, NOT_UNDERSTOOD, Failures, Log, records_of, refuse
from mailwarden.message import logged
from mailwarden.ports.repair.repair_counter import RepairCounter
from mailwarden.service.repair.order_runner import NoTimeLeft, OrderRunner
from mailwarden.service.repair.repair import Repaired

# A message that is delivered again for the rest counts as delivered, and after eight deliveries it is a dead letter.
_MOST_DELIVERIES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairBatch:
    """A batch of repair orders: in order within a group; after a failure the rest of the group is retried.

    An order whose write could not be confirmed is retried too: then the outcome can be read. One that had no time for
    all that its resource needs is delivered again at once.
    """

    runner: OrderRunner
    understand: Callable[[str], RepairOrder]
    counter: RepairCounter
    backoff: Backoff

    def handle(
        self, event: Mapping[str, object], *, log: Log, remaining: Callable[[], timedelta] = lambda: AN_INVOCATION
    ) -> Failures:
        """Handle the records of one invocation, which has the time that *remaining* returns."""
        failed: set[str] = set()
        going_on: set[str] = set()
        # The rest of a group comes with the message that stopped it: a hidden one would hold back the whole group.
        stopped: dict[str, set[str]] = {}
        records = tuple(records_of(event))
        for message in records:
            if message.group in stopped:
                stopped[message.group].add(message.message_id)
                continue
            try:
                order = self.understand(message.body)
                for done in self.runner.run(
                    order,
                    remaining=remaining,
                    is_new=message.received == 1,
                    may_be_redelivered=message.received < _MOST_DELIVERIES,
                ):
                    self._note(done, log)
                    if isinstance(done.outcome, Unconfirmed):
                        failed.add(message.message_id)
                        stopped[message.group] = failed
                        break
            except NoTimeLeft:
                log.info("goes on", extra={"message_id": message.message_id})
                going_on.add(message.message_id)
                stopped[message.group] = going_on
            except NOT_UNDERSTOOD as error:
                # A malformed order does not block its group: the orders behind it need not wait.
                refuse(log, message.message_id, error)
                failed.add(message.message_id)
                continue
            except Exception:
                log.exception("repair failed", extra={"message_id": message.message_id})
                failed.add(message.message_id)
                stopped[message.group] = failed
                continue
        return self.backoff.failures_of(records, failed | going_on, log=log, at_once=frozenset(going_on))

    def _note(self, done: Repaired, log: Log) -> None:
        window = window_of(done.outcome)
        log.info(
            "repaired" if done.outcome is not None else "nothing written",
            extra={
                "pool": done.pool.arn,
                "rule": done.rule_id,
                "outcome": None if done.outcome is None else type(done.outcome).__name__.lower(),
                "entry_id": done.entry_id,
                "window_ms": None if window is None else round(window.milliseconds, 1),
                "reason": None if done.note is None else logged(done.note),
            },
        )
        if window is not None:
            self.counter.written_within(window)
        if isinstance(done.outcome, Written):
            self.counter.repaired(took=done.took)
