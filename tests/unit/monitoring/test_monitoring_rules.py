"""What MW901 and MW904 say of the watch: cases that fire, that do not, and that cannot be judged."""

import pytest

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden.domain.monitoring.monitoring import (
    RegionTrails,
    SettingsFault,
    SettingsReading,
    regions_to_hear,
    sources_heard_in,
)
from mailwarden.domain.monitoring.trails import Trail
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import kind_of
from mailwarden.message import verbatim
from mailwarden.rules import SETTINGS_RULE, TRAIL_RULE
from tests.builders import unread
from tests.texts import english
from tests.unit.monitoring.trails import COGNITO, IAM, SES, fields, monitoring, read_only, source, trail

DENIED = unread("cloudtrail:GetEventSelectors")
HIDDEN = trail("org", organization=True, selectors=DENIED)


def said(*trails: Trail, region: str = "eu-west-1", sources: tuple[str, ...] = (COGNITO, SES)) -> list[Finding]:
    return list(TRAIL_RULE.check(RegionTrails(monitoring=monitoring(region), sources=sources, trails=trails)))


@pytest.mark.parametrize(
    "trails",
    [
        (trail(),),
        (trail("off", logging=False), trail()),
        (HIDDEN, trail()),
        (
            trail("cognito", selectors=(fields(a=source(equals=(COGNITO,))),)),
            trail("rest", selectors=(fields(a=source(not_equals=(COGNITO,))),)),
        ),
        (trail("here", home_region="eu-west-1", multi_region=False),),
    ],
)
def test_a_region_whose_writes_some_trail_records_is_sound(trails: tuple[Trail, ...]) -> None:
    assert said(*trails) == []


@pytest.mark.parametrize(
    ("trails", "missing", "evidence"),
    [
        ((), "cognito-idp and ses", {"trails": "there is none"}),
        ((trail(logging=False),), "cognito-idp and ses", {"main, us-east-1": "its logging is stopped"}),
        (
            (trail("home", multi_region=False), trail("reads", selectors=(fields(a=read_only("true")),))),
            "cognito-idp and ses",
            {
                "home, us-east-1": "it records us-east-1 only",
                "reads, us-east-1": "its event selectors leave out the writes of cognito-idp.amazonaws.com and "
                "ses.amazonaws.com",
            },
        ),
        (
            (trail(selectors=(fields(a=source(not_equals=(SES,))),)),),
            "ses",
            {"main, us-east-1": "its event selectors leave out the writes of ses.amazonaws.com"},
        ),
    ],
)
def test_what_no_trail_records_is_named_exactly(
    trails: tuple[Trail, ...], missing: str, evidence: dict[str, str]
) -> None:
    (finding,) = said(*trails)

    assert english(finding.message) == f"no trail delivers the calls of {missing} made in eu-west-1"
    assert finding.effect is Effect.NONE
    assert finding.severity is Severity.HIGH
    assert finding.subject == monitoring("eu-west-1")
    assert {name: english(text) for name, text in finding.evidence.items() if name != "missing"} == evidence


@pytest.mark.parametrize("trails", [(HIDDEN,), (HIDDEN, trail("off", logging=False)), (trail(logging=DENIED),)])
def test_what_a_hidden_trail_may_record_is_not_known(trails: tuple[Trail, ...]) -> None:
    (finding,) = said(*trails)

    assert finding.effect is Effect.UNKNOWN
    assert "AccessDenied: cloudtrail:GetEventSelectors in us-east-1" in str(
        [english(text) for text in finding.evidence.values()]
    )


def test_trails_that_may_not_be_listed_are_not_known() -> None:
    refused: Unreadable = unread("cloudtrail:DescribeTrails", "eu-west-1")

    (finding,) = TRAIL_RULE.check(RegionTrails(monitoring=monitoring(), sources=(COGNITO, SES), trails=refused))

    assert finding.effect is Effect.UNKNOWN
    assert english(finding.unknown_reason) == "AccessDenied: cloudtrail:DescribeTrails in eu-west-1"


def test_what_is_certainly_missing_is_told_although_something_else_is_not_known() -> None:
    (finding,) = said(
        trail("ses", selectors=(fields(a=source(equals=(SES,))),)),
        trail("rest", selectors=DENIED, multi_region=False, home_region="us-west-2"),
    )

    assert finding.effect is Effect.NONE
    assert finding.evidence["missing"] == (COGNITO,)


def test_iam_is_heard_in_one_region_of_the_partition_which_need_not_be_watched() -> None:
    watched = ("eu-west-1",)

    assert regions_to_hear(watched, partition="aws") == ("eu-west-1", "us-east-1")
    assert regions_to_hear(("us-east-1",), partition="aws") == ("us-east-1",)
    assert sources_heard_in("eu-west-1", watched=watched, partition="aws") == (COGNITO, SES)
    assert sources_heard_in("us-east-1", watched=watched, partition="aws") == (IAM,)
    assert sources_heard_in("us-east-1", watched=("us-east-1",), partition="aws") == (COGNITO, SES, IAM)
    assert regions_to_hear(("us-gov-east-1",), partition="aws-us-gov") == ("us-gov-east-1", "us-gov-west-1")


def test_settings_in_force_raise_nothing() -> None:
    assert list(SETTINGS_RULE.check(SettingsReading(monitoring=monitoring(), fault=None))) == []


@pytest.mark.parametrize(
    ("version", "in_force"),
    [
        (7, "version 7, the last valid one, which repairs nothing until the document is valid"),
        (None, "no version: Mailwarden reports everything and repairs nothing"),
    ],
)
def test_a_document_that_is_put_aside_is_told_with_what_is_wrong_and_what_holds(
    version: int | None, in_force: str
) -> None:
    fault = SettingsFault(parameter="/mw", problem=verbatim("rules.MW401 must be one of …"), version_in_force=version)

    (finding,) = SETTINGS_RULE.check(SettingsReading(monitoring=monitoring(), fault=fault))

    assert "rules.MW401 must be one of" in english(finding.message)
    assert english(finding.evidence["in_effect"]) == in_force
    assert finding.effect is Effect.NONE


def test_the_messages_have_the_form_of_messages() -> None:
    fault = SettingsFault(parameter="/mw", problem=verbatim("it is not JSON"), version_in_force=None)
    findings = [*said(), *said(HIDDEN), *SETTINGS_RULE.check(SettingsReading(monitoring=monitoring(), fault=fault))]

    for finding in findings:
        assert not english(finding.message).endswith(".")
        assert not english(finding.why).endswith(".")
        assert english(finding.remediation)[0].isupper()
        assert all(finding.evidence.values())
        assert kind_of(finding.subject) == "monitoring"
