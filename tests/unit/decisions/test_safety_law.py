"""The safety law, as its tables say it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest

from mailwarden.domain.findings.changes import Change, CreateServiceLinkedRole, GrantSending
from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.message import message, verbatim
from mailwarden.policy import GLOBAL_PRINCIPAL, LEGACY_PRINCIPAL, Grant, GrantPlan, grant_pools
from mailwarden.regions import NoRow, NoRowReason
from mailwarden.rules.safety_law import Breach, Outcome, breach_of_the_law
from tests.builders import (
    ACCOUNT,
    OTHER_ACCOUNT,
    custom_from,
    identity,
    mail_path,
    pool,
    pool_ref,
    unread,
)
from tests.tables import combinations, table
from tests.unit.policy.owner_statements import NEIGHBOR, OREGON, PLAIN, POOL, STATEMENTS

OWN = "mailwarden-cognito"
ROLE = CreateServiceLinkedRole(partition="aws", account=ACCOUNT)
EFFECTS = (Effect.NONE, Effect.AT_RISK, Effect.UNKNOWN, Effect.LOST)


def test_what_another_sender_lacks_forbids_no_fix_if_it_was_there_before() -> None:
    of, fixed = mail_path(pool("ap-northeast-2")), found(Effect.LOST, Link.AUTHORIZATION)
    lacking = replace(found(Effect.UNKNOWN, Link.SENDER), rule_id="MW112")
    before, after = Outcome(path=of, findings=(fixed, lacking)), Outcome(path=of, findings=(lacking,))
    assert breach_of_the_law(fixed, ROLE, before=before, after=after) is None
    assert breach_of_the_law(fixed, ROLE, before=replace(before, findings=(fixed,)), after=after) is not None


def found(effect: Effect, link: Link, *, severity: Severity = Severity.HIGH, note: bool = False) -> Finding:
    return Finding(
        rule_id="MW999",
        rule_name="made-up-rule",
        link=link,
        severity=severity,
        effect=effect,
        subject=POOL,
        message=verbatim("something is so"),
        why=verbatim("it is made up"),
        remediation=verbatim("Do nothing"),
        is_note=note,
    )


FIXED = replace(found(Effect.LOST, Link.IDENTITY), rule_id="MW998")


@cache
def path_with(own: str, statement: str) -> MailPath:
    policies: dict[str, str] = {}
    if own != "none":
        policies[OWN] = own_policy(own)
    if statement != "none":
        policies["theirs"] = document(STATEMENTS[statement])
    return path_of(policies)


def path_of(policies: Mapping[str, str]) -> MailPath:
    return mail_path(pool("ap-northeast-2", email=custom_from(OREGON)), identity(region="us-west-2", policies=policies))


def document(elements: Mapping[str, object]) -> str:
    whole: dict[str, object] = {
        "Effect": "Allow",
        "Principal": {"Service": GLOBAL_PRINCIPAL},
        "Action": ["ses:SendEmail", "ses:SendRawEmail"],
        "Resource": OREGON.arn,
    }
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{name: value for name, value in (whole | dict(elements)).items() if value is not None}],
        }
    )


def own_policy(kind: str) -> str:
    text = planned(NEIGHBOR.arn).after[OWN] or ""
    match kind:
        case "edited":
            return text.replace("MailwardenGlobal", "Edited").replace(NEIGHBOR.arn, POOL.arn)
        case "narrowed":
            return text.replace('{"aws:SourceAccount"', '{"ses:FromAddress":"billing@example.com","aws:SourceAccount"')
        case _:
            return text


def planned(*pools: str, policies: Mapping[str, str] | None = None) -> GrantPlan:
    plan = grant_pools(
        policies or {},
        identity_arn=OREGON.arn,
        account=ACCOUNT,
        grants=[Grant(principal=GLOBAL_PRINCIPAL, pool_arn=arn) for arn in pools],
    )
    assert isinstance(plan, GrantPlan)
    return plan


def grant(kind: str, path: MailPath) -> GrantSending:
    live = path.ses_states[0].live_identity
    assert live is not None
    pools = (POOL, pool_ref("ap-northeast-2", pool_id="ap-northeast-2_OTHER"))
    several = kind == "this pool and another"
    plan = planned(*(of.arn for of in pools[: 1 + several]), policies=live.policies)
    before, after = plan.before, plan.after
    if kind == "under another name":
        before, after = {"other": None}, {"other": planned(POOL.arn).after[OWN]}
    return GrantSending(identity=OREGON, pools=(POOL,), before=before, after=after)


def breach(change: Change, path: MailPath, before: tuple[Finding, ...], after: tuple[Finding, ...]) -> Breach | None:
    return breach_of_the_law(
        FIXED,
        change,
        before=Outcome(path=path, findings=(FIXED, *before)),
        after=Outcome(path=path, findings=after),
    )


def milder(finding: Finding, kind: str) -> tuple[Finding, ...]:
    match kind:
        case "absent":
            return ()
        case "milder severity":
            return (replace(finding, severity=Severity.MEDIUM),)
        case "milder effect":
            return (replace(finding, effect=EFFECTS[EFFECTS.index(finding.effect) - 1], severity=Severity.CRITICAL),)
        case _:
            return (finding,)


def test_every_finding_forbids_a_fix_or_not_as_the_table_says() -> None:
    expected = table("safety_law", "Findings of the path with the fix applied")
    for case in combinations(
        effect=tuple(effect.value for effect in EFFECTS),
        link=("identity", "feedback", "runtime", "monitoring"),
        before=("absent", "same", "milder severity", "milder effect"),
        note=("no", "yes"),
        restores=("no", "yes"),
    ):
        if case["effect"] == "none" and case["before"] == "milder effect":
            continue
        after = found(Effect(case["effect"]), Link(case["link"]), note=case["note"] == "yes")
        path = path_with("none", "none")
        live = replace(path, as_restored=path) if case["restores"] == "yes" else path

        decided = breach_of_the_law(
            FIXED,
            ROLE,
            before=Outcome(path=live, findings=(FIXED, *milder(after, case["before"]))),
            after=Outcome(path=path, findings=(after,)),
        )

        outcome = expected.decide(case)
        if outcome["reason"] == "safe":
            assert decided is None, case
            continue
        assert decided is not None, case
        assert decided.reason == message(outcome["reason"], rule="MW999", finding=after.message), case
        assert decided.blocker == (after if outcome["blocker"] == "yes" else None), case
    assert expected.idle == []


def test_every_grant_is_held_against_the_words_of_the_owner_as_the_table_says() -> None:
    expected = table("safety_law", "Grants beside the words of the owner")
    for case in combinations(
        **{
            "own policy": ("none", "ours", "edited", "narrowed"),
            "statement": ("none", *STATEMENTS),
            "grants": ("this pool", "this pool and another", "under another name"),
        }
    ):
        path = path_with(case["own policy"], case["statement"])

        decided = breach(grant(case["grants"], path), path, (), ())

        outcome = expected.decide(case)
        assert (None if decided is None else decided.reason.id) == (
            None if outcome["reason"] == "safe" else outcome["reason"]
        ), case
    assert expected.idle == []


@pytest.mark.parametrize("unknown", ["the identity is not on the path", "it cannot be read", "the region has no row"])
def test_a_grant_beside_words_that_are_not_known_is_not_safe(unknown: str) -> None:
    path = path_with("none", "none")
    change = grant("this pool", path)
    (known,) = path.ses_states
    refused = replace(known, identity=unread("ses:GetEmailIdentity"))
    no_row = NoRow(pool_region=POOL.region, reason=NoRowReason.NOT_LISTED, version="1")
    seen = {
        "the identity is not on the path": replace(path, ses_states=()),
        "it cannot be read": replace(path, ses_states=(refused,)),
        "the region has no row": replace(path, row=no_row),
    }

    assert breach(change, seen[unknown], (), ()) == Breach(reason=message("law.owner-not-known"))


@pytest.mark.parametrize("statement", ["FROM that fails", "another account", "an unknown condition"])
def test_the_reason_names_the_policy_the_statement_and_the_condition(statement: str) -> None:
    path = path_with("none", statement)
    wanted = {
        "FROM that fails": ("StringLike", "ses:FromAddress", "b***@*"),
        "another account": ("StringEquals", "aws:SourceAccount", OTHER_ACCOUNT),
        "an unknown condition": ("StringLike", "aws:SourceVpce", "vpce-1"),
    }
    operator, key, value = wanted[statement]
    condition = message("policy.condition", operator=operator, key=key, values=(value,))
    place = message("statement", policy="theirs", number=1)

    decided = breach(grant("this pool", path), path, (), ())

    words = message("policy.narrower", statement=place, conditions=(condition,))
    assert decided == Breach(reason=message("law.overrides", words=(words,)))


@pytest.mark.parametrize(
    ("equals", "reason"),
    [
        (7, "law.overrides"),
        ({"aws:SourceAccount": ACCOUNT, "aws:PrincipalServiceName": LEGACY_PRINCIPAL}, "law.overrides"),
        ({"aws:SourceAccount": ACCOUNT, "aws:PrincipalServiceName": GLOBAL_PRINCIPAL}, None),
    ],
    ids=["cannot be read", "another principal", "the principal that the region requires"],
)
def test_only_a_condition_that_is_known_to_hold_narrows_nothing(equals: object, reason: str | None) -> None:
    theirs = document({"Principal": {"Service": LEGACY_PRINCIPAL}, "Condition": PLAIN | {"StringEquals": equals}})
    path = path_of({"theirs": theirs})

    decided = breach(grant("this pool", path), path, (), ())

    assert (None if decided is None else decided.reason.id) == reason


def test_a_fix_after_which_its_own_finding_stays_is_not_safe() -> None:
    stays = replace(FIXED, effect=Effect.NONE)

    decided = breach(ROLE, path_with("none", "none"), (), (stays,))

    assert decided == Breach(reason=message("law.no-effect"))


def test_the_edited_policy_is_named() -> None:
    path = path_with("edited", "none")

    decided = breach(grant("this pool", path), path, (), ())

    assert decided == Breach(reason=message("law.edited", policies=(message("statement.document", policy=OWN),)))


@pytest.mark.parametrize("replaced", ["somebody else's text", "a pool that is taken out", "nothing new", "deleted"])
def test_a_grant_that_takes_anything_from_a_policy_of_ours_is_not_safe(replaced: str) -> None:
    path = path_with("ours", "none")
    ours = own_policy("ours")
    before = {OWN: "{}" if replaced == "somebody else's text" else ours}
    alone = planned(POOL.arn).after[OWN]
    after = {"nothing new": ours, "deleted": None}.get(replaced, alone)

    decided = breach(GrantSending(identity=OREGON, pools=(POOL,), before=before, after={OWN: after}), path, (), ())

    assert decided == Breach(reason=message("law.gives-more"))


def test_a_grant_that_counts_for_another_pool_is_not_safe() -> None:
    path = path_with("none", "none")
    change = replace(grant("this pool", path), pools=(NEIGHBOR,))

    assert breach(change, path, (), ()) == Breach(reason=message("law.gives-more"))
