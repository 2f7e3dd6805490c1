"""Repairs that die before or after any AWS call they make, and what their orders make of it when they come again.

The calls are those that an undisturbed repair was seen to make. By itself this tries each kind once, and the write
of a grant under some of what may happen meanwhile; with ``EVERY_DEATH=whole`` it tries all of them where nothing
happens, and all that change something under everything.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from tests.e2e.box import Box
from tests.e2e.deaths import (
    EACH,
    HARMLESS,
    HOLDING,
    MEANWHILE,
    PATIENCE,
    WHOLE,
    Aftermath,
    Batch,
    Doomed,
    Moment,
    calls_of,
    deaths,
    every,
    happening,
    moments_of,
    receivable,
    renew,
    running,
    tried,
    writes,
)
from tests.e2e.people import default_sender, developer, pools_of, sending_policy
from tests.e2e.stage import Stage
from tests.e2e.waiting import until

WRITES = {"CreateEmailIdentityPolicy", "UpdateUserPool"}
OF_POOLS = {"cognito-idp", "cloudformation"}
SEOUL, OREGON, VIRGINIA, PARIS = "ap-northeast-2", "us-west-2", "us-east-1", "eu-west-3"
# More repairs at a time than the template lets run: each death waits for a process of its own.
REPAIRS_AT_ONCE = 6


def grant(stage: Stage) -> Doomed:
    """A pool on the default sender, whose identity loses the policy for it."""
    identity = stage.people.address(OREGON)
    stage.people.attach(identity, sending_policy(identity, pools_of(stage.box, SEOUL)))
    pool = stage.people.pool(SEOUL, default_sender(identity))

    def mend() -> None:
        stage.people.attach(identity, sending_policy(identity, pools_of(stage.box, SEOUL)), name="theirs")

    return Doomed(
        pool=pool,
        resource=identity.arn,
        order=identity.arn,
        rule="MW401",
        happen=lambda: stage.people.detach(identity),
        mend=mend,
    )


def move(stage: Stage) -> Doomed:
    """A pool that turns out to send from a region that it may not use any more."""
    old = stage.people.identity(VIRGINIA)
    own = stage.people.identity(PARIS, name=old.name)
    pool = stage.people.pool(PARIS, developer(own))
    keys = stage.people.somebody()

    def happen() -> None:
        stage.people.legacy(pool, developer(old))
        stage.people.touch(pool, keys=keys)

    def mend() -> None:
        stage.people.legacy(pool, developer(own, ReplyToEmailAddress="else@example.com"))
        stage.people.touch(pool)

    return Doomed(pool=pool, resource=pool.arn, order=pool.arn, rule="MW201", happen=happen, mend=mend)


STORIES = {"grant": grant, "move": move}
ALWAYS = (("grant", "nothing"), ("grant", "turned off"), ("grant", "mended"), ("move", "nothing"))
LIVES: dict[str, list[tuple[str, str]]] = {}
OF_ALL = tuple((story, meanwhile) for meanwhile in MEANWHILE for story in STORIES)


@pytest.mark.timeout(3600 if WHOLE else 300)
@pytest.mark.parametrize(("story", "meanwhile"), OF_ALL if WHOLE else ALWAYS)
def test_whenever_a_repair_dies_its_order_finishes_it(
    stage: Stage, story: str, meanwhile: str, record_property: Callable[[str, object], None]
) -> None:
    with many_repairs(stage.box):
        if story not in LIVES:
            LIVES[story] = calls_of_a_whole_life(stage, STORIES[story])
        calls = LIVES[story]
        moments = chosen(calls, story, meanwhile)
        wrong = tried(
            stage,
            moments,
            lambda number: begun(stage, STORIES[story], number),
            lambda batch: die_together(stage, batch, meanwhile),
        )

    measured = f"{story}, {meanwhile}: {len(calls)} calls, {len(moments)} deaths, {len(wrong)} wrong"
    record_property("measured", measured)
    sys.stdout.write("\n".join([measured, *wrong, ""]))
    assert not wrong, "\n".join(wrong)


@contextmanager
def many_repairs(box: Box) -> Iterator[None]:
    """Let Lambda take more orders at a time."""
    mapping = box.outputs["RepairsMapping"]
    scaling = box.client("lambda").get_event_source_mapping(UUID=mapping)["ScalingConfig"]
    box.change_mapping(mapping, ScalingConfig={"MaximumConcurrency": REPAIRS_AT_ONCE})
    try:
        yield
    finally:
        box.change_mapping(mapping, ScalingConfig=scaling)


def begun(stage: Stage, begin: Callable[[Stage], Doomed], number: int) -> list[Doomed]:
    """So many sound pools, once they were looked at and nothing is left to do."""
    doomed = [begin(stage) for _ in range(number)]
    for each in doomed:
        until(partial(stage.records.looks, each.pool.arn), what="a first look", within=PATIENCE + EACH * number)
    stage.box.quiet_at_once(within=PATIENCE + EACH * number)
    assert [stage.agreed(each.pool)[0] for each in doomed] == ["yes"] * number
    return doomed


def calls_of_a_whole_life(stage: Stage, begin: Callable[[Stage], Doomed]) -> list[tuple[str, str]]:
    """The calls of a repair that nothing disturbs, from the start of its process."""
    (broken,) = begun(stage, begin, 1)
    renew(stage.box, "repair")
    mark = stage.box.mark()
    broken.happen()
    stage.alert(broken.pool.arn, broken.rule, "repaired")
    stage.box.quiet()
    return calls_of(stage.box, "repair", since=mark)


def chosen(calls: list[tuple[str, str]], story: str, meanwhile: str) -> list[Moment]:
    if WHOLE:
        return every(calls, meanwhile)
    found: list[Moment] = []
    for each in moments_of(calls):
        is_after = each.when == "after"
        if each.action in WRITES:
            found += [each] if meanwhile == "nothing" or is_after else []
        elif meanwhile == "nothing" and each.place == 0 and (story == "grant" or each.service in OF_POOLS):
            found += [each] if each.changes is is_after else []
    return found


def die_together(stage: Stage, batch: Batch, meanwhile: str) -> None:
    """Deaths side by side, what happens meanwhile, and what is true in the end."""
    box, mark = stage.box, stage.box.mark()
    with deaths(box, "repair", batch) as dead:
        for each in batch.doomed:
            each.happen()
        dead()
    by_then = writes(box, mark, "repair")
    charged = stage.records.charged()
    with happening(stage, batch, meanwhile, again=lambda: let_come(box, batch)):
        come_again(box, batch)
        box.quiet_at_once(within=PATIENCE + EACH * len(batch.deaths))
        after = Aftermath.of(stage, mark, "repair")

        def is_true(broken: Doomed) -> None:
            taken = after.taken.get(broken.resource, [])
            assert len(taken) == 1 if meanwhile in HARMLESS else taken == by_then.get(broken.resource, []), taken
            outcomes = [entry["outcome"] for entry in after.journal[broken.resource]]
            assert None not in outcomes, outcomes
            known = outcomes.count("written") + outcomes.count("overtaken")
            assert outcomes.count("written") <= len(taken) <= known, (outcomes, taken)
            # Once for each write that was, or may have been, made; none for what the journal knows was not.
            assert after.charged.get(broken.pool.arn, 0) == known, (after.charged.get(broken.pool.arn), outcomes)
            answer, _ = stage.agreed(broken.pool)
            assert answer == ("no" if meanwhile in HOLDING and not taken else "yes"), answer
            told_once(stage, broken, taken, meanwhile)

        batch.check(is_true)
        charges = after.charged.get(box.account, 0) - charged.get(box.account, 0)
        assert charges <= sum(after.charged.get(each.pool.arn, 0) for each, _ in batch.deaths), charges


def told_once(stage: Stage, broken: Doomed, taken: list[str], meanwhile: str) -> None:
    """Each alert once: the same id twice at most, and "repaired" only for a write that took effect."""
    alerts = [alert for alert in stage.alerts.about(broken.pool.arn) if alert.told[0] == broken.rule]
    ids = Counter(alert.document["alert_id"] for alert in alerts)
    assert all(count <= 2 for count in ids.values()), ids
    said = {alert.document["alert_id"]: (alert.told[1], alert.document["handling"]["summary"]) for alert in alerts}
    # An open finding is told again only if something else is done about it.
    assert all(count == 1 for count in Counter(said.values()).values()), said
    states = [state for state, _ in said.values()]
    assert max(states.count("repaired"), states.count("resolved")) <= 1, said
    assert ("repaired" in states) <= bool(taken), states
    if meanwhile != "mended":
        assert states[-1:] == (["repaired"] if taken else ["open"]), states


def come_again(box: Box, batch: Batch) -> None:
    """Deliver the orders again until none is in the queue, as after their visibility timeouts."""

    def is_done() -> bool:
        let_come(box, batch)
        return not box.depth("RepairsQueueUrl")

    until(is_done, what="a queue without orders", within=PATIENCE + EACH * len(batch.deaths))


def let_come(box: Box, batch: Batch) -> None:
    """Let the orders come once, long after the leases of those that died, and wait until all have."""
    for each in batch.doomed:
        box.end_lease(each.resource)
    box.release("RepairsQueueUrl")

    def is_over() -> bool:
        return not receivable(box, "RepairsQueueUrl") and not running(box, "repair")

    until(
        # Twice, because between the two numbers an order can go from the queue to its process.
        lambda: is_over() and is_over(),
        what="the end of the orders that came",
        within=PATIENCE + EACH * len(batch.deaths),
    )
