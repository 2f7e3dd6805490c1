"""A question is read strictly, answered in any case, and logged without the address it is about."""

import json
from pathlib import Path

import pytest

from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.operator.question import Question
from mailwarden.inbound.invoke.question import Questions, question_from
from mailwarden.masking import masked
from tests.builders import ACCOUNT, OTHER_ACCOUNT
from tests.fakes import answers
from tests.fakes.answers import JANE, POOL_ID, asker
from tests.fakes.logs import KeptLog
from tests.texts import sentence

EVENTS = Path(__file__).parents[3] / "events"
ARN = f"arn:aws:cognito-idp:eu-west-1:{ACCOUNT}:userpool/{POOL_ID}"


def understood(event: object) -> Question:
    return question_from(event, partition="aws", account=ACCOUNT)


def test_a_pool_is_named_by_its_id_or_its_arn() -> None:
    assert understood({"why": POOL_ID}) == Question(pool_id=POOL_ID)
    assert understood({"why": POOL_ID, "region": "us-west-2"}) == Question(pool_id=POOL_ID, region="us-west-2")
    assert understood({"why": ARN}) == Question(pool_id=POOL_ID, region="eu-west-1")
    assert understood({"why": ARN, "region": "eu-west-1", "address": None}).address is None


@pytest.mark.parametrize(
    "address", [JANE, "o'brien+code@sub.corp.example", "x@corp.example", "a_b-c=d@xn--bcher-kva.example"]
)
def test_an_address_is_taken_as_it_is_written(address: str) -> None:
    assert understood({"why": POOL_ID, "address": address}).address == address


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (f" {JANE} ", JANE),
        (f"{JANE}\n", JANE),
        (f"\u00a0{JANE}\t", JANE),
        ("jane@bücher.example", "jane@xn--bcher-kva.example"),
        ("jane@Bücher.example ", "jane@xn--bcher-kva.example"),
        ("jane@пример.example", "jane@xn--e1afmkfd.example"),
        ("jane@例え.テスト", "jane@xn--r8jz45g.xn--zckzah"),
    ],
)
def test_an_address_is_understood_as_a_person_pastes_it(written: str, address: str) -> None:
    assert understood({"why": POOL_ID, "address": written}).address == address


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        ([], "question is a list, not an object"),
        ({}, "question.why is missing"),
        ({"why": 5}, "question.why is 5, not a text"),
        ({"why": "shop"}, "'shop', neither the id nor the ARN of a user pool"),
        ({"why": "arn:aws:s3:::shop"}, "neither the id nor the ARN of a user pool"),
        ({"why": ARN.replace(ACCOUNT, OTHER_ACCOUNT)}, f"a pool of account {OTHER_ACCOUNT}, this is {ACCOUNT}"),
        ({"why": ARN, "region": "eu-west-2"}, "question.region is eu-west-2, but the ARN says eu-west-1"),
        ({"why": POOL_ID, "region": "Ireland"}, "region is 'Ireland', not a region like eu-west-1"),
        ({"why": POOL_ID, "address": ["a@b.c"]}, "question.address is a list, not a text"),
    ],
)
def test_what_is_no_question_is_told_what_is_wrong_with_it(event: object, complaint: str) -> None:
    with pytest.raises(MalformedDocument) as caught:
        understood(event)

    assert complaint in sentence(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "jane",
        "jane@",
        "@corp.example",
        "jane@corp",
        "Jane <jane@corp.example>, joe@corp.example",
        '"jane doe"@corp.example',
        "jane@corp.example,john@corp.example",
        "jäne@corp.example",
        f"{'j' * 65}@corp.example",
        "jane@corp.example\nx",
        "jane@corp .example",
        "jane@büch er.example",
    ],
)
def test_what_is_no_address_is_refused_without_being_shown(address: str) -> None:
    with pytest.raises(MalformedDocument) as caught:
        understood({"why": POOL_ID, "address": address})

    assert sentence(caught.value).startswith("question.address is not one address with a local part and a domain")
    assert address not in sentence(caught.value)
    assert masked(sentence(caught.value)) == sentence(caught.value)


def test_an_answer_is_logged_in_one_line_without_the_address() -> None:
    log = KeptLog()

    document = Questions(asker=asker(answers.sound())).answer({"why": ARN, "address": JANE}, log=log)

    assert document["answer"] == "explained"
    (line,) = log.lines
    assert line == (
        "asked",
        {"pool": POOL_ID, "about_an_address": True, "answer": "explained", "verdict": "yes"},
    )


def test_what_is_not_understood_is_answered_and_logged_with_addresses_masked() -> None:
    log = KeptLog()

    document = Questions(asker=asker(answers.sound())).answer({"why": JANE}, log=log)

    assert document["answer"] == "not understood"
    assert "jane.doe" not in json.dumps(document)
    assert "jane.doe" not in repr(log.lines)
    assert "j***@corp.example" in str(document["problem"])


def test_the_example_for_local_invocation_is_a_question() -> None:
    event = json.loads((EVENTS / "invoke.ask.why.json").read_text(encoding="utf-8"))

    assert understood(event) == Question(pool_id=POOL_ID, region="eu-west-1", address=JANE)
