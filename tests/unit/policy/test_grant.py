"""The policies we write: exactly the wanted grants, the fewest writes, and nobody else's words."""

import json
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailwarden.policy import (
    GLOBAL_PRINCIPAL,
    LEGACY_PRINCIPAL,
    MAX_BYTES,
    SEND_ACTIONS,
    Allowed,
    Grant,
    GrantImpossible,
    GrantPlan,
    NotAllowed,
    decide_sending,
    evaluate,
    grant_pools,
    own_grants,
    public_or_cross_account,
    revoke_pools,
    unconditioned_cognito_trust,
)
from tests.unit.policy.policies import (
    ACCOUNT,
    IDENTITY,
    OTHER_ACCOUNT,
    POOL,
    REGIONAL_PRINCIPAL,
    cognito,
    legacy,
    policy,
    request,
    statement,
)
from tests.unit.policy.strategies import PATIENT

FIRST = "mailwarden-cognito"


def _pool(number: int, region: str = "us-east-1", account: str = ACCOUNT) -> str:
    return f"arn:aws:cognito-idp:{region}:{account}:userpool/{region}_Pool{number:05d}"


def _grant(number: int = 1, principal: str = GLOBAL_PRINCIPAL) -> Grant:
    region = "me-central-1" if principal == REGIONAL_PRINCIPAL else "us-east-1"
    return Grant(principal=principal, pool_arn=_pool(number, region))


def _added(policies: Mapping[str, str], grants: Sequence[Grant] | frozenset[Grant]) -> GrantPlan:
    plan = grant_pools(policies, identity_arn=IDENTITY, account=ACCOUNT, grants=grants)
    assert isinstance(plan, GrantPlan)
    return plan


def _refused(policies: Mapping[str, str], grants: Sequence[Grant], identity_arn: str = IDENTITY) -> GrantImpossible:
    plan = grant_pools(policies, identity_arn=identity_arn, account=ACCOUNT, grants=grants)
    assert isinstance(plan, GrantImpossible)
    return plan


def _removed(policies: Mapping[str, str], grants: Sequence[Grant] | frozenset[Grant]) -> GrantPlan:
    return revoke_pools(policies, identity_arn=IDENTITY, account=ACCOUNT, grants=grants)


def _written(policies: Mapping[str, str], plan: GrantPlan) -> dict[str, str]:
    """The policies after the plan was carried out."""
    after = {**policies, **plan.after}
    return {name: text for name, text in after.items() if text is not None}


def _held(policies: Mapping[str, str]) -> frozenset[Grant]:
    return own_grants(policies, identity_arn=IDENTITY, account=ACCOUNT)


GRANTS = st.builds(
    _grant,
    st.integers(min_value=0, max_value=120),
    st.sampled_from([GLOBAL_PRINCIPAL, REGIONAL_PRINCIPAL]),
)
GRANT_SETS = st.frozensets(GRANTS, max_size=90)


def test_the_document_is_the_least_that_cognito_asks_for() -> None:
    plan = _added({}, [_grant(2), _grant(1)])

    (write,) = plan.writes
    assert (write.name, write.before) == (FIRST, None)
    assert json.loads(write.after or "") == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "MailwardenGlobal",
                "Effect": "Allow",
                "Principal": {"Service": GLOBAL_PRINCIPAL},
                "Action": ["ses:SendEmail", "ses:SendRawEmail"],
                "Resource": IDENTITY,
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": ACCOUNT},
                    "ArnLike": {"aws:SourceArn": [_pool(1), _pool(2)]},
                },
            }
        ],
    }


def test_each_principal_has_its_own_statement_so_that_none_gains_the_others_pools() -> None:
    plan = _added({}, [_grant(1), _grant(2, REGIONAL_PRINCIPAL)])

    statements = json.loads(plan.after[FIRST] or "")["Statement"]
    assert [(found["Sid"], found["Condition"]["ArnLike"]["aws:SourceArn"]) for found in statements] == [
        ("MailwardenMeCentral1", [_pool(2, "me-central-1")]),
        ("MailwardenGlobal", [_pool(1)]),
    ]


