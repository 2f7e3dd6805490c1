"""The sender of threat protection's notices: read only where threat protection acts and tells users."""

import json
from dataclasses import replace

import pytest
from botocore.exceptions import ReadTimeoutError

from mailwarden.adapters.aws.cognito.pools import CognitoPools
from mailwarden.domain.known_good.risk_configuration import risk_text
from mailwarden.domain.readings import Pool, ThreatNotices, Unreadable
from tests.builders import ACCOUNT, LAMBDA
from tests.functional.aws.harness import Bench, pool_ref, shop
from tests.functional.aws.wire.wire import Answer, refusal

REF = pool_ref(shop())
ARN = f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/security@shop.example"
ENFORCED: dict[str, object] = {"UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}}
SILENCE = ReadTimeoutError(endpoint_url="https://cognito-idp.us-east-1.amazonaws.com/")


def read(bench: Bench) -> Pool:
    reading = CognitoPools(clients=bench.clients, partition="aws", account=ACCOUNT).read(REF)
    assert isinstance(reading, Pool)
    return reading


def risk(*, notify: bool = True, **sender: str) -> dict[str, object]:
    actions = {
        "LowAction": {"Notify": False, "EventAction": "NO_ACTION"},
        "HighAction": {"Notify": notify, "EventAction": "BLOCK"},
    }
    configuration = {"NotifyConfiguration": {"SourceArn": ARN, **sender}, "Actions": actions}
    return {"AccountTakeoverRiskConfiguration": configuration}


@pytest.mark.parametrize(
    "add_ons",
    [
        {"AdvancedSecurityMode": "ENFORCED"},
        {"AdvancedSecurityMode": "AUDIT", "AdvancedSecurityAdditionalFlows": {"CustomAuthMode": "ENFORCED"}},
        {"AdvancedSecurityMode": "A_MODE_OF_TOMORROW"},
    ],
)
def test_the_sender_is_read_where_threat_protection_acts(bench: Bench, add_ons: dict[str, object]) -> None:
    bench.cognito.put(shop(UserPoolAddOns=add_ons))
    bench.cognito.risk[REF.pool_id] = risk(From="Shop <security@shop.example>", ReplyTo="help@shop.example")

    reading = read(bench)

    notices = reading.threat_notices
    assert isinstance(notices, ThreatNotices)
    assert replace(notices, takeover="") == ThreatNotices(
        source_arn=ARN, from_address="Shop <security@shop.example>", reply_to="help@shop.example"
    )
    assert reading.risk == risk_text(bench.cognito.risk[REF.pool_id])
    assert json.loads(notices.takeover) == bench.cognito.risk[REF.pool_id]["AccountTakeoverRiskConfiguration"]
    assert bench.wire.operations() == ("DescribeUserPool", "DescribeRiskConfiguration")


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"UserPoolAddOns": {"AdvancedSecurityMode": "OFF"}},
        {"UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}},
        {**ENFORCED, "LambdaConfig": {"CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": LAMBDA}}},
    ],
    ids=["absent", "off", "only logs", "custom sender"],
)
def test_a_pool_whose_threat_protection_mails_nothing_costs_no_read(bench: Bench, members: dict[str, object]) -> None:
    bench.cognito.put(shop(**members))
    bench.cognito.risk[REF.pool_id] = risk()

    reading = read(bench)

    assert reading.threat_notices is None
    assert bench.wire.operations() == ("DescribeUserPool",)


@pytest.mark.parametrize(
    "configuration",
    [{}, risk(notify=False), {"AccountTakeoverRiskConfiguration": {"Actions": {"HighAction": {"Notify": True}}}}],
    ids=["none", "no notice", "no sender"],
)
def test_a_risk_configuration_without_notices_has_no_sender(bench: Bench, configuration: dict[str, object]) -> None:
    bench.cognito.put(shop(**ENFORCED))
    bench.cognito.risk[REF.pool_id] = configuration

    assert read(bench).threat_notices is None


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (refusal("AccessDeniedException"), "AccessDenied"),
        (refusal("UserPoolAddOnNotEnabledException"), "UserPoolAddOnNotEnabledException"),
        (SILENCE, "ReadTimeout"),
    ],
    ids=lambda value: value.code if isinstance(value, Answer) else None,
)
def test_a_risk_configuration_that_could_not_be_read_leaves_the_pool_read(
    bench: Bench, answer: Answer | Exception, reason: str
) -> None:
    bench.cognito.put(shop(**ENFORCED))
    bench.wire.disturb("DescribeRiskConfiguration", 1, 2, 3, 4, instead=answer)

    reading = read(bench)

    assert isinstance(reading.threat_notices, Unreadable)
    assert str(reading.threat_notices) == f"{reason}: cognito-idp:DescribeRiskConfiguration in us-east-1"


def test_a_sender_with_members_that_the_sdk_does_not_know_is_not_known_whole(bench: Bench) -> None:
    bench.cognito.put(shop(**ENFORCED))
    bench.cognito.risk[REF.pool_id] = risk(TemplateOfTomorrow="…")

    notices = read(bench).threat_notices

    assert notices == ThreatNotices(source_arn=ARN)
