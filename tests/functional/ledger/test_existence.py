"""What the ledger promises about pools that others name: the same in memory and in DynamoDB."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.examples import a_look, a_pool, later
from tests.fakes.ledger.in_dynamodb import LedgerInDynamoDB
from tests.fakes.ledger.roles import LedgerRoles
from tests.functional.ledger.conftest import TABLE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


def test_a_pool_with_a_look_is_alive_and_any_other_is_not_known(ledger: LedgerRoles) -> None:
    ledger.looks.put(a_look(a_pool(1)))

    alive = ledger.known_pools.alive(frozenset({a_pool(1), a_pool(2)}))

    assert alive == {a_pool(1)}
    assert ledger.known_pools.alive(frozenset()) == frozenset()


def test_a_forgotten_pool_is_not_alive_until_it_is_seen_again(ledger: LedgerRoles) -> None:
    ledger.looks.put(a_look(a_pool(1), at=later(1)))
    ledger.looks.forget(a_pool(1), at=later(2))

    forgotten = ledger.known_pools.alive(frozenset({a_pool(1)}))
    ledger.looks.put(a_look(a_pool(1), at=later(3)))

    assert forgotten == frozenset()
    assert ledger.known_pools.alive(frozenset({a_pool(1)})) == {a_pool(1)}


def test_remembers_what_aws_did_not_have_and_when_it_said_so_last(ledger: LedgerRoles) -> None:
    ledger.known_pools.remember_gone(a_pool(1), at=later(1))
    ledger.known_pools.remember_gone(a_pool(1), at=later(2))

    assert ledger.known_pools.gone(frozenset({a_pool(1), a_pool(2)})) == {a_pool(1): later(2)}


def test_that_a_pool_is_gone_says_nothing_of_its_look_nor_the_other_way_round(ledger: LedgerRoles) -> None:
    ledger.looks.put(a_look(a_pool(1)))
    ledger.known_pools.remember_gone(a_pool(1), at=later(2))
    ledger.looks.forget(a_pool(2), at=later(2))

    assert ledger.looks.last(a_pool(1)) == a_look(a_pool(1))
    assert ledger.known_pools.alive(frozenset({a_pool(1)})) == {a_pool(1)}
    assert ledger.known_pools.gone(frozenset({a_pool(2)})) == {}


def test_knows_more_pools_than_one_request_may_name(ledger: LedgerRoles) -> None:
    pools = frozenset(a_pool(number) for number in range(101))
    for pool in pools:
        ledger.looks.put(a_look(pool, uses=()))
        ledger.known_pools.remember_gone(pool, at=later(1))

    assert ledger.known_pools.alive(pools) == pools
    assert ledger.known_pools.gone(pools).keys() == pools


def test_asks_for_a_hundred_at_a_time(dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB) -> None:
    sizes: list[int] = []
    dynamodb.meta.events.register(
        "provide-client-params.dynamodb.BatchGetItem",
        lambda params, **_: sizes.append(len(params["RequestItems"][TABLE]["Keys"])),
    )

    dynamo_ledger.known_pools.alive(frozenset(a_pool(number) for number in range(250)))

    assert sizes == [100, 100, 50]


@pytest.mark.parametrize(("left_out", "requests"), [(1, 2), (100, 4)], ids=["once", "each time"])
def test_asks_again_for_what_was_left_out_and_at_last_goes_without(
    dynamodb: "DynamoDBClient", dynamo_ledger: LedgerInDynamoDB, left_out: int, requests: int
) -> None:
    dynamo_ledger.looks.put(a_look(a_pool(1)))
    answers: list[dict[str, Any]] = []

    def leave_out(parsed: dict[str, Any], **_: object) -> None:
        answers.append(parsed)
        if len(answers) <= left_out:
            parsed["UnprocessedKeys"] = {TABLE: {"Keys": [{"pk": {"S": f"POOL#{a_pool(1).arn}"}, "sk": {"S": "LOOK"}}]}}
            parsed["Responses"] = {}

    dynamodb.meta.events.register("after-call.dynamodb.BatchGetItem", leave_out)

    alive = dynamo_ledger.known_pools.alive(frozenset({a_pool(1)}))

    assert len(alive) == (1 if left_out < requests else 0)
    assert len(answers) == requests
