"""Functions that die before or after one of their AWS calls, side by side, until their work comes again.

Each death has a pool, a resource and an order of its own: only the invocation for that order dies, from a cold start,
so that its calls are those of a whole life. What is of the whole stack happens to all deaths of a batch.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import batched

from tests.e2e.box import FUNCTIONS, SETTINGS, STACK, Box, Json
from tests.e2e.people import Pool
from tests.e2e.records import Item
from tests.e2e.stage import Stage
from tests.e2e.waiting import until

# All deaths; or those after each call, because before the next one AWS is in the same state; or only those of them
# after which AWS is in another state than before.
EVERY = os.environ.get("EVERY_DEATH", "")
WHOLE = EVERY in {"whole", "states", "changes"}
# What hinders no repair in the end, and what holds every repair.
HARMLESS = ("nothing", "throttled")
HOLDING = ("turned off", "unreadable", "tagged")
MEANWHILE = (*HARMLESS, *HOLDING, "mended")
_DOCUMENTS = {"turned off": '{"repairMode": "off"}', "unreadable": '{"repairMode": '}
# The deaths side by side. More of them take longer than what is ordered may wait.
_AT_ONCE = 40
# Deadlines in seconds. An idle machine of two cores takes one for each death, from its pool to its last look.
PATIENCE, EACH = 60.0, 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Before or after the call of this service and action that comes after so many others of them."""

    service: str
    action: str
    place: int
    when: str

    @property
    def changes(self) -> bool:
        return not self.action.startswith(("Describe", "Get", "List", "Lookup", "Query", "BatchGet"))

    @property
    def is_certain(self) -> bool:
        """Whether it comes in every life: the write does. Of other calls a life may have fewer than the one seen."""
        return is_write(self.action) and self.place == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Doomed:
    """A pool whose repair or undo dies, on the event that holds *order*, and how others change its resource then."""

    pool: Pool
    resource: str
    order: str
    rule: str
    happen: Callable[[], object]
    mend: Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """What all deaths of a batch left: the policies and pools that were written, the journal, and what was charged."""

    taken: Mapping[str, list[str]]
    journal: Mapping[str, list[Item]]
    charged: Mapping[str, int]

    @classmethod
    def of(cls, stage: Stage, mark: int, *functions: str) -> "Aftermath":
        journal: defaultdict[str, list[Item]] = defaultdict(list)
        for entry in stage.records.entries():
            journal[entry["resource"]].append(entry)
        return cls(taken=writes(stage.box, mark, *functions), journal=journal, charged=stage.records.charged())


@dataclass(slots=True, kw_only=True)
class Batch:
    """Deaths side by side, and what was wrong with each: one that is wrong does not hide the others."""

    deaths: Sequence[tuple[Doomed, Moment]]
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def doomed(self) -> list[Doomed]:
        """Those with which nothing was wrong until now."""
        return [each for each, _ in self.deaths if each.order not in self.wrong]

    def check(self, is_true: Callable[[Doomed], None]) -> None:
        for each in self.doomed:
            try:
                is_true(each)
            except AssertionError as error:
                self.wrong[each.order] = str(error)

    def complaints(self) -> list[str]:
        return [f"{moment}: {self.wrong[each.order]}" for each, moment in self.deaths if each.order in self.wrong]


def every(calls: Iterable[tuple[str, str]], meanwhile: str) -> list[Moment]:
    """Around each call where nothing happens meanwhile, and around each that changes something whatever happens."""
    all_calls = meanwhile == "nothing" and EVERY != "changes"
    found = [each for each in moments_of(calls) if each.changes or all_calls]
    return found if EVERY == "whole" else found[:1] + [each for each in found if each.when == "after"]


def moments_of(calls: Iterable[tuple[str, str]]) -> list[Moment]:
    """Before and after each call."""
    seen: Counter[tuple[str, str]] = Counter()
    moments: list[Moment] = []
    for call in calls:
        place, seen[call] = seen[call], seen[call] + 1
        moments += [Moment(service=call[0], action=call[1], place=place, when=when) for when in ("before", "after")]
    return moments


def tried(
    stage: Stage,
    moments: Sequence[Moment],
    begin: Callable[[int], list[Doomed]],
    together: Callable[[Batch], None],
) -> list[str]:
    """What was wrong with each death."""
    wrong: list[str] = []
    for some in batched(moments, _AT_ONCE, strict=False):
        batch = Batch(deaths=list(zip(begin(len(some)), some, strict=True)))
        together(batch)
        wrong += batch.complaints()
        _leave(stage)
    return wrong


def _leave(stage: Stage) -> None:
    """Take the pools of a batch away, and nobody hears of it: there are hundreds of them."""
    with stage.box.without_events():
        stage.people.leave()
    stage.people.pools.clear()
    stage.people.identities.clear()


