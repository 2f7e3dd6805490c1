"""Whatever is asked, the answer keeps its schema, and no recipient is in it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest

from mailwarden.domain.repair.limits import RepairMode
from mailwarden.message import verbatim
from mailwarden.presentation.answers.misunderstood import misunderstood
from tests.fakes import answers
from tests.fakes.answers import JANE, told

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "why.schema.json").read_text(encoding="utf-8"))
validate: Callable[[object], object] = fastjsonschema.compile(SCHEMA)

ANSWERS: dict[str, Callable[[], dict[str, Any]]] = {
    "sound": lambda: told(answers.sound()),
    "sound and asked about Jane": lambda: told(answers.sound(), address=JANE),
    "noticed": lambda: told(answers.noticed(), answers.listed(), address=JANE),
    "missing grant": lambda: told(answers.missing_grant()),
    "missing grant, repaired": lambda: told(answers.missing_grant(RepairMode.SAFE)),
    "complaint": lambda: told(answers.sound(), answers.listed("COMPLAINT"), address=JANE),
    "default sender": lambda: told(answers.default_sender(), address=JANE),
    "custom sender": lambda: told(answers.custom_sender(), address=JANE),
    "list unreadable": lambda: told(answers.sound(), answers.unreadable_lists(), address=JANE),
    "everything refused": lambda: told(answers.refused(), answers.listed(), address=JANE),
    "no such pool": lambda: told(answers.sound(), pool_id="eu-west-1_Nowhere"),
    "pool refused": lambda: told(answers.refused_regions()),
    "not understood": lambda: misunderstood("why", verbatim(f"{JANE} is no pool"), member="problem"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_keeps_its_schema_and_survives_json(name: str) -> None:
    document = ANSWERS[name]()

    validate(json.loads(json.dumps(document)))


@pytest.mark.parametrize("name", ANSWERS)
def test_no_recipient_and_no_control_character_is_in_an_answer(name: str) -> None:
    text = json.dumps(ANSWERS[name](), ensure_ascii=False)

    assert "jane.doe" not in text
    assert "\\u001b" not in text


@pytest.mark.parametrize("spoil", ["version", "answer", "verdict", "links", "address"])
def test_the_schema_misses_what_is_left_out(spoil: str) -> None:
    document = ANSWERS["sound and asked about Jane"]()
    del document[spoil]

    with pytest.raises(fastjsonschema.JsonSchemaException):
        validate(document)


def test_the_name_of_an_identity_is_shown_and_the_address_asked_about_is_masked() -> None:
    document = told(answers.sound(), answers.listed(), address=JANE)

    assert document["address"]["address"] == "j***@corp.example"
    assert document["address"]["sides"][0]["identity"].endswith("identity/shop.example")


def test_a_repair_that_is_allowed_is_told_as_one() -> None:
    document = told(answers.missing_grant(RepairMode.SAFE))

    (link,) = [link for link in document["links"] if link["decides"]]
    (finding,) = [finding for finding in link["findings"] if finding["rule"]["id"] == "MW401"]
    assert finding["fix"]["applicability"] == "safe"
    assert finding["mailwarden"]["will"] == "repair"


def test_what_one_refused_read_leaves_unknown_is_told_once() -> None:
    document = told(answers.refused())

    said = [finding["mailwarden"] for link in document["links"] for finding in link["findings"]]
    assert {
        "will": "stay silent",
        "code": "diagnosis.same-refusal",
        "because": "another finding reports the same refused read",
    } in said
