"""The safe writer: members that it sends or leaves out, and pools that it refuses to write."""

import pytest

from mailwarden.domain.findings.changes import ReplaceEmailConfiguration
from mailwarden.domain.readings import EmailConfiguration, SenderMode
from mailwarden.domain.repair.journal import Refused, Written
from mailwarden.message import message
from tests.builders import ACCOUNT, OTHER_ACCOUNT
from tests.functional.aws.harness import Bench, pool_ref, repair, shop
from tests.functional.aws.wire.wire import refusal
from tests.texts import english

LOOKS = ("DescribeUserPool", "GetUserPoolMfaConfig", "DescribeUserPool")
DEFAULT_SENDER = EmailConfiguration(sending_account=SenderMode.COGNITO_DEFAULT)


def test_a_repair_looks_twice_writes_once_and_looks_again(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert outcome == Written(entry_id="entry")
    assert bench.wire.operations() == (*LOOKS, "UpdateUserPool", "DescribeUserPool", "GetUserPoolMfaConfig")


def test_every_call_goes_to_the_region_of_the_pool_and_not_to_that_of_its_id(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)
    change = repair(pool)
    replica = ReplaceEmailConfiguration(
        pool=pool_ref(pool, region="eu-west-1"), before=change.before, after=change.after
    )

    bench.writer.write(replica, entry_id="entry")

    assert {request.region for request in bench.wire.requests} == {"eu-west-1"}


def test_the_request_leaves_out_members_that_must_not_be_sent(bench: Bench) -> None:
    pool = shop(
        SmsConfiguration={},
        UserPoolAddOns={},
        EmailVerificationMessage="code {####}",
        SmsVerificationMessage="sms {####}",
        VerificationMessageTemplate={"EmailMessage": "code {####}", "DefaultEmailOption": "CONFIRM_WITH_CODE"},
    )
    bench.cognito.put(pool)

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    sent = bench.cognito.updates[0]
    assert outcome == Written(entry_id="entry")
    assert sent.keys().isdisjoint(
        {"MfaConfiguration", "SmsConfiguration", "UserPoolAddOns", "EmailVerificationMessage"}
    )
    assert sent["SmsVerificationMessage"] == "sms {####}"
    assert sent["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": False}
    assert sent["UserPoolTags"] == {"team": "shop"}
    assert sent["PoolName"] == "shop"


def test_both_texts_of_the_template_are_sent_back_so_that_neither_is_lost(bench: Bench) -> None:
    template = {
        "EmailMessage": "code {####}",
        "EmailSubject": "code",
        "EmailMessageByLink": "{##link##}",
        "EmailSubjectByLink": "link",
        "DefaultEmailOption": "CONFIRM_WITH_LINK",
    }
    pool = shop(VerificationMessageTemplate=template)
    bench.cognito.put(pool)

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert outcome == Written(entry_id="entry")
    assert pool["VerificationMessageTemplate"] == template


def test_the_older_validity_becomes_the_newer_one_only_where_that_is_absent(bench: Bench) -> None:
    pool = shop(
        Policies={"PasswordPolicy": {"MinimumLength": 12}},
        AdminCreateUserConfig={"UnusedAccountValidityDays": 30},
    )
    bench.cognito.put(pool)

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert outcome == Written(entry_id="entry")
    assert bench.cognito.updates[0]["Policies"] == {
        "PasswordPolicy": {"MinimumLength": 12, "TemporaryPasswordValidityDays": 30},
    }


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"LambdaConfig": {"KMSKeyID": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/k"}}, "LambdaConfig.KMSKeyID"),
        (
            {"LambdaConfig": {"CustomEmailSender": {"KmsKeyArn": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/k"}}},
            "LambdaConfig.CustomEmailSender.KmsKeyArn",
        ),
        ({"KeyConfiguration": {"KeyType": "CUSTOMER_MANAGED_KEY"}}, "KeyConfiguration.KeyType"),
        (
            {"KeyConfiguration": {"KmsKeyArn": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/k"}},
            "KeyConfiguration.KmsKeyArn",
        ),
        (
            {
                "EmailVerificationSubject": "older",
                "VerificationMessageTemplate": {"EmailSubject": "newer", "DefaultEmailOption": "CONFIRM_WITH_CODE"},
            },
            "EmailVerificationSubject and VerificationMessageTemplate.EmailSubject differ",
        ),
        (
            {
                "Policies": {"PasswordPolicy": {"MinimumLength": 8}},
                "AdminCreateUserConfig": {"UnusedAccountValidityDays": 0},
            },
            "UnusedAccountValidityDays",
        ),
        ({"Policies": {}}, "UnusedAccountValidityDays"),
        ({"AccountRecoverySetting": {"RecoveryMechanisms": []}}, "AccountRecoverySetting.RecoveryMechanisms"),
    ],
    ids=[
        "key",
        "key at any depth",
        "pool's own key",
        "ARN of the pool's own key",
        "texts differ",
        "zero days",
        "no password policy",
        "not accepted by the SDK",
    ],
)
def test_a_pool_that_cannot_be_sent_back_as_it_is_is_refused_and_not_written(
    bench: Bench,
    members: dict[str, object],
    reason: str,
) -> None:
    pool = shop(**members)
    bench.cognito.put(pool)

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert isinstance(outcome, Refused)
    assert reason in english(outcome.reason)
    assert bench.wire.count("UpdateUserPool") == 0


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        (EmailConfiguration(sending_account=SenderMode.COGNITO_DEFAULT, from_address="a@b.example"), "From"),
        (EmailConfiguration(from_address="a@b.example"), "From"),
        (EmailConfiguration(sending_account=SenderMode.DEVELOPER), "SourceArn"),
    ],
)
def test_a_configuration_that_cognito_forbids_is_refused_without_a_call(
    bench: Bench,
    after: EmailConfiguration,
    reason: str,
) -> None:
    pool = shop()
    bench.cognito.put(pool)

    outcome = bench.writer.write(repair(pool, after), entry_id="entry")

    assert isinstance(outcome, Refused)
    assert reason in english(outcome.reason)
    assert bench.wire.operations() == ()


def test_a_change_that_means_nothing_is_refused_without_a_call(bench: Bench) -> None:
    pool = shop(EmailConfiguration={})
    bench.cognito.put(pool)

    outcome = bench.writer.write(repair(pool, DEFAULT_SENDER), entry_id="entry")

    assert outcome == Refused(reason=message("write.no-change"))


def test_a_pool_of_another_account_is_refused_without_a_call(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)
    change = repair(pool)
    foreign = ReplaceEmailConfiguration(
        pool=pool_ref(pool, account=OTHER_ACCOUNT), before=change.before, after=change.after
    )

    outcome = bench.writer.write(foreign, entry_id="entry")

    assert isinstance(outcome, Refused)
    assert bench.wire.operations() == ()


def test_a_pool_with_mfa_by_mail_is_not_moved_to_the_default_sender(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool, {"MfaConfiguration": "ON", "EmailMfaConfiguration": {"Subject": "code"}})

    outcome = bench.writer.write(repair(pool, DEFAULT_SENDER), entry_id="entry")

    assert isinstance(outcome, Refused)
    assert bench.wire.count("UpdateUserPool") == 0


def test_an_empty_configuration_can_be_put_back(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)

    outcome = bench.writer.write(repair(pool, EmailConfiguration()), entry_id="entry")

    assert outcome == Written(entry_id="entry")
    assert pool["EmailConfiguration"] == {"EmailSendingAccount": "COGNITO_DEFAULT"}


@pytest.mark.parametrize("operation", ["DescribeUserPool", "GetUserPoolMfaConfig"])
def test_a_pool_that_may_not_be_read_is_not_written(bench: Bench, operation: str) -> None:
    pool = shop()
    bench.cognito.put(pool)
    bench.wire.disturb(operation, instead=refusal("AccessDeniedException", "not you"))

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert isinstance(outcome, Refused)
    assert f"cognito-idp:{operation}" in english(outcome.reason)
    assert bench.wire.count("UpdateUserPool") == 0
