"""Whether sign-in depends on mail: the first factors come with the pool, the second are asked for where they matter."""

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from mailwarden.adapters.aws.cognito.pools import CognitoPools
from mailwarden.domain.readings import MailFactors, Pool
from tests.builders import ACCOUNT, LAMBDA
from tests.functional.aws.harness import Bench, pool_ref, shop
from tests.functional.aws.wire.wire import Answer, refusal

REF = pool_ref(shop())
BOTH = ("DescribeUserPool", "GetUserPoolMfaConfig")
DEFAULT_SENDER: dict[str, object] = {"EmailSendingAccount": "COGNITO_DEFAULT"}
SILENCE = ReadTimeoutError(endpoint_url="https://cognito-idp.us-east-1.amazonaws.com/")


@pytest.mark.parametrize(
    ("factors", "mails"),
    [(["PASSWORD", "EMAIL_OTP"], True), (["PASSWORD", "SMS_OTP", "WEB_AUTHN"], False), (None, False)],
)
def test_a_one_time_password_by_mail_in_first_place_is_seen_in_the_pool_itself(
    bench: Bench, factors: list[str] | None, mails: bool
) -> None:
    policies = {} if factors is None else {"SignInPolicy": {"AllowedFirstAuthFactors": factors}}
    bench.cognito.put(shop(Policies=policies))

    reading = read(bench)

    assert reading.factors == MailFactors(second_factor=False, first_factor=mails)
    assert bench.wire.operations() == ("DescribeUserPool",)


@pytest.mark.parametrize(
    ("mfa", "mails"),
    [
        ({"MfaConfiguration": "OPTIONAL", "EmailMfaConfiguration": {"Subject": "Code", "Message": "{####}"}}, True),
        ({"MfaConfiguration": "ON", "EmailMfaConfiguration": {}}, True),
        ({"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": True}}, False),
        ({"MfaConfiguration": "OFF", "EmailMfaConfiguration": {"Subject": "Code"}}, False),
    ],
)
def test_a_second_factor_by_mail_is_asked_for_on_the_default_sender(
    bench: Bench, mfa: dict[str, object], mails: bool
) -> None:
    bench.cognito.put(shop(EmailConfiguration=DEFAULT_SENDER), mfa=mfa)

    reading = read(bench)

    assert reading.factors.second_factor is mails
    assert bench.wire.operations() == BOTH


def test_a_pool_without_a_known_mfa_configuration_is_read_again(bench: Bench) -> None:
    pool = shop(EmailConfiguration={})
    del pool["MfaConfiguration"]
    bench.cognito.put(pool, mfa={"MfaConfiguration": "ON", "EmailMfaConfiguration": {}})

    reading = read(bench)

    assert reading.factors.second_factor is True


@pytest.mark.parametrize(
    "members",
    [
        {"MfaConfiguration": "ON"},
        {"MfaConfiguration": "OFF", "EmailConfiguration": DEFAULT_SENDER},
        {
            "MfaConfiguration": "ON",
            "EmailConfiguration": DEFAULT_SENDER,
            "LambdaConfig": {"CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": LAMBDA}},
        },
    ],
    ids=["DEVELOPER", "no MFA", "custom sender"],
)
def test_second_factors_are_not_asked_for_where_they_decide_nothing(bench: Bench, members: dict[str, object]) -> None:
    bench.cognito.put(shop(**members), mfa={"MfaConfiguration": "ON", "EmailMfaConfiguration": {}})

    reading = read(bench)

    assert reading.factors.second_factor is False
    assert bench.wire.operations() == ("DescribeUserPool",)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (refusal("AccessDeniedException"), "AccessDenied"),
        (refusal("TooManyRequestsException"), "TooManyRequestsException"),
        (refusal("ResourceNotFoundException"), "ResourceNotFoundException"),
        (SILENCE, "ReadTimeout"),
    ],
    ids=lambda value: value.code if isinstance(value, Answer) else None,
)
def test_second_factors_that_could_not_be_read_leave_the_pool_read(
    bench: Bench, answer: Answer | Exception, reason: str
) -> None:
    bench.cognito.put(shop(EmailConfiguration=DEFAULT_SENDER))
    bench.wire.disturb("GetUserPoolMfaConfig", 1, 2, 3, 4, instead=answer)

    reading = read(bench)

    assert reading.name == "shop"
    assert str(reading.factors.second_factor) == f"{reason}: cognito-idp:GetUserPoolMfaConfig in us-east-1"


def test_an_unforeseen_error_is_raised(bench: Bench) -> None:
    bench.cognito.put(shop(EmailConfiguration=DEFAULT_SENDER))
    bench.wire.disturb("GetUserPoolMfaConfig", instead=refusal("ExpiredTokenException"))

    with pytest.raises(ClientError, match="ExpiredToken"):
        read(bench)


def read(bench: Bench) -> Pool:
    reading = CognitoPools(clients=bench.clients, partition="aws", account=ACCOUNT).read(REF)
    assert isinstance(reading, Pool)
    return reading
