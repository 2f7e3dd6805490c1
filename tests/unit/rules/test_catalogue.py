"""What holds for every rule of the catalogue: ids, names, files, documentation and declarations."""

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from mailwarden.domain.findings.finding import Effect, Severity
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.resources import kind_of
from mailwarden.rules import ALL, MonitoringRule, Rule, every_rule
from mailwarden.rules.judging import judge
from tests.texts import english
from tests.unit.rules.cases import all_cases

HEADINGS = (
    "What it does",
    "Why it matters",
    "Example",
    "What to do",
    "Fix and its safety",
    "Known gaps",
    "References",
)
PLACES = ("**Console:**", "**CLI:**", "CloudFormation", "Terraform")
LINK_BY_HUNDRED = {
    "1": Link.SENDER,
    "2": Link.REGION,
    "3": Link.IDENTITY,
    "4": Link.AUTHORIZATION,
    "5": Link.ACCOUNT,
    "6": Link.CONFIGURATION_SET,
    "7": Link.FEEDBACK,
    "8": Link.RUNTIME,
    "9": Link.MONITORING,
}
# Of the sender, too; one folder holds no more rules.
VERIFICATION = {"MW115", "MW116", "MW117"}
READING = re.compile(r"(cognito-idp:Describe|cognito-idp:Get|ses:Get|iam:Get|kms:Describe|lambda:Get)[A-Za-z]+")
WRITING = re.compile(r"(cognito-idp:Update|ses:Create|ses:Update|iam:Create)[A-Za-z]+")

type EitherRule = Rule | MonitoringRule[Any]

each_rule = pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: rule.rule_id)


def test_ids_and_names_are_unique_and_the_rules_stand_in_the_order_of_their_ids() -> None:
    ids = [rule.rule_id for rule in ALL]
    every_id = [rule.rule_id for rule in every_rule()]

    assert ids == sorted(set(ids))
    assert every_id == sorted(set(every_id))
    assert len({rule.name for rule in every_rule()}) == len(every_id)


@each_rule
def test_the_file_the_id_the_name_and_the_link_agree(rule: EitherRule) -> None:
    file = Path(inspect.getfile(rule.check))

    assert re.fullmatch(r"MW[1-9][0-9]{2}", rule.rule_id)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.name)
    assert file.stem == f"{rule.rule_id.lower()}_{rule.name.replace('-', '_')}"
    assert rule.link is LINK_BY_HUNDRED[rule.rule_id[2]]
    assert file.parent.name == ("verification" if rule.rule_id in VERIFICATION else rule.link.replace(" ", "_"))


def test_every_file_of_a_rule_is_in_the_catalogue() -> None:
    package = Path(inspect.getfile(Rule)).parent

    files = {file.stem for file in package.glob("*/mw*.py")}

    unlisted = files - {Path(inspect.getfile(rule.check)).stem for rule in every_rule()}
    assert not unlisted, f"add the RULE of {sorted(unlisted)} to ALL in {package / '__init__.py'}, in order"


@each_rule
def test_the_documentation_has_its_headings_in_order_and_something_under_each(rule: EitherRule) -> None:
    text = inspect.getdoc(rule.check) or ""

    sections = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    assert tuple(sections[1::2]) == HEADINGS, f"the docstring of check has other headings, or another order, in {rule}"
    assert all(body.strip() for body in sections[2::2])


@each_rule
def test_the_documentation_says_what_to_do_in_each_place_and_cites_aws(rule: EitherRule) -> None:
    text = inspect.getdoc(rule.check) or ""

    advice = text.split("## What to do")[1].split("## Fix")[0]
    assert all(place in advice for place in PLACES)
    assert "https://docs.aws.amazon.com/" in text.split("## References")[1]


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.rule_id)
def test_the_declared_actions_are_reads_and_writes_of_the_mail_path(rule: Rule) -> None:
    assert all(READING.fullmatch(action) for action in rule.reads)
    assert all(WRITING.fullmatch(action) for action in rule.writes)
    assert "cognito-idp:DescribeUserPool" in rule.reads


def test_a_rule_declares_writes_exactly_if_it_has_a_fix() -> None:
    with_a_fix = {
        finding.rule_id for case in all_cases() for finding in judge(case.path, ALL).findings if finding.fix is not None
    }

    declared = {rule.rule_id for rule in ALL if rule.writes}
    assert with_a_fix == declared, (
        f"fixes without declared writes: {sorted(with_a_fix - declared)}; "
        f"declared writes without a case whose finding has a fix: {sorted(declared - with_a_fix)}"
    )


def test_findings_speak_of_the_declared_kind_of_subject_in_the_form_of_messages() -> None:
    kinds = {rule.rule_id: {rule.subject_kind, *rule.other_kinds} for rule in ALL}

    for case in all_cases():
        for finding in judge(case.path, ALL).findings:
            assert kind_of(finding.subject) in kinds[finding.rule_id]
            assert case.path.pool.ref in finding.affected
            assert not english(finding.message).endswith(".")
            assert not english(finding.why).endswith(".")
            assert not re.search(r"\b(ensure|please|should)\b", english(finding.message), re.IGNORECASE)
            assert english(finding.remediation)[0].isupper()
            assert all(value for value in finding.evidence.values())


# The loss of the sender is certain, and so is the limit of 50 mails a day; only the day on which mail is lost is not.
CRITICAL_RISKS = frozenset({"MW108", "MW115"})


def test_only_what_is_certain_is_critical() -> None:
    for case in all_cases():
        for finding in judge(case.path, ALL).findings:
            if finding.effect is Effect.LOST:
                assert finding.severity is Severity.CRITICAL
            if finding.effect in {Effect.UNKNOWN, Effect.AT_RISK}:
                assert finding.severity < Severity.CRITICAL or finding.rule_id in CRITICAL_RISKS
