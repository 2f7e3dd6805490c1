"""What a settings document says, and how it is told what is wrong with one."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mailwarden.domain.findings.application_tags import application_of
from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.incidents.chat_route import AlertFacts, ChatRoute, channel_of
from mailwarden.domain.refs.causes import acts_as
from mailwarden.domain.repair.limits import RepairMode, RuleMode
from mailwarden.domain.reputation.rate_levels import RateSteps
from mailwarden.domain.reputation.thresholds import Thresholds
from mailwarden.presentation.alerts.notice import notice_of
from mailwarden.rules import SETTINGS_RULE, every_rule
from mailwarden.settings.broken_document import REPORTING_RULE
from mailwarden.settings.document import parse_settings
from mailwarden.settings.environment import MalformedSettings
from mailwarden.settings.operator_settings import OperatorSettings
from mailwarden.settings.schema import rule_ids
from tests.functional.settings.documents import ADDRESS, EVERYTHING, IDENTITY, VALID
from tests.texts import sentence
from tests.unit.incidents.seoul import broken, seoul

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("value", ["shop", "Team  A", " a\tb ", "a\u200bb", "ann@corp.example", "x" * 200, "\u3164a"])
@pytest.mark.parametrize("key", ["team", "Team  of", "team@corp.example"])
def test_a_route_by_a_tag_fits_the_alert_about_a_pool_with_that_tag(key: str, value: str) -> None:
    route = {"channel": "C0123456789", "tag": {key: [value]}}
    settings = parse_settings(json.dumps({"applicationTags": [key], "slackRoutes": [route]}))
    alert = broken(seoul()).topic.told[-1]
    seen = replace(alert.record.seen, application=application_of({key: value}, settings.application_tags))
    shown = notice_of(replace(alert, record=replace(alert.record, seen=seen)), rule_pages="").application

    facts = AlertFacts(severity=Severity.LOW, rule_id="", regions=frozenset(), tags=frozenset(shown.items()))
    assert channel_of(facts, settings.slack_routes, default="") == "C0123456789"


def test_the_documented_schema_is_the_one_that_is_packaged() -> None:
    packaged = ROOT / "layers" / "core" / "mailwarden" / "settings_schema.json"

    assert (ROOT / "docs" / "settings.schema.json").read_bytes() == packaged.read_bytes(), (
        f"copy docs/settings.schema.json to {packaged.relative_to(ROOT)}"
    )


def test_the_defaults_that_the_schema_tells_are_those_of_the_code() -> None:
    schema = json.loads((ROOT / "docs" / "settings.schema.json").read_text(encoding="utf-8"))
    told = {name: each["default"] for name, each in schema["properties"]["thresholds"]["properties"].items()}

    assert parse_settings(json.dumps({"thresholds": told})).thresholds == Thresholds()


def test_everything_that_can_be_said_is_understood() -> None:
    settings = parse_settings(json.dumps(EVERYTHING))

    assert settings.repair_mode is RepairMode.SAFE
    assert settings.rule_modes["MW201"] is RuleMode.REPORT
    assert settings.severities == {"MW603": Severity.LOW, "MW401": Severity.HIGH}
    assert settings.slack_routes == (
        ChatRoute(
            channel="C0123456789",
            severities=frozenset({Severity.CRITICAL, Severity.HIGH}),
            rules=frozenset({"MW401"}),
            regions=frozenset({"eu-west-3"}),
            tags={"team": frozenset({"checkout", "j***@corp.example"})},
        ),
        ChatRoute(channel="G012345678"),
    )
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
        ('{"rules": {"MW401": "of"}}', "rules.MW401 must be one of off, report, repair"),
        ('{"rules": {"mw401": "off"}}', "rules.mw401 is the id of no rule of this release"),
        ('{"severities": {"MW401": 4}}', "severities.MW401 must be one of low, medium, high, critical"),
        ('{"thresholds": {"quotaShare": 80}}', "thresholds.quotaShare must be at most 1"),
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
        ('{"regions": {"eu-west-3": {"option": "in-region-only"}}}', "regions.eu-west-3 must contain developer"),
        (
            '{"regions": {"eu-west-3": {"option": "in-region-only", "developer": ["Paris"]}}}',
            "regions.eu-west-3.developer",
        ),
        *(
            (json.dumps({"fromLocalPart": text}), "fromLocalPart must be the part before the @ of an address")
            for text in ("no reply", "a@b", "Shop <no-reply", "grüße", '"no-reply"', "a,b", ".", "no-reply ", "a:b")
        ),
        ('{"fromLocalPart": ""}', "fromLocalPart"),
        ('{"deploymentRoles": ["deploy"]}', "deploymentRoles[0] must be the ARN of an IAM role or user"),
        *(
            (json.dumps({"deploymentRoles": [f"arn:aws:{actor}"]}), "deploymentRoles[0] must be the ARN of an IAM role")
            for actor in (
                "iam::111122223333:role/ci-*",
                "iam::111122223333:role/ci/*",
                "iam::111122223333:role/*/deploy",
                "iam::111122223333:role/ci/",
                "iam::111122223333:role/",
                "iam::111122223333:role/deploy ",
                "iam::111122223333:role/deploy\n",
                "iam::111122223333:assumed-role/deploy/ci",
                "sts::111122223333:role/deploy",
                "sts::111122223333:assumed-role/deploy",
                "sts::111122223333:assumed-role/deploy/*",
            )
        ),
        *(
            (json.dumps({"slackRoutes": [route]}), problem)
            for route, problem in (
                ({}, "slackRoutes[0] must contain channel"),
                ({"channel": "#alerts"}, "slackRoutes[0].channel must be the id of a Slack channel"),
                ({"channel": "C0123456789", "region": ["Paris"]}, "slackRoutes[0].region[0] must be a region"),
                ({"channel": "C0123456789", "severity": ["bad"]}, "slackRoutes[0].severity[0] must be one of low"),
                ({"channel": "C0123456789", "rule": ["MW499"]}, "slackRoutes[0].rule[0] must be one of MW101"),
                ({"channel": "C0123456789", "rule": []}, "slackRoutes[0].rule must have at least 1"),
                (
                    {"channel": "C0123456789", "tag": {"cost": ["a"]}},
                    "slackRoutes[0].tag.cost names a tag that alerts do",
                ),
                ({"channel": "C0123456789", "tag": {"team": "a"}}, "slackRoutes[0].tag.team must be array"),
                (
                    {"channel": "C0123456789", "tag": {"team": ["a", " \u200b"]}},
                    "not a text with visible characters",
                ),
                ({"channel": "C0123456789", "team": "a"}, "slackRoutes[0] must not contain 'team'"),
            )
        ),
        ('{"rules": {"MW499": "off"}}', "rules.MW499 is the id of no rule of this release"),
        ('{"severities": {"MW401": "low", "MW999": "high"}}', "severities.MW999 is the id of no rule of this release"),
        ('{"repairmode": "off"}', "document must not contain 'repairmode'"),
        ('{"repairMode": "off", "repairMode": "safe"}', "'repairMode' appears twice in one object"),
        ("[]", "document must be object"),
        ("", "document is not JSON"),
        ('{"thresholds": {"quotaShare": NaN}}', "NaN, which is not a JSON number"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_wrong_is_told_with_its_path(document: str, problem: str) -> None:
    with pytest.raises(MalformedSettings) as caught:
        parse_settings(document)

    assert problem in sentence(caught.value)


@pytest.mark.parametrize(
    "actor",
    [
        "arn:aws:iam::111122223333:role/deploy",
        "arn:aws:iam::111122223333:role/ci/terraform/deploy",
        "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef",
        "arn:aws-us-gov:iam::111122223333:user/jane@corp.example",
        "arn:aws:sts::111122223333:assumed-role/deploy/jane@corp.example",
        "arn:aws-cn:iam::111122223333:role/a+b=c,d.e@f-g_h",
    ],
)
def test_every_actor_that_a_call_can_name_may_be_listed(actor: str) -> None:
    settings = parse_settings(json.dumps({"deploymentRoles": [actor]}))

    assert acts_as(actor, settings.deployment_roles[0])


@pytest.mark.parametrize("member", ["rules", "severities"])
def test_every_rule_of_the_release_may_be_named(member: str) -> None:
    assert rule_ids() == {rule.rule_id for rule in every_rule()}, (
        "list the ids of all rules in docs/settings.schema.json and layers/core/mailwarden/settings_schema.json"
    )
    assert SETTINGS_RULE.rule_id == REPORTING_RULE
    value = {"rules": "report", "severities": "low"}[member]

    parse_settings(json.dumps({member: {rule.rule_id: value for rule in every_rule()}}))


def test_the_document_can_lower_what_the_stack_allows_and_not_raise_it() -> None:
    lowered, raised = parse_settings('{"repairMode": "off"}'), parse_settings('{"repairMode": "unsafe"}')

    assert lowered.limits(RepairMode.UNSAFE).repair_mode is RepairMode.OFF
    assert raised.limits(RepairMode.SAFE).repair_mode is RepairMode.SAFE
