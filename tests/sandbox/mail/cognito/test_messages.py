"""Cognito refuses a verification message without its placeholder, and takes an invitation without one."""

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.mail.box import Sandbox, unique
from tests.sandbox.mail.cognito.test_pool_refusals import REGION, created, described, updated


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"EmailVerificationMessage": "Hello {###}"}, "emailVerificationMessage"),
        ({"VerificationMessageTemplate": {"EmailMessage": "Hello there"}}, "verificationMessageTemplate.emailMessage"),
        (
            {"VerificationMessageTemplate": {"EmailMessageByLink": "Hello {####"}},
            "verificationMessageTemplate.emailMessageByLink",
        ),
    ],
)
def test_a_verification_message_needs_its_placeholder(sandbox: Sandbox, members: dict[str, object], named: str) -> None:
    pool = created(sandbox)
    said = f"Value at '{named}' failed to satisfy constraint: Member must satisfy regular expression pattern"

    with pytest.raises(ClientError, match=said):
        updated(sandbox, pool, **members)
    with pytest.raises(ClientError, match=said):
        sandbox.client("cognito-idp", REGION).create_user_pool(PoolName=unique("pool"), **members)


def test_an_invitation_is_taken_without_one(sandbox: Sandbox) -> None:
    invitation = {"EmailMessage": "Welcome, {username}!", "EmailSubject": "Welcome"}

    pool = created(sandbox, AdminCreateUserConfig={"InviteMessageTemplate": invitation})

    assert described(sandbox, pool)["AdminCreateUserConfig"]["InviteMessageTemplate"] == invitation
