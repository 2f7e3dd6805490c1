"""A repair that dies before or after any AWS call it makes, and what its order makes of it when it comes again.

The calls are those that an undisturbed repair was seen to make. By itself this tries each kind once, and the write
of a grant under some of what may happen meanwhile; with ``EVERY_DEATH=whole`` it tries all of them where nothing
happens, and all that change something under everything.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.e2e.box import Box
from tests.e2e.deaths import (
    HARMLESS,
    HOLDING,
    MEANWHILE,
    WHOLE,
    Moment,
    calls_of,
    death,
    happening,
    moments_of,
    renew,
    tried,
)
from tests.e2e.people import Pool, developer, pools_of, sending_policy
from tests.e2e.stage import Stage
from tests.e2e.waiting import until

WRITES = {"CreateEmailIdentityPolicy", "UpdateUserPool"}
OF_POOLS = {"cognito-idp", "cloudformation"}
SEOUL, OREGON, VIRGINIA, PARIS = "ap-northeast-2", "us-west-2", "us-east-1", "eu-west-3"


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
ALWAYS = (("grant", "nothing"), ("grant", "turned off"), ("grant", "mended"), ("move", "nothing"))
LIVES: dict[str, list[tuple[str, str]]] = {}
OF_ALL = tuple((story, meanwhile) for meanwhile in MEANWHILE for story in STORIES)


@pytest.mark.timeout(7200 if WHOLE else 300)
@pytest.mark.parametrize(("story", "meanwhile"), OF_ALL if WHOLE else ALWAYS)
def test_whenever_a_repair_dies_its_order_finishes_it(
    stage: Stage, story: str, meanwhile: str, record_property: Callable[[str, object], None]
) -> None:
    if story not in LIVES:
        LIVES[story] = calls_of_a_whole_life(stage, STORIES[story])
    calls = LIVES[story]
    moments = chosen(calls, story, meanwhile)
    wrong = tried(moments, lambda moment: dies(stage, STORIES[story](stage), moment, meanwhile))

    record_property("measured", f"{story}, {meanwhile}: {len(calls)} calls, {len(moments)} deaths, {len(wrong)} wrong")
    assert wrong == []


def calls_of_a_whole_life(stage: Stage, begin: Callable[[Stage], Breakage]) -> list[tuple[str, str]]:
    """The calls of a repair that nothing disturbs, from the start of its process."""
    broken = begin(stage)
    renew(stage.box, "repair")
    mark = stage.box.mark()
    broken.happen()
    stage.alert(broken.pool.arn, broken.rule, "repaired")
    stage.box.quiet()
    return calls_of(stage.box, "repair", since=mark)


def chosen(calls: list[tuple[str, str]], story: str, meanwhile: str) -> list[Moment]:
    if WHOLE:
        return [each for each in moments_of(calls) if each.changes or meanwhile == "nothing"]
    found: list[Moment] = []
    for each in moments_of(calls):
        is_after = each.when == "after"
        if each.action in WRITES:
            found += [each] if meanwhile == "nothing" or is_after else []
        elif meanwhile == "nothing" and each.place == 0 and (story == "grant" or each.service in OF_POOLS):
            found += [each] if each.changes is is_after else []
    return found


def dies(stage: Stage, broken: Breakage, moment: Moment, meanwhile: str) -> None:
    """One death, what happens meanwhile, and what is true in the end."""
    box, mark = stage.box, stage.box.mark()
    renew(box, "repair")
    with death(box, "repair", moment, since=mark) as dead:
        broken.happen()
        dead()
    by_then = writes(box, mark)
    with happening(stage, broken.pool, meanwhile, mend=broken.mend, again=lambda: let_come(stage, broken)):
        come_again(stage, broken)
        box.quiet()
        taken = writes(box, mark)
        assert len(taken) == 1 if meanwhile in HARMLESS else taken == by_then, taken
        outcomes = [write["outcome"] for write in stage.records.writes(broken.resource)]
        assert None not in outcomes, outcomes
        known = outcomes.count("written") + outcomes.count("overtaken")
        assert outcomes.count("written") <= len(taken) <= known, (outcomes, taken)
        answer, _ = stage.agreed(broken.pool)
        assert answer == ("no" if meanwhile in HOLDING and not taken else "yes"), answer
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
        let_come(stage, broken)
        try:
            until(lambda: not stage.box.depth("RepairsQueueUrl"), what="the end of the order", within=3)
        except AssertionError:
            return False
        return True

    until(is_done, what="a queue without orders", within=40)


def let_come(stage: Stage, broken: Breakage) -> None:
    """Let the order come now, long after the lease of the one that died."""
    stage.box.end_lease(broken.resource)
    stage.box.release("RepairsQueueUrl")


def writes(box: Box, mark: int) -> list[str]:
    """What the repair function changed in AWS: calls that were taken."""
    calls = box.calls(since=mark, role=box.role("repair"))
    return [call["action"] for call in calls if call["action"] in WRITES and call["error"] is None]
