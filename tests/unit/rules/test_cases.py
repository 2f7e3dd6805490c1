"""Every rule has exactly the findings of its written cases."""

import pytest

from mailwarden.domain.findings.finding import Effect
from mailwarden.rules import ALL, Rule
from mailwarden.rules.judging import judge
from tests.unit.rules.cases import Case, all_cases, as_written, told

EVERY_CASE = tuple(all_cases())
# Rules that are never in doubt, and why.
NEEDS_THE_POOL_ALONE = "it depends on nothing but the pool itself, without which there is no path"
NEVER_UNKNOWN = {
    "MW101": NEEDS_THE_POOL_ALONE,
    "MW103": NEEDS_THE_POOL_ALONE,
    "MW106": "that the address is no identity is certain, and MW301 says so where the domain is not known either",
    "MW108": "the loss is certain; what is not known of the caller is said",
    "MW115": "the loss is certain; what is not known of the caller is said",
    "MW117": "the loss is certain; what is not known of the caller is said",
    "MW201": "where the table has no certain answer MW202 says so",
    "MW203": "where the table has no certain answer MW202 says so",
    "MW707": "what SES did not say nobody knows",
    "MW801": "what the ledger does not hold did not happen, as far as anybody knows",
    "MW802": "what the ledger does not hold did not happen, as far as anybody knows",
    "MW906": "what the ledger does not hold did not happen, as far as anybody knows",
    "MW902": "what the ledger does not hold did not happen, as far as anybody knows",
    "MW903": "our own writes are in the ledger; a look that cannot read it raises",
    "MW905": NEEDS_THE_POOL_ALONE,
    "MW907": NEEDS_THE_POOL_ALONE,
    "MW911": "what was not read is another rule's word; which regions are watched is certain",
    "MW912": NEEDS_THE_POOL_ALONE,
}
# Rules whose very word is that something is not known: their unknown cases are the ones in which they fire.
ALWAYS_UNKNOWN = {"MW110", "MW114", "MW202", "MW204", "MW407", "MW606"}


@pytest.mark.parametrize("case", EVERY_CASE, ids=str)
def test_a_rule_has_exactly_the_findings_of_its_case(case: Case) -> None:
    judgment = judge(case.path, ALL)

    said = [told(finding) for finding in judgment.findings if finding.rule_id == case.rule_id]
    verdict = (judgment.verdict.answer, judgment.verdict.deciding)
    assert said == list(case.says), (
        f"if that is what the rule should find, write it into {case.file}:\n{as_written(said)}"
    )
    assert verdict == case.verdict, f"if that is the right verdict, write it into {case.file}"


@pytest.mark.parametrize("case", EVERY_CASE, ids=str)
def test_a_case_is_of_its_declared_kind(case: Case) -> None:
    effects = {said["effect"] for said in case.says}

    match case.kind:
        case "fires":
            assert effects, f"{case.file} is a case that fires, and its `says` is empty"
            assert Effect.UNKNOWN not in effects, (
                f"{case.file} is a case that fires; one that is undecided is `unknown`"
            )
        case "silent":
            assert not effects, f"{case.file} is a silent case, and its `says` is not empty"
        case "unknown":
            assert effects == {Effect.UNKNOWN}, f"in an unknown case such as {case.file} every effect is `unknown`"
        case other:
            pytest.fail(f"{case.file} has the kind {other}: it is `fires`, `silent` or `unknown`")


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.rule_id)
def test_every_rule_has_a_case_that_fires_one_that_does_not_and_one_that_cannot_be_judged(rule: Rule) -> None:
    kinds = {case.kind for case in EVERY_CASE if case.rule_id == rule.rule_id}

    demanded = {"fires", "silent", "unknown"}
    if rule.rule_id in NEVER_UNKNOWN:
        demanded.remove("unknown")
    if rule.rule_id in ALWAYS_UNKNOWN:
        demanded.remove("fires")
    place = f"tests/unit/cases/rules/{rule.rule_id}"
    assert not demanded - kinds, (
        f"write a case of each of these kinds in {place}/, or give the reason for none in NEVER_UNKNOWN or "
        f"ALWAYS_UNKNOWN of this file: {sorted(demanded - kinds)}"
    )
    assert not kinds - demanded, (
        f"{place}/ has cases of these kinds, so this file's exception is wrong: {kinds - demanded}"
    )


def test_every_case_belongs_to_a_rule() -> None:
    strangers = {case.rule_id for case in EVERY_CASE} - {rule.rule_id for rule in ALL}

    assert not strangers, f"tests/unit/cases/rules/ has folders of no rule: {sorted(strangers)}"


def test_no_case_has_two_findings_about_one_subject() -> None:
    for case in EVERY_CASE:
        findings = judge(case.path, ALL).findings

        keys = [(finding.rule_id, finding.subject) for finding in findings]
        assert len(keys) == len(set(keys)), str(case)