@PATIENT
@given(grants=st.frozensets(GRANTS, min_size=1, max_size=12), other=GRANTS)
def test_a_grant_lets_each_of_its_pools_send_and_nothing_else(grants: frozenset[Grant], other: Grant) -> None:
    policies = _written({}, _added({}, grants))

    for grant in grants | {other}:
        sender = cognito(principal=grant.principal, pool_arn=grant.pool_arn)
        expected = Allowed if grant in grants else NotAllowed
        for action in SEND_ACTIONS:
            assert isinstance(evaluate(policies, request(sender, action)), expected)
        strangers = (
            cognito(principal=LEGACY_PRINCIPAL, pool_arn=grant.pool_arn),
            cognito(principal=grant.principal, pool_arn=grant.pool_arn.replace(ACCOUNT, OTHER_ACCOUNT)),
            cognito(principal=grant.principal, pool_arn=grant.pool_arn + "x"),
            cognito(principal=grant.principal, pool_arn=grant.pool_arn, identity_arn=IDENTITY + "x"),
        )
        for stranger in strangers:
            assert isinstance(decide_sending(policies, stranger).decision, NotAllowed)
        for action in ("ses:SendTemplatedEmail", "ses:SendBulkTemplatedEmail", "ses:DeleteEmailIdentity"):
            assert isinstance(evaluate(policies, request(sender, action)), NotAllowed)
    assert unconditioned_cognito_trust(policies, identity_arn=IDENTITY, account=ACCOUNT) == ()
    assert public_or_cross_account(policies, identity_arn=IDENTITY, account=ACCOUNT) == ()


@PATIENT
@given(grants=GRANT_SETS, more=GRANT_SETS, data=st.data())
def test_adding_keeps_what_is_there_and_removing_takes_exactly_what_was_added(
    grants: frozenset[Grant], more: frozenset[Grant], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(sorted(grants)))
    one = _written({}, _added({}, shuffled))

    two = _written(one, _added(one, more))
    three = _written(two, _removed(two, more - grants))

    assert one == _written({}, _added({}, grants))
    assert _held(one) == grants
    assert _held(two) == grants | more
    assert _held(three) == grants
    assert all(len(text.encode()) <= MAX_BYTES for text in two.values())
    assert all(name.startswith(FIRST) for name in two)


@PATIENT
@given(grants=GRANT_SETS)
def test_what_is_there_already_needs_no_write(grants: frozenset[Grant]) -> None:
    policies = _written({}, _added({}, grants))

    assert _added(policies, grants).writes == ()
    assert _removed(policies, [_grant(999)]).writes == ()


@PATIENT
@given(grants=GRANT_SETS)
def test_nothing_is_left_when_everything_is_removed(grants: frozenset[Grant]) -> None:
    policies = _written({}, _added({}, grants))

    plan = _removed(policies, grants)

    assert set(plan.after.values()) <= {None}
    assert plan.before == policies
    assert _written(policies, plan) == {}


def test_one_more_pool_changes_one_policy() -> None:
    policies = _written({}, _added({}, [_grant(number) for number in range(110)]))

    plan = _added(policies, [_grant(110)])

    assert len(policies) == 3
    assert [write.name for write in plan.writes] == [f"{FIRST}-3"]
    assert plan.before == {f"{FIRST}-3": policies[f"{FIRST}-3"]}


def test_a_full_policy_makes_room_for_the_next() -> None:
    full = _written({}, _added({}, [_grant(number) for number in range(45)]))

    plan = _added(full, [_grant(number) for number in range(45, 60)])

    assert list(full) == [FIRST]
    assert f"{FIRST}-2" in plan.after


def test_a_pool_that_left_makes_room_in_its_policy() -> None:
    policies = _written({}, _added({}, [_grant(number) for number in range(60)]))
    policies = _written(policies, _removed(policies, [_grant(0)]))

    plan = _added(policies, [_grant(77)])

    assert list(plan.after) == [FIRST]


def test_the_policies_of_others_are_not_touched() -> None:
    others = {"theirs": json.dumps(policy()), "broken": "{"}

    plan = _added(others, [_grant(1)])

    assert list(plan.after) == [FIRST]
    assert plan.left_alone == ()


