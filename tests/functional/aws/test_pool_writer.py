"""The safe writer: what it compares, refuses, survives and reports."""

import copy
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from mailwarden.domain.changes import ReplaceEmailConfiguration
from mailwarden.domain.journal import Drifted, Refused, SideEffect, Written
from mailwarden.domain.readings import EmailConfiguration, SenderMode
from tests.builders import ACCOUNT, NOON, OTHER_ACCOUNT
from tests.functional.aws.harness import AFTER, Bench, pool_ref, repair, shop
from tests.functional.aws.wire.cognito import Pool
from tests.functional.aws.wire.wire import Answer, refusal

LOOKS = ("DescribeUserPool", "GetUserPoolMfaConfig", "DescribeUserPool")
SILENCE = ReadTimeoutError(endpoint_url="https://cognito-idp.us-east-1.amazonaws.com/")
NO_CONNECTION = ConnectTimeoutError(endpoint_url="https://cognito-idp.us-east-1.amazonaws.com/")
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


def test_the_request_leaves_out_what_must_not_be_sent(bench: Bench) -> None:
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
    ids=["key", "texts differ", "zero days", "no password policy", "not accepted by the SDK"],
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
    assert reason in outcome.detail
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
    assert reason in outcome.detail
    assert bench.wire.operations() == ()


def test_a_change_that_means_nothing_is_refused_without_a_call(bench: Bench) -> None:
    pool = shop(EmailConfiguration={})
    bench.cognito.put(pool)

    outcome = bench.writer.write(repair(pool, DEFAULT_SENDER), entry_id="entry")

    assert outcome == Refused(detail="the change changes nothing")


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


def test_an_absent_sending_account_is_not_the_same_member_as_the_default(bench: Bench) -> None:
    pool = shop(EmailConfiguration={})
    bench.cognito.put(pool)
    change = ReplaceEmailConfiguration(pool=pool_ref(pool), before=DEFAULT_SENDER, after=AFTER)

    outcome = bench.writer.write(change, entry_id="entry")

    assert outcome == Drifted(detail="EmailConfiguration is no longer what it was: EmailSendingAccount")


def test_drift_before_the_first_look_is_seen(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)
    change = repair(pool)
    pool["EmailConfiguration"] = {"EmailSendingAccount": "COGNITO_DEFAULT"}

    outcome = bench.writer.write(change, entry_id="entry")

    expected = "EmailConfiguration is no longer what it was: EmailSendingAccount, From, SourceArn"
    assert outcome == Drifted(detail=expected)
    assert bench.wire.operations() == ("DescribeUserPool",)


@pytest.mark.parametrize(
    ("moved", "named"),
    [
        ({"EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"}}, "EmailConfiguration"),
        ({"DeletionProtection": "INACTIVE"}, "DeletionProtection"),
        ({"UserPoolTags": {"team": "other"}}, "UserPoolTags"),
        ({"DeviceConfiguration": {}}, "DeviceConfiguration"),
        ({"LastModifiedDate": 1_700_000_001.0}, "somebody wrote"),
    ],
)
def test_anything_that_moves_between_the_looks_stops_the_write(
    bench: Bench,
    moved: dict[str, object],
    named: str,
) -> None:
    pool = shop()
    bench.cognito.put(pool)
    bench.wire.disturb("DescribeUserPool", 2, before=lambda: pool.update(moved))

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert isinstance(outcome, Drifted)
    assert named in outcome.detail
    assert bench.wire.count("UpdateUserPool") == 0


def test_a_user_who_signs_up_between_the_looks_does_not_stop_the_write(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)
    bench.wire.disturb("DescribeUserPool", 2, before=lambda: pool.update(EstimatedNumberOfUsers=8))

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert outcome == Written(entry_id="entry")


def test_a_pool_that_is_gone_has_drifted(bench: Bench) -> None:
    outcome = bench.writer.write(repair(shop()), entry_id="entry")

    assert outcome == Drifted(detail="the pool is gone")


@pytest.mark.parametrize("operation", ["DescribeUserPool", "GetUserPoolMfaConfig"])
def test_what_may_not_be_looked_at_is_not_written(bench: Bench, operation: str) -> None:
    pool = shop()
    bench.cognito.put(pool)
    bench.wire.disturb(operation, instead=refusal("AccessDeniedException", "not you"))

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert isinstance(outcome, Refused)
    assert f"cognito-idp:{operation}" in outcome.detail
    assert bench.wire.count("UpdateUserPool") == 0


