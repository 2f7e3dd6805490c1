"""What a settings document says, and how it is told what is wrong with one."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.repair.limits import RepairMode, RuleMode
from mailwarden.domain.reputation.rate_levels import RateSteps
from mailwarden.domain.reputation.thresholds import Thresholds
from mailwarden.settings.document import parse_settings
from mailwarden.settings.environment import MalformedSettings
from mailwarden.settings.operator_settings import OperatorSettings
from tests.functional.settings.documents import ADDRESS, EVERYTHING, IDENTITY, VALID

ROOT = Path(__file__).parents[3]


def test_the_documented_schema_is_the_one_that_is_packaged() -> None:
    packaged = ROOT / "layers" / "core" / "mailwarden" / "settings_schema.json"

    assert (ROOT / "docs" / "settings.schema.json").read_bytes() == packaged.read_bytes()


def test_the_defaults_that_the_schema_tells_are_those_of_the_code() -> None:
    schema = json.loads((ROOT / "docs" / "settings.schema.json").read_text(encoding="utf-8"))
    told = {name: each["default"] for name, each in schema["properties"]["thresholds"]["properties"].items()}

    assert parse_settings(json.dumps({"thresholds": told})).thresholds == Thresholds()


def test_everything_that_can_be_said_is_understood() -> None:
    settings = parse_settings(json.dumps(EVERYTHING))

    assert settings.repair_mode is RepairMode.SAFE
    assert settings.rule_modes["MW201"] is RuleMode.REPORT
    assert settings.severities == {"MW603": Severity.LOW, "MW401": Severity.HIGH}
    assert settings.thresholds == Thresholds(
        quota_share=0.5,
        delivery_failures_quiet=timedelta(hours=12),
        unannounced_grace=timedelta(minutes=10),
        bounce_rates=RateSteps(elevated=0.01, high=0.03, review=0.05, pause=0.10),
        complaint_rates=RateSteps(elevated=0.0002, high=0.0004, review=0.001, pause=0.005),
        least_sends=1000,
        least_bounces=20,
        least_complaints=3,
        least_suppressed=50,
    )
    assert settings.consents.identities[IDENTITY] == ("account",)
    assert len(settings.consents.identities[ADDRESS]) == 2
    assert settings.deployment_roles == ("arn:aws:iam::111122223333:role/ci/deploy",)


def test_an_empty_document_changes_nothing() -> None:
    assert parse_settings("{}") == OperatorSettings()


@pytest.mark.parametrize("document", VALID, ids=str)
def test_the_valid_documents_of_these_tests_are_valid(document: dict[str, object]) -> None:
    parse_settings(json.dumps(document))


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ('{"rules": {"MW401": "of"}}', "rules.MW401 must be one of ['off', 'report', 'repair']"),
        ('{"rules": {"mw401": "off"}}', "rules must not contain {'mw401'} properties"),
        ('{"severities": {"MW401": 4}}', "severities.MW401 must be one of ['low', 'medium', 'high', 'critical']"),
        ('{"thresholds": {"quotaShare": 80}}', "thresholds.quotaShare must be smaller than or equal to 1"),
        ('{"thresholds": {"quotaShare": true}}', "thresholds.quotaShare must be number"),
        (
            '{"thresholds": {"bounceRates": {"elevated": 0.03, "high": 0.02}}}',
            "thresholds.bounceRates must rise: elevated below high",
        ),
        (
            '{"thresholds": {"complaintRates": {"elevated": 0.0005, "high": 0.001}}}',
            "high below 0.001, from which on AWS acts",
        ),
        ('{"thresholds": {"bounceRates": {"review": 0.2}}}', "thresholds.bounceRates"),
        (
            json.dumps({"consent": {IDENTITY: "acount"}}),
            f'consent.{IDENTITY} must be either "account" or a list of pool ids',
        ),
        ('{"regions": {"eu-west-3": {"option": "in-region-only"}}}', "regions.eu-west-3 must contain ['developer']"),
        (
            '{"regions": {"eu-west-3": {"option": "in-region-only", "developer": ["Paris"]}}}',
            "regions.eu-west-3.developer",
        ),
        ('{"deploymentRoles": ["deploy"]}', "deploymentRoles[0] must be the ARN of an IAM role or user"),
        ('{"repairmode": "off"}', "the document must not contain {'repairmode'} properties"),
        ('{"repairMode": "off", "repairMode": "safe"}', "repairMode stands twice in one object"),
        ("[]", "the document must be object"),
        ("", "the document is not JSON"),
        ('{"thresholds": {"quotaShare": NaN}}', "NaN, which is no JSON number"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_wrong_is_told_with_its_path(document: str, problem: str) -> None:
    with pytest.raises(MalformedSettings) as caught:
        parse_settings(document)

    assert problem in str(caught.value)


def test_the_document_can_lower_what_the_stack_allows_and_not_raise_it() -> None:
    lowered, raised = parse_settings('{"repairMode": "off"}'), parse_settings('{"repairMode": "unsafe"}')

    assert lowered.limits(RepairMode.UNSAFE).repair_mode is RepairMode.OFF
    assert raised.limits(RepairMode.SAFE).repair_mode is RepairMode.SAFE