@pytest.mark.parametrize(
    "edited",
    [
        "{",
        json.dumps(policy()),
        json.dumps(legacy()),
        json.dumps({**json.loads(_added({}, [_grant(1)]).after[FIRST] or ""), "Id": "ours"}),
        (_added({}, [_grant(1)]).after[FIRST] or "").replace('"Allow"', '"Deny"'),
        (_added({}, [_grant(1)]).after[FIRST] or "").replace("SendRawEmail", "*"),
        (_added({}, [_grant(1)]).after[FIRST] or "").replace("us-east-1_Pool00001", "*"),
        (_added({}, [_grant(1)]).after[FIRST] or "").replace("ArnLike", "StringLike"),
        (_added({}, [_grant(1)]).after[FIRST] or "").replace("2012-10-17", "2008-10-17"),
        (_added({}, [_grant(1)]).after[FIRST] or "").replace("MailwardenGlobal", "Global"),
        (_added({}, [_grant(1)]).after[FIRST] or "").replace(IDENTITY, "*"),
        (_added({}, [_grant(1)]).after[FIRST] or "").replace(f't":"{ACCOUNT}"', f't":"{OTHER_ACCOUNT}"'),
        (_added({}, [_grant(1)]).after[FIRST] or "").replace(f'{{"aws:SourceAccount":"{ACCOUNT}"}}', "{}"),
    ],
)
def test_a_policy_of_ours_that_somebody_edited_is_left_alone(edited: str) -> None:
    policies = {FIRST: edited}

    plan = _added(policies, [_grant(2)])
    undone = _removed(policies, [_grant(1)])

    assert list(plan.after) == [f"{FIRST}-2"]
    assert plan.left_alone == (FIRST,)
    assert undone.writes == ()
    assert undone.left_alone == (FIRST,)


def test_other_spacing_and_order_are_no_edit() -> None:
    contents = json.loads(_added({}, [_grant(1)]).after[FIRST] or "")
    contents["Statement"] = contents["Statement"][0]
    contents["Statement"]["Condition"]["ArnLike"]["aws:SourceArn"] = _pool(1)
    contents["Statement"]["Action"].reverse()

    plan = _added({FIRST: json.dumps(contents, indent=2)}, [_grant(1)])

    assert plan == GrantPlan(writes=(), left_alone=())


def test_the_twenty_policies_of_an_identity_count_everybodys() -> None:
    theirs = {f"theirs-{number}": json.dumps(policy(statement(Action="ses:Get*"))) for number in range(20)}

    refused = _refused(theirs, [_grant(1)])
    del theirs["theirs-0"]

    assert refused.reason == "the identity has 20 policies, and SES allows 20"
    assert list(_added(theirs, [_grant(1)]).after) == [FIRST]


def test_a_grant_that_would_need_a_twenty_first_policy_writes_nothing() -> None:
    theirs = {f"theirs-{number}": "{}" for number in range(19)}

    refused = _refused(theirs, [_grant(number) for number in range(80)])

    assert refused.reason == "the identity has 19 policies, and SES allows 20"


@pytest.mark.parametrize(
    ("grant", "identity_arn", "reason"),
    [
        (Grant(principal=LEGACY_PRINCIPAL, pool_arn=POOL), IDENTITY, "is no principal with which Cognito sends"),
        (Grant(principal="*", pool_arn=POOL), IDENTITY, "is no principal with which Cognito sends"),
        (Grant(principal=GLOBAL_PRINCIPAL, pool_arn=POOL + "*"), IDENTITY, "is not the full ARN of one user pool"),
        (Grant(principal=GLOBAL_PRINCIPAL, pool_arn="*"), IDENTITY, "is not the full ARN of one user pool"),
        (
            Grant(principal=GLOBAL_PRINCIPAL, pool_arn=POOL.replace("us-east-1:", "*:", 1)),
            IDENTITY,
            "is not the full ARN of one user pool",
        ),
        (
            Grant(principal=GLOBAL_PRINCIPAL, pool_arn=POOL.replace(ACCOUNT, OTHER_ACCOUNT)),
            IDENTITY,
            "is a pool of another account",
        ),
        (_grant(1), IDENTITY.replace("us-east-1", "*"), "is not one plain name in one region"),
        (_grant(1), IDENTITY.replace("support", "sup*port"), "is not one plain name in one region"),
        (_grant(1), IDENTITY.replace("support", "${aws:username}"), "is not one plain name in one region"),
    ],
)
def test_a_grant_that_would_mean_more_than_its_names_is_refused(grant: Grant, identity_arn: str, reason: str) -> None:
    refused = _refused({}, [grant], identity_arn)

    assert refused.reason.endswith(reason)
