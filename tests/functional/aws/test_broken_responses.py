"""Responses that were cut, or that something else than AWS answered: no read and no write takes them for an answer."""

from collections import defaultdict
from dataclasses import dataclass
from typing import cast

import pytest

from mailwarden.adapters.aws.clients import Clients
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.repair.journal import Refused, Unconfirmed, Written
from tests.functional.aws.reads import FIRST, READS, Read
from tests.functional.aws.wire.wire import Answer, Json, Request, Service, Wire
from tests.functional.aws.writers import JANE, WRITERS, Writing
from tests.texts import english

BROKEN = [
    '{"User',
    "<html><body>Service unavailable</body>",
    "[1]",
    "<a><b></a>",
    "upstream connect error",
    b"\xff\x8b{",
]


@pytest.fixture(params=WRITERS, ids=list(WRITERS))
def writing(request: pytest.FixtureRequest) -> Writing:
    return WRITERS[request.param]()


@pytest.mark.parametrize("body", BROKEN)
@pytest.mark.parametrize("status", [200, 503])
def test_a_write_whose_answer_is_broken_is_found_by_a_look(writing: Writing, body: str | bytes, status: int) -> None:
    service = next(iter(writing.wire.services.values()))

    def take_it(request: Request) -> None:
        if request.operation == writing.mutates and writing.wire.count(writing.mutates) == 1:
            service.answer(request)

    writing.wire.on_request = take_it
    writing.wire.disturb(writing.mutates, 1, instead=Answer(body=body, status=status))

    outcome = writing.write()

    assert isinstance(outcome, Written)
    assert writing.wire.count(writing.mutates) == 1


@pytest.mark.parametrize("body", BROKEN)
def test_a_write_whose_every_answer_is_broken_is_unconfirmed(writing: Writing, body: str | bytes) -> None:
    writing.wire.disturb(writing.mutates, *range(1, 9), instead=Answer(body=body))

    assert isinstance(writing.write(), Unconfirmed)


@pytest.mark.parametrize("body", BROKEN)
def test_a_comparison_whose_answer_is_broken_compares_nothing(writing: Writing, body: str | bytes) -> None:
    writing.wire.disturb(writing.compares, 1, instead=Answer(body=body))

    assert isinstance(writing.write(), Written)


@pytest.mark.parametrize("body", BROKEN)
def test_a_look_after_the_write_whose_answer_is_broken_confirms_nothing(writing: Writing, body: str | bytes) -> None:
    first = 3 if writing.mutates == "UpdateUserPool" else 2
    writing.wire.disturb(writing.compares, *range(first, 60), instead=Answer(body=body))

    assert isinstance(writing.write(), Unconfirmed)
    assert writing.is_done()


HOLLOW: tuple[Json | str, ...] = ({}, "<GetRoleResponse><GetRoleResult><Role></Role></GetRoleResult></GetRoleResponse>")


def test_a_comparison_without_what_it_asked_for_is_a_reason_not_to_write(writing: Writing) -> None:
    hollow = Answer(body=HOLLOW[writing.compares == "GetRole"])
    writing.wire.disturb(writing.compares, *range(1, 60), instead=hollow)

    assert isinstance(writing.write(), Refused)
    assert writing.wire.count(writing.mutates) == 0


def test_a_look_after_the_write_without_what_it_asked_for_confirms_nothing(writing: Writing) -> None:
    first = 3 if writing.mutates == "UpdateUserPool" else 2
    writing.wire.disturb(
        writing.compares, *range(first, 60), instead=Answer(body=HOLLOW[writing.compares == "GetRole"])
    )

    assert isinstance(writing.write(), Unconfirmed)
    assert writing.is_done()


@dataclass(slots=True)
class AnyService:
    """Answers every call but the broken one."""

    def answer(self, request: Request) -> Answer:
        return Answer(body=cast("Json", FIRST.get(request.operation, {})))


@pytest.mark.parametrize("body", [*BROKEN, ""])
@pytest.mark.parametrize("each", [each for each in READS if each.service != "ssm"], ids=lambda each: each.operation)
def test_a_read_whose_answer_is_broken_is_a_reading_that_passes(each: Read, body: str | bytes) -> None:
    services: defaultdict[str, Service] = defaultdict(AnyService)
    wire = Wire(services=services)
    wire.disturb(each.operation, *range(1, 9), instead=Answer(body=body))

    found = each.read(Clients(wire.session()))

    assert each.is_reading(found)
    assert not isinstance(found, Unreadable) or found.reason == "BrokenResponse"


def test_no_text_about_a_broken_response_quotes_it() -> None:
    writing = WRITERS["suppression"]()
    writing.wire.disturb(writing.mutates, *range(1, 9), instead=Answer(body=f"{{{JANE}"))

    outcome = writing.write()

    assert isinstance(outcome, Unconfirmed)
    assert "jane" not in english(outcome.reason)
    assert "BrokenResponse" in english(outcome.reason)
