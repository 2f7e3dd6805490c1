"""Undos that die before or after any AWS call they make, and what the orders that are given again make of them.

By itself this tries the death after the write; with ``EVERY_DEATH=whole`` it tries all of them where nothing happens,
and all that change something under everything that may happen meanwhile.
"""

import contextlib
import sys
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from botocore.exceptions import ClientError

from tests.e2e.box import Json
from tests.e2e.deaths import (
    EACH,
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
    renew,
    tried,
    writes,
)
from tests.e2e.people import Pool, default_sender, developer, pools_of, sending_policy
from tests.e2e.stage import Stage
from tests.e2e.test_undo import entry_of, undo
from tests.e2e.waiting import until

SEOUL, OREGON, PARIS = "ap-northeast-2", "us-west-2", "eu-west-3"
# People at work at the same time.
PEOPLE = 4


def grant(stage: Stage, number: int) -> list[Doomed]:
    """Pools whose identities had no policy until the repair."""
    identities = [stage.people.address(OREGON) for _ in range(number)]
    pools = [stage.people.pool(SEOUL, default_sender(identity)) for identity in identities]
    all_repaired(stage, pools, "MW401")

    def mend(place: int) -> None:
        policy = sending_policy(identities[place], pools_of(stage.box, SEOUL))
        stage.people.attach(identities[place], policy, name="theirs")

    return [
        doomed(stage, pool, identity.arn, "MW401", mend=partial(mend, place))
        for place, (pool, identity) in enumerate(zip(pools, identities, strict=True))
    ]


def address(stage: Stage, number: int) -> list[Doomed]:
    """Pools whose address is no identity send as their domain since the repair; now the addresses are identities."""
    domains = [stage.people.identity(PARIS) for _ in range(number)]
    pools = [stage.people.pool(PARIS, developer(domain)) for domain in domains]
    for pool, domain in zip(pools, domains, strict=True):
        source = domain.arn.replace(domain.name, f"hello@{domain.name}")
        stage.people.legacy(pool, {**developer(domain), "SourceArn": source})
        stage.people.touch(pool, keys=stage.people.somebody())
    all_repaired(stage, pools, "MW106")
    for domain in domains:
        stage.people.identity(PARIS, name=f"hello@{domain.name}")
    stage.box.quiet_at_once(within=PATIENCE + EACH * number)

    def mend(place: int) -> None:
        domain = domains[place]
        stage.people.legacy(pools[place], developer(domain, ReplyToEmailAddress=f"else@{domain.name}"))
        stage.people.touch(pools[place])

    return [doomed(stage, pool, pool.arn, "MW106", mend=partial(mend, place)) for place, pool in enumerate(pools)]


def all_repaired(stage: Stage, pools: list[Pool], rule: str) -> None:
    def is_told(pool: Pool) -> bool:
        return (rule, "repaired") in stage.told(pool.arn)

    for pool in pools:
        until(
            partial(is_told, pool),
            what=f"the repair of {pool.pool_id}",
            within=PATIENCE + EACH * len(pools),
        )
    stage.box.quiet_at_once(within=PATIENCE + EACH * len(pools))


def doomed(stage: Stage, pool: Pool, resource: str, rule: str, *, mend: Callable[[], None]) -> Doomed:
    """A pool after a repair; what happens to it is the undo of that entry."""
    entry = entry_of(stage, resource, 0)
    return Doomed(
        pool=pool,
        resource=resource,
        order=entry,
        rule=rule,
        happen=lambda: undo(stage.box, entry, confirm=True),
        mend=mend,
    )


STORIES = {"grant": grant, "address": address}
OF_ALL = tuple((story, meanwhile) for meanwhile in MEANWHILE for story in STORIES)


@pytest.mark.timeout(3600 if WHOLE else 300)
@pytest.mark.parametrize(("story", "meanwhile"), OF_ALL if WHOLE else OF_ALL[:1])
def test_whenever_an_undo_dies_the_order_that_is_given_again_finishes_it(
    stage: Stage, story: str, meanwhile: str, record_property: Callable[[str, object], None]
) -> None:
    if WHOLE:
        calls = calls_of_a_whole_life(stage, STORIES[story])
        moments = every(calls, meanwhile)
    else:
        moments = [Moment(service="ses", action="DeleteEmailIdentityPolicy", place=0, when="after")]
    wrong = tried(
        stage,
        moments,
        lambda number: STORIES[story](stage, number),
        lambda batch: die_together(stage, batch, meanwhile),
    )

    measured = f"undo of {story}, {meanwhile}: {len(moments)} deaths, {len(wrong)} wrong"
    record_property("measured", measured)
    sys.stdout.write("\n".join([measured, *wrong, ""]))
    assert not wrong, "\n".join(wrong)


