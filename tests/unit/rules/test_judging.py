"""Judging: a rule that crashes is heard as unknown, and no claim of safety is taken on trust."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from mailwarden.domain.findings.changes import Applicability, Fix, GrantSending
from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.path import MailPath, SesRegionState
from mailwarden.domain.mail_path.verdict import Answer, Link, LinkState
from mailwarden.domain.readings import Dkim, Enforcement, ServiceLinkedRole, SesAccount
from mailwarden.domain.refs.resources import SubjectKind
from mailwarden.domain.reputation.feedback import Figures, RateStatus, SesFeedback
from mailwarden.domain.reputation.rate_levels import RateLevel
from mailwarden.message import verbatim
from mailwarden.rules import ALL, Rule
from mailwarden.rules.authorization import mw401_no_sending_grant
from mailwarden.rules.judging import judge
from tests.advice import WITHOUT_ADVICE
from tests.builders import (
    NOON,
    custom_from,
    developer,
    identity,
    identity_ref,
    mail_path,
    pool,
    pool_ref,
    sending_policy,
    ses_account,
    unread,
)
from tests.texts import english

SECRET = "customer@example.org"
SEOUL = pool_ref("ap-northeast-2")
OREGON = identity_ref(region="us-west-2")
UNGRANTED = mail_path(pool("ap-northeast-2", email=custom_from(OREGON)), identity(region="us-west-2"))


def _crashing(kind: SubjectKind) -> Rule:
    def check(path: MailPath) -> Iterator[Finding]:
        if path.pool.name:
            raise KeyError(SECRET)
        yield from ()

    return Rule(
        rule_id="MW999",
        name="crashing-rule",
        link=Link.IDENTITY,
        severity=Severity.CRITICAL,
        subject_kind=kind,
        reads=frozenset(),
        check=check,
    )


def _claiming(fix: Fix) -> Rule:
    """MW401 with another fix in its place."""

    def check(path: MailPath) -> Iterator[Finding]:
        for finding in mw401_no_sending_grant.check(path):
            yield replace(finding, fix=fix)

    return replace(mw401_no_sending_grant.RULE, check=check)


def _grant(after: dict[str, str | None], *, before: dict[str, str | None] | None = None) -> Fix:
    change = GrantSending(identity=OREGON, pools=(SEOUL,), before=before or dict.fromkeys(after, None), after=after)
    return Fix(title=verbatim("Let it send"), applicability=Applicability.SAFE, change=change)


def _graded(fix: Fix, path: MailPath = UNGRANTED) -> Applicability:
    rules = [_claiming(fix) if rule.rule_id == "MW401" else rule for rule in ALL]
    (found,) = [finding.fix for finding in judge(path, rules).findings if finding.fix is not None]
    return found.applicability


@pytest.mark.parametrize("kind", SubjectKind)
def test_a_rule_that_crashes_makes_its_link_unknown_for_each_thing_it_could_have_spoken_of(kind: SubjectKind) -> None:
    path = mail_path(pool(email=developer(identity_ref())), identity())

    judgment = judge(path, [_crashing(kind)])

    assert judgment.verdict.answer is Answer.UNKNOWN
    assert dict(judgment.verdict.links)[Link.IDENTITY] is LinkState.UNKNOWN
    (finding,) = judgment.findings
    assert finding.effect is Effect.UNKNOWN
    assert finding.severity is Severity.HIGH
    assert english(finding.unknown_reason).startswith("the rule itself failed: KeyError at test_judging.py:")


def test_what_a_crash_quotes_is_not_passed_on() -> None:
    judgment = judge(UNGRANTED, [_crashing(SubjectKind.POOL)])

    assert SECRET not in json.dumps(
        [
            english(finding.message) + str(finding.evidence) + english(finding.unknown_reason)
            for finding in judgment.findings
        ]
    )


def test_a_crash_of_one_rule_leaves_the_others_heard() -> None:
    judgment = judge(UNGRANTED, [_crashing(SubjectKind.POOL), *ALL])

    assert {"MW999", "MW401"} <= {finding.rule_id for finding in judgment.findings}
    assert judgment.verdict.answer is Answer.NO


def test_a_rule_that_crashes_on_the_mended_path_makes_the_fix_unsafe() -> None:
    def check(path: MailPath) -> Iterator[Finding]:
        if path.ses_states[0].live_identity and path.ses_states[0].live_identity.policies:
            raise KeyError("policies")
        yield from ()

    late = replace(_crashing(SubjectKind.POOL), check=check)

    (finding,) = judge(UNGRANTED, [mw401_no_sending_grant.RULE, late]).findings

    assert finding.fix is not None
    assert finding.fix.applicability is Applicability.UNSAFE


def test_a_grant_for_this_pool_alone_is_safe() -> None:
    (finding,) = judge(UNGRANTED, WITHOUT_ADVICE).findings

    assert finding.fix is not None
    assert finding.fix.applicability is Applicability.SAFE
    assert _graded(finding.fix) is Applicability.SAFE


def _with_rates(path: MailPath, rate_status: RateStatus, *, at: str) -> MailPath:
    def told(ses_state: SesRegionState) -> SesRegionState:
        return (
            replace(ses_state, feedback=SesFeedback(rates=rate_status))
            if ses_state.identity_ref.region == at
            else ses_state
        )

    return replace(
        path,
        ses_states=tuple(map(told, path.ses_states)),
        candidates={region: told(ses_state) for region, ses_state in path.candidates.items()},
    )


def _bouncing(region: str) -> RateStatus:
    return RateStatus(
        subject=ses_account(region).ref,
        looked_at=NOON,
        figures=Figures(sends=5200.0, bounces=320.0, bounce_rate=0.061),
        bounce_level=RateLevel.REVIEW,
    )


@pytest.mark.parametrize(
    "rate_status",
    [
        _bouncing("us-east-1"),
        replace(
            _bouncing("us-east-1"),
            looked_at=None,
            refused=verbatim("AccessDenied: cloudwatch:GetMetricData in us-east-1"),
        ),
    ],
    ids=["a high bounce rate", "a rate that may not be read"],
)
def test_what_came_back_of_the_mail_does_not_turn_a_repair_off(rate_status: RateStatus) -> None:
    broken = mail_path(pool(email=developer(identity_ref())), identity(), role=ServiceLinkedRole.ABSENT)

    judgment = judge(_with_rates(broken, rate_status, at="us-east-1"), WITHOUT_ADVICE)

    fixes = {finding.rule_id: finding.fix.applicability for finding in judgment.findings if finding.fix is not None}
    assert "MW703" in {finding.rule_id for finding in judgment.findings}
    assert fixes == {"MW409": Applicability.SAFE}


def test_a_move_to_an_account_that_aws_may_pause_is_not_safe() -> None:
    path = mail_path(
        pool("eu-west-3", email=developer(identity_ref(region="us-east-1"))), identity(), identity(region="eu-west-3")
    )

    calm = judge(path, WITHOUT_ADVICE)
    bouncing = judge(_with_rates(path, _bouncing("eu-west-3"), at="eu-west-3"), WITHOUT_ADVICE)

    for judgment, applicability in ((calm, Applicability.SAFE), (bouncing, Applicability.UNSAFE)):
        (fix,) = [finding.fix for finding in judgment.findings if finding.rule_id == "MW201"]
        assert fix is not None
        assert fix.applicability is applicability


def test_a_grant_that_names_another_pool_too_is_not_safe() -> None:
    neighbor = pool_ref("ap-northeast-2", pool_id="ap-northeast-2_NEIGHBOR")

    assert _graded(_grant({"mailwarden-cognito": sending_policy(OREGON, SEOUL, neighbor)})) is Applicability.UNSAFE


def test_a_grant_under_a_name_that_is_not_ours_is_not_safe() -> None:
    (finding,) = judge(UNGRANTED, WITHOUT_ADVICE).findings
    assert finding.fix is not None
    assert isinstance(finding.fix.change, GrantSending)
    text = finding.fix.change.after["mailwarden-cognito"]

    assert _graded(_grant({"somebody-elses": text})) is Applicability.UNSAFE


def test_a_grant_without_conditions_is_not_safe() -> None:
    assert _graded(_grant({"mailwarden-cognito": sending_policy(OREGON, conditions={})})) is Applicability.UNSAFE


def test_a_grant_that_writes_over_an_edited_policy_is_not_safe() -> None:
    edited = sending_policy(OREGON, pool_ref("us-east-1"))
    path = mail_path(
        pool("ap-northeast-2", email=custom_from(OREGON)),
        identity(region="us-west-2", policies={"mailwarden-cognito": edited}),
    )
    (finding,) = judge(UNGRANTED, WITHOUT_ADVICE).findings
    assert finding.fix is not None
    assert isinstance(finding.fix.change, GrantSending)
    after = {"mailwarden-cognito": finding.fix.change.after["mailwarden-cognito"]}

    assert _graded(_grant(after, before={"mailwarden-cognito": edited}), path) is Applicability.UNSAFE


def test_a_grant_beside_an_edited_policy_of_ours_is_not_safe() -> None:
    edited = sending_policy(OREGON, pool_ref("us-east-1"))
    path = mail_path(
        pool("ap-northeast-2", email=custom_from(OREGON)),
        identity(region="us-west-2", policies={"mailwarden-cognito": edited}),
    )

    (finding,) = judge(path, WITHOUT_ADVICE).findings

    assert finding.fix is not None
    assert isinstance(finding.fix.change, GrantSending)
    assert set(finding.fix.change.after) == {"mailwarden-cognito-2"}
    assert finding.fix.applicability is Applicability.UNSAFE
    assert 'policy "mailwarden-cognito"' in english(finding.fix.not_safe)
    assert finding.evidence["not_safe"] == finding.fix.not_safe


def test_a_grant_is_not_safe_while_something_else_on_the_path_could_not_be_read() -> None:
    path = mail_path(
        pool("me-central-1", email=developer(identity_ref(region="eu-central-1"))),
        identity(region="eu-central-1", tags={"mailwarden:cognito": "account"}),
        unreadable={"eu-central-1": unread("ses:GetAccount", "eu-central-1")},
    )

    (fix,) = [finding.fix for finding in judge(path, ALL).findings if finding.fix is not None]

    assert fix.applicability is Applicability.UNSAFE


UNDER_REVIEW = ses_account("eu-central-1", enforcement=Enforcement.PROBATION)
NEARLY_USED = ses_account("eu-central-1", max_24_hour_send=1000, sent_last_24_hours=950)


@pytest.mark.parametrize(
    ("risk", "account", "dkim"),
    [
        ("MW503", UNDER_REVIEW, "SUCCESS"),
        ("MW504", NEARLY_USED, "SUCCESS"),
        ("MW303", ses_account("eu-central-1"), "TEMPORARY_FAILURE"),
    ],
    ids=["under review", "quota nearly used", "DKIM failing"],
)
def test_a_risk_that_was_there_before_does_not_forbid_a_repair(risk: str, account: SesAccount, dkim: str) -> None:
    tagged = identity("example.com", region="eu-central-1", tags={"mailwarden:cognito": "account"})
    path = mail_path(
        pool("me-central-1", email=developer(tagged.ref)),
        replace(tagged, dkim=Dkim(signing_enabled=True, status=dkim)),
        accounts=[account],
    )

    findings = judge(path, WITHOUT_ADVICE).findings

    assert {finding.rule_id for finding in findings} == {risk, "MW401"}
    (fix,) = [finding.fix for finding in findings if finding.fix is not None]
    assert (fix.applicability, fix.not_safe) == (Applicability.SAFE, None)


def test_a_move_into_the_ses_sandbox_names_the_sandbox_and_what_to_do_before() -> None:
    path = mail_path(
        pool("eu-west-3", email=developer(identity_ref(region="us-east-1"))),
        identity(),
        identity(region="eu-west-3"),
        accounts=[ses_account("eu-west-3", production_access=False)],
    )

    (finding,) = [finding for finding in judge(path, WITHOUT_ADVICE).findings if finding.rule_id == "MW201"]

    assert finding.fix is not None
    assert finding.fix.applicability is Applicability.UNSAFE
    assert "sandbox" in english(finding.fix.not_safe)
    assert "(MW501)" in english(finding.evidence["not_safe"])
    assert "production access" in english(finding.remediation)
    assert "Verify" not in english(finding.remediation)
