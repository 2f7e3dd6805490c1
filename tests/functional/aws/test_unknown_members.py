"""A pool with anything in it that the SDK's model does not know is seen as such, and never written."""

import copy
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from mailwarden.adapters.aws.cognito.pools import CognitoPools
from mailwarden.domain.readings import Pool as ReadPool
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.repair.journal import Refused
from tests.builders import ACCOUNT
from tests.functional.aws.harness import Bench, pool_ref, repair, shop
from tests.functional.aws.test_thousand_pools import operation, pool_generator
from tests.functional.aws.wire.generated_pools import structures
from tests.functional.aws.wire.wire import Answer
from tests.texts import english

UNKNOWN_VALUES: tuple[object, ...] = ("on", 1, None, {"Nested": {"Deep": True}}, ["a"], False)


def test_an_unknown_member_at_any_depth_is_refused_and_nothing_is_written(bench: Bench) -> None:
    generator = pool_generator(bench)
    shape = operation(bench, "DescribeUserPool").output_shape
    assert shape is not None
    depths = set()

    for seed in range(300):
        pool, _ = generator.generate(seed)
        bench.cognito.put(pool)
        change = repair(pool)
        rng = random.Random(seed)  # noqa: S311 - reproducible, not secret
        answer: dict[str, object] = {"UserPool": pool}
        path, structure = rng.choice(list(structures(shape, answer)))
        structure["NewThing"] = rng.choice(UNKNOWN_VALUES)
        bench.cognito.shows_beside = {name: value for name, value in answer.items() if name != "UserPool"}
        expected = copy.deepcopy(pool)
        unknown = f"{path}.NewThing" if path else "NewThing"
        depths.add(unknown.count("."))

        outcome = bench.writer.write(change, entry_id="entry")

        assert isinstance(outcome, Refused), unknown
        assert english(outcome.reason).endswith(f": {unknown}")
        assert pool == expected
    assert bench.cognito.updates == []
    assert depths >= {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("path", "put"),
    [
        ("UserPool.AutoVerifiedAttributes", lambda pool: pool.update(AutoVerifiedAttributes={"email": True})),
        (
            "UserPool.AutoVerifiedAttributes[]",
            lambda pool: pool.update(AutoVerifiedAttributes=["email", {"Name": "x"}]),
        ),
        ("UserPool.AutoVerifiedAttributes[]", lambda pool: pool.update(AutoVerifiedAttributes=["email", None])),
        ("UserPool.UserPoolTags.*", lambda pool: pool.update(UserPoolTags={"team": {"Value": "shop"}})),
        ("UserPool.DeletionProtection", lambda pool: pool.update(DeletionProtection=True)),
        ("UserPool.EstimatedNumberOfUsers", lambda pool: pool.update(EstimatedNumberOfUsers="7")),
        ("UserPool.EstimatedNumberOfUsers", lambda pool: pool.update(EstimatedNumberOfUsers=True)),
    ],
)
def test_a_member_of_another_type_than_modeled_counts_as_unknown(
    bench: Bench,
    path: str,
    put: Callable[[dict[str, object]], None],
) -> None:
    pool = shop()
    change = repair(pool)
    put(pool)
    bench.cognito.put(pool)

    outcome = bench.writer.write(change, entry_id="entry")
    reading = pools(bench).read(change.pool)

    assert isinstance(outcome, Refused)
    assert english(outcome.reason).endswith(f": {path}")
    assert bench.cognito.updates == []
    assert isinstance(reading, ReadPool)
    assert reading.unknown_members == (path,)


@pytest.mark.parametrize(
    ("name", "value"), [("EmailConfiguration", "DEVELOPER"), ("UserPoolTags", ["team"]), ("LambdaConfig", [])]
)
def test_a_pool_without_a_member_that_can_be_read_and_that_mail_needs_is_unread_and_not_written(
    bench: Bench, name: str, value: object
) -> None:
    pool = shop()
    change = repair(pool)
    pool[name] = value
    bench.cognito.put(pool)

    outcome = bench.writer.write(change, entry_id="entry")
    reading = pools(bench).read(change.pool)

    assert isinstance(outcome, Refused)
    assert f"UserPool.{name}" in english(outcome.reason)
    assert bench.cognito.updates == []
    assert isinstance(reading, Unreadable)
    assert (reading.reason, reading.about) == ("MissingMember", f"UserPool.{name}")


def test_a_member_that_becomes_unknown_between_two_looks_is_refused(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)
    bench.wire.disturb("DescribeUserPool", 2, before=lambda: pool.update(NewThing=1))

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert isinstance(outcome, Refused)
    assert "UserPool.NewThing" in english(outcome.reason)
    assert bench.cognito.updates == []


def test_a_null_where_the_model_knows_the_member_is_no_unknown_member(bench: Bench) -> None:
    bench.cognito.put(shop(SmsConfiguration=None, UserPoolTags={}, VerificationMessageTemplate=None))

    reading = pools(bench).read(pool_ref(shop()))

    assert isinstance(reading, ReadPool)
    assert reading.unknown_members == ()
    assert reading.tags == {}


def test_each_answer_keeps_its_own_unknown_members_when_many_are_read_at_once(bench: Bench) -> None:
    refs = []
    for number in range(40):
        pool = shop(Id=f"us-east-1_Pool{number}", **{f"New{number}": number})
        bench.cognito.put(pool)
        refs.append(pool_ref(pool))

    with ThreadPoolExecutor(max_workers=8) as threads:
        readings = list(threads.map(pools(bench).read, refs))

    seen = [reading.unknown_members for reading in readings if isinstance(reading, ReadPool)]
    assert seen == [(f"UserPool.New{number}",) for number in range(40)]


def test_an_answer_that_is_no_json_object_is_unread_and_not_an_empty_pool(bench: Bench) -> None:
    bench.wire.disturb("DescribeUserPool", instead=Answer(body="[1]"))

    reading = pools(bench).read(pool_ref(shop()))

    assert isinstance(reading, Unreadable)
    assert (reading.reason, reading.transient) == ("BrokenResponse", True)


def pools(bench: Bench) -> CognitoPools:
    return CognitoPools(clients=bench.clients, partition="aws", account=ACCOUNT)
