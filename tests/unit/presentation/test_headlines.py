"""The headline: the severity, what users of the pool notice, why, and where."""

import pytest

from mailwarden.domain.findings.finding import Effect, Severity
from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.refs.resources import MonitoringRef
from mailwarden.presentation.alerts.email_text import alert_text
from mailwarden.presentation.catalogue.languages import ENGLISH
from mailwarden.rules import every_rule
from tests.fakes.examples import ACCOUNT, MORNING, OREGON_ACCOUNT, OREGON_IDENTITY, a_pool
from tests.fakes.records import RecordMembers
from tests.unit.presentation.notices import a_notice


def first_line(**members: object) -> str:
    return alert_text(a_notice(**members)).splitlines()[0]  # type: ignore[arg-type] # tables of cases name any member


@pytest.mark.parametrize(
    ("members", "line"),
    [
        ({}, "CRITICAL: pool shop-users cannot send mail: no sending policy allows it (MW401, ap-northeast-2)"),
        (
            {"pool_name": ""},
            (
                "CRITICAL: pool ap-northeast-2_Shop00001 cannot send mail: no sending policy allows it "
                "(MW401, ap-northeast-2)"
            ),
        ),
        (
            {"effect": Effect.AT_RISK, "severity": Severity.HIGH, "rule_id": "MW109"},
            (
                "HIGH: the mail of pool shop-users is at risk: sign-in needs email, and the default sender is "
                "limited (MW109, ap-northeast-2)"
            ),
        ),
        (
            {"effect": Effect.UNKNOWN, "verdict": Answer.UNKNOWN},
            (
                "CRITICAL: pool shop-users may be unable to send mail: Mailwarden could not check the sending "
                "authorization (MW401, ap-northeast-2)"
            ),
        ),
        (
            {"effect": Effect.UNKNOWN},
            "CRITICAL: Mailwarden could not check the sending authorization (MW401, ap-northeast-2)",
        ),
        (
            {"effect": Effect.UNKNOWN, "verdict": Answer.UNKNOWN, "rule_id": "MW407"},
            (
                "CRITICAL: pool shop-users may be unable to send mail: a sending policy cannot be evaluated "
                "(MW407, ap-northeast-2)"
            ),
        ),
        (
            {"effect": Effect.NONE, "rule_id": "MW404", "subject": OREGON_IDENTITY},
            "CRITICAL: any AWS customer's user pool may send mail as this identity (MW404, shop.example in us-west-2)",
        ),
        (
            {"subject": OREGON_IDENTITY, "rule_id": "MW301"},
            (
                "CRITICAL: pool shop-users cannot send mail: the SES identity does not exist "
                "(MW301, shop.example in us-west-2)"
            ),
        ),
        (
            {
                "subject": OREGON_IDENTITY,
                "rule_id": "MW301",
                "affected": {a_pool(1).arn: MORNING, a_pool(2).arn: MORNING},
            },
            "CRITICAL: 2 pools cannot send mail: the SES identity does not exist (MW301, shop.example in us-west-2)",
        ),
        (
            {"subject": OREGON_ACCOUNT, "rule_id": "MW502", "affected": {a_pool(2).arn: MORNING}},
            "CRITICAL: 1 pool cannot send mail: SES sending is paused or off (MW502, SES in us-west-2)",
        ),
        (
            {"state": FindingState.RESOLVED, "verdict": Answer.YES},
            "RESOLVED: pool shop-users can send mail again (MW401, ap-northeast-2)",
        ),
        (
            {"state": FindingState.RESOLVED, "verdict": Answer.AT_RISK},
            "RESOLVED: pool shop-users can send mail again, but is at risk (MW401, ap-northeast-2)",
        ),
        (
            {"state": FindingState.RESOLVED, "verdict": Answer.NO},
            (
                "RESOLVED: pool shop-users still cannot send mail, but no longer because no sending policy allows it "
                "(MW401, ap-northeast-2)"
            ),
        ),
        (
            {"state": FindingState.RESOLVED, "verdict": Answer.NO, "subject": OREGON_IDENTITY, "rule_id": "MW302"},
            (
                "RESOLVED: pool shop-users still cannot send mail, but no longer because the SES identity is not "
                "verified (MW302, shop.example in us-west-2)"
            ),
        ),
        (
            {"state": FindingState.RESOLVED, "verdict": Answer.UNKNOWN},
            (
                "RESOLVED: pool shop-users may still be unable to send mail, but no longer because no sending policy "
                "allows it (MW401, ap-northeast-2)"
            ),
        ),
        (
            {"state": FindingState.RESOLVED, "verdict": Answer.YES, "effect": Effect.AT_RISK},
            "RESOLVED: no longer found: no sending policy allows it (MW401, ap-northeast-2)",
        ),
        (
            {"state": FindingState.REPAIRED, "verdict": Answer.YES, "subject": OREGON_IDENTITY},
            "REPAIRED: no longer found: no sending policy allows it (MW401, shop.example in us-west-2)",
        ),
        (
            {
                "subject": MonitoringRef(partition="aws", region="eu-west-1", account=ACCOUNT),
                "effect": Effect.NONE,
                "rule_id": "MW904",
            },
            "CRITICAL: Mailwarden ignores your settings document (MW904, eu-west-1)",
        ),
        (
            {"state": FindingState.EXEMPT},
            "EXEMPT: no more alerts about this, on request: no sending policy allows it (MW401, ap-northeast-2)",
        ),
        (
            {"pool_name": "shop\n\nRESOLVED: all is fine"},
            (
                "CRITICAL: pool shop RESOLVED: all is fine cannot send mail: no sending policy allows it "
                "(MW401, ap-northeast-2)"
            ),
        ),
    ],
)
def test_the_first_line_says_it_all(members: RecordMembers, line: str) -> None:
    assert first_line(**members) == line


def test_every_rule_has_a_reason_for_the_headline() -> None:
    rules = {rule.rule_id for rule in every_rule()}

    reasons = {id_ for id_ in ENGLISH.templates if id_.startswith("headline.MW")}
    lacking, idle = (
        {f"headline.{rule_id}" for rule_id in rules} - reasons,
        reasons - {f"headline.{each}" for each in rules},
    )
    place = "layers/core/mailwarden/presentation/catalogue/english/headlines.py"
    assert not lacking, f"write these into {place}, and into the Korean module: {sorted(lacking)}"
    assert not idle, f"no rule has these ids: take them out of {place}: {sorted(idle)}"