def calls_of(box: Box, function: str, *, since: int) -> list[tuple[str, str]]:
    """The calls that a function made, without those for its log."""
    calls = box.calls(since=since, role=box.role(function))
    return [(call["service"], call["action"]) for call in calls if call["service"] != "logs"]


def is_write(action: str) -> bool:
    """Whether a call changes what Mailwarden repairs."""
    return action == "UpdateUserPool" or action.endswith("IdentityPolicy")


def writes(box: Box, mark: int, *functions: str) -> Mapping[str, list[str]]:
    """What functions changed in AWS, by resource: calls that were taken."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    calls: list[Json] = [call for name in functions for call in box.calls(since=mark, role=box.role(name))]
    for call in sorted(calls, key=lambda call: int(call["sequence"])):
        if is_write(call["action"]) and call["error"] is None:
            found[call["resource"]].append(call["action"])
    return found


@contextmanager
def deaths(box: Box, function: str, batch: Batch) -> Iterator[Callable[[], None]]:
    """Each order's invocation dies at its moment; yields what waits until all have.

    One whose life had no such call lives on, and the same is true of it in the end.
    """
    role = box.role(function)
    box.control("POST", f"functions/{STACK}-{function}/restart", {"containing": [each.order for each in batch.doomed]})
    faults = {
        box.control(
            "POST",
            "faults",
            {
                "effect": "die",
                "when": moment.when,
                "service": moment.service,
                "action": moment.action,
                "role": role,
                "skip": moment.place,
                "invocation": each.order,
            },
        )["id"]: each.order
        for each, moment in batch.deaths
    }
    certain = {each.order for each, moment in batch.deaths if moment.is_certain}

    def alive() -> set[str]:
        return {
            faults[fault["id"]] for fault in box.control("GET", "faults") if not fault["hits"] and fault["id"] in faults
        }

    def nobody_is_left() -> bool:
        """Whether all are dead, or nothing is under way that could still die."""
        left = alive()
        return not left or (not left & certain and is_idle(box))

    def dead() -> None:
        # Twice, because between two numbers work can go from a queue to a function or back.
        until(
            lambda: nobody_is_left() and nobody_is_left(),
            what=lambda: f"the deaths of {alive()}",
            within=PATIENCE + EACH * len(faults),
        )
        until(lambda: not running(box, function), what="the end of the dead", within=PATIENCE)

    try:
        yield dead
    finally:
        for number in faults:
            (fault,) = box.control("DELETE", f"faults/{number}")["removed"]
            box.disturbed.update(fault["hits"])


@contextmanager
def happening(stage: Stage, batch: Batch, meanwhile: str, *, again: Callable[[], object]) -> Iterator[None]:
    """What happens between the deaths and the work that comes again; a throttled identity hinders it once before."""
    ssm = stage.box.client("ssm")
    try:
        if meanwhile in _DOCUMENTS:
            ssm.put_parameter(Name=SETTINGS, Type="String", Value=_DOCUMENTS[meanwhile], Overwrite=True)
            _read_settings_anew(stage.box)
        elif meanwhile == "tagged":
            for each in batch.doomed:
                cognito = stage.box.client("cognito-idp", each.pool.region)
                cognito.tag_resource(ResourceArn=each.pool.arn, Tags={"mailwarden": "report"})
        elif meanwhile == "throttled":
            with stage.box.fault(
                effect="throttle", count=None, service="ses", action="GetEmailIdentity", role=f"{STACK}-*"
            ):
                again()
        elif meanwhile == "mended":
            for each in batch.doomed:
                each.mend()
        yield
    finally:
        if meanwhile in _DOCUMENTS:
            ssm.put_parameter(Name=SETTINGS, Type="String", Value="{}", Overwrite=True)
            _read_settings_anew(stage.box)


def _read_settings_anew(box: Box) -> None:
    """New processes read the settings; the message that an old one was handling comes again now, not in six minutes."""
    renew(box, "inspect", "repair", "operate")
    box.release("HintsQueueUrl")


def renew(box: Box, *functions: str) -> None:
    """End the warm processes, so that the next one starts from the beginning."""
    for function in functions:
        box.control("POST", f"functions/{STACK}-{function}/restart")


def running(box: Box, function: str) -> int:
    """How many invocations of a function are under way."""
    return int(box.control("GET", f"functions/{STACK}-{function}/running")["running"])


def receivable(box: Box, output: str) -> int:
    """How many messages of a queue wait to be received now."""
    url, name = box.outputs[output], "ApproximateNumberOfMessages"
    attributes = box.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=[name])
    return int(attributes["Attributes"][name])


def is_idle(box: Box) -> bool:
    """Whether nothing is under way but what died, or waits for its time."""
    at_work = any(running(box, function) for function in FUNCTIONS)
    return not at_work and not any(receivable(box, queue) for queue in ("HintsQueueUrl", "RepairsQueueUrl"))
