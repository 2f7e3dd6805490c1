"""The decision, as the table says it: every combination of what it depends on."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from mailwarden.domain.findings.changes import (
    Applicability,
    Change,
    CreateServiceLinkedRole,
    Fix,
    GrantSending,
    ReplaceEmailConfiguration,
)
from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.mail_path.consent import Consent, NotOpened, Opened
from mailwarden.domain.mail_path.exemption import NotExempt, exemption_of
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.readings import EmailConfiguration, IdentityReading, Missing, Unreadable
from mailwarden.domain.refs.resources import IdentityRef
from mailwarden.domain.repair.decision import Decision, Repair, Report, plan
from mailwarden.domain.repair.limits import Limits, RepairMode, RuleMode
from mailwarden.message import Message, message, verbatim
from tests.builders import ACCOUNT, developer, identity, identity_ref, mail_path, pool, unread
from tests.tables import combinations, table

TODAY = date(2026, 3, 2)
RULE = "MW999"
CLOSED = verbatim("not JSON")
# The identity that the table speaks of, and the one beside it.
THIS, BESIDE = identity_ref(region="us-east-1"), identity_ref(region="eu-west-1")
POOL = pool(email=developer(THIS))
PATH = mail_path(POOL, identity())
NOT_SAFE = message("law.no-effect")
NOBODY_ASKED = message("consent.none", tag="mailwarden:cognito")
EDITED = (message("statement.document", policy="mailwarden-cognito-2"),)
OF_THE_FIX = {
    "decision.fix-not-safe": message("decision.fix-not-safe", reason=NOT_SAFE),
    "decision.fix-manual": message("decision.fix-manual", reason=NOT_SAFE),
    "decision.own-policy-edited": message("decision.own-policy-edited", policies=EDITED),
}


def exemption(tags: dict[str, str] | Unreadable) -> Message:
    """The reason of the exemption that these tags ask for."""
    found = exemption_of(tags, today=TODAY)
    assert not isinstance(found, NotExempt)
    return found.reason


def reason_of(decision: Decision) -> Message | None:
    """The reason; None for a repair, which needs none."""
    return None if isinstance(decision, Repair) else decision.reason


def reason_in(case: Mapping[str, str], id_: str) -> Message | None:
    """The reason with this id, as the facts of this case make it."""
    match id_:
        case "" | "decision.fix-manual" | "decision.fix-not-safe" | "decision.own-policy-edited":
            return OF_THE_FIX.get(id_)
        case "decision.rule-off" | "decision.note" | "decision.rule-only-reports":
            return message(id_, rule=RULE)
        case "decision.pool-exempt":
            return message(id_, exemption=exemption(tags_of(case["pool tag"])))
        case "decision.settings-closed":
            return message(id_, problem=CLOSED)
        case "decision.identity-unreadable":
            return message(id_, identity=granted(case["change"]).arn)
        case "decision.no-consent":
            return message(id_, consent=NOBODY_ASKED)
        case "decision.identity-exempt":
            said = unread("ses:GetEmailIdentity") if case["identity"] == "unreadable" else tags_of(case["identity"])
            return message(id_, name=THIS.name, region=THIS.region, exemption=exemption(said))
        case "decision.unknown-members":
            return message(id_, members=("New", "Newer"))
        case _:
            return message(id_)


def tags_of(said: str) -> dict[str, str] | Unreadable:
    match said:
        case "unreadable":
            return unread("cognito-idp:ListTagsForResource")
        case "none":
            return {}
        case _:
            return {"mailwarden": said}


def granted(change: str) -> IdentityRef:
    """The identity that a grant of this kind is for."""
    return {"grant": THIS, "grant beside": BESIDE}.get(change, identity_ref(region="eu-west-3"))


@cache
def reading(said: str, ref: IdentityRef) -> IdentityReading:
    match said:
        case "unreadable":
            return unread("ses:GetEmailIdentity")
        case "missing":
            return Missing(arn=ref.arn)
        case "edited":
            return identity(region=ref.region, policies={"mailwarden-cognito-2": "{}", "cognito": "{}"})
        case _:
            tags = tags_of(said)
            assert isinstance(tags, dict)
            return identity(region=ref.region, tags=tags)


@cache
def path_of(change: str, pool_tag: str, said: str, consented: str, unknown_members: str) -> MailPath:
    consent: Consent = Opened(by=verbatim("a test")) if consented == "yes" else NotOpened(reason=NOBODY_ASKED)
    this = replace(PATH.ses_states[0], identity_ref=THIS, identity=reading(said, THIS), consent=consent)
    beside = replace(this, identity_ref=BESIDE, identity=reading("none", BESIDE))
    return replace(
        PATH,
        pool=replace(
            POOL, tags=tags_of(pool_tag), unknown_members=("New", "Newer") if unknown_members == "yes" else ()
        ),
        ses_states=(beside,) if change == "move to" else (this, beside),
        candidates={THIS.region: this} if change == "move to" else {},
    )


@cache
def fix_of(change: str, applicability: str) -> Fix | None:
    if applicability == "none":
        return None
    made: Change
    match change:
        case "move from" | "move to":
            made = ReplaceEmailConfiguration(pool=POOL.ref, before=POOL.email, after=EmailConfiguration())
        case "role":
            made = CreateServiceLinkedRole(partition="aws", account=ACCOUNT)
        case _:
            made = GrantSending(identity=granted(change), pools=(POOL.ref,), before={}, after={"ours": "{}"})
    return Fix(
        title=verbatim("Mend it"),
        applicability=Applicability(applicability),
        change=made,
        not_safe=None if applicability == "safe" else NOT_SAFE,
    )


def finding(fix: Fix | None = None, *, rule_id: str = RULE, is_note: bool = False, unknown: str = "") -> Finding:
    return Finding(
        rule_id=rule_id,
        rule_name="made-up-rule",
        link=Link.IDENTITY,
        severity=Severity.HIGH,
        effect=Effect.UNKNOWN if unknown else Effect.LOST,
        subject=POOL.ref,
        message=verbatim("something is so"),
        why=verbatim("it is made up"),
        remediation=verbatim("Do nothing"),
        unknown_reason=verbatim(unknown) if unknown else None,
        fix=fix,
        is_note=is_note,
    )


def facts() -> Iterator[dict[str, str]]:
    for case in combinations(
        **{
            "repair mode": ("off", "safe", "unsafe"),
            "rule mode": ("off", "report", "repair", "unsaid"),
            "settings": ("open", "closed"),
            "note": ("no", "yes"),
            "fix": ("none", "safe", "unsafe", "manual"),
            "change": ("grant", "grant beside", "grant of another path", "move from", "move to", "role"),
            "pool tag": ("none", "report", "off", "unreadable"),
            "identity": ("none", "report", "off", "unreadable", "missing", "edited"),
            "consent": ("yes", "no"),
            "unknown members": ("no", "yes"),
        }
    ):
        if case["fix"] != "none" or case["change"] == "grant":
            yield case


def test_every_combination_is_decided_as_the_table_says() -> None:
    expected = table("decision", "One finding")
    for case in facts():
        fix = fix_of(case["change"], case["fix"])
        limits = Limits(
            repair_mode=RepairMode(case["repair mode"]),
            rule_modes={} if case["rule mode"] == "unsaid" else {RULE: RuleMode(case["rule mode"])},
            closed_because=CLOSED if case["settings"] == "closed" else None,
        )
        path = path_of(case["change"], case["pool tag"], case["identity"], case["consent"], case["unknown members"])
        found = finding(fix, is_note=case["note"] == "yes")

        (decision,) = plan([found], path, limits, today=TODAY)

        outcome = expected.decide(case)
        assert type(decision).__name__ == outcome["decision"], case
        assert reason_of(decision) == reason_in(case, outcome["reason"]), case
        assert decision.finding is found
        assert not isinstance(decision, Repair) or decision.fix is fix
    assert expected.idle == []


def test_without_a_word_from_the_operator_nothing_is_written() -> None:
    (decision,) = plan([finding(fix_of("role", "safe"))], PATH, Limits(), today=TODAY)

    assert reason_of(decision) == message("decision.repair-mode-off")


def test_an_exemption_ends_on_the_day_after_its_last() -> None:
    exempt = replace(PATH, pool=replace(POOL, tags={"mailwarden": "off until=2026-03-01"}))

    (decision,) = plan([finding()], exempt, Limits(), today=TODAY)

    assert reason_of(decision) == message("decision.no-fix")


@pytest.mark.parametrize("change", ["grant", "move from", "move to"])
def test_an_exemption_of_an_identity_ends_too(change: str) -> None:
    path = path_of(change, "none", "off until=2026-03-01", "yes", "no")
    limits = Limits(repair_mode=RepairMode.SAFE)

    (last_day,) = plan([finding(fix_of(change, "safe"))], path, limits, today=date(2026, 3, 1))
    (decision,) = plan([finding(fix_of(change, "safe"))], path, limits, today=TODAY)

    assert isinstance(last_day, Report)
    assert last_day.reason.id == "decision.identity-exempt"
    assert isinstance(decision, Repair)


def _of(said: str, *, rule_id: str, unknown: str) -> Finding:
    match said:
        case "Repair":
            return finding(fix_of("role", "safe"), rule_id=rule_id)
        case "unknown":
            return finding(rule_id=rule_id, unknown=unknown)
        case "NoteOnly":
            return finding(rule_id=rule_id, is_note=True, unknown="refused")
        case _:
            return finding(rule_id=rule_id, unknown="refused" if said == "Report" else "")


REFUSED_OF = {"no": (), "first": ("MW998",), "second": (RULE,), "both": ("MW998", RULE)}


def test_two_findings_are_decided_as_the_table_says() -> None:
    expected = table("decision", "Several findings")
    for case in combinations(
        **{
            "first": ("Repair", "Report", "NoteOnly", "certain"),
            "second": ("Repair", "unknown"),
            "same reason": ("yes", "no"),
            "refused": tuple(REFUSED_OF),
        }
    ):
        first = _of(case["first"], rule_id="MW998", unknown="refused")
        second = _of(case["second"], rule_id=RULE, unknown="refused" if case["same reason"] == "yes" else "throttled")

        refused = REFUSED_OF[case["refused"]]
        decided, *rest = plan([first, second], PATH, Limits(repair_mode=RepairMode.SAFE), today=TODAY, refused=refused)

        told = [
            type(decision).__name__ + ("" if isinstance(decision, Repair) else f": {decision.reason.id}")
            for decision in rest
        ]
        assert decided.finding is first
        assert all(decision.finding is second for decision in rest)
        assert (told or ["left out"]) == [expected.decide(case)["second is"]], case
    assert expected.idle == []


def test_a_rule_that_nobody_mentions_may_repair() -> None:
    limits = Limits(rule_modes={"MW998": RuleMode.OFF})

    assert limits.mode_of(RULE) is RuleMode.REPAIR


def test_what_is_certain_is_told_each_time() -> None:
    decisions = plan([finding(rule_id="MW998"), finding()], PATH, Limits(), today=TODAY)

    assert [decision.finding.rule_id for decision in decisions] == ["MW998", RULE]


def test_what_was_left_out_does_not_end_the_plan() -> None:
    findings = [finding(unknown="refused", rule_id="MW997"), finding(unknown="refused", rule_id="MW998"), finding()]

    decisions = plan(findings, PATH, Limits(), today=TODAY)

    assert [decision.finding.rule_id for decision in decisions] == ["MW997", RULE]
