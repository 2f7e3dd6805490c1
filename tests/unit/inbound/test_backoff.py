"""When failed messages are delivered again."""

from itertools import accumulate

import pytest

from mailwarden.inbound.sqs.backoff import Backoff, wait_after
from mailwarden.inbound.sqs.batch import records_of
from tests.fakes.message_visibility import HeldVisibility
from tests.fakes.tally import Lines

# The queues of work and of signals set a message aside after so many deliveries (tests/infrastructure/test_queues.py).
DELIVERIES = 8
MOST_SECONDS = 12 * 60 * 60


def message(name: str, *, received: int = 1, receipt: str | None = None) -> dict[str, object]:
    return {
        "messageId": name,
        "body": "",
        "receiptHandle": f"receipt of {name}" if receipt is None else receipt,
        "attributes": {"ApproximateReceiveCount": str(received)},
    }


def test_the_first_try_comes_after_seconds_and_the_last_after_a_third_of_an_hour() -> None:
    waits = [wait_after(received) for received in range(1, DELIVERIES)]

    assert waits[:4] == [5, 15, 45, 135]
    assert waits == sorted(waits)
    assert 20 * 60 <= list(accumulate(waits))[-1] <= 30 * 60


@pytest.mark.parametrize("received", [-1, 0, 1, 9, 1_000, 10**9])
def test_every_wait_is_one_that_sqs_accepts(received: int) -> None:
    assert 5 <= wait_after(received) <= MOST_SECONDS


def test_only_what_failed_is_hidden_each_for_its_own_time() -> None:
    held, log = HeldVisibility(), Lines()
    records = records_of({"Records": [message("a"), message("b", received=3), message("c")]})

    failures = Backoff(visibility=held).failures_of(records, {"a", "b"}, log=log)

    assert failures == {"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "b"}]}
    assert held.hidden == {"receipt of a": 5, "receipt of b": 45}
    assert log.lines == []


def test_what_cannot_be_hidden_waits_for_the_queue_and_is_logged() -> None:
    log = Lines()
    records = records_of({"Records": [message("a"), message("b", receipt="")]})

    failures = Backoff(visibility=HeldVisibility(refused=("ServiceUnavailable",))).failures_of(
        records, {"a", "b"}, log=log
    )

    assert len(failures["batchItemFailures"]) == 2
    assert log.lines == [("wait not set", {"reason": "ServiceUnavailable"})]
