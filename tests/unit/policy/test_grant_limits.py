"""Refused writes: over an edited policy, over SES's limits, or with a meaning beyond the names."""

import json

import pytest

from mailwarden.policy import (
    GLOBAL_PRINCIPAL,
    LEFT_TO_THE_OWNER,
    LEGACY_PRINCIPAL,
    MAX_POLICIES,
    Grant,
    GrantImpossible,
    GrantPlan,
    grant_pools,
)
from tests.texts import english
from tests.unit.policy.grants import FIRST, added, grant, pool, refused, removed
from tests.unit.policy.policies import ACCOUNT, IDENTITY, OTHER_ACCOUNT, POOL, legacy, policy, statement


@pytest.mark.parametrize(
    "edited",
    [
        "{",
        json.dumps(policy()),
        json.dumps(legacy()),
        json.dumps({**json.loads(added({}, [grant(1)]).after[FIRST] or ""), "Id": "ours"}),
        (added({}, [grant(1)]).after[FIRST] or "").replace('"Allow"', '"Deny"'),
        (added({}, [grant(1)]).after[FIRST] or "").replace("SendRawEmail", "*"),
        (added({}, [grant(1)]).after[FIRST] or "").replace("us-east-1_Pool00001", "*"),
        (added({}, [grant(1)]).after[FIRST] or "").replace("ArnLike", "StringLike"),
        (added({}, [grant(1)]).after[FIRST] or "").replace("2012-10-17", "2008-10-17"),
        (added({}, [grant(1)]).after[FIRST] or "").replace("MailwardenGlobal", "Global"),
        (added({}, [grant(1)]).after[FIRST] or "").replace(IDENTITY, "*"),
        (added({}, [grant(1)]).after[FIRST] or "").replace(f't":"{ACCOUNT}"', f't":"{OTHER_ACCOUNT}"'),
        (added({}, [grant(1)]).after[FIRST] or "").replace(f'{{"aws:SourceAccount":"{ACCOUNT}"}}', "{}"),
    ],
)
def test_an_edited_policy_of_ours_is_left_alone(edited: str) -> None:
    policies = {FIRST: edited}

    plan = added(policies, [grant(2)])
    undone = removed(policies, [grant(1)])

    assert list(plan.after) == [f"{FIRST}-2"]
    assert plan.left_alone == (FIRST,)
    assert undone.writes == ()
    assert undone.left_alone == (FIRST,)


def test_other_spacing_and_order_are_no_edit() -> None:
    contents = json.loads(added({}, [grant(1)]).after[FIRST] or "")
    contents["Statement"] = contents["Statement"][0]
    contents["Statement"]["Condition"]["ArnLike"]["aws:SourceArn"] = pool(1)
    contents["Statement"]["Action"].reverse()

    plan = added({FIRST: json.dumps(contents, indent=2)}, [grant(1)])

    assert plan == GrantPlan(writes=(), left_alone=())


def test_the_policies_of_an_identity_count_everybodys_and_the_last_two_are_its_owners() -> None:
    theirs = {f"theirs-{number}": json.dumps(policy(statement(Action="ses:Get*"))) for number in range(18)}

    impossible = refused(theirs, [grant(1)])
    del theirs["theirs-0"]

    assert english(impossible.reason) == (
        "the identity has 18 policies, SES allows 20, and Mailwarden leaves the last 2 to the identity's owner"
    )
    assert list(added(theirs, [grant(1)]).after) == [FIRST]


def test_a_grant_that_would_need_the_owners_last_policies_writes_nothing() -> None:
    theirs = {f"theirs-{number}": "{}" for number in range(17)}

    impossible = refused(theirs, [grant(number) for number in range(80)])

    assert english(impossible.reason).startswith("the identity has 17 policies, SES allows 20, and Mailwarden leaves")


@pytest.mark.parametrize("theirs", [0, 3, 15, 16])
def test_mailwarden_never_takes_the_last_two_policies_however_many_pools_ask(theirs: int) -> None:
    policies = {f"theirs-{number}": "{}" for number in range(theirs)}
    for number in range(1200):
        plan = grant_pools(policies, identity_arn=IDENTITY, account=ACCOUNT, grants=[grant(number)])
        if isinstance(plan, GrantImpossible):
            break
        policies |= {name: text for name, text in plan.after.items() if text is not None}

    assert len(policies) == MAX_POLICIES - LEFT_TO_THE_OWNER


@pytest.mark.parametrize(
    ("wide", "identity_arn", "reason"),
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
        (grant(1), IDENTITY.replace("us-east-1", "*"), "is not one plain name in one region"),
        (grant(1), IDENTITY.replace("support", "sup*port"), "is not one plain name in one region"),
        (grant(1), IDENTITY.replace("support", "${aws:username}"), "is not one plain name in one region"),
    ],
)
def test_a_grant_that_would_mean_more_than_its_names_is_refused(wide: Grant, identity_arn: str, reason: str) -> None:
    impossible = refused({}, [wide], identity_arn)

    assert english(impossible.reason).endswith(reason)
