"""A shared finding is seen from many pools: the pool, its name and its verdict always come from one look."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from mailwarden.domain.findings.lifecycle import clear, observe
from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.mail_path.verdict import Answer, Link, Verdict
from tests.builders import NOON
from tests.fakes.records import changed
from tests.unit.decisions.records import FIRST, LAST, THIS, WORDS, observation, record

NAMES = {FIRST: "first", THIS: "this", LAST: "last"}
VERDICTS = {
    FIRST: Verdict(answer=Answer.NO, deciding=Link.IDENTITY, links=()),
    THIS: Verdict(answer=Answer.AT_RISK, deciding=Link.ACCOUNT, links=()),
    LAST: Verdict(answer=Answer.YES, deciding=None, links=()),
}
LOOKS = st.lists(st.tuples(st.sampled_from(list(NAMES)), st.sampled_from(["clear", *WORDS])), min_size=1, max_size=12)


@given(looks=LOOKS)
def test_whatever_the_order_of_looks_a_pool_has_its_own_name_and_verdict(
    looks: list[tuple[object, str]],
) -> None:
    current: FindingRecord | None = None
    for minute, (pool, word) in enumerate(looks):
        ref = next(each for each in NAMES if each == pool)
        at = NOON + timedelta(minutes=minute)
        if word != "clear":
            case = {"word": word, "now": "withheld", "look": "later"}
            seen = replace(observation(case), seen_from=ref, pool_name=NAMES[ref], verdict=VERDICTS[ref], at=at)
            current = observe(current, seen) or current
        elif current is not None:
            current = clear(current, ref, VERDICTS[ref], cause=None, at=at) or current
        if current is not None:
            shown = current.seen
            assert shown.pool is not None
            assert shown.pool_name in {NAMES[shown.pool], ""}
            assert (shown.verdict, shown.deciding) == (VERDICTS[shown.pool].answer, VERDICTS[shown.pool].deciding)


def test_the_pool_that_described_it_and_closes_it_keeps_its_name() -> None:
    case = {"record": "open", "did": "withheld", "pools": "this"}

    over = clear(changed(record(case), pool=THIS), THIS, VERDICTS[THIS], cause=None, at=NOON)

    assert over is not None
    assert (over.seen.pool, over.seen.pool_name) == (THIS, "old name")


def test_a_pool_that_is_gone_has_no_verdict_and_changes_nothing_of_what_was_seen() -> None:
    case = {"record": "open", "did": "withheld", "pools": "this"}
    current = changed(record(case), pool=LAST)

    over = clear(current, THIS, None, cause=None, at=NOON)

    assert over is not None
    assert over.seen == current.seen
