"""What a source needs for the options of a configuration set: each language sets exactly the wanted ones."""

from typing import Any

import hcl2
import pytest
import yaml
from cfnlint.api import lint

from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.findings.set_options import wanted_options
from mailwarden.domain.refs.resources import ConfigurationSetRef
from mailwarden.domain.repair.source import Source, SourceForm
from mailwarden.presentation.snippets.snippets import snippets_of_finding
from mailwarden.rules import ALL
from mailwarden.rules.judging import judge
from tests.functional.snippets.languages import hcl_text
from tests.unit.rules.cases import all_cases

CLOUDFORMATION: dict[str, dict[str, object]] = {
    "MW602": {"SendingOptions": {"SendingEnabled": True}},
    "MW605": {"DeliveryOptions": {"TlsPolicy": "REQUIRE"}},
    "MW702": {"SuppressionOptions": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]}},
}
TERRAFORM: dict[str, dict[str, object]] = {
    "MW602": {"sending_options": {"sending_enabled": True}},
    "MW605": {"delivery_options": {"tls_policy": '"REQUIRE"'}},
    "MW702": {"suppression_options": {"suppressed_reasons": ['"BOUNCE"', '"COMPLAINT"']}},
}
CDK = {
    "MW602": "sendingEnabled: true,",
    "MW605": "tlsPolicy: ses.ConfigurationSetTlsPolicy.REQUIRE,",
    "MW702": "suppressionReasons: ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,",
}
SOURCE = Source(form=SourceForm.CLOUDFORMATION, logical_id="MailSet")


def found(rule_id: str) -> Finding:
    """A finding of the rule's written cases that is certain."""
    findings = (
        finding
        for case in all_cases()
        if case.rule_id == rule_id
        for finding in judge(case.path, ALL).findings
        if finding.rule_id == rule_id and finding.unknown_reason is None
    )
    return next(findings)


def codes(rule_id: str) -> dict[SourceForm, str]:
    return {each.form: each.code for each in snippets_of_finding(found(rule_id), SOURCE)}


def name_of(rule_id: str) -> str:
    subject = found(rule_id).subject
    assert isinstance(subject, ConfigurationSetRef)
    return subject.name


@pytest.mark.parametrize("rule_id", CLOUDFORMATION)
def test_cloudformation(rule_id: str) -> None:
    template = f"AWSTemplateFormatVersion: '2010-09-09'\n{codes(rule_id)[SourceForm.CLOUDFORMATION]}\n"

    assert [str(fault) for fault in lint(template, regions=["us-east-1", "eu-west-1"])] == []
    # A Name where the source has none would replace the set, and the new one could not be made beside the old one.
    assert yaml.safe_load(template)["Resources"] == {
        "MailSet": {"Type": "AWS::SES::ConfigurationSet", "Properties": CLOUDFORMATION[rule_id]}
    }
    assert f'MailSet: # "{name_of(rule_id)}" in ' in template


@pytest.mark.parametrize("rule_id", TERRAFORM)
def test_terraform(rule_id: str) -> None:
    [resource] = hcl2.loads(codes(rule_id)[SourceForm.TERRAFORM])["resource"]
    block: dict[str, Any] = resource['"aws_sesv2_configuration_set"']['"mail"']

    assert hcl_text(block["configuration_set_name"]) == name_of(rule_id)
    [(name, wanted)] = TERRAFORM[rule_id].items()
    [inner] = block[name]
    assert {key: value for key, value in inner.items() if not key.startswith("__")} == wanted


@pytest.mark.parametrize("rule_id", CDK)
@pytest.mark.parametrize("form", [SourceForm.CDK, SourceForm.AMPLIFY])
def test_the_cdk_and_amplify_get_members_for_the_construct_that_is_there(rule_id: str, form: SourceForm) -> None:
    lines = codes(rule_id)[form].splitlines()

    assert lines[-1] == CDK[rule_id]
    assert all(line.startswith("//") for line in lines[:-1]), "a second set of the same name"
    assert f'ConfigurationSet "{name_of(rule_id)}" in ' in lines[-2]


def test_other_findings_have_no_options() -> None:
    with_options = {
        finding.rule_id
        for case in all_cases()
        for finding in judge(case.path, ALL).findings
        if wanted_options(finding) is not None
    }

    assert with_options == set(CLOUDFORMATION)
