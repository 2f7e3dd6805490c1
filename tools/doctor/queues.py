"""The queues and their dead-letter queues: all there, each with its dead-letter queue, and these empty."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from mailwarden.domain.readings import Unreadable
from tools.doctor.lines import DEPLOY, Line, counted, missed, sound, to_do
from tools.doctor.site import Site, looked

_ACTION = "sqs:GetQueueAttributes"
_GONE = frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"})
_WAITING = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
# By the output with its URL, the page of the alarm about what is in it.
DEAD_LETTERS = {
    "HintsDeadLettersUrl": "hints-dead",
    "RepairsDeadLettersUrl": "repairs-dead",
    "DeliveryFailuresDeadLettersUrl": "delivery-failures-dead",
    "FeedbackDeadLettersUrl": "feedback-dead",
    "ChatDeadLettersUrl": "chat-dead",
    "EventBridgeDeadLettersUrl": "eventbridge-dead",
    "FunctionFailuresUrl": "function-failures",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueReading:
    """A queue by its output; ``waiting`` is the number of its messages, None if there is no such queue."""

    output: str
    name: str
    waiting: int | Unreadable | None
    has_dead_letters: bool = False


def read_queues(site: Site) -> tuple[QueueReading, ...]:
    """Every queue of the outputs."""
    wanted = {name for name in site.home.outputs if name.endswith("QueueUrl")} | DEAD_LETTERS.keys()
    return tuple(_queue(site, output, site.home.outputs.get(output, "")) for output in sorted(wanted))


def _queue(site: Site, output: str, url: str) -> QueueReading:
    name = url.rpartition("/")[2]
    found = looked(
        partial(site.client("sqs").get_queue_attributes, QueueUrl=url, AttributeNames=["All"]),
        action=_ACTION,
        region=site.home.region,
        missing=_GONE,
    )
    if found is None or isinstance(found, Unreadable):
        return QueueReading(output=output, name=name, waiting=found)
    attributes = found["Attributes"]
    waiting = sum(int(attributes[each]) for each in _WAITING)
    return QueueReading(output=output, name=name, waiting=waiting, has_dead_letters="RedrivePolicy" in attributes)


def judge_queues(queues: tuple[QueueReading, ...]) -> Iterator[Line]:
    """Every queue is there and has a dead-letter queue; the number of messages in them."""
    working = [queue for queue in queues if queue.output not in DEAD_LETTERS]
    waiting: list[int] = []
    for queue in working:
        what = f"queue {queue.name or queue.output}"
        if not isinstance(queue.waiting, int):
            yield from filter(None, [missed(what, queue.waiting)])
        elif not queue.has_dead_letters:
            yield to_do(f"{what} has no dead-letter queue: what fails is repeated until it expires", DEPLOY)
        else:
            waiting.append(queue.waiting)
    if len(waiting) == len(working):
        yield sound(f"{counted(len(working), 'queue')} are there; {counted(sum(waiting), 'message')} in them")


def judge_dead_letters(queues: tuple[QueueReading, ...]) -> Iterator[Line]:
    """Nothing failed for good."""
    dead = [queue for queue in queues if queue.output in DEAD_LETTERS]
    empty = 0
    for queue in dead:
        if not isinstance(queue.waiting, int):
            yield from filter(None, [missed(f"dead-letter queue {queue.name or queue.output}", queue.waiting)])
        elif queue.waiting:
            page = f"docs/runbooks/{DEAD_LETTERS[queue.output]}.md"
            yield to_do(f"{counted(queue.waiting, 'message')} failed for good: in queue {queue.name}", f"see {page}")
        else:
            empty += 1
    if empty == len(dead):
        yield sound(f"{counted(empty, 'dead-letter queue')} are empty")
