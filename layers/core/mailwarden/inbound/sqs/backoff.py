"""When failed messages are delivered again: soon at first, then later and later."""

from collections.abc import Iterable
from dataclasses import dataclass

from mailwarden.inbound.sqs.batch import Failures, Log, SqsRecord, failures_of
from mailwarden.ports.findings.message_visibility import MessageVisibility

_FIRST_WAIT = 5
_LONGEST_WAIT = 360
_STEPS = 4


def wait_after(received: int) -> int:
    """The seconds until a failed message is delivered again, by its deliveries so far: 5, 15, 45, 135, then 360.

    The queue's own visibility timeout must outlast the function six times (Lambda guide, "Creating and configuring an
    Amazon SQS event source mapping"), which is too long after a throttle or a lost connection.
    """
    longer: int = 3 ** min(max(received, 1) - 1, _STEPS)
    return min(_FIRST_WAIT * longer, _LONGEST_WAIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Returns failed messages to their queue after seconds. Those of a function that died wait for the queue."""

    visibility: MessageVisibility

    def failures_of(
        self, records: Iterable[SqsRecord], failed: set[str], *, log: Log, at_once: frozenset[str] = frozenset()
    ) -> Failures:
        """The response for Lambda with the messages to retry, which stay hidden for their time from now on.

        Those that come *at_once* are not hidden.
        """
        waits = {
            record.receipt: 0 if record.message_id in at_once else wait_after(record.received)
            for record in records
            if record.message_id in failed and record.receipt
        }
        for code in self.visibility.hide(waits):
            log.error("wait not set", extra={"reason": code})
        return failures_of(failed)
