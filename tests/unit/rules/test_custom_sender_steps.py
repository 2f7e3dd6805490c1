"""MW113 names the step for the obstacle that it found, and no step for what works."""

from dataclasses import replace

import pytest

from mailwarden.domain.readings import CustomSender, Missing, Unreadable
from mailwarden.rules.sender import mw113_custom_sender_unreachable
from tests.builders import LAMBDA, mail_path, pool, unread
from tests.texts import english

KEY = "arn:aws:kms:us-east-1:111122223333:key/1"
INVOKES = (
    '{"Statement":[{"Effect":"Allow","Principal":{"Service":"cognito-idp.amazonaws.com"},'
    f'"Action":"lambda:InvokeFunction","Resource":"{LAMBDA}"' + "}]}"
)
NOBODY = INVOKES.replace("cognito-idp", "s3")
INVOKE, ENABLE, KEEP, NAME, SEE, READ, REMOVE = (
    "invoke the function",
    "enable the KMS key",
    "cancel the deletion",
    "set KMSKeyID",
    "see in AWS KMS",
    "let Mailwarden read",
    "remove CustomEmailSender",
)
STEPS = (INVOKE, ENABLE, KEEP, NAME, SEE, READ, REMOVE, "deploy the function")


@pytest.mark.parametrize(
    ("policy", "key_state", "steps"),
    [
        (INVOKES, "Disabled", {ENABLE, REMOVE}),
        (INVOKES, "PendingDeletion", {KEEP, REMOVE}),
        (INVOKES, "PendingReplicaDeletion", {KEEP, REMOVE}),
        (INVOKES, "PendingImport", {SEE, REMOVE}),
        (INVOKES, "Unavailable", {SEE, REMOVE}),
        (INVOKES, "StateOfTomorrow", {SEE}),
        (INVOKES, Missing(arn=KEY), {NAME, REMOVE}),
        (INVOKES, None, {NAME}),
        (INVOKES, unread("kms:DescribeKey"), {READ}),
        (NOBODY, "Enabled", {INVOKE, REMOVE}),
        (Missing(arn=LAMBDA), "Enabled", {"deploy the function", REMOVE}),
        (unread("lambda:GetPolicy"), "Enabled", {READ}),
        (NOBODY, "Disabled", {INVOKE, ENABLE, REMOVE}),
        (Missing(arn=LAMBDA), Missing(arn=KEY), {"deploy the function", NAME, REMOVE}),
        (NOBODY, unread("kms:DescribeKey"), {INVOKE, READ, REMOVE}),
    ],
)
def test_each_obstacle_has_its_own_step(
    policy: str | Missing | Unreadable, key_state: str | Missing | Unreadable | None, steps: set[str]
) -> None:
    path = replace(
        mail_path(pool(custom_sender_lambda=LAMBDA)),
        custom_sender=CustomSender(function_arn=LAMBDA, policy=policy, key_arn=KEY, key_state=key_state),
    )

    (finding,) = mw113_custom_sender_unreachable.RULE.check(path)

    text = english(finding.remediation)
    assert {step for step in STEPS if step in text} == steps, text
