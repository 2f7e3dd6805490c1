"""Refused writes: over an edited policy, over SES's limits, or with a meaning beyond the names."""

import json

import pytest

from mailwarden.policy import GLOBAL_PRINCIPAL, LEGACY_PRINCIPAL, Grant, GrantPlan
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


def test_the_twenty_policies_of_an_identity_count_everybodys() -> None:
    theirs = {f"theirs-{number}": json.dumps(policy(statement(Action="ses:Get*"))) for number in range(20)}

    impossible = refused(theirs, [grant(1)])
    del theirs["theirs-0"]

    assert english(impossible.reason) == "the identity has 20 policies, and SES allows 20"
    assert list(added(theirs, [grant(1)]).after) == [FIRST]


def test_a_grant_that_would_need_a_twenty_first_policy_writes_nothing() -> None:
    theirs = {f"theirs-{number}": "{}" for number in range(19)}

    impossible = refused(theirs, [grant(number) for number in range(80)])

    assert english(impossible.reason) == "the identity has 19 policies, and SES allows 20"


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
