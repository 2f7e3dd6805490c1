"""What only SQS knows: delays, groups, sizes, and batches that are taken in part."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest

from mailwarden.adapters.aws.sqs.hint_queue import SqsHintQueue
from mailwarden.adapters.aws.sqs.repair_queue import SqsRepairQueue, group_of
from mailwarden.adapters.aws.sqs.sender import MOST_BYTES, NotSent, QueueSender, batches
from mailwarden.domain.refs.hints import RegionHint
from mailwarden.ports.hint_queue import DelayedHint
from tests.fakes.examples import OREGON_IDENTITY, SEOUL_POOL, a_pool, an_order, later
from tests.functional.queues.conftest import received
from tests.texts import says

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient
    from mypy_boto3_sqs.type_defs import BatchResultErrorEntryTypeDef, SendMessageBatchResultTypeDef

    from mailwarden.adapters.aws.sqs.sender import SendEntry

DELAY = DelayedHint(hint=RegionHint(region="eu-west-1"), delay=timedelta(milliseconds=200))


@dataclass(slots=True)
class PartlyDeaf:
    """An SQS that does not take some messages: per call, the ids it refuses and whether it is the sender's fault."""

    refusals: list[dict[str, bool]]
    calls: list[list[str]] = field(default_factory=list)

    def send_message_batch(self, *, QueueUrl: str, Entries: list["SendEntry"]) -> "SendMessageBatchResultTypeDef":  # noqa: N803
        assert QueueUrl == "url"
        self.calls.append([entry["Id"] for entry in Entries])
        refused = self.refusals.pop(0) if self.refusals else {}
        failed: list[BatchResultErrorEntryTypeDef] = [
            {"Id": entry_id, "Code": "InternalError", "SenderFault": fault} for entry_id, fault in refused.items()
        ]
        # The real answer leaves ``Failed`` out when there is nothing to say.
        return cast("SendMessageBatchResultTypeDef", {"Successful": [], **({"Failed": failed} if failed else {})})


def entries(number: int, *, group: str = "", size: int = 10) -> list["SendEntry"]:
    made: list[SendEntry] = []
    for place in range(number):
        entry: SendEntry = {"Id": str(place), "MessageBody": "x" * size}
        if group:
            entry["MessageGroupId"] = group
        made.append(entry)
    return made


def sender(sqs: PartlyDeaf, pauses: list[float]) -> QueueSender:
    return QueueSender(client=cast("SQSClient", sqs), queue_url="url", sleep=pauses.append)


def test_sends_again_what_was_not_taken_and_only_that() -> None:
    sqs, pauses = PartlyDeaf([{"1": False, "2": False}, {"2": False}]), list[float]()

    sender(sqs, pauses).send(entries(3))

    assert sqs.calls == [["0", "1", "2"], ["1", "2"], ["2"]]
    assert pauses == [0.1, 0.2]


def test_raises_when_something_is_never_taken() -> None:
    sqs, pauses = PartlyDeaf([{"1": False}] * 9), list[float]()

    with pytest.raises(NotSent, check=says("1 of 3 messages were not taken in 4 attempts")):
        sender(sqs, pauses).send(entries(3))
    assert len(sqs.calls) == 4


def test_does_not_insist_when_the_fault_is_ours() -> None:
    sqs = PartlyDeaf([{"0": True}])

    with pytest.raises(NotSent, check=says("1 of 3 messages were refused: InternalError")):
        sender(sqs, []).send(entries(3))
    assert len(sqs.calls) == 1


def test_a_batch_holds_ten_messages() -> None:
    assert [len(batch) for batch in batches(entries(23))] == [10, 10, 3]


def test_a_batch_holds_no_more_than_one_message_may() -> None:
    sizes = [sum(len(entry["MessageBody"]) for entry in batch) for batch in batches(entries(7, size=100_000))]

    assert sizes == [200_000, 200_000, 200_000, 100_000]
    assert max(sizes) <= MOST_BYTES


def test_no_batch_holds_two_messages_of_one_group() -> None:
    assert [len(batch) for batch in batches(entries(3, group="one"))] == [1, 1, 1]


def test_a_part_of_a_second_is_waited_out(sqs: "SQSClient", standard_queue: str) -> None:
    SqsHintQueue(sqs, standard_queue).send([DELAY])

    attributes = sqs.get_queue_attributes(QueueUrl=standard_queue, AttributeNames=["All"])["Attributes"]
    assert attributes["ApproximateNumberOfMessagesDelayed"] == "1"


def test_the_group_of_an_order_is_the_resource_it_writes(sqs: "SQSClient", fifo_queue: str) -> None:
    SqsRepairQueue(sqs, fifo_queue).send([an_order(), an_order(a_pool(2), at=later(1), resource=OREGON_IDENTITY.arn)])

    groups = [message["Attributes"]["MessageGroupId"] for message in received(sqs, fifo_queue)]
    assert groups == [SEOUL_POOL.arn, OREGON_IDENTITY.arn]


@pytest.mark.parametrize("resource", ["x" * 129, "arn:aws:ses:us-west-2:1:identity/사용자@shop.example", "with space"])
def test_a_name_that_sqs_would_not_take_becomes_a_digest(sqs: "SQSClient", fifo_queue: str, resource: str) -> None:
    SqsRepairQueue(sqs, fifo_queue).send([an_order(resource=resource)])

    (message,) = received(sqs, fifo_queue)
    assert message["Attributes"]["MessageGroupId"] == group_of(resource)
    assert len(group_of(resource)) == 64
    assert group_of("x" * 128) == "x" * 128
