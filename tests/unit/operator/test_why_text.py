"""The answer as a person reads it: whole texts, as they are printed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mailwarden.domain.repair.decision import RepairMode
from mailwarden.presentation.answers.diagnosis import misunderstood
from tests.fakes import answers
from tests.fakes.answers import JANE, told
from tools.why_text import WIDTH, why_text

TEXTS = Path(__file__).parent / "texts"

ANSWERS: dict[str, Callable[[], dict[str, Any]]] = {
    "sound-pool": lambda: told(answers.sound()),
    "missing-grant": lambda: told(answers.missing_grant()),
    "missing-grant-that-is-repaired": lambda: told(answers.missing_grant(RepairMode.SAFE)),
    "suppressed-address": lambda: told(answers.noticed(), answers.listed(), address=JANE),
    "address-that-is-not-suppressed": lambda: told(answers.sound(), address=JANE),
    "default-sender": lambda: told(answers.default_sender(), address=JANE),
    "custom-sender": lambda: told(answers.custom_sender(), address=JANE),
    "not-known": lambda: told(answers.refused(), answers.unreadable_lists(), address=JANE),
    "no-such-pool": lambda: told(answers.sound(), pool_id="eu-west-1_Nowhere"),
    "pool-that-may-not-be-read": lambda: told(answers.refused_regions()),
    "not-understood": lambda: misunderstood("the question.why is missing"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_told_as_it_is_written_down(name: str) -> None:
    text = why_text(ANSWERS[name]())

    assert text == (TEXTS / f"{name}.txt").read_text(encoding="utf-8")


def test_every_text_that_is_written_down_is_told() -> None:
    assert {path.stem for path in TEXTS.glob("*.txt")} == set(ANSWERS)


@pytest.mark.parametrize("name", ANSWERS)
def test_a_text_is_plain_and_fits_but_for_what_is_to_be_copied(name: str) -> None:
    text = why_text(ANSWERS[name]())

    assert "\x1b" not in text
    for line in text.splitlines():
        assert len(line) <= WIDTH or " " not in line.strip()
