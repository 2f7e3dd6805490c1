"""Attempts at an item that others write, too: the first at once, the later ones after pauses that grow and differ."""

from itertools import islice, pairwise
from typing import TYPE_CHECKING

import pytest

from mailwarden.adapters.aws.dynamodb.table import Contended, Table
from tests.functional.ledger.conftest import TABLE
from tests.texts import says

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


def pauses_of(client: "DynamoDBClient", *, attempts: int, luck: float) -> list[float]:
    pauses: list[float] = []
    table = Table(client=client, name=TABLE, sleep=pauses.append, luck=lambda: luck)
    assert sum(1 for _ in islice(table.attempts("an item"), attempts)) == attempts
    return pauses


def test_the_first_three_follow_each_other_at_once(dynamodb: "DynamoDBClient") -> None:
    assert pauses_of(dynamodb, attempts=3, luck=1.0) == []


def test_the_pauses_before_the_others_grow_up_to_a_fifth_of_a_second(dynamodb: "DynamoDBClient") -> None:
    pauses = pauses_of(dynamodb, attempts=20, luck=1.0)

    assert len(pauses) == 17
    assert pauses[:5] == [0.01, 0.02, 0.04, 0.08, 0.16]
    assert all(shorter <= longer for shorter, longer in pairwise(pauses))
    assert max(pauses) == 0.2
    assert sum(pauses) < 3


def test_two_writers_that_collide_do_not_retry_at_the_same_time(dynamodb: "DynamoDBClient") -> None:
    one, other = (pauses_of(dynamodb, attempts=20, luck=luck) for luck in (0.25, 0.75))

    assert all(shorter < longer for shorter, longer in zip(one, other, strict=True))


def test_the_last_attempt_is_followed_by_no_pause(dynamodb: "DynamoDBClient") -> None:
    pauses: list[float] = []
    table = Table(client=dynamodb, name=TABLE, sleep=pauses.append)

    with pytest.raises(Contended, check=says("an item was changed by others 20 times")):
        list(table.attempts("an item"))

    assert len(pauses) == 17
