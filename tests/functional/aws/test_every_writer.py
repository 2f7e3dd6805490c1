"""One attempt is a comparison, a write and a look, for every mutating call of every writer, and it ends in time."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from mailwarden.adapters.aws.clients import LONGEST_CALL, LONGEST_POOL_WRITE, ONCE, POOL_WRITE_ONCE
from mailwarden.domain.repair.journal import Drifted, Refused, Unconfirmed, Written
from tests.functional.aws.wire.wire import Answer, Request, refusal, xml_refusal
from tests.functional.aws.writers import WRITERS, Writing

URL = "https://service.us-east-1.amazonaws.com/"
SILENCE = ReadTimeoutError(endpoint_url=URL)
NO_CONNECTION = ConnectTimeoutError(endpoint_url=URL)
# The function has 60 seconds, and looks, judges and keeps its records in them, too.
MOST_SECONDS = 50.0


@pytest.fixture(params=WRITERS, ids=list(WRITERS))
def writing(request: pytest.FixtureRequest) -> Writing:
    return WRITERS[request.param]()


def error_of(writing: Writing, code: str, status: int = 400) -> Answer:
    """An error in the wire format of the writer's service."""
    return (xml_refusal if writing.mutates == "CreateServiceLinkedRole" else refusal)(code, status=status)


def throttle(writing: Writing) -> Answer:
    return error_of(
        writing, "Throttling" if writing.mutates == "CreateServiceLinkedRole" else "TooManyRequestsException"
    )


def assert_each_write_follows_a_comparison(writing: Writing) -> None:
    operations = writing.wire.operations()
    assert all(first == writing.compares for first, then in pairwise(operations) if then == writing.mutates), operations


def test_an_undisturbed_change_is_written_once_after_a_comparison(writing: Writing) -> None:
    outcome = writing.write()

    assert isinstance(outcome, Written)
    assert outcome.window is not None
    assert writing.is_done()
    assert writing.wire.count(writing.mutates) == 1
    assert_each_write_follows_a_comparison(writing)


def test_the_change_of_another_after_a_throttle_survives(writing: Writing) -> None:
    writing.wire.disturb(writing.mutates, 1, instead=throttle(writing), before=writing.meddle)

    outcome = writing.write()

    assert isinstance(outcome, Drifted)
    assert writing.survives()
    assert writing.wire.count(writing.mutates) == 1


def test_the_change_of_another_after_a_lost_request_survives(writing: Writing) -> None:
    writing.wire.disturb(writing.mutates, 1, instead=SILENCE, before=writing.meddle)

    outcome = writing.write()

    assert not isinstance(outcome, Refused | Drifted)
    assert writing.survives()
    assert writing.wire.count(writing.mutates) == 1


def test_a_write_whose_answer_was_lost_is_found_and_not_repeated(writing: Writing) -> None:
    writing.wire.disturb(writing.mutates, 1, is_lost=True)

    outcome = writing.write()

    assert isinstance(outcome, Written)
    assert writing.wire.count(writing.mutates) == 1


@pytest.mark.parametrize("instead", [SILENCE, NO_CONNECTION], ids=["no answer", "no connection"])
def test_a_request_that_never_arrived_is_sent_again_after_a_comparison(writing: Writing, instead: Exception) -> None:
    writing.wire.disturb(writing.mutates, 1, instead=instead)

    outcome = writing.write()

    assert isinstance(outcome, Written)
    assert writing.wire.count(writing.mutates) == 2
    assert_each_write_follows_a_comparison(writing)


def test_no_retry_of_the_sdk_repeats_a_write(writing: Writing) -> None:
    writing.wire.disturb(writing.mutates, 1, 2, 3, 4, instead=error_of(writing, "InternalFailure", 500))

    outcome = writing.write()

    assert isinstance(outcome, Unconfirmed)
    assert_each_write_follows_a_comparison(writing)


def test_a_comparison_that_is_throttled_is_made_again_before_the_write(writing: Writing) -> None:
    nth = 2 if writing.mutates == "UpdateUserPool" else 1
    writing.wire.disturb(writing.compares, nth, instead=throttle(writing))

    outcome = writing.write()

    assert isinstance(outcome, Written)
    assert_each_write_follows_a_comparison(writing)


def test_a_write_that_no_read_shows_is_unconfirmed_and_no_side_effect(writing: Writing) -> None:
    service = next(iter(writing.wire.services.values()))
    old: list[Answer] = []

    def show_the_old_state(request: Request) -> None:
        if request.operation == writing.mutates:
            old.append(service.answer(compared[-1]))
            writing.wire.disturb(writing.compares, *range(1, 60), instead=old[0])
        elif request.operation == writing.compares:
            compared.append(request)

    compared: list[Request] = []
    writing.wire.on_request = show_the_old_state

    outcome = writing.write()

    assert isinstance(outcome, Unconfirmed)
    assert writing.is_done()


def test_the_window_is_measured_from_the_comparison_to_the_answer(writing: Writing) -> None:
    def pass_time(request: Request) -> None:
        writing.time.seconds += 0.040 if request.operation == writing.mutates else 0.025

    writing.wire.on_request = pass_time

    outcome = writing.write()

    assert isinstance(outcome, Written)
    assert outcome.window is not None
    assert outcome.window.milliseconds == pytest.approx(65)


def test_the_window_of_a_lost_answer_begins_with_the_first_comparison(writing: Writing) -> None:
    writing.wire.disturb(writing.mutates, 1, instead=SILENCE)
    begun: dict[str, list[datetime]] = {writing.mutates: [], writing.compares: []}

    def pass_a_second(request: Request) -> None:
        begun.setdefault(request.operation, []).append(writing.time.now())
        writing.time.seconds += 1.0

    writing.wire.on_request = pass_a_second

    outcome = writing.write()

    assert isinstance(outcome, Written)
    assert outcome.window is not None
    first, second = begun[writing.mutates]
    assert outcome.window.compared_at == first - timedelta(seconds=1)
    assert outcome.window.written_at == second + timedelta(seconds=1)


@pytest.mark.parametrize("silent", ["writes", "reads after the write", "everything"])
def test_the_longest_write_ends_well_inside_the_functions_time(writing: Writing, silent: str) -> None:
    """Each call takes as long as its client lets it, and the silent ones never answer."""
    started = writing.time.seconds

    def take_the_longest(request: Request) -> None:
        writing.time.seconds += LONGEST_POOL_WRITE if request.operation == "UpdateUserPool" else LONGEST_CALL

    writing.wire.on_request = take_the_longest
    if silent in {"writes", "everything"}:
        writing.wire.disturb(writing.mutates, *range(1, 60), instead=SILENCE)
    if silent != "writes":
        first = 1 if silent == "everything" else 3 if writing.mutates == "UpdateUserPool" else 2
        writing.wire.disturb(writing.compares, *range(first, 60), instead=SILENCE)

    try:
        outcome = writing.write()
    except (ClientError, ReadTimeoutError):
        outcome = None

    assert not isinstance(outcome, Written)
    assert writing.time.seconds - started < MOST_SECONDS


def test_the_time_that_is_reckoned_with_is_that_of_the_clients() -> None:
    # The stubs do not know the members of a configuration.
    limits = [vars(config)["connect_timeout"] + vars(config)["read_timeout"] for config in (ONCE, POOL_WRITE_ONCE)]

    assert limits == [LONGEST_CALL, LONGEST_POOL_WRITE]
