"""A repair that dies before or after any AWS call it makes, and what its order makes of it when it comes again.

The calls are those that an undisturbed repair was seen to make. By itself this tries each kind once, and the write
of a grant under everything that may happen meanwhile; with ``EVERY_DEATH=whole`` it tries all of them under all.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests.e2e.box import SETTINGS, STACK, Box, Json
from tests.e2e.people import Pool, developer, pools_of, sending_policy
from tests.e2e.stage import Stage
from tests.e2e.waiting import until

SEOUL, OREGON, VIRGINIA, PARIS = "ap-northeast-2", "us-west-2", "us-east-1", "eu-west-3"
WHOLE = os.environ.get("EVERY_DEATH") == "whole"
WRITES = {"CreateEmailIdentityPolicy", "UpdateUserPool"}
OF_POOLS = {"cognito-idp", "cloudformation"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Before or after the call of this service and action that comes after so many others of them."""

    service: str
    action: str
    place: int
    when: str

    @property
    def changes(self) -> bool:
        return not self.action.startswith(("Describe", "Get", "List", "Lookup", "Query"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakage:
    """A pool that Mailwarden can repair: how it breaks, and how somebody else mends it in a way of their own."""

    pool: Pool
    resource: str
    rule: str
    happen: Callable[[], None]
    mend: Callable[[], None]


def grant(stage: Stage) -> Breakage:
    pool, identity = stage.authorized(SEOUL, OREGON)

    def mend() -> None:
        stage.people.attach(identity, sending_policy(identity, pools_of(stage.box, SEOUL)), name="theirs")

    return Breakage(
        pool=pool, resource=identity.arn, rule="MW401", happen=lambda: stage.people.detach(identity), mend=mend
    )


def move(stage: Stage) -> Breakage:
    old = stage.people.identity(VIRGINIA)
    own = stage.people.identity(PARIS, name=old.name)
    pool = stage.known(stage.people.pool(PARIS, developer(own)))
    stage.people.legacy(pool, developer(old))

    def mend() -> None:
        stage.people.legacy(pool, developer(own, ReplyToEmailAddress="else@example.com"))
        stage.people.touch(pool)

    return Breakage(pool=pool, resource=pool.arn, rule="MW201", happen=lambda: stage.people.touch(pool), mend=mend)


STORIES = {"grant": grant, "move": move}
OF_ALL = (
    ("grant", "nothing"),
    ("grant", "turned off"),
    ("grant", "mended"),
    ("move", "nothing"),
    ("move", "turned off"),
    ("move", "mended"),
)


@pytest.mark.timeout(7200 if WHOLE else 300)
@pytest.mark.parametrize(("story", "meanwhile"), OF_ALL if WHOLE else OF_ALL[:4])
def test_whenever_a_repair_dies_its_order_finishes_it(
    stage: Stage, story: str, meanwhile: str, record_property: Callable[[str, object], None]
) -> None:
    calls = calls_of_a_whole_life(stage, STORIES[story])
    moments = chosen(calls, story, meanwhile)
    wrong: list[str] = []
    for moment in moments:
        try:
            dies(stage, STORIES[story](stage), moment, meanwhile)
        except AssertionError as error:
            wrong.append(f"{moment}: {error}")

    record_property("measured", f"{story}, {meanwhile}: {len(calls)} calls, {len(moments)} deaths, {len(wrong)} wrong")
    assert wrong == []


def calls_of_a_whole_life(stage: Stage, begin: Callable[[Stage], Breakage]) -> list[tuple[str, str]]:
    """The calls of a repair that nothing disturbs, from the start of its process."""
    broken = begin(stage)
    renew(stage.box)
    mark = stage.box.mark()
    broken.happen()
    stage.alert(broken.pool.arn, broken.rule, "repaired")
    stage.box.quiet()
    return [(call["service"], call["action"]) for call in ours(stage.box, mark) if call["service"] != "logs"]


def chosen(calls: list[tuple[str, str]], story: str, meanwhile: str) -> list[Moment]:
    seen: Counter[tuple[str, str]] = Counter()
    moments: list[Moment] = []
    for call in calls:
        place, seen[call] = seen[call], seen[call] + 1
        both = [Moment(service=call[0], action=call[1], place=place, when=when) for when in ("before", "after")]
        if WHOLE:
            moments += both
        elif call[1] in WRITES:
            moments += both if meanwhile == "nothing" else both[1:]
        elif meanwhile == "nothing" and place == 0 and (story == "grant" or call[0] in OF_POOLS):
            moments += both[1:] if both[0].changes else both[:1]
    return moments


def dies(stage: Stage, broken: Breakage, moment: Moment, meanwhile: str) -> None:
    """One death, what happens meanwhile, and what is true in the end."""
    box, mark = stage.box, stage.box.mark()
    renew(box)
    with box.fault(
        effect="die",
        when=moment.when,
        service=moment.service,
        action=moment.action,
        role=box.role("repair"),
        skip=moment.place,
    ) as hits:
        broken.happen()
        until(hits, what="the death")
        until(lambda: moment.when == "before" or answered(box, mark, moment), what="the last call")
    by_then = writes(box, mark)
    with happening(stage, broken, meanwhile):
        come_again(stage, broken)
        box.quiet()
        taken = writes(box, mark)
        assert taken == by_then if meanwhile != "nothing" else len(taken) == 1, taken
        outcomes = [write["outcome"] for write in stage.records.writes(broken.resource)]
        assert None not in outcomes, outcomes
        known = outcomes.count("written") + outcomes.count("overtaken")
        assert outcomes.count("written") <= len(taken) <= known, (outcomes, taken)
        answer, _ = stage.agreed(broken.pool)
        assert answer == ("no" if meanwhile == "turned off" and not taken else "yes"), answer
        told_once(stage, broken, taken, meanwhile)


def told_once(stage: Stage, broken: Breakage, taken: list[str], meanwhile: str) -> None:
    """Each alert once: the same id twice at most, and "repaired" only for a write that took effect."""
    alerts = [alert for alert in stage.alerts.about(broken.pool.arn) if alert.told[0] == broken.rule]
    ids = Counter(alert.document["alert_id"] for alert in alerts)
    assert all(count <= 2 for count in ids.values()), ids
    states = list({alert.document["alert_id"]: alert.told[1] for alert in alerts}.values())
    assert all(count == 1 for count in Counter(states).values()), states
    assert ("repaired" in states) <= bool(taken), states
    if meanwhile != "mended":
        assert states[-1:] == (["repaired"] if taken else ["open"]), states


def come_again(stage: Stage, broken: Breakage) -> None:
    """Deliver the order again until nothing is in the queue, as after its visibility timeout."""

    def is_done() -> bool:
        stage.box.end_lease(broken.resource)
        stage.box.release("RepairsQueueUrl")
        try:
            until(lambda: not stage.box.depth("RepairsQueueUrl"), what="the end of the order", within=3)
        except AssertionError:
            return False
        return True

    until(is_done, what="a queue without orders", within=40)


@contextmanager
def happening(stage: Stage, broken: Breakage, meanwhile: str) -> Iterator[None]:
    """What happens between the death and the order that comes again."""
    ssm = stage.box.client("ssm")
    try:
        if meanwhile == "turned off":
            ssm.put_parameter(Name=SETTINGS, Type="String", Value='{"repairMode": "off"}', Overwrite=True)
            renew(stage.box, "inspect", "repair")
        if meanwhile == "mended":
            broken.mend()
        yield
    finally:
        if meanwhile == "turned off":
            ssm.put_parameter(Name=SETTINGS, Type="String", Value="{}", Overwrite=True)
            renew(stage.box, "inspect", "repair")


def renew(box: Box, *functions: str) -> None:
    """End the warm processes, so that the next one starts from the beginning."""
    for function in functions or ("repair",):
        box.control("POST", f"functions/{STACK}-{function}/restart")


def ours(box: Box, mark: int) -> list[Json]:
    return box.calls(since=mark, role=box.role("repair"))


def answered(box: Box, mark: int, moment: Moment) -> bool:
    """Whether AWS carried out the last call of the process."""
    found = [call for call in ours(box, mark) if (call["service"], call["action"]) == (moment.service, moment.action)]
    return len(found) > moment.place


def writes(box: Box, mark: int) -> list[str]:
    """What the repair function changed in AWS: calls that were taken."""
    return [call["action"] for call in ours(box, mark) if call["action"] in WRITES and call["error"] is None]
