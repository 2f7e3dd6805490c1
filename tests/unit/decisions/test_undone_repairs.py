"""Whether the mail would be worse after an undo, and what is left alone after one, as the tables say it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.changes import (
    Applicability,
    Change,
    Fix,
    ReplaceEmailConfiguration,
)
from mailwarden.domain.findings.comparison import how_worse
from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.ledger_facts import LedgerFacts
from mailwarden.domain.mail_path.look_record import LookRecord, UndoneRepair
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Answer, Link, Verdict
from mailwarden.domain.readings import Missing
from mailwarden.domain.repair.decision import Report, left_alone, plan
from mailwarden.domain.repair.limits import Limits, RepairMode
from mailwarden.domain.repair.undo import why_worse
from mailwarden.domain.repair.undone_repairs import state_digest, undone_after, undone_repair_of
from mailwarden.message import message, verbatim
from mailwarden.policy import GrantPlan, grant_pools
from mailwarden.policy.grant.grant import Grant
from tests.builders import ACCOUNT, NOON, developer, identity, mail_path, pool, unread
from tests.tables import combinations, table
from tests.unit.decisions.test_undo import AFTER, GLOBAL, GRANT, HERE, MOVE, WHY, policy


def verdict(answer: str) -> Verdict:
    return Verdict(answer=Answer(answer), deciding=None, links=())


def finding(
    *,
    rule_id: str = "MW998",
    severity: Severity = Severity.HIGH,
    effect: Effect = Effect.AT_RISK,
    is_note: bool = False,
    fix: Fix | None = None,
) -> Finding:
    return Finding(
        rule_id=rule_id,
        rule_name="made-up-rule",
        link=Link.IDENTITY,
        severity=severity,
        effect=effect,
        subject=pool().ref,
        message=verbatim("something is so"),
        why=WHY,
        remediation=WHY,
        is_note=is_note,
        fix=fix,
    )


FORESEEN = {
    "none": (),
    "the same": (finding(),),
    "less severe": (finding(severity=Severity.MEDIUM),),
    "less in effect": (finding(effect=Effect.NONE, severity=Severity.CRITICAL),),
    "a note": (finding(severity=Severity.CRITICAL, is_note=True),),
    "more severe": (finding(severity=Severity.LOW), finding(severity=Severity.CRITICAL)),
    "more in effect": (finding(severity=Severity.LOW, effect=Effect.UNKNOWN),),
}
WORSE = {"more severe", "more in effect"}


def test_whether_the_mail_would_be_worse() -> None:
    expected = table("undo", "Whether the mail would be worse")
    answers = tuple(answer.value for answer in Answer)
    for case in combinations(now=answers, then=answers, finding=tuple(FORESEEN)):
        found = (finding(severity=Severity.LOW), finding(), finding(severity=Severity.CRITICAL, is_note=True))

        reason = why_worse(how_worse(verdict(case["now"]), verdict(case["then"]), found, FORESEEN[case["finding"]]))

        outcome = expected.decide({**case, "finding": "worse" if case["finding"] in WORSE else "no worse"})
        assert ("" if reason is None else reason.id) == outcome["reason"], case
    assert expected.idle == []
    assert why_worse(how_worse(verdict("yes"), verdict("yes"), (), FORESEEN["less severe"])) is not None
    assert why_worse(how_worse(verdict("yes"), verdict("yes"), (), FORESEEN["a note"])) is None


RULE, RESOURCE = "MW401", HERE.arn
PATH = mail_path(pool(email=developer(HERE)), identity(policies=policy("A")))


def fix_of(change: Change) -> Fix:
    return Fix(title=verbatim("Mend it"), applicability=Applicability.SAFE, change=change)


MOVES = fix_of(ReplaceEmailConfiguration(pool=pool().ref, before=AFTER, after=MOVE.before))
GRANTS = fix_of(GRANT)
FOUND = {
    "found": (finding(rule_id=RULE, fix=MOVES),),
    "found by another rule": (finding(), finding(rule_id="MW403", fix=GRANTS)),
    "over": (),
    "another": (finding(fix=MOVES), finding()),
    "undecided": (),
}
AGES = {"seconds": timedelta(minutes=2, microseconds=-1), "minutes": timedelta(minutes=2)}
STATES = {"changed": "0" * 64, "unchanged": state_digest(PATH), "first": None}


def test_what_a_look_passes_on() -> None:
    expected = table("undo", "What a look passes on")
    for case in combinations(**{"it is": tuple(FOUND), "state": tuple(STATES), "ago": tuple(AGES)}):
        undone = UndoneRepair(undo_id="e-2", at=NOON, resource=RESOURCE, rules=(RULE,), state=STATES[case["state"]])
        found = FOUND[case["it is"]]
        path = after(undone)
        undecided = (RULE, "MW000") if case["it is"] == "undecided" else ("MW000",)

        kept = undone_after(path.ledger_facts.last_look, path, found, undecided=undecided, at=NOON + AGES[case["ago"]])

        outcome = expected.decide(case)
        passed_on = {
            "no": (),
            "as it is": (undone,),
            "with the state": (replace(undone, state=STATES["unchanged"]),),
        }
        assert kept == passed_on[outcome["passed on"]], case
        repaired = {"yes": None, "no": undone, "": undone}[outcome["repair"]]
        assert [
            undone_repair_of(each, path) for each in found if each.fix is not None and each.rule_id in {RULE, "MW403"}
        ] == [repaired for each in found if each.rule_id in {RULE, "MW403"}], case
        if case["it is"] == "another":
            assert [undone_repair_of(each, path) for each in found] == [None, None]
    assert expected.idle == []
    assert undone_after(None, PATH, (), undecided=(), at=NOON) == ()
    assert undone_repair_of(finding(rule_id=RULE), PATH) is None


def after(*undone: UndoneRepair, path: MailPath = PATH) -> MailPath:
    """The path with a last look that remembers these."""
    look = LookRecord(
        pool=path.pool.ref,
        pool_name="shop",
        looked_at=NOON,
        answer=Answer.NO,
        deciding=Link.AUTHORIZATION,
        findings=(),
        uses=(),
        undone=undone,
    )
    return replace(path, ledger_facts=LedgerFacts(last_look=look))


def changed(**identities: object) -> MailPath:
    (ses_state,) = PATH.ses_states
    assert ses_state.live_identity is not None
    return replace(PATH, ses_states=(replace(ses_state, identity=replace(ses_state.live_identity, **identities)),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "path",
    [
        replace(PATH, pool=replace(PATH.pool, email=replace(PATH.pool.email, reply_to="x@example.com"))),
        changed(tags={"mailwarden:cognito": "account"}),
        changed(configuration_set="other"),
        changed(policies={**policy("A"), "theirs": "{}"}),
        changed(policies={**policy("A"), "theirs": "not JSON"}),
        changed(policies={"mailwarden-cognito": policy("A")["mailwarden-cognito"].replace("Allow", "Deny")}),
        replace(PATH, ses_states=(replace(PATH.ses_states[0], identity=Missing(arn=HERE.arn)),)),
        replace(PATH, ses_states=()),
    ],
)
def test_what_people_configure_changes_the_state(path: MailPath) -> None:
    assert state_digest(path) not in {None, state_digest(PATH)}


def test_a_policy_has_its_meaning_and_another_pools_grant_means_nothing() -> None:
    texts = changed(policies={"theirs": '{ "Version": "2012-10-17", "Statement": [] }'})
    same = changed(policies={"theirs": '{"Statement":[],"Version":"2012-10-17"}', **policy("A", "B")})
    this = changed(policies={**policy("A")})
    mine = Grant(principal=GLOBAL, pool_arn=PATH.pool.ref.arn)
    own = grant_pools(policy("A"), identity_arn=HERE.arn, account=ACCOUNT, grants=[mine])
    assert isinstance(own, GrantPlan)
    own_policies = {name: text for name, text in own.after.items() if text is not None}

    assert state_digest(texts) == state_digest(same)
    assert state_digest(this) == state_digest(changed(policies={}))
    assert state_digest(changed(policies=own_policies)) != state_digest(this)


def test_what_cannot_be_read_is_not_known_to_have_changed() -> None:
    unreadable = replace(PATH, ses_states=(replace(PATH.ses_states[0], identity=unread("ses:GetEmailIdentity")),))
    undone = UndoneRepair(undo_id="e-2", at=NOON, resource=RESOURCE, rules=(RULE,), state="0" * 64)
    path = after(undone, path=unreadable)

    assert state_digest(unreadable) is None
    assert undone_repair_of(finding(rule_id=RULE), path) == undone
    late = NOON + timedelta(hours=1)
    assert undone_after(path.ledger_facts.last_look, path, FOUND["found"], undecided=(), at=late) == (undone,)


@pytest.mark.parametrize("mode", RepairMode)
def test_the_reason_is_that_a_person_undid_it_in_any_mode(mode: RepairMode) -> None:
    path = after(UndoneRepair(undo_id="e-2", at=NOON, resource=RESOURCE, rules=(RULE,), state=state_digest(PATH)))

    decisions = plan(FOUND["found"], path, Limits(repair_mode=mode), today=NOON.date())

    assert decisions == (Report(finding=FOUND["found"][0], reason=left_alone("e-2", NOON)),)
    assert dict(left_alone("e-2", NOON).args) == {"entry_id": "e-2", "at": "2026-03-02 12:00 UTC"}


def test_a_worse_finding_is_named() -> None:
    reason = why_worse(how_worse(verdict("yes"), verdict("yes"), (), (finding(rule_id="MW105"),)))

    assert reason == message("undo.worse-finding", rule="MW105", finding=verbatim("something is so"))


def test_an_unpaired_surrogate_in_what_people_configured_has_a_state() -> None:
    assert state_digest(changed(tags={"team": "\ud800"})) not in {None, state_digest(PATH)}


def test_what_a_policy_of_others_says_is_part_of_the_state() -> None:
    one, two = (changed(policies={"theirs": f'{{"Id": "{name}"}}'}) for name in "AB")

    assert state_digest(one) != state_digest(two)
