"""Notes stand in reports and alert nobody; advice is told once, whatever the number of pools."""

from datetime import date

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.repair.decision import Mute, NoteOnly, Report, plan
from mailwarden.domain.repair.limits import Limits, RuleMode
from mailwarden.message import verbatim
from mailwarden.rules import ALL
from tests.advice import NOTES
from tests.builders import custom_from, developer, identity, identity_ref, mail_path, pool, pool_ref, sending_policy
from tests.fakes.deployment import Deployment, hint
from tests.texts import english

PATH = mail_path(pool(email=developer(identity_ref())), identity())
TODAY = date(2026, 3, 2)
REFUSED = "AccessDenied: ses:GetEmailIdentity in us-east-1"


def _finding(rule_id: str, *, effect: Effect = Effect.NONE, is_note: bool = False) -> Finding:
    return Finding(
        rule_id=rule_id,
        rule_name="made-up-rule",
        link=Link.IDENTITY,
        severity=Severity.LOW,
        effect=effect,
        subject=PATH.pool.ref,
        message=verbatim("something is so"),
        why=verbatim("it is made up"),
        remediation=verbatim("Do nothing"),
        unknown_reason=verbatim(REFUSED) if effect is Effect.UNKNOWN else None,
        is_note=is_note,
    )


def test_the_notes_are_those_of_the_design() -> None:
    assert {"MW101", "MW110", "MW203", "MW305", "MW603", "MW605"} == NOTES


def test_a_note_is_recorded_in_silence() -> None:
    noted = pool("ap-northeast-2", email=developer(identity_ref(region="us-west-2"), configuration_set="mail"))
    mailwarden = Deployment(rules=tuple(rule for rule in ALL if rule.is_note))
    mailwarden.hold(noted, identity(region="us-west-2"))

    mailwarden.inspect(hint(noted))

    record = mailwarden.finding("MW203", noted.ref.arn)
    assert record.lifecycle.state is FindingState.EXEMPT
    assert english(record.write.reason) == "MW203 is for reports, not for alerts"
    assert mailwarden.told() == []


def test_a_note_on_a_subject_leaves_what_is_wrong_with_it_open() -> None:
    noted = pool("ap-northeast-2", email=developer(identity_ref(region="us-west-2")))
    mailwarden = Deployment(rules=ALL)
    mailwarden.hold(noted, identity(region="us-west-2", verified=False))

    mailwarden.inspect(hint(noted))

    assert mailwarden.finding("MW302", identity_ref(region="us-west-2").arn).lifecycle.state is FindingState.OPEN
    assert mailwarden.finding("MW305", identity_ref(region="us-west-2").arn).lifecycle.state is FindingState.EXEMPT
    assert ("MW302", "open") in mailwarden.told()
    assert not {rule for rule, _ in mailwarden.told()} & NOTES


def test_the_default_sender_is_noted_once_for_all_pools_of_a_region_and_nobody_is_alerted() -> None:
    sender = identity_ref(region="us-west-2")
    pools = [pool("ap-northeast-2", pool_id=f"ap-northeast-2_{name}", email=custom_from(sender)) for name in "ABC"]
    policies = {"cognito": sending_policy(sender, *(each.ref for each in pools))}
    mailwarden = Deployment(rules=ALL)
    mailwarden.hold(*pools, identity(region="us-west-2", policies=policies))

    for each in pools:
        mailwarden.inspect(hint(each))

    (noted,) = [record for record in mailwarden.ledger.findings.held.values() if record.finding.rule_id == "MW101"]
    assert len(noted.lifecycle.affected) == len(pools)
    assert mailwarden.told() == []


def test_what_a_note_could_not_judge_is_told_by_the_rule_that_alerts() -> None:
    note, rule = _finding("MW998", effect=Effect.UNKNOWN, is_note=True), _finding("MW999", effect=Effect.UNKNOWN)

    decisions = plan([note, rule], PATH, Limits(), today=TODAY)

    assert [type(decision) for decision in decisions] == [NoteOnly, Report]


def test_what_a_rule_that_is_off_could_not_judge_is_told_by_the_next() -> None:
    first, second, third = (_finding(rule, effect=Effect.UNKNOWN) for rule in ("MW997", "MW998", "MW999"))

    decisions = plan([first, second, third], PATH, Limits(rule_modes={"MW997": RuleMode.OFF}), today=TODAY)

    assert [(type(decision), decision.finding.rule_id) for decision in decisions] == [
        (Mute, "MW997"),
        (Report, "MW998"),
    ]


def test_a_note_on_an_exempt_pool_is_exempt_for_its_owners_reason() -> None:
    silent = mail_path(pool(email=developer(identity_ref()), tags={"mailwarden": "off"}), identity())

    (decision,) = plan([_finding("MW999", is_note=True)], silent, Limits(), today=TODAY)

    assert isinstance(decision, Mute)
    assert pool_ref() == decision.finding.subject
