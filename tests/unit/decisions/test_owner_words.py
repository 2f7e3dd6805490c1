"""Consent is never coarser than the owner's own words: over generated identities with narrowed statements."""

import json
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwarden.domain.findings.changes import Applicability, GrantSending
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.repair.decision import Repair, plan
from mailwarden.domain.repair.limits import Limits, RepairMode
from mailwarden.policy import (
    GLOBAL_PRINCIPAL,
    LEGACY_PRINCIPAL,
    SEND_ACTIONS,
    Allowed,
    GrantPlan,
    cognito_service,
    decide_sending,
    edited_own_policies,
    grant_pools,
    narrower_words,
)
from mailwarden.policy.document.model import Condition
from mailwarden.policy.grant.grant import Grant
from mailwarden.rules.judging import judge
from mailwarden.rules.safety_law import widening_of
from tests.advice import WITHOUT_ADVICE
from tests.builders import (
    ACCOUNT,
    NOON,
    OTHER_ACCOUNT,
    custom_from,
    identity,
    identity_ref,
    mail_path,
    pool,
    pool_ref,
    sending_policy,
)

POOL = pool_ref("ap-northeast-2")
OREGON = identity_ref(region="us-west-2")
SENDERS = (OREGON.name, "ceo@example.com", "billing@example.com")
NAMES = ("cognito", "zz", "mailwarden-cognito", "mailwarden-cognito-2", "mailwarden-cognito-old")
SOURCES: tuple[dict[str, dict[str, object]], ...] = (
    {"ArnLike": {"aws:SourceArn": POOL.arn}},
    {"ArnEquals": {"aws:SourceArn": [POOL.arn, POOL.arn + "2"]}},
    {"StringEquals": {"aws:SourceArn": POOL.arn, "aws:SourceAccount": ACCOUNT}},
    {"ForAnyValue:StringEquals": {"aws:sourcearn": POOL.arn}},
)
NARROWER: tuple[dict[str, dict[str, object]], ...] = (
    {},
    {"StringEqualsIgnoreCase": {"ses:FromAddress": OREGON.name}},
    {"StringLike": {"ses:FromAddress": "billing@*"}},
    {"StringNotLike": {"ses:FromAddress": "ceo@*"}},
    {"StringLikeIfExists": {"ses:FromAddress": ["support@*", "billing@*"]}},
    {"ForAllValues:StringLike": {"ses:FromAddress": "support@*"}},
    {"StringEquals ": {"aws:SourceAccount": OTHER_ACCOUNT}},
    {"Null": {"ses:FromAddress": "true"}},
    {"NumericEquals": {"ses:FromAddress": 7}},
    {"Bool": {"aws:SecureTransport": "false"}},
)
ALLOWING: dict[str, object] = {"Principal": {"Service": GLOBAL_PRINCIPAL}, "Action": list(SEND_ACTIONS)}

type Statement = dict[str, object]


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    """An Allow that names the pool, perhaps as another principal or for half of the calls, perhaps narrowed."""
    return {
        "Effect": "Allow",
        "Principal": draw(st.sampled_from([{"Service": GLOBAL_PRINCIPAL}, {"Service": LEGACY_PRINCIPAL}, "*"])),
        "Action": draw(st.sampled_from([list(SEND_ACTIONS), "ses:SendEmail", "ses:SendRawEmail", "ses:*"])),
        "Resource": OREGON.arn,
        "Condition": draw(st.sampled_from(SOURCES)) | draw(st.sampled_from(NARROWER)),
    }


POLICIES = st.dictionaries(st.sampled_from(NAMES), st.lists(statements(), min_size=1, max_size=2), max_size=3)


def path_of(policies: Mapping[str, list[Statement]], tags: Mapping[str, str]) -> MailPath:
    texts = {
        name: json.dumps({"Version": "2012-10-17", "Statement": statements}) for name, statements in policies.items()
    }
    return mail_path(
        pool("ap-northeast-2", email=custom_from(OREGON)),
        identity(region="us-west-2", policies=texts, tags=dict(tags)),
    )


