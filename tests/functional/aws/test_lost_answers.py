"""After a write whose answer was lost, nothing that AWS says later means that it was not made: only a look decides."""

from datetime import datetime, timedelta

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from mailwarden.domain.repair.journal import SideEffect, Unconfirmed, Written
from tests.functional.aws.wire.wire import Answer, Request, refusal, xml_refusal
from tests.functional.aws.writers import WRITERS, Writing

SILENCE = ReadTimeoutError(endpoint_url="https://service.us-east-1.amazonaws.com/")
FINAL = ["AccessDenied", "NotFoundException", "ExpiredTokenException", "ValidationException"]


@pytest.fixture(params=WRITERS, ids=list(WRITERS))
def writing(request: pytest.FixtureRequest) -> Writing:
    return WRITERS[request.param]()


def error_of(writing: Writing, code: str) -> Answer:
    return (xml_refusal if writing.mutates == "CreateServiceLinkedRole" else refusal)(code)


def first_comparison(writing: Writing) -> int:
    """The number of the first call that compares before a write; the pool is read once before."""
    return 2 if writing.mutates == "UpdateUserPool" else 1


@pytest.mark.parametrize("code", FINAL)
def test_a_later_attempt_that_is_refused_does_not_deny_the_first(writing: Writing, code: str) -> None:
    writing.wire.disturb(writing.mutates, 1, instead=SILENCE)
    writing.wire.disturb(writing.mutates, *range(2, 9), instead=error_of(writing, code))

    outcome = writing.write()

    assert isinstance(outcome, Unconfirmed)
    assert writing.wire.count(writing.mutates) == 4


@pytest.mark.parametrize("code", ["AccessDenied", "ExpiredTokenException", "ValidationException"])
@pytest.mark.parametrize("is_done", [True, False])
def test_a_comparison_that_is_refused_afterwards_denies_nothing(writing: Writing, code: str, *, is_done: bool) -> None:
    lost = {"is_lost": True} if is_done else {"instead": SILENCE}
    writing.wire.disturb(writing.mutates, 1, **lost)
    writing.wire.disturb(writing.compares, *range(first_comparison(writing) + 1, 60), instead=error_of(writing, code))

    outcome = writing.write()

    assert isinstance(outcome, Unconfirmed)
    assert writing.is_done() is is_done


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "NotFoundException"])
def test_a_resource_that_is_gone_afterwards_is_unclear(code: str) -> None:
    for name in ("pool", "policy, created", "policy, updated"):
        writing = WRITERS[name]()
        writing.wire.disturb(writing.mutates, 1, is_lost=True)
        writing.wire.disturb(
            writing.compares, *range(first_comparison(writing) + 1, 60), instead=error_of(writing, code)
        )

        assert isinstance(writing.write(), SideEffect)


def test_credentials_that_expire_before_the_write_end_it_at_once(writing: Writing) -> None:
    first = first_comparison(writing)
    writing.wire.disturb(writing.compares, *range(first, 60), instead=error_of(writing, "ExpiredTokenException"))

    try:
        outcome: object = writing.write()
    except ClientError as error:
        outcome = error

    assert not isinstance(outcome, Written | Unconfirmed)
    assert (writing.wire.count(writing.compares), writing.wire.count(writing.mutates)) == (first, 0)


def test_the_window_of_answers_that_were_lost_twice_begins_with_the_first_comparison(writing: Writing) -> None:
    writing.wire.disturb(writing.mutates, 1, 2, instead=SILENCE)
    begun: list[datetime] = []

    def pass_a_second(request: Request) -> None:
        if request.operation == writing.mutates:
            begun.append(writing.time.now())
        writing.time.seconds += 1.0

    writing.wire.on_request = pass_a_second

    outcome = writing.write()

    assert isinstance(outcome, Written)
    assert outcome.window is not None
    assert outcome.window.compared_at == begun[0] - timedelta(seconds=1)
    assert len(begun) == 3