@pytest.mark.parametrize(
    "code",
    [
        "AccessDeniedException",
        "FeatureUnavailableInTierException",
        "InvalidEmailRoleAccessPolicyException",
        "InvalidParameterException",
        "InvalidSmsRoleAccessPolicyException",
        "InvalidSmsRoleTrustRelationshipException",
        "NotAuthorizedException",
        "OperationNotEnabledException",
        "TierChangeNotAllowedException",
        "UserImportInProgressException",
        "UserPoolTaggingException",
    ],
)
def test_a_final_error_is_a_refusal_with_the_words_of_aws(bench: Bench, code: str) -> None:
    pool = shop()
    bench.cognito.put(pool)
    bench.wire.disturb("UpdateUserPool", instead=refusal(code, "the words of AWS"))

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert isinstance(outcome, Refused)
    assert code.removesuffix("Exception") in outcome.detail
    assert "the words of AWS" in outcome.detail
    assert bench.wire.count("UpdateUserPool") == 1


@pytest.mark.parametrize("code", ["ConcurrentModificationException", "TooManyRequestsException"])
def test_a_busy_or_throttling_cognito_is_tried_again_after_another_comparison(bench: Bench, code: str) -> None:
    pool = shop()
    bench.cognito.put(pool)
    bench.wire.disturb("UpdateUserPool", 1, 2, instead=refusal(code))

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert outcome == Written(entry_id="entry")
    again = ("DescribeUserPool", "UpdateUserPool")
    assert bench.wire.operations()[:8] == (*LOOKS, "UpdateUserPool", *again, *again)
    assert sum(bench.time.slept) == pytest.approx(1.2)


def test_a_change_that_slips_in_while_cognito_is_busy_is_not_overwritten(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)
    busy = refusal("ConcurrentModificationException")
    bench.wire.disturb("UpdateUserPool", instead=busy, before=lambda: pool.update(DeletionProtection="INACTIVE"))

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert outcome == Drifted(detail="the pool changed between two looks: DeletionProtection")
    assert pool["DeletionProtection"] == "INACTIVE"


@pytest.mark.parametrize(
    "code", ["ConcurrentModificationException", "TooManyRequestsException", "InternalErrorException"]
)
def test_what_does_not_pass_within_four_attempts_is_raised_for_another_delivery(bench: Bench, code: str) -> None:
    pool = shop()
    bench.cognito.put(pool)
    status = 500 if code.startswith("Internal") else 400
    bench.wire.disturb("UpdateUserPool", 1, 2, 3, 4, instead=refusal(code, status=status))

    with pytest.raises(ClientError, match=code):
        bench.writer.write(repair(pool), entry_id="entry")

    assert bench.wire.count("UpdateUserPool") == 4


def test_an_error_nobody_foresaw_is_raised_at_once(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)
    bench.wire.disturb("UpdateUserPool", instead=refusal("ExpiredTokenException"))

    with pytest.raises(ClientError, match="ExpiredToken"):
        bench.writer.write(repair(pool), entry_id="entry")

    assert bench.wire.count("UpdateUserPool") == 1


def test_a_write_whose_answer_is_lost_is_found_done_and_not_repeated(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)
    bench.wire.disturb("UpdateUserPool", is_lost=True)

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert outcome == Written(entry_id="entry")
    assert len(bench.cognito.updates) == 1
    assert len(bench.windows) == 1


@pytest.mark.parametrize("instead", [SILENCE, NO_CONNECTION, refusal("InternalErrorException", status=500)])
def test_a_write_that_never_arrived_is_sent_again(bench: Bench, instead: Answer | Exception) -> None:
    pool = shop()
    bench.cognito.put(pool)
    bench.wire.disturb("UpdateUserPool", instead=instead)

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert outcome == Written(entry_id="entry")
    assert len(bench.cognito.updates) == 1


def test_the_last_lost_answer_is_looked_after_as_well(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)
    bench.wire.disturb("UpdateUserPool", 1, 2, 3, instead=SILENCE)
    bench.wire.disturb("UpdateUserPool", 4, is_lost=True)

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert outcome == Written(entry_id="entry")


