"""What AWS does not document is a doubt for Allow and Deny alike, over generated policies."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from mailwarden.message import message
from mailwarden.policy import GLOBAL_PRINCIPAL, Truth, blocking_denies, parse, unconditioned_cognito_trust
from mailwarden.policy.document.model import Condition, Principals, Resources, StatementEffect
from mailwarden.policy.matching.conditions import judge, why_unknown
from mailwarden.policy.matching.context import ABSENT, PRESENT, UNKNOWN, Context, KeyState, known
from mailwarden.policy.matching.glob import lower_ascii
from mailwarden.policy.matching.matching import covers_principal, covers_resource
from tests.unit.policy.policies import ACCOUNT, IDENTITY, POOL, cognito, policy, statement
from tests.unit.policy.strategies import PATIENT

STATES = st.sampled_from([ABSENT, PRESENT, UNKNOWN, known(POOL), known(""), known("true")])
COMPARISONS = st.sampled_from(
    ["StringEquals", "StringNotLike", "ArnLike", "ArnNotEquals", "Bool", "NumericLessThan", "NotIpAddress"]
)
CASES = st.lists(st.booleans(), min_size=len(GLOBAL_PRINCIPAL), max_size=len(GLOBAL_PRINCIPAL))
LETTERS = st.text(alphabet="aAkK\u212aßsS\u017fiIİ\u0131éÉ가 ", max_size=5)


def condition(operator: str, key: str, *values: str) -> Condition:
    found = parse(policy(statement(Condition={operator: {key: list(values)}}))).statements[0].conditions[0]
    assert isinstance(found, Condition)
    return found


def context(state: KeyState) -> Context:
    return Context(keys={"x:key": state}, families={})


@PATIENT
@given(comparison=COMPARISONS, suffix=st.sampled_from(["", "IfExists"]), value=st.text(max_size=8))
def test_for_any_value_of_nothing_is_false_whatever_the_suffix(comparison: str, suffix: str, value: str) -> None:
    asked = condition(f"ForAnyValue:{comparison}{suffix}", "x:key", value)

    assert judge(asked, context(ABSENT), variables=True) is Truth.FALSE


@PATIENT
@given(
    operator=st.sampled_from(["ArnLike", "ArnEquals", "ArnNotLike", "ArnNotEquals"]),
    segments=st.lists(st.sampled_from(["arn", "aws", "*", "cognito-idp", "userpool/x", ""]), min_size=1, max_size=5),
)
def test_an_arn_of_fewer_than_six_segments_is_a_doubt_for_every_operator(operator: str, segments: list[str]) -> None:
    asked = condition(operator, "x:key", ":".join(segments))

    assert judge(asked, context(known(POOL)), variables=True) is Truth.UNKNOWN


@pytest.mark.parametrize("operator", ["ArnLike", "ArnNotLike"])
def test_a_deny_with_a_short_arn_may_stop_the_pool(operator: str) -> None:
    deny = statement(Effect="Deny", Condition={operator: {"aws:SourceArn": "arn:aws:cognito-idp:*"}})

    denials = blocking_denies({"p": policy(deny)}, cognito())

    assert (len(denials.certain), len(denials.possible)) == (0, 1)


@PATIENT
@given(
    service=st.sampled_from(["ses", "s?s", "*", "se*"]),
    kind=st.sampled_from(["identity", "ident*", "?dentity", "*", "i*y"]),
    name=st.sampled_from(["support@example.com", "*", "support@*"]),
)
def test_a_wildcard_in_the_service_or_the_resource_type_is_a_doubt(service: str, kind: str, name: str) -> None:
    pattern = f"arn:aws:{service}:us-east-1:{ACCOUNT}:{kind}/{name}"
    resources = Resources(patterns=(pattern,), negated=False, path="/Resource")

    found = covers_resource(resources, IDENTITY, variables=True)

    assert found is (Truth.TRUE if (service, kind) == ("ses", "identity") else Truth.UNKNOWN)


@PATIENT
@given(upper=CASES, effect=st.sampled_from(StatementEffect), negated=st.booleans())
def test_a_service_in_other_letters_may_be_the_same(upper: list[bool], effect: StatementEffect, negated: bool) -> None:
    name = "".join(sign.upper() if wanted else sign for sign, wanted in zip(GLOBAL_PRINCIPAL, upper, strict=True))
    assume(name != GLOBAL_PRINCIPAL)
    principals = Principals(
        anyone=False, aws=(), services=(name,), federated=(), canonical_users=(), negated=negated, path="/Principal"
    )

    assert covers_principal(principals, cognito().principal, effect) is Truth.UNKNOWN


def test_trust_in_a_service_in_other_letters_may_be_open_to_everybody() -> None:
    trusting = statement(Principal={"Service": "Email.Cognito-IdP.amazonaws.com"}, Condition=None)

    (found,) = unconditioned_cognito_trust({"p": policy(trusting)}, identity_arn=IDENTITY, account=ACCOUNT)

    assert not found.certain


@PATIENT
@given(value=LETTERS, actual=LETTERS)
@example(value="STRASSE", actual="Straße")
@example(value="K", actual="\u212a")
@example(value="\u0131", actual="i")
def test_only_ascii_letters_are_certainly_equal_without_case(value: str, actual: str) -> None:
    found = judge(condition("StringEqualsIgnoreCase", "x:key", value), context(known(actual)), variables=True)

    assert (found is Truth.TRUE) == (lower_ascii(value) == lower_ascii(actual))
    if value.upper() == actual.upper() or value.casefold() == actual.casefold():
        assert found is not Truth.FALSE


@PATIENT
@given(state=STATES, value=st.text(max_size=5).filter(lambda text: text not in {"true", "false"}))
def test_null_with_neither_true_nor_false_says_so_whatever_is_known_of_the_key(state: KeyState, value: str) -> None:
    asked = condition("Null", "x:key", value)

    assert judge(asked, context(state), variables=True) is Truth.UNKNOWN
    assert why_unknown(asked, context(state)) == message("policy.null-value")


def test_null_of_an_empty_value_does_not_blame_the_values_it_asks_for() -> None:
    asked = condition("Null", "x:key", "true")

    assert why_unknown(asked, context(known(""))) == message("policy.null-empty", key="x:key")
