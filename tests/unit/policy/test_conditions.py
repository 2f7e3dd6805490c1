"""Conditions on keys with several values, which no sender of ours has and the language knows."""

import pytest

from mailwarden.policy import Truth, parse
from mailwarden.policy.document.model import Condition
from mailwarden.policy.matching.conditions import judge
from mailwarden.policy.matching.context import PRESENT, Context, known
from tests.unit.policy.policies import policy, statement

CONTEXT = Context(
    keys={
        "x:two": known("one", "two"),
        "x:none": known(),
        "x:there": PRESENT,
        "aws:calledvia": known("athena.amazonaws.com"),
        "ses:recipients": known("one@example.com"),
    },
    families={"x:tag/": known("mail")},
)


def _condition(operator: str, key: str, *values: str) -> Condition:
    found = parse(policy(statement(Condition={operator: {key: list(values)}}))).statements[0].conditions[0]
    assert isinstance(found, Condition)
    return found


@pytest.mark.parametrize(
    ("operator", "key", "values", "truth"),
    [
        ("StringEquals", "x:two", ("one", "two"), Truth.UNKNOWN),
        ("StringNotEquals", "x:two", ("three",), Truth.UNKNOWN),
        ("ForAnyValue:StringEquals", "x:two", ("two", "three"), Truth.TRUE),
        ("ForAnyValue:StringEquals", "x:two", ("three",), Truth.FALSE),
        ("ForAllValues:StringEquals", "x:two", ("one", "two", "three"), Truth.TRUE),
        ("ForAllValues:StringEquals", "x:two", ("one",), Truth.FALSE),
        ("ForAnyValue:StringNotEquals", "x:two", ("one",), Truth.TRUE),
        ("ForAnyValue:StringNotEquals", "x:two", ("one", "two"), Truth.FALSE),
        ("ForAllValues:StringNotEquals", "x:two", ("three",), Truth.TRUE),
        ("ForAllValues:StringNotEquals", "x:two", ("two", "three"), Truth.FALSE),
        ("ForAllValues:StringLike", "x:two", ("?n?", "t*"), Truth.TRUE),
        ("StringEquals", "x:none", ("one",), Truth.UNKNOWN),
        ("ForAllValues:StringEquals", "x:none", ("one",), Truth.TRUE),
        ("ForAnyValue:StringEquals", "x:none", ("one",), Truth.FALSE),
        ("Null", "x:two", ("false",), Truth.TRUE),
        ("Null", "x:there", ("true",), Truth.FALSE),
        ("StringEqualsIfExists", "x:there", ("one",), Truth.UNKNOWN),
        # One value of a key that may have several: IAM asks for a set operator all the same.
        ("StringEquals", "aws:CalledVia", ("athena.amazonaws.com",), Truth.UNKNOWN),
        ("StringNotLikeIfExists", "aws:calledVia", ("glue*",), Truth.UNKNOWN),
        ("StringLike", "ses:Recipients", ("*@example.com",), Truth.UNKNOWN),
        ("ForAnyValue:StringLike", "ses:Recipients", ("*@example.com",), Truth.TRUE),
        ("ForAllValues:StringEquals", "aws:CalledVia", ("glue.amazonaws.com",), Truth.FALSE),
        ("StringNotEquals", "aws:PrincipalOrgPaths", ("o-1/*",), Truth.UNKNOWN),
        ("StringEquals", "X:Tag/Team", ("mail",), Truth.TRUE),
        ("StringEquals", "x:tagged", ("mail",), Truth.UNKNOWN),
    ],
)
def test_a_condition_on_several_values(operator: str, key: str, values: tuple[str, ...], truth: Truth) -> None:
    assert judge(_condition(operator, key, *values), CONTEXT, variables=True) is truth
