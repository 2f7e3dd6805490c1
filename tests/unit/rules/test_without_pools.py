"""What MW406 proposes takes nothing from the pools that are left, and gives nobody anything."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwarden.domain.readings import Missing, PoolReading
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.policy import Allowed, StatementRef, cognito_service, decide_sending
from mailwarden.rules import ALL
from mailwarden.rules.judging import judge
from mailwarden.rules.sending_grant.without_pools import Leftovers, leftovers
from tests.builders import ACCOUNT, OTHER_ACCOUNT, developer, identity, identity_ref, mail_path, pool, pool_ref
from tests.builders import sending_policy as policy_for
from tests.texts import english
from tests.unit.rules.strategies import NEIGHBOR, documents

REF = identity_ref()
HERE, GONE, LIVE = pool_ref(), pool_ref(pool_id="us-east-1_Gone"), pool_ref(pool_id="us-east-1_Live")
PATTERN = f"arn:aws:cognito-idp:*:{ACCOUNT}:userpool/*"
FOREIGN = pool_ref(pool_id="us-east-1_Gone", account=OTHER_ACCOUNT)


def _joined(*texts: str) -> str:
    """One document with the statements of several."""
    statements = [statement for text in texts for statement in json.loads(text)["Statement"]]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _conditioned(**operators: object) -> str:
    return policy_for(REF, conditions={name: {"aws:SourceArn": values} for name, values in operators.items()})


def _left(text: str) -> Leftovers:
    return leftovers({"p": text}, frozenset({GONE.arn}))


def test_a_policy_in_which_nothing_serves_anybody_can_go() -> None:
    left = _left(_joined(policy_for(REF, GONE), _conditioned(StringEquals=GONE.arn)))

    assert left.policies == ("p",)
    assert (left.statements, left.narrowed) == ((), ())


def test_of_a_policy_that_serves_others_only_the_statement_can_go() -> None:
    left = _left(_joined(policy_for(REF, LIVE), policy_for(REF, GONE)))

    assert left.policies == ()
    assert left.statements == (StatementRef(policy="p", index=1, sid="Cognito"),)


def test_a_statement_that_serves_others_is_shown_without_the_pool_and_otherwise_as_it_was() -> None:
    text = policy_for(REF, LIVE, GONE, HERE)

    ((_, statement),) = _left(text).narrowed

    assert statement is not None
    (before,) = json.loads(text)["Statement"]
    before["Condition"]["ArnLike"]["aws:SourceArn"] = [LIVE.arn, HERE.arn]
    assert json.loads(statement) == before


@pytest.mark.parametrize(
    "text",
    [
        _conditioned(ArnLike=[GONE.arn, PATTERN]),
        _conditioned(ArnLike=[GONE.arn, FOREIGN.arn]),
        _conditioned(StringLike=[GONE.arn, "*"], ArnLike=[GONE.arn, LIVE.arn]),
    ],
    ids=["a wildcard", "another account", "two conditions"],
)
def test_a_statement_with_another_source_stays(text: str) -> None:
    left = _left(text)

    assert (left.policies, left.statements) == ((), ())
    assert len(left.narrowed) == 1


@pytest.mark.parametrize(
    "text",
    [
        policy_for(REF, GONE, effect="Deny"),
        _conditioned(ArnNotLike=[GONE.arn]),
        _conditioned(ArnLikeIfExists=[GONE.arn]),
        policy_for(REF, FOREIGN),
    ],
    ids=["a deny", "an exception", "an optional source", "another account"],
)
def test_what_would_mean_more_without_the_pool_is_left_alone(text: str) -> None:
    assert _left(text) == Leftovers(refs=(), policies=(), statements=(), narrowed=())


@given(texts=st.lists(documents(REF, HERE), min_size=1, max_size=3), data=st.data())
@settings(max_examples=150, deadline=None)
def test_with_all_of_it_carried_out_the_other_pools_send_as_before_and_the_pool_that_is_gone_does_not(
    texts: list[str], data: st.DataObject
) -> None:
    policies = {f"p{number}": text for number, text in enumerate(texts)}
    left = leftovers(policies, frozenset({NEIGHBOR.arn}))

    after = {name: _carried_out(name, text, left) for name, text in policies.items() if name not in left.policies}

    principal = data.draw(st.sampled_from(["email.cognito-idp.amazonaws.com", "cognito-idp.amazonaws.com"]))
    for sender in (HERE, LIVE, NEIGHBOR):
        asks = cognito_service(principal=principal, pool_arn=sender.arn, identity_arn=REF.arn)
        was, now = (decide_sending(each, asks).decision for each in (policies, after))
        if sender == NEIGHBOR:
            assert isinstance(was, Allowed) or not isinstance(now, Allowed)
        else:
            assert type(now) is type(was)


def _carried_out(name: str, text: str, left: Leftovers) -> str:
    """The document with the statements dropped and replaced."""
    new = {ref.index: statement for ref, statement in left.narrowed if ref.policy == name}
    dropped = {ref.index for ref in left.statements if ref.policy == name}
    if not new and not dropped:
        return text
    document = json.loads(text)
    document["Statement"] = [
        json.loads(new[index] or "null") if index in new else statement
        for index, statement in enumerate(document["Statement"])
        if index not in dropped
    ]
    return json.dumps(document)


def test_the_finding_says_what_to_delete_what_to_edit_and_shows_one_statement() -> None:
    policies = {
        "a": policy_for(REF, GONE),
        "b": _joined(policy_for(REF, LIVE), policy_for(REF, GONE)),
        "c": policy_for(REF, LIVE, GONE),
        "d": policy_for(REF, HERE, GONE),
    }
    others: dict[PoolRef, PoolReading] = {GONE: Missing(arn=GONE.arn), LIVE: pool(pool_id=LIVE.pool_id)}

    judgment = judge(
        mail_path(pool(email=developer(REF)), identity(policies=policies), others=others),
        ALL,
    )

    (finding,) = (finding for finding in judgment.findings if finding.rule_id == "MW406")
    assert english(finding.remediation).startswith(
        'Clean up: delete policy "a"; then delete policy "b", statement 2 (Sid "Cognito"); then take the pools out of '
        'policy "d", statement 1 (Sid "Cognito"); then replace policy "c", statement 1 (Sid "Cognito") by this '
    )
    assert GONE.arn not in english(finding.remediation)
    assert finding.evidence["gone"] == (GONE.arn,)
