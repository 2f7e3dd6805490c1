"""AWS adds a member at any level of its answers: the pool is still judged as before, and no write loses the member."""

import copy
from collections.abc import Iterator
from functools import cache

import pytest
from botocore.model import ListShape, MapShape, Shape, StructureShape
from botocore.session import Session

from mailwarden.adapters.aws.cognito.pools import CognitoPools
from mailwarden.domain.readings import Pool as ReadPool
from mailwarden.domain.repair.journal import Refused, SideEffect, Written
from mailwarden.rules import SDK_RULE
from tests.builders import ACCOUNT, mail_path
from tests.functional.aws.harness import Bench, pool_ref, repair, shop
from tests.functional.aws.test_thousand_pools import pool_generator
from tests.functional.aws.wire.cognito import Pool
from tests.functional.aws.wire.generated_pools import structures
from tests.texts import english

NEW = "NewThing"
VALUE = {"Mode": "STRICT", "Since": 1_790_000_000, "Of": ["email", {"Deep": None}]}


@cache
def answer_of(operation: str) -> Shape:
    shape = Session().get_service_model("cognito-idp").operation_model(operation).output_shape
    assert shape is not None
    return shape


def levels(shape: Shape, path: str = "") -> Iterator[str]:
    """Every structure of a model's answer, the answer itself included: where AWS can add a member."""
    match shape:
        case StructureShape():
            yield path
            for name, member in shape.members.items():
                yield from levels(member, f"{path}.{name}" if path else name)
        case ListShape():
            yield from levels(shape.member, f"{path}[]")
        case MapShape():
            yield from levels(shape.value, f"{path}.*")
        case _:
            return


@cache
def whole_pools() -> tuple[tuple[Pool, dict[str, object]], ...]:
    """Pools that have everything that the model knows; lists and maps may be empty in one, not in all."""
    generator = pool_generator(Bench())
    return tuple(generator.generate(seed) for seed in range(0, 200, 10))


def with_new_member(path: str) -> tuple[Pool, dict[str, object], dict[str, object]]:
    """A pool, its MFA configuration, and what is beside ``UserPool``, with one member more at a level of the answer."""
    for pool, mfa in copy.deepcopy(whole_pools()):
        answer: dict[str, object] = {"UserPool": pool}
        for found, structure in structures(answer_of("DescribeUserPool"), answer):
            if found == path:
                structure[NEW] = copy.deepcopy(VALUE)
                return pool, mfa, {name: value for name, value in answer.items() if name == NEW}
    raise AssertionError(f"no generated pool has {path}")


def mfa_with_new_member(path: str) -> dict[str, object]:
    """An MFA configuration with one member more at a level."""
    for _, mfa in copy.deepcopy(whole_pools()):
        for found, structure in structures(answer_of("GetUserPoolMfaConfig"), mfa):
            if found == path:
                structure[NEW] = copy.deepcopy(VALUE)
                return mfa
    raise AssertionError(f"no generated MFA configuration has {path}")


LEVELS = tuple(levels(answer_of("DescribeUserPool")))
MFA_LEVELS = tuple(levels(answer_of("GetUserPoolMfaConfig")))


def test_the_levels_are_those_of_the_model() -> None:
    assert {path.count(".") for path in LEVELS} >= {0, 1, 2}
    assert {"", "UserPool", "UserPool.EmailConfiguration", "UserPool.SchemaAttributes[]"} <= {*LEVELS}
    assert len(LEVELS) > 20


@pytest.mark.parametrize("path", LEVELS, ids=lambda path: path or "the answer")
def test_a_member_more_in_a_pool_stops_the_write_is_named_and_changes_no_reading(bench: Bench, path: str) -> None:
    pool, mfa, beside = with_new_member(path)
    bench.cognito.put(pool, mfa)
    bench.cognito.shows_beside = beside
    before, new = copy.deepcopy(pool), f"{path}.{NEW}".removeprefix(".")

    outcome = bench.writer.write(repair(pool), entry_id="entry")
    reading = pools(bench).read(pool_ref(pool))

    assert isinstance(outcome, Refused)
    assert english(outcome.reason).endswith(f": {new}")
    assert bench.cognito.updates == []
    assert pool == before
    assert isinstance(reading, ReadPool)
    assert reading.unknown_members == (new,)
    assert reading == known_reading(bench, pool, mfa, unknown=(new,))
    (finding,) = SDK_RULE.check(mail_path(reading))
    assert finding.evidence["members"] == (new,)


def known_reading(bench: Bench, pool: Pool, mfa: dict[str, object], *, unknown: tuple[str, ...]) -> object:
    """The reading of the same pool as an older Cognito would show it, with the members that are unknown by now."""
    bench.cognito.put(without_new(pool), mfa)
    bench.cognito.shows_beside = {}
    reading = pools(bench).read(pool_ref(pool))
    assert isinstance(reading, ReadPool)
    assert reading.unknown_members == ()
    return ReadPool(**{name: getattr(reading, name) for name in reading.__slots__} | {"unknown_members": unknown})


def without_new[T](value: T) -> T:
    if isinstance(value, dict):
        return {name: without_new(member) for name, member in value.items() if name != NEW}  # type: ignore[return-value]
    if isinstance(value, list):
        return [without_new(member) for member in value]  # type: ignore[return-value]
    return value


@pytest.mark.parametrize("path", MFA_LEVELS, ids=lambda path: path or "the answer")
def test_a_member_more_in_the_mfa_configuration_survives_a_write_of_the_pool(bench: Bench, path: str) -> None:
    pool, mfa = shop(), mfa_with_new_member(path)
    bench.cognito.put(pool, mfa)
    expected = copy.deepcopy(mfa)

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert outcome == Written(entry_id="entry")
    assert mfa == expected


def test_such_a_member_that_goes_with_the_write_is_reported_as_a_side_effect(bench: Bench) -> None:
    pool, mfa = shop(), mfa_with_new_member("")
    bench.cognito.put(pool, mfa)
    # The first reading is the one before the write.
    bench.wire.disturb("GetUserPoolMfaConfig", 2, before=lambda: mfa.pop(NEW))

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert isinstance(outcome, SideEffect)
    assert f"MfaConfiguration.{NEW}" in english(outcome.reason)


def pools(bench: Bench) -> CognitoPools:
    return CognitoPools(clients=bench.clients, partition="aws", account=ACCOUNT)