def excluded(statement: Statement) -> list[str]:
    """The senders that *statement* would not let through if it named the right principal and both calls."""
    policies: Mapping[str, Mapping[str, object]] = {"p": {"Version": "2012-10-17", "Statement": statement | ALLOWING}}
    return [
        address
        for address in SENDERS
        if not isinstance(
            decide_sending(
                policies,
                cognito_service(
                    principal=GLOBAL_PRINCIPAL, pool_arn=POOL.arn, identity_arn=OREGON.arn, from_address=address
                ),
            ).decision,
            Allowed,
        )
    ]


def safe_grants(path: MailPath) -> Iterator[GrantSending]:
    for finding in judge(path, WITHOUT_ADVICE).findings:
        fix = finding.fix
        if fix is not None and fix.applicability is Applicability.SAFE and isinstance(fix.change, GrantSending):
            yield fix.change


@given(policies=POLICIES, tags=st.sampled_from([{}, {"mailwarden:cognito": "account"}]))
@settings(max_examples=300, deadline=None)
def test_no_safe_grant_lets_the_pool_send_what_its_owners_words_exclude(
    policies: dict[str, list[Statement]], tags: dict[str, str]
) -> None:
    for _ in safe_grants(path_of(policies, tags)):
        assert all(excluded(statement) == [] for statements in policies.values() for statement in statements)


@given(policies=POLICIES)
@settings(max_examples=150, deadline=None)
def test_nothing_is_written_beside_an_edited_policy_of_ours_in_any_mode(policies: dict[str, list[Statement]]) -> None:
    path = path_of(policies, {"mailwarden:cognito": "account"})
    live = path.ses_states[0].live_identity
    assert live is not None
    edited = edited_own_policies(live.policies, identity_arn=OREGON.arn, account=ACCOUNT)

    decisions = plan(
        judge(path, WITHOUT_ADVICE).findings, path, Limits(repair_mode=RepairMode.UNSAFE), today=NOON.date()
    )

    assert not edited or not any(isinstance(decision, Repair) for decision in decisions)


def test_the_generated_identities_hold_safe_grants_and_narrowed_ones() -> None:
    seen: set[bool] = set()

    @given(policies=POLICIES)
    @settings(max_examples=200, deadline=None, database=None, derandomize=True)
    def collect(policies: dict[str, list[Statement]]) -> None:
        path = path_of(policies, {"mailwarden:cognito": "account"})
        if policies and any(finding.fix is not None for finding in judge(path, WITHOUT_ADVICE).findings):
            seen.add(any(safe_grants(path)))

    collect()

    assert seen == {True, False}


def test_a_condition_that_holds_today_is_a_word_of_the_owner() -> None:
    statement = {"Effect": "Allow", "Resource": OREGON.arn, "Condition": SOURCES[0] | NARROWER[1]} | ALLOWING
    sender = cognito_service(
        principal=GLOBAL_PRINCIPAL, pool_arn=POOL.arn, identity_arn=OREGON.arn, from_address=OREGON.name
    )

    (words,) = narrower_words({"p": json.dumps({"Version": "2012-10-17", "Statement": statement})}, sender)

    assert words.ref.policy == "p"


def test_an_owner_who_narrows_each_of_our_policies_meets_no_further_one() -> None:
    path = path_of({}, {"mailwarden:cognito": "account"})
    (change,) = safe_grants(path)
    text = change.after["mailwarden-cognito"] or ""
    narrowed = json.loads(text)
    narrowed["Statement"][0]["Condition"]["StringEquals"]["ses:FromAddress"] = "billing@example.com"

    again = path_of({"mailwarden-cognito": narrowed["Statement"]}, {"mailwarden:cognito": "account"})

    assert list(safe_grants(again)) == []
    (finding,) = judge(again, WITHOUT_ADVICE).findings
    assert finding.fix is not None
    assert finding.fix.not_safe is not None
    assert "ses:FromAddress" in str(finding.evidence["not_safe"])


SENDER = cognito_service(
    principal=GLOBAL_PRINCIPAL, pool_arn=POOL.arn, identity_arn=OREGON.arn, from_address=OREGON.name
)


def words_of(*statements: Statement, policy: str = "p") -> list[tuple[int, list[str]]]:
    """For each statement that is found: its index, and the keys of the conditions that are narrower."""
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return [
        (words.ref.index, [each.key if isinstance(each, Condition) else "" for each in words.conditions])
        for words in narrower_words({policy: document}, SENDER)
    ]


