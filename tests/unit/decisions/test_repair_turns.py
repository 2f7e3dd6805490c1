"""Which of several repairs of one pool is made first."""

from mailwarden.domain.repair.decision import Repair, Report, plan
from mailwarden.domain.repair.limits import Limits, RepairMode
from mailwarden.domain.repair.shadow import ShadowDecision
from mailwarden.message import Message, message
from tests.unit.decisions.test_decision import PATH, TODAY, finding, fix_of

IN_TURN = {"MW108": "move to", "MW409": "role", "MW105": "move to"}
FINDINGS = {rule: finding(fix_of(change, "safe"), rule_id=rule) for rule, change in IN_TURN.items()}
REPORTED = finding(rule_id="MW302")
RULES = (["MW105", "MW409", "MW108"], ["MW409", "MW105"], ["MW105", "MW409"], ["MW105"])


def waits_for(rule_id: str) -> Message:
    return message("decision.another-repair-first", rule=rule_id)


def test_the_sender_that_was_lost_comes_first_then_what_it_depends_on_then_the_pool() -> None:
    for rules in RULES:
        decisions = plan(
            [REPORTED, *(FINDINGS[rule] for rule in rules)], PATH, Limits(repair_mode=RepairMode.SAFE), today=TODAY
        )

        first = next(rule for rule in IN_TURN if rule in rules)
        repairs = [decision.finding.rule_id for decision in decisions if isinstance(decision, Repair)]
        assert repairs == [first]
        reasons = {decision.finding.rule_id: decision.reason for decision in decisions if isinstance(decision, Report)}
        assert reasons.pop("MW302") != waits_for(first)
        assert reasons == dict.fromkeys(set(rules) - {first}, waits_for(first))


def test_while_repair_mode_is_off_the_same_repair_would_be_made_first() -> None:
    for rules in RULES:
        decisions = plan(
            [REPORTED, *(FINDINGS[rule] for rule in rules)], PATH, Limits(repair_mode=RepairMode.OFF), today=TODAY
        )

        first = next(rule for rule in IN_TURN if rule in rules)
        shadows = {decision.finding.rule_id: decision.shadow for decision in decisions if isinstance(decision, Report)}
        assert shadows == {
            "MW302": None,
            **{rule: ShadowDecision(withheld=None if rule == first else waits_for(first)) for rule in rules},
        }


def test_only_the_mode_off_has_a_shadow() -> None:
    unsafe = finding(fix_of("role", "unsafe"), rule_id="MW409")

    (safe,) = plan([unsafe], PATH, Limits(repair_mode=RepairMode.SAFE), today=TODAY)
    (off,) = plan([unsafe], PATH, Limits(repair_mode=RepairMode.OFF), today=TODAY)

    assert isinstance(safe, Report)
    assert isinstance(off, Report)
    assert safe.shadow is None
    assert off.shadow == ShadowDecision(withheld=safe.reason)


def test_of_three_repairs_the_first_is_made() -> None:
    findings = [finding(fix_of("role", "safe"), rule_id=f"MW99{n}") for n in range(3)]

    decisions = plan(findings, PATH, Limits(repair_mode=RepairMode.SAFE), today=TODAY)

    repairs = [decision.finding.rule_id for decision in decisions if isinstance(decision, Repair)]
    assert repairs == ["MW990"]
    assert [decision.reason for decision in decisions if isinstance(decision, Report)] == [waits_for("MW990")] * 2


def test_no_repair_waits_for_one_that_was_refused_and_the_next_goes_first() -> None:
    findings = [finding(fix_of("role", "safe"), rule_id=f"MW99{n}") for n in range(3)]
    for mode in (RepairMode.SAFE, RepairMode.OFF):
        decisions = plan(findings, PATH, Limits(repair_mode=mode), today=TODAY, refused={"MW990"})

        waiting = {
            decision.finding.rule_id: decision.reason if decision.shadow is None else decision.shadow.withheld
            for decision in decisions
            if isinstance(decision, Report)
        }
        assert waiting["MW992"] == waits_for("MW991")
        assert {waiting.get("MW990"), waiting.get("MW991")} == {None}