def calls_of_a_whole_life(stage: Stage, begin: Callable[[Stage, int], list[Doomed]]) -> list[tuple[str, str]]:
    """The calls of an undo that nothing disturbs, from the start of its process."""
    (before,) = begin(stage, 1)
    renew(stage.box, "operate")
    mark = stage.box.mark()
    assert undo(stage.box, before.order, confirm=True)["answer"] == "undone"
    return calls_of(stage.box, "operate", since=mark)


def die_together(stage: Stage, batch: Batch, meanwhile: str) -> None:
    """Deaths side by side, what happens meanwhile, and what is true after the orders were given again."""
    box, mark = stage.box, stage.box.mark()

    def die(before: Doomed) -> None:
        with contextlib.suppress(AssertionError, ClientError):
            before.happen()

    with deaths(box, "operate", batch) as dead:
        at_work(die, batch)
        dead()
    by_then = writes(box, mark, "repair", "operate")
    given: defaultdict[str, list[Json]] = defaultdict(list)

    def again(before: Doomed) -> None:
        box.end_lease(before.resource)
        given[before.order].append(undo(box, before.order, confirm=True))

    def finish(before: Doomed) -> None:
        def is_answered() -> bool:
            again(before)
            last = given[before.order][-1]
            return last["answer"] != "refused" or is_final(last)

        until(is_answered, what=lambda: str(given[before.order][-1:]), within=PATIENCE + EACH * len(batch.deaths))

    with happening(stage, batch, meanwhile, again=lambda: at_work(again, batch)):
        at_work(finish, batch)
        box.quiet_at_once(within=PATIENCE + EACH * len(batch.deaths))
        after = Aftermath.of(stage, mark, "repair", "operate")

        def is_true(before: Doomed) -> None:
            taken = after.taken.get(before.resource, [])
            if meanwhile == "mended":
                early = by_then.get(before.resource, [])
                assert len(taken) <= 1, taken
                assert taken[: len(early)] == early, (early, taken)
            else:
                assert len(taken) == 1, (given[before.order], taken)
            journal_is_true(stage, before, taken, after, meanwhile)
            # An undo is charged to no budget: this is the repair.
            assert after.charged[before.pool.arn] == 1, after.charged[before.pool.arn]
            if meanwhile not in {"tagged", "mended"}:
                # These are calls of another actor soon after the process died, whose write may have had until then.
                assert stage.told(before.resource, "MW906") == []
            if meanwhile != "mended":
                assert "repaired" not in [state for _, state in stage.told(before.pool.arn)[1:]]

        batch.check(is_true)


def at_work(order: Callable[[Doomed], None], batch: Batch) -> None:
    """Let some people at a time order something about each of a batch; what goes wrong with one is noted of that."""

    def ordered(each: Doomed) -> tuple[str, str] | None:
        try:
            order(each)
        except AssertionError as error:
            return each.order, str(error)
        return None

    with ThreadPoolExecutor(PEOPLE) as people:
        batch.wrong.update(filter(None, people.map(ordered, batch.doomed)))


def is_final(answer: Json) -> bool:
    """Whether asking again would change nothing."""
    return answer["code"] not in {"undo.busy", "undo.pools-busy", "undo.not-concluded", "undo.not-judged"}


def journal_is_true(stage: Stage, before: Doomed, taken: list[str], after: Aftermath, meanwhile: str) -> None:
    entries = after.journal[before.resource]
    undos = [entry["outcome"] for entry in entries if entry.get("undoes") == before.order]
    assert None not in undos, undos
    known = undos.count("written") + undos.count("overtaken")
    assert undos.count("written") <= len(taken) <= known, (undos, taken)
    if meanwhile != "mended":
        shown = stage.box.invoke("ask", {"journal": {"id": before.order}})["entry"]
        assert shown["undone_by"], shown
