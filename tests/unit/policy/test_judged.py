"""What ``make judge`` explains is a written case, and its mutations find no crash here either."""

import json
import random
from pathlib import Path

import pytest

from benchmarks.judge.comparison import Result, compared, ours
from benchmarks.judge.differences import EXPLANATIONS
from benchmarks.judge.mutations import events, policies
from benchmarks.judge.questions import question

CASES = Path(__file__).parents[1] / "cases" / "policy"
MODES = ("exact", "service", "role")


@pytest.mark.parametrize("kind", EXPLANATIONS)
def test_an_explained_difference_is_a_written_case(kind: str) -> None:
    file, name = EXPLANATIONS[kind].case

    cases = json.loads((CASES / f"{file}.json").read_text(encoding="utf-8"))["cases"]

    assert name in {case["name"] for case in cases}


@pytest.mark.parametrize("mode", MODES)
def test_the_same_seed_asks_the_same_questions(mode: str) -> None:
    first, second = (
        [question(random.Random(seed), mode) for seed in range(50)]  # noqa: S311 - cases, not secrets
        for _ in range(2)
    )

    assert [each.policies for each in first] == [each.policies for each in second]
    assert [each.contexts for each in first] == [each.contexts for each in second]


def test_the_questions_have_every_answer() -> None:
    chance = random.Random(1)  # noqa: S311 - cases, not secrets

    answers = {ours(question(chance, mode)) for mode in MODES for _ in range(300)}

    assert answers == {"allowed", "denied", "not allowed", "not allowed, maybe denied", "undecidable"}


@pytest.mark.parametrize("answer", ["allowed", "denied", "not allowed"])
def test_one_context_that_contradicts_a_decided_answer_is_a_difference(answer: str) -> None:
    chance = random.Random(2)  # noqa: S311 - cases, not secrets
    asked = next(each for each in iter(lambda: question(chance, "service"), None) if ours(each) == "allowed")

    found = compared(asked, ["allowed", "allowed", answer, "allowed"])

    assert found.result is (Result.AGREE if answer == "allowed" else Result.DIFFER)


def test_no_mutated_event_or_policy_crashes() -> None:
    heard, asked = events(400, seed=3), policies(100, seed=3)

    assert heard.crashes == asked.crashes == []
    assert {"hints", "ForeignEvent", "MalformedEvent", "MalformedMessage"} <= heard.ended.keys()
    assert {"Undecidable", "NotAllowed"} <= asked.ended.keys()
