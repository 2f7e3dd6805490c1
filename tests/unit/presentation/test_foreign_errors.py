"""A second language needs no change outside the catalogue: with foreign texts no English word is left in an error."""

from collections.abc import Callable

import pytest

from mailwarden.documents.reader import Members, json_from_text, time_from_text
from mailwarden.domain.refs.resources import IdentityRef, PoolRef, subject_from_arn
from mailwarden.inbound.invoke.deployment_question import without_members
from mailwarden.inbound.invoke.journal_question import journal_question_from
from mailwarden.inbound.invoke.orders import AnyOrder
from mailwarden.inbound.invoke.question import question_from
from mailwarden.inbound.invoke.undo_order import undo_order_from
from mailwarden.inbound.invoke.unsuppress_order import order_from
from mailwarden.message import ExplainedError, Message, message
from mailwarden.presentation.catalogue.languages import ENGLISH
from mailwarden.regions import built_in_table
from tests.builders import ACCOUNT, NOON
from tests.fakes.logs import KeptLog
from tests.fakes.orders import members_of
from tests.unit.presentation.languages import FOREIGN
from tests.unit.presentation.test_foreign_language import english_words

OURS = Members(where="order", values={"a": 5, "b": None, "c": {"d": "x"}})
ARN = "arn:aws:cognito-idp:eu-west-1:444455556666:userpool/eu-west-1_Shop00001"
# The names of members, values and files, which are the same in every language.
NAMES_IN_ERRORS = """
order question region pool since budget rows developer option principal by address reason entry identity most undo
unsuppress release stop start one two x document text ARN ISO FROM URL ASCII userpool None in-region-only
alternate-region backwards-compatible
"""
NAMES = frozenset(NAMES_IN_ERRORS.split())


def row(**members: object) -> object:
    return built_in_table().with_overrides({"eu-west-3": members})


FAULTS: dict[str, Callable[[], object]] = {
    "no object": lambda: Members.of([], where="order"),
    "missing": lambda: OURS.text("e"),
    "no text": lambda: OURS.text("a"),
    "an object": lambda: OURS.text("c"),
    "no number": lambda: OURS.number("c"),
    "no truth": lambda: OURS.truth("a"),
    "no time": lambda: OURS.members("c").time("d"),
    "no choice": lambda: OURS.members("c").one_of("d", {"one": 1, "two": 2}),
    "no message": lambda: OURS.message("c"),
    "no day": lambda: OURS.members("c").optional_day("d"),
    "nested": lambda: json_from_text("[" * 200_000, where="document"),
    "no offset": lambda: time_from_text("2026-03-02T12:00:00"),
    "no ARN": lambda: PoolRef.from_arn("1"),
    "another service": lambda: IdentityRef.from_arn(ARN),
    "another resource": lambda: PoolRef.from_arn(ARN.replace("userpool/", "identitypool/")),
    "no pool id": lambda: PoolRef.from_arn(ARN.replace("eu-west-1_Shop00001", "1")),
    "nothing watched": lambda: subject_from_arn("arn:aws:s3:::1"),
    "not printable": lambda: PoolRef.from_arn("\n"),
    "members too many": lambda: without_members({"stopped": {"by": 1}}, "stopped"),
    "no entry": lambda: journal_question_from({"journal": {"id": "?!"}}, now=NOON),
    "no moment": lambda: journal_question_from({"journal": {"since": "?!"}}, now=NOON),
    "too many": lambda: journal_question_from({"journal": {"most": 1000}}, now=NOON),
    "no pool": lambda: question_from({"why": "?!"}, partition="aws", account=ACCOUNT),
    "another account": lambda: question_from({"why": ARN}, partition="aws", account=ACCOUNT),
    "no address": lambda: question_from({"why": ARN, "address": "?!"}, partition="aws", account=ACCOUNT),
    "no region": lambda: order_from(members_of({"unsuppress": {}}, "unsuppress"), partition="aws", account=ACCOUNT),
    "no name": lambda: undo_order_from(members_of({"undo": {"entry": "1", "by": " "}}, "undo")),
    "an odd row": lambda: row(option="?!", developer=["eu-west-1"]),
    "no SES region": lambda: row(option="in-region-only", developer=[]),
    "no list": lambda: row(option="in-region-only", developer="1"),
}


def said_by(fault: Callable[[], object]) -> Message:
    with pytest.raises(ExplainedError) as caught:
        fault()
    return caught.value.said


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_no_english_word_is_left_in_an_error(fault: Callable[[], object]) -> None:
    text = FOREIGN.text(said_by(fault))

    assert english_words(text) - NAMES == set()
    assert any("\N{GEORGIAN LETTER AN}" <= letter <= "\N{GEORGIAN LETTER HOE}" for letter in text)


def test_an_unknown_order_has_no_english_word_but_the_names_of_the_orders() -> None:
    text = FOREIGN.text(message("order.unknown", orders=("stop", "start")))

    assert english_words(text) - NAMES == set()


@pytest.mark.parametrize("value", ["x" * 5000, "line\nbreak \x1b[31m", "\ud800"], ids=["long", "control", "surrogate"])
def test_a_value_from_outside_is_clipped_and_escaped(value: str) -> None:
    said = said_by(lambda: Members(where="order", values={"a": value}).number("a"))
    answer = AnyOrder(handlers={}).carry_out({value: 1}, request_id="r-1", log=KeptLog())

    for text in (ENGLISH.text(said), str(said_by(lambda: Members(where="order", values={"a": value}).number("a")))):
        assert len(text) < 200
        assert text.isprintable()
    assert value not in str(answer)