def test_a_cognito_that_never_answers_a_write_is_raised(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)
    bench.wire.disturb("UpdateUserPool", 1, 2, 3, 4, instead=SILENCE)

    with pytest.raises(ReadTimeoutError):
        bench.writer.write(repair(pool), entry_id="entry")

    assert bench.cognito.updates == []


def test_a_lost_answer_and_a_pool_that_moved_is_an_incident(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)
    bench.wire.disturb("UpdateUserPool", is_lost=True)
    bench.wire.disturb("DescribeUserPool", 3, before=lambda: pool.update(EmailConfiguration={}))

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert isinstance(outcome, SideEffect)
    assert "cannot be told" in outcome.detail


def test_an_mfa_configuration_that_the_write_resets_is_detected(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool, {"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": True}})
    bench.cognito.disturbed_by = lambda _, mfa: mfa.pop("SoftwareTokenMfaConfiguration")

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert isinstance(outcome, SideEffect)
    assert outcome.detail.endswith(": MFA configuration: SoftwareTokenMfaConfiguration")


@pytest.mark.parametrize(
    ("member", "value", "path"),
    [
        ("DeletionProtection", "INACTIVE", "DeletionProtection"),
        ("MfaConfiguration", "OFF", "MfaConfiguration"),
        ("DeviceConfiguration", {}, "DeviceConfiguration"),
        ("AutoVerifiedAttributes", [], "AutoVerifiedAttributes"),
        ("UserPoolTags", {"team": "shop"}, "UserPoolTags.aws:cloudformation:stack-name"),
        (
            "Policies",
            {"PasswordPolicy": {"MinimumLength": 12}},
            "Policies.PasswordPolicy.TemporaryPasswordValidityDays",
        ),
        ("NewThing", "secret", "NewThing"),
        ("EmailConfiguration", {"EmailSendingAccount": "DEVELOPER"}, "EmailConfiguration.SourceArn"),
    ],
)
def test_whatever_else_changes_is_named_by_its_path_and_never_by_its_value(
    bench: Bench,
    member: str,
    value: object,
    path: str,
) -> None:
    pool = shop()
    bench.cognito.put(pool)

    def disturb(pool: Pool, _: dict[str, object]) -> None:
        pool[member] = value
        if member == "Policies":
            pool["AdminCreateUserConfig"] = {"AllowAdminCreateUserOnly": False}

    bench.cognito.disturbed_by = disturb

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert isinstance(outcome, SideEffect)
    assert path in outcome.detail
    assert "secret" not in outcome.detail
    assert len(bench.cognito.updates) == 1


def test_an_order_in_which_lists_come_back_is_no_side_effect(bench: Bench) -> None:
    pool = shop(AutoVerifiedAttributes=["email", "phone_number"])
    bench.cognito.put(pool)
    bench.cognito.disturbed_by = lambda pool, _: pool.update(AutoVerifiedAttributes=["phone_number", "email"])

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert outcome == Written(entry_id="entry")


@pytest.mark.parametrize("operation", ["DescribeUserPool", "GetUserPoolMfaConfig"])
def test_a_failed_look_after_the_write_is_never_called_success(bench: Bench, operation: str) -> None:
    pool = shop()
    bench.cognito.put(pool)
    nth = 3 if operation == "DescribeUserPool" else 2
    bench.wire.disturb(operation, nth, instead=refusal("AccessDeniedException"))

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert isinstance(outcome, SideEffect)
    assert "AccessDenied" in outcome.detail


def test_a_write_that_is_seen_a_little_later_is_waited_for(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)
    old = copy.deepcopy(pool)
    bench.wire.disturb("DescribeUserPool", 3, instead=Answer(body={"UserPool": old}))

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert outcome == Written(entry_id="entry")
    assert bench.time.slept[-1] == pytest.approx(0.2)


def test_the_window_is_measured_from_before_the_last_look_to_the_answer(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)

    def pass_time(seconds: float) -> None:
        bench.time.seconds += seconds

    bench.wire.disturb("DescribeUserPool", 2, before=lambda: pass_time(0.030))
    bench.wire.disturb("UpdateUserPool", before=lambda: pass_time(0.040))

    bench.writer.write(repair(pool), entry_id="entry")

    (window,) = bench.windows
    assert window.milliseconds == pytest.approx(70)
    assert window.opened_at == NOON + timedelta(seconds=1000)
    assert window.resource == repair(pool).resource
