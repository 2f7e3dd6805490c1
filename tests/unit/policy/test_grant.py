"""The policies we write: exactly the wanted grants, the fewest writes, and no policy of another owner."""

import json

from hypothesis import given
from hypothesis import strategies as st

from mailwarden.policy import (
    GLOBAL_PRINCIPAL,
    LEGACY_PRINCIPAL,
    MAX_BYTES,
    SEND_ACTIONS,
    Allowed,
    Grant,
    NotAllowed,
    decide_sending,
    evaluate,
    public_or_cross_account,
    unconditioned_cognito_trust,
)
from tests.unit.policy.grants import FIRST, added, grant, held, pool, removed, written
from tests.unit.policy.policies import (
    ACCOUNT,
    IDENTITY,
    OTHER_ACCOUNT,
    REGIONAL_PRINCIPAL,
    cognito,
    policy,
    request,
)
from tests.unit.policy.strategies import PATIENT

GRANTS = st.builds(
    grant,
    st.integers(min_value=0, max_value=120),
    st.sampled_from([GLOBAL_PRINCIPAL, REGIONAL_PRINCIPAL]),
)
GRANT_SETS = st.frozensets(GRANTS, max_size=90)


def test_the_document_is_the_least_that_cognito_asks_for() -> None:
    plan = added({}, [grant(2), grant(1)])

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
                    "ArnLike": {"aws:SourceArn": [pool(1), pool(2)]},
                },
            }
        ],
    }


def test_each_principal_has_its_own_statement_so_that_none_gains_the_others_pools() -> None:
    plan = added({}, [grant(1), grant(2, REGIONAL_PRINCIPAL)])

    statements = json.loads(plan.after[FIRST] or "")["Statement"]
    assert [(found["Sid"], found["Condition"]["ArnLike"]["aws:SourceArn"]) for found in statements] == [
        ("MailwardenMeCentral1", [pool(2, "me-central-1")]),
        ("MailwardenGlobal", [pool(1)]),
    ]


@PATIENT
@given(grants=st.frozensets(GRANTS, min_size=1, max_size=12), other=GRANTS)
def test_a_grant_lets_each_of_its_pools_send_and_nothing_else(grants: frozenset[Grant], other: Grant) -> None:
    policies = written({}, added({}, grants))

    for tried in grants | {other}:
        sender = cognito(principal=tried.principal, pool_arn=tried.pool_arn)
        expected = Allowed if tried in grants else NotAllowed
        for action in SEND_ACTIONS:
            assert isinstance(evaluate(policies, request(sender, action)), expected)
        strangers = (
            cognito(principal=LEGACY_PRINCIPAL, pool_arn=tried.pool_arn),
            cognito(principal=tried.principal, pool_arn=tried.pool_arn.replace(ACCOUNT, OTHER_ACCOUNT)),
            cognito(principal=tried.principal, pool_arn=tried.pool_arn + "x"),
            cognito(principal=tried.principal, pool_arn=tried.pool_arn, identity_arn=IDENTITY + "x"),
        )
        for stranger in strangers:
            assert isinstance(decide_sending(policies, stranger).decision, NotAllowed)
        for action in ("ses:SendTemplatedEmail", "ses:SendBulkTemplatedEmail", "ses:DeleteEmailIdentity"):
            assert isinstance(evaluate(policies, request(sender, action)), NotAllowed)
    assert unconditioned_cognito_trust(policies, identity_arn=IDENTITY, account=ACCOUNT) == ()
    assert public_or_cross_account(policies, identity_arn=IDENTITY, account=ACCOUNT) == ()


@PATIENT
@given(grants=GRANT_SETS, more=GRANT_SETS, data=st.data())
def test_adding_keeps_other_grants_and_removing_takes_exactly_the_added_ones(
    grants: frozenset[Grant], more: frozenset[Grant], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(sorted(grants)))
    one = written({}, added({}, shuffled))

    two = written(one, added(one, more))
    three = written(two, removed(two, more - grants))

    assert one == written({}, added({}, grants))
    assert held(one) == grants
    assert held(two) == grants | more
    assert held(three) == grants
    assert all(len(text.encode()) <= MAX_BYTES for text in two.values())
    assert all(name.startswith(FIRST) for name in two)


@PATIENT
@given(grants=GRANT_SETS)
def test_an_existing_grant_needs_no_write(grants: frozenset[Grant]) -> None:
    policies = written({}, added({}, grants))

    assert added(policies, grants).writes == ()
    assert removed(policies, [grant(999)]).writes == ()


@PATIENT
@given(grants=GRANT_SETS)
def test_nothing_is_left_when_everything_is_removed(grants: frozenset[Grant]) -> None:
    policies = written({}, added({}, grants))

    plan = removed(policies, grants)

    assert set(plan.after.values()) <= {None}
    assert plan.before == policies
    assert written(policies, plan) == {}


def test_one_more_pool_changes_one_policy() -> None:
    policies = written({}, added({}, [grant(number) for number in range(110)]))

    plan = added(policies, [grant(110)])

    assert len(policies) == 3
    assert [write.name for write in plan.writes] == [f"{FIRST}-3"]
    assert plan.before == {f"{FIRST}-3": policies[f"{FIRST}-3"]}


def test_a_full_policy_makes_room_for_the_next() -> None:
    full = written({}, added({}, [grant(number) for number in range(45)]))

    plan = added(full, [grant(number) for number in range(45, 60)])

    assert list(full) == [FIRST]
    assert f"{FIRST}-2" in plan.after


def test_a_pool_that_left_makes_room_in_its_policy() -> None:
    policies = written({}, added({}, [grant(number) for number in range(60)]))
    policies = written(policies, removed(policies, [grant(0)]))

    plan = added(policies, [grant(77)])

    assert list(plan.after) == [FIRST]


def test_the_policies_of_others_are_not_touched() -> None:
    others = {"theirs": json.dumps(policy()), "broken": "{"}

    plan = added(others, [grant(1)])

    assert list(plan.after) == [FIRST]
    assert plan.left_alone == ()
