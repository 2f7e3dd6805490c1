"""An undo that dies before or after any AWS call it makes, and what the order that is given again makes of it.

By itself this tries the death after the write; with ``EVERY_DEATH=whole`` it tries all of them where nothing happens,
and all that change something under everything that may happen meanwhile.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from botocore.exceptions import ClientError

from tests.e2e.box import Json
from tests.e2e.deaths import MEANWHILE, WHOLE, Moment, calls_of, death, happening, moments_of, renew, tried
from tests.e2e.people import Pool, developer, pools_of, sending_policy
from tests.e2e.stage import Stage
from tests.e2e.test_undo import entry_of, repaired, undo
from tests.e2e.waiting import until

SEOUL, OREGON, PARIS = "ap-northeast-2", "us-west-2", "eu-west-3"
WRITES = {"DeleteEmailIdentityPolicy", "UpdateUserPool"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """A pool after a repair, the entry of that, and how somebody else changes the same resource in their own way."""

    pool: Pool
    resource: str
    entry: str
    mend: Callable[[], None]


def grant(stage: Stage) -> Repaired:
    pool, identity = stage.authorized(SEOUL, OREGON)
    stage.people.detach(identity)
    repaired(stage, pool, "MW401")

    def mend() -> None:
        stage.people.attach(identity, sending_policy(identity, pools_of(stage.box, SEOUL)), name="theirs")

    return Repaired(pool=pool, resource=identity.arn, entry=entry_of(stage, identity.arn, 0), mend=mend)


def address(stage: Stage) -> Repaired:
    """A pool whose address is no identity sends as its domain since the repair; now the address is an identity."""
    domain = stage.people.identity(PARIS)
    pool = stage.known(stage.people.pool(PARIS, developer(domain)))
    name = f"hello@{domain.name}"
    source = domain.arn.replace(domain.name, name)
    stage.people.legacy(pool, {**developer(domain), "SourceArn": source})
    stage.people.touch(pool)
    repaired(stage, pool, "MW106")
    entry = entry_of(stage, pool.arn, 0)
    stage.people.identity(PARIS, name=name)
    stage.box.quiet()

    def mend() -> None:
        stage.people.legacy(pool, developer(domain, ReplyToEmailAddress=f"else@{domain.name}"))
        stage.people.touch(pool)

    return Repaired(pool=pool, resource=pool.arn, entry=entry, mend=mend)


STORIES = {"grant": grant, "address": address}
OF_ALL = tuple((story, meanwhile) for meanwhile in MEANWHILE for story in STORIES)


@pytest.mark.timeout(7200 if WHOLE else 300)
@pytest.mark.parametrize(("story", "meanwhile"), OF_ALL if WHOLE else OF_ALL[:1])
def test_whenever_an_undo_dies_the_order_that_is_given_again_finishes_it(
    stage: Stage, story: str, meanwhile: str, record_property: Callable[[str, object], None]
) -> None:
    if WHOLE:
        calls = calls_of_a_whole_life(stage, STORIES[story])
        moments = [each for each in moments_of(calls) if each.changes or meanwhile == "nothing"]
    else:
        moments = [Moment(service="ses", action="DeleteEmailIdentityPolicy", place=0, when="after")]
    wrong = tried(moments, lambda moment: dies(stage, STORIES[story](stage), moment, meanwhile))

    record_property("measured", f"undo of {story}, {meanwhile}: {len(moments)} deaths, {len(wrong)} wrong")
    assert wrong == []


def calls_of_a_whole_life(stage: Stage, begin: Callable[[Stage], Repaired]) -> list[tuple[str, str]]:
    """The calls of an undo that nothing disturbs, from the start of its process."""
    before = begin(stage)
    renew(stage.box, "operate")
    mark = stage.box.mark()
    assert undo(stage.box, before.entry, confirm=True)["answer"] == "undone"
    return calls_of(stage.box, "operate", since=mark)


def dies(stage: Stage, before: Repaired, moment: Moment, meanwhile: str) -> None:
    """One death, what happens meanwhile, and what is true after the order was given again."""
    box, mark = stage.box, stage.box.mark()
    renew(box, "operate")
    with death(box, "operate", moment, since=mark) as dead:
        with contextlib.suppress(AssertionError, ClientError):
            undo(box, before.entry, confirm=True)
        dead()
    by_then = writes(stage, mark)
    given: list[Json] = []

    def again() -> None:
        box.end_lease(before.resource)
        given.append(undo(box, before.entry, confirm=True))

    def is_answered() -> bool:
        again()
        return given[-1]["answer"] != "refused" or is_final(given[-1])

    with happening(stage, before.pool, meanwhile, mend=before.mend, again=again):
        until(is_answered, what=lambda: str(given[-1:]))
        box.quiet()
        taken = writes(stage, mark)
        if meanwhile == "mended":
            assert len(taken) <= 1, taken
            assert taken[: len(by_then)] == by_then, (by_then, taken)
        else:
            assert len(taken) == 1, (given, taken)
        journal_is_true(stage, before, taken, meanwhile)
        if meanwhile not in {"tagged", "mended"}:
            # These are calls of another actor soon after the process died, whose write may have had until then.
            assert stage.told(before.resource, "MW906") == []
        if meanwhile != "mended":
            assert "repaired" not in [state for _, state in stage.told(before.pool.arn)[1:]]


def is_final(answer: Json) -> bool:
    """Whether asking again would change nothing."""
    return answer["code"] not in {"undo.busy", "undo.pools-busy", "undo.not-concluded", "undo.not-judged"}


def journal_is_true(stage: Stage, before: Repaired, taken: list[str], meanwhile: str) -> None:
    entries = stage.records.writes(before.resource)
    undos = [entry["outcome"] for entry in entries if entry.get("undoes") == before.entry]
    assert None not in undos, undos
    known = undos.count("written") + undos.count("overtaken")
    assert undos.count("written") <= len(taken) <= known, (undos, taken)
    if meanwhile != "mended":
        shown = stage.box.invoke("ask", {"journal": {"id": before.entry}})["entry"]
        assert shown["undone_by"], shown


def writes(stage: Stage, mark: int) -> list[str]:
    """What was changed in AWS after the repair: by the undo, and by nothing else of Mailwarden."""
    box = stage.box
    calls = [call for name in ("repair", "operate") for call in box.calls(since=mark, role=box.role(name))]
    changes = WRITES | {"CreateEmailIdentityPolicy", "UpdateEmailIdentityPolicy"}
    return [call["action"] for call in calls if call["action"] in changes and call["error"] is None]