@pytest.mark.parametrize(
    ("principal", "may_mean_cognito"),
    [
        ({"Principal": "*"}, True),
        ({"Principal": {"AWS": "*"}}, True),
        ({"Principal": {"AWS": [f"arn:aws:iam::{ACCOUNT}:root", "*"]}}, True),
        ({"Principal": {"Service": GLOBAL_PRINCIPAL}}, True),
        ({"Principal": {"Service": LEGACY_PRINCIPAL}}, True),
        ({"Principal": {"Service": ["lambda.amazonaws.com", "cognito*"]}}, True),
        ({"NotPrincipal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}, True),
        ({"Principal": 7}, True),
        ({"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}, False),
        ({"Principal": {"Service": "lambda.amazonaws.com"}}, False),
    ],
)
def test_a_statement_that_names_no_pool_is_a_word_about_it_if_it_may_mean_cognito(
    principal: Statement, *, may_mean_cognito: bool
) -> None:
    statement = {"Effect": "Allow", "Action": "ses:*", "Resource": OREGON.arn, "Condition": NARROWER[1]} | principal

    assert (words_of(statement) != []) == may_mean_cognito


def test_statements_and_conditions_that_are_no_words_about_the_pool_hide_none_that_are() -> None:
    allows: Statement = {"Effect": "Allow", "Resource": OREGON.arn} | ALLOWING
    for_another = allows | {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Condition": NARROWER[1]}
    of_other_calls = allows | {"Action": "ses:GetIdentityPolicies", "Condition": NARROWER[1]}
    garbled = allows | {"Condition": {"StringEquals": "no map", **SOURCES[0], **NARROWER[1]}}

    found = words_of(for_another, of_other_calls, allows | {"Condition": SOURCES[0]}, garbled)

    assert found == [(3, ["", "ses:fromaddress"])]


@pytest.mark.parametrize(("version", "hides"), [("2012-10-17", False), ("2008-10-17", True)])
def test_a_source_that_a_policy_variable_leaves_open_hides_no_word_of_the_owner(version: str, *, hides: bool) -> None:
    """In the older version of the language it is plain text, and no account has such a number."""
    elsewhere = {"StringEquals": {"aws:SourceAccount": "${aws:PrincipalAccount}"}, **NARROWER[2]}
    statement: Statement = {"Effect": "Allow", "Resource": OREGON.arn, "Condition": elsewhere} | ALLOWING

    found = narrower_words({"p": json.dumps({"Version": version, "Statement": statement})}, SENDER)

    assert (found == ()) == hides


def test_our_own_unedited_policies_are_no_words_of_the_owner() -> None:
    granted = grant_pools(
        {},
        identity_arn=OREGON.arn,
        account=ACCOUNT,
        grants=[Grant(principal=GLOBAL_PRINCIPAL, pool_arn=POOL.arn)],
    )
    assert isinstance(granted, GrantPlan)
    ours = {name: text for name, text in granted.after.items() if text is not None}

    assert narrower_words(ours, SENDER) == ()
    assert (
        narrower_words({"mailwarden-cognito": ours["mailwarden-cognito"].replace("ArnLike", "ArnEquals")}, SENDER) == ()
    )


def test_the_words_of_one_region_say_nothing_of_the_other() -> None:
    here, there = identity_ref(region="eu-central-1"), identity_ref(region="eu-west-2")
    narrow = {"ArnLike": {"aws:SourceArn": pool_ref("me-central-1").arn}, "StringLike": {"ses:FromAddress": "b*"}}
    path = mail_path(
        pool("me-central-1", email=custom_from(identity_ref(region="*"))),
        identity(region="eu-central-1"),
        identity(region="eu-west-2", policies={"theirs": sending_policy(there, conditions=narrow)}),
    )

    reasons = [
        widening_of(GrantSending(identity=ref, pools=(path.pool.ref,), before={}, after={}), path)
        for ref in (here, there)
    ]

    assert reasons[0] is None
    assert reasons[1] is not None
    assert reasons[1].id == "law.overrides"
