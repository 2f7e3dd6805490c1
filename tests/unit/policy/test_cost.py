"""What the author of policies can make a look cost: operations are counted, because a clock depends on the machine."""

import sys
from collections.abc import Callable
from functools import cache
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailwarden.domain.mail_path.from_header import from_header
from mailwarden.policy import (
    GLOBAL_PRINCIPAL,
    Grant,
    StatementRef,
    Truth,
    cognito_service,
    decide_sending,
    grant_pools,
    grants_naming_pool,
    parse,
    public_or_cross_account,
    statements_naming_pools,
    unconditioned_cognito_trust,
)
from mailwarden.policy.matching import comparison, glob, matching
from mailwarden.policy.matching.comparison import compile_comparison
from mailwarden.policy.matching.operators import Family
from mailwarden.presentation.catalogue.languages import ENGLISH
from mailwarden.rules.sending_grant.question import GrantQuestion, answer
from mailwarden.rules.sending_grant.without_pools import leftovers
from tests.builders import custom_from, identity_ref
from tests.unit.policy.hostile import SHAPES, identity_of
from tests.unit.policy.policies import ACCOUNT, IDENTITY, POOL

# Calls of functions for a policy of 4 KB: 25,000 take some 5 ms. Twenty such policies fit an identity.
MOST_CALLS = 25_000
POLICIES = 5
SENDER = cognito_service(
    principal=GLOBAL_PRINCIPAL,
    pool_arn=POOL,
    identity_arn=IDENTITY,
    from_address="a" * 60 + "@example.com",
    from_display_name="b" * 100,
)
HEADER = from_header(custom_from(identity_ref()), identity_ref())

type Policies = dict[str, str]


def _who_may(policies: Policies) -> object:
    asked = GrantQuestion(
        policies=tuple(policies.items()),
        pool_arn=POOL,
        account=ACCOUNT,
        identity_arn=IDENTITY,
        principal=GLOBAL_PRINCIPAL,
        header=HEADER,
        required=True,
        as_role=True,
    )
    return answer.__wrapped__(asked)


def _without_pools(policies: Policies) -> object:
    named = statements_naming_pools(policies)
    return leftovers(policies, frozenset(arn for statement in named for arn in statement.arns))


def _planned(policies: Policies) -> object:
    grants = [Grant(principal=GLOBAL_PRINCIPAL, pool_arn=f"{POOL}{number}") for number in range(50)]
    return grant_pools(policies, identity_arn=IDENTITY, account=ACCOUNT, grants=grants[:1])


ASKED: dict[str, Callable[[Policies], object]] = {
    "MW404": lambda policies: unconditioned_cognito_trust(policies, identity_arn=IDENTITY, account=ACCOUNT),
    "MW405": lambda policies: public_or_cross_account(policies, identity_arn=IDENTITY, account=ACCOUNT),
    "MW401": lambda policies: ENGLISH.text(decide_sending(policies, SENDER).decision.message),
    "MW403": _who_may,
    "MW406": _without_pools,
    "consent": lambda policies: grants_naming_pool(policies, SENDER),
    "a grant": _planned,
    "parsing": lambda policies: [parse(text) for text in policies.values()],
}


@cache
def _identity(shape: str) -> Policies:
    return identity_of(SHAPES[shape], policies=POLICIES)


@pytest.fixture(autouse=True)
def _nothing_is_known_yet() -> None:
    for remembered in (
        glob.compile_glob,
        glob.compile_arn_glob,
        comparison.compile_comparison,
        matching.covers_action,
        matching.covers_resource,
    ):
        remembered.cache_clear()


def _calls_of(asked: Callable[[], object]) -> int:
    number = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal number
        number += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        asked()
    finally:
        sys.setprofile(before)
    return number


@pytest.mark.parametrize("shape", SHAPES)
def test_no_policy_makes_a_look_cost_more_than_its_bound(shape: str) -> None:
    policies = _identity(shape)

    spent = {name: _calls_of(lambda asked=asked: asked(policies)) for name, asked in ASKED.items()}  # type: ignore[misc]

    assert {name: calls for name, calls in spent.items() if calls > MOST_CALLS * POLICIES} == {}


def test_more_outsiders_than_are_tried_may_get_through() -> None:
    policies = identity_of(SHAPES["accounts times regions"], policies=1)

    (found,) = unconditioned_cognito_trust(policies, identity_arn=IDENTITY, account=ACCOUNT)

    assert not found.certain


def test_an_outsider_that_surely_gets_through_is_found_among_many() -> None:
    principals = [f"cognito-idp.xx-y-{number}.amazonaws.com" for number in range(90)]
    trusting = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"Service": principals}, "Action": "ses:*", "Resource": "*"},
    }

    (found,) = unconditioned_cognito_trust({"p": trusting}, identity_arn=IDENTITY, account=ACCOUNT)

    assert found.certain


def test_a_policy_that_lists_every_outsider_we_could_think_of_is_tried_with_another() -> None:
    listed = [f"{760215938471 + number:012d}" for number in range(200)]
    trusting = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": GLOBAL_PRINCIPAL},
            "Action": "ses:*",
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:SourceAccount": [*listed, "285093174662", "931746028550"]}},
        },
    }

    (found,) = unconditioned_cognito_trust({"p": trusting}, identity_arn=IDENTITY, account=ACCOUNT)

    assert found.certain


def test_a_text_that_no_header_is_as_long_as_is_not_matched_at_all() -> None:
    compared = compile_comparison(Family.GLOB, ("*" + "a?" * 1000 + "b", "exact"), variables=True)

    assert compared.holds("a" * 131_000) is Truth.UNKNOWN
    assert _calls_of(lambda: compared.holds("a" * 131_000)) < 100


def test_a_long_name_is_masked_without_a_search_from_each_of_its_letters() -> None:
    ref = StatementRef(policy="p", index=0, sid="a" * 200_000)

    assert _calls_of(lambda: ref.message) < 100


@given(
    text=st.lists(st.sampled_from(["anna", "@", " ", ":", "/", '"', "b c", "<", "'", "x.example"]), max_size=8).map(
        "".join
    )
)
def test_no_local_part_is_shown(text: str) -> None:
    shown = str(dict(StatementRef(policy="p", index=0, sid=text or "-").message.args)["sid"])

    assert "anna@" not in shown
    assert "b c" not in shown or '"b c"@' not in text
