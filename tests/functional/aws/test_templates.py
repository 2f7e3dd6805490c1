"""The texts of a pool's mail that lack their placeholder, as DescribeUserPool shows them."""

import pytest

from mailwarden.adapters.aws.cognito.pools import CognitoPools
from mailwarden.domain.readings import Pool
from mailwarden.domain.refs.mail_templates import MailTemplate
from tests.builders import ACCOUNT
from tests.functional.aws.harness import Bench, pool_ref, shop

CODE, LINK, INVITATION = MailTemplate
BY_LINK = {"DefaultEmailOption": "CONFIRM_WITH_LINK"}
WELCOME = {"InviteMessageTemplate": {"EmailMessage": "Welcome, {username}!"}}


def read(bench: Bench, members: dict[str, object]) -> Pool:
    pool = shop(**members)
    bench.cognito.put(pool)
    reading = CognitoPools(clients=bench.clients, partition="aws", account=ACCOUNT).read(pool_ref(pool))
    assert isinstance(reading, Pool)
    return reading


@pytest.mark.parametrize(
    ("members", "lacking"),
    [
        ({}, ()),
        ({"VerificationMessageTemplate": {"EmailMessage": "It is {####}.\nBye"}}, ()),
        ({"VerificationMessageTemplate": {"EmailMessage": "It is {###}"}}, (CODE,)),
        ({"VerificationMessageTemplate": {"EmailMessage": ""}}, ()),
        ({"VerificationMessageTemplate": {}, "EmailVerificationMessage": "Hello"}, (CODE,)),
        ({"VerificationMessageTemplate": {"EmailMessageByLink": "Hello"}}, ()),
        ({"VerificationMessageTemplate": {"EmailMessageByLink": "Hello"} | BY_LINK}, (LINK,)),
        ({"VerificationMessageTemplate": {"EmailMessageByLink": "Go {##to\nus##}"} | BY_LINK}, ()),
        ({"VerificationMessageTemplate": {"EmailMessage": "No"} | BY_LINK}, (CODE,)),
        ({"AdminCreateUserConfig": WELCOME}, (INVITATION,)),
        ({"AdminCreateUserConfig": {"InviteMessageTemplate": {"EmailMessage": "{username}: {####}"}}}, ()),
        ({"AdminCreateUserConfig": {"InviteMessageTemplate": {"SMSMessage": "Welcome"}}}, ()),
    ],
)
def test_a_text_that_is_in_use_needs_its_placeholder(
    bench: Bench, members: dict[str, object], lacking: tuple[MailTemplate, ...]
) -> None:
    assert read(bench, members).templates_without_code == lacking


@pytest.mark.parametrize(
    ("factors", "passwordless"), [([], False), (["PASSWORD"], False), (["PASSWORD", "EMAIL_OTP"], True)]
)
def test_a_first_factor_other_than_a_password_makes_a_pool_passwordless(
    bench: Bench, factors: list[str], *, passwordless: bool
) -> None:
    policies = {"SignInPolicy": {"AllowedFirstAuthFactors": factors}}

    assert read(bench, {"Policies": policies}).is_passwordless is passwordless


def test_a_function_for_messages_is_seen(bench: Bench) -> None:
    function = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:texts"

    assert read(bench, {"LambdaConfig": {"CustomMessage": function}}).has_custom_message
    assert not read(bench, {"LambdaConfig": {}}).has_custom_message
