"""SSM answers without a document: that is a failure of SSM, which closes writes and keeps the operator's words."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.functional.settings.test_outages import OPERATORS, THROTTLED, WORDS, Ssm, is_closed, words_of
from tests.texts import english

MALFORMED: Mapping[str, Mapping[str, Any]] = {
    "empty": {},
    "null": {"Parameter": None},
    "a text": {"Parameter": OPERATORS},
    "no value": {"Parameter": {"Version": 1}},
    "a number as the value": {"Parameter": {"Value": 1, "Version": 1}},
    "an object as the value": {"Parameter": {"Value": {"rules": {}}, "Version": 1}},
    "no version": {"Parameter": {"Value": '{"repairMode": "unsafe"}'}},
    "a text as the version": {"Parameter": {"Value": '{"repairMode": "unsafe"}', "Version": "2"}},
}


@pytest.mark.parametrize("answer", MALFORMED.values(), ids=MALFORMED)
@pytest.mark.parametrize("history", [None, THROTTLED])
def test_an_answer_that_has_no_document_is_a_failure_of_ssm(
    answer: Mapping[str, Any], history: Exception | None
) -> None:
    ssm = Ssm()
    warm = ssm.reader()
    before = warm.current()
    ssm.now, ssm.answer, ssm.history_fails = 60.0, answer, history

    during = warm.current()
    ssm.now, ssm.answer = 71.0, None
    after = warm.current()

    assert is_closed(during)
    assert during.fault is not None
    assert english(during.fault.problem).startswith("MalformedResponse: ssm:GetParameter /settings")
    assert words_of(before) == words_of(during) == WORDS
    assert after == before


@pytest.mark.parametrize("answer", MALFORMED.values(), ids=MALFORMED)
def test_a_cold_function_reads_the_history_where_the_answer_has_no_document(answer: Mapping[str, Any]) -> None:
    settings = Ssm(answer=answer).reader().current()

    assert is_closed(settings)
    assert words_of(settings) == WORDS


HISTORIES: Mapping[str, Mapping[str, Any]] = {
    "empty": {},
    "null": {"Parameters": None},
    "no list": {"Parameters": "x"},
    "no objects": {"Parameters": [None, 1, OPERATORS]},
    "no value": {"Parameters": [{"Version": 1}]},
    "no version": {"Parameters": [{"Value": OPERATORS}]},
    "other types": {"Parameters": [{"Value": 1, "Version": 1}, {"Value": OPERATORS, "Version": "1"}]},
}


@pytest.mark.parametrize("page", HISTORIES.values(), ids=HISTORIES)
@pytest.mark.parametrize("newest", ["not there", "invalid"])
def test_a_history_that_has_no_document_closes_writes_and_keeps_what_is_known(
    page: Mapping[str, Any], newest: str
) -> None:
    ssm = Ssm()
    warm = ssm.reader()
    warm.current()
    ssm.now, ssm.page = 60.0, page
    if newest == "invalid":
        ssm.versions = ["{"]
    else:
        ssm.answer = {}

    during, cold = warm.current(), ssm.reader().current()

    assert is_closed(during)
    assert words_of(during) == WORDS
    assert is_closed(cold)


def test_what_can_be_read_of_a_history_is_used() -> None:
    page = {"Parameters": [None, {"Value": OPERATORS, "Version": 3}, {"Value": "{}"}, {"Value": 7, "Version": 4}]}

    settings = Ssm(answer={}, page=page).reader().current()

    assert is_closed(settings)
    assert words_of(settings) == WORDS
    assert settings.fault is not None
    assert settings.fault.version_in_force == 3
