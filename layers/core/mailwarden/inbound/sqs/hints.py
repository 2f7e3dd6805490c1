"""Handles batches of hints: all hints of a batch for one pool cause one look."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from mailwarden.domain.refs.hints import Hint, PoolHint
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.inbound.sqs.backoff import Backoff
from mailwarden.inbound.sqs.batch import (
    AN_INVOCATION,
    NOT_UNDERSTOOD,
    Failures,
    Log,
    SqsRecord,
    records_of,
    refuse,
)
from mailwarden.message import logged
from mailwarden.service.inspection.concerned_pools import ConcernedPools
from mailwarden.service.inspection.inspect import Inspector

# A look whose reads all run into the SDK's timeouts may take longer, but not two of them: their region is skipped.
_ONE_LOOK = timedelta(seconds=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class HintBatch:
    """A batch of hints: all hints for one pool cause one look."""

    pools: ConcernedPools
    inspector: Inspector
    understand: Callable[[str], tuple[Hint, ...]]
    backoff: Backoff

    def handle(
        self, event: Mapping[str, object], *, log: Log, remaining: Callable[[], timedelta] = lambda: AN_INVOCATION
    ) -> Failures:
        """Handle the records of one invocation, which has the time that *remaining* returns.

        Without enough time for one more look, the messages of the others fail and are delivered again. A message that
        was delivered before may be the one that takes the time of its batch: its look comes last.
        """
        failed: set[str] = set()
        deliveries: dict[PoolRef, int] = {}
        asked: dict[PoolRef, list[str]] = {}
        waited: dict[PoolRef, list[str]] = {}
        hints: list[PoolHint] = []
        records = tuple(records_of(event))
        for message in records:
            try:
                for hint in self._pools(message):
                    hints.append(hint)
                    asked.setdefault(hint.pool, []).append(message.message_id)
                    if hint.waits:
                        waited.setdefault(hint.pool, []).append(message.message_id)
                    deliveries[hint.pool] = max(deliveries.get(hint.pool, 0), message.received)
            except NOT_UNDERSTOOD as error:
                refuse(log, message.message_id, error)
                failed.add(message.message_id)
            except Exception:
                log.exception("hint failed", extra={"message_id": message.message_id})
                failed.add(message.message_id)
        begun = self.inspector.begin(hints)
        for pool, look in self.inspector.garbled.items():
            log.error("a look that waits cannot be read", extra={"pool": pool.arn, "reason": look.reason})
            failed.update(waited[pool])
        for hint in sorted(begun, key=lambda look: deliveries[look.pool]):
            pool = hint.pool
            if remaining() < _ONE_LOOK:
                log.info("no time left", extra={"pool": pool.arn})
                failed.update(asked[pool])
                continue
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
                    "reason": None if looked.note is None else logged(looked.note),
                    "event_ids": [] if hint.cause is None else [call.event_id for call in hint.cause.calls],
                },
            )
        return self.backoff.failures_of(records, failed, log=log)

    def _pools(self, message: SqsRecord) -> Iterator[PoolHint]:
        for hint in self.understand(message.body):
            yield from self.pools.of(hint)
