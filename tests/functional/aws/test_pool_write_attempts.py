"""The safe writer between comparison and answer: drift, a busy Cognito, throttles, errors, lost answers."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from mailwarden.domain.findings.changes import ReplaceEmailConfiguration
from mailwarden.domain.readings import EmailConfiguration, SenderMode
from mailwarden.domain.repair.journal import Drifted, Refused, SideEffect, Unconfirmed, Written
from mailwarden.message import message
from tests.functional.aws.harness import AFTER, Bench, pool_ref, repair, shop
from tests.functional.aws.wire.wire import Answer, refusal
from tests.texts import english

LOOKS = ("DescribeUserPool", "GetUserPoolMfaConfig", "DescribeUserPool")
SILENCE = ReadTimeoutError(endpoint_url="https://cognito-idp.us-east-1.amazonaws.com/")
NO_CONNECTION = ConnectTimeoutError(endpoint_url="https://cognito-idp.us-east-1.amazonaws.com/")
DEFAULT_SENDER = EmailConfiguration(sending_account=SenderMode.COGNITO_DEFAULT)


def test_an_absent_sending_account_is_not_the_same_member_as_the_default(bench: Bench) -> None:
    pool = shop(EmailConfiguration={})
    bench.cognito.put(pool)
    change = ReplaceEmailConfiguration(pool=pool_ref(pool), before=DEFAULT_SENDER, after=AFTER)

    outcome = bench.writer.write(change, entry_id="entry")

    assert outcome == Drifted(reason=message("write.email-moved", members=("EmailSendingAccount",)))


def test_drift_before_the_first_look_is_seen(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)
    change = repair(pool)
    pool["EmailConfiguration"] = {"EmailSendingAccount": "COGNITO_DEFAULT"}

    outcome = bench.writer.write(change, entry_id="entry")

    members = ("EmailSendingAccount", "From", "SourceArn")
    assert outcome == Drifted(reason=message("write.email-moved", members=members))
    assert bench.wire.operations() == ("DescribeUserPool",)


def test_a_call_that_chose_what_is_live_already_stops_a_write_that_was_decided_before_it(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)
    change = replace(repair(pool), modified=datetime.fromtimestamp(float(str(pool["LastModifiedDate"])), tz=UTC))
    pool["LastModifiedDate"] = 1_700_000_000.5

    outcome = bench.writer.write(change, entry_id="entry")

    assert outcome == Drifted(reason=message("write.pool-written"))
    assert bench.wire.count("UpdateUserPool") == 0


@pytest.mark.parametrize("is_lost", [True, False])
def test_a_write_that_depends_on_the_date_is_made_once_whether_or_not_its_answer_is_lost(
    bench: Bench, *, is_lost: bool
) -> None:
    pool = shop()
    bench.cognito.put(pool)
    change = replace(repair(pool), modified=datetime.fromtimestamp(float(str(pool["LastModifiedDate"])), tz=UTC))
    if is_lost:
        bench.wire.disturb("UpdateUserPool", is_lost=True)

    outcome = bench.writer.write(change, entry_id="entry")

    assert outcome == Written(entry_id="entry")
    assert bench.wire.count("UpdateUserPool") == 1


@pytest.mark.parametrize(
    ("moved", "named"),
    [
        ({"EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"}}, "EmailConfiguration"),
        ({"DeletionProtection": "INACTIVE"}, "DeletionProtection"),
        ({"UserPoolTags": {"team": "other"}}, "UserPoolTags"),
        ({"DeviceConfiguration": {}}, "DeviceConfiguration"),
        ({"LastModifiedDate": 1_700_000_001.0}, "another actor wrote"),
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
    assert named in english(outcome.reason)
    assert bench.wire.count("UpdateUserPool") == 0


def test_a_user_who_signs_up_between_the_looks_does_not_stop_the_write(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)
    bench.wire.disturb("DescribeUserPool", 2, before=lambda: pool.update(EstimatedNumberOfUsers=8))

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert outcome == Written(entry_id="entry")


def test_a_pool_that_is_gone_has_drifted(bench: Bench) -> None:
    outcome = bench.writer.write(repair(shop()), entry_id="entry")

    assert outcome == Drifted(reason=message("write.pool-gone"))


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
    assert code.removesuffix("Exception") in english(outcome.reason)
    assert "the words of AWS" in english(outcome.reason)
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

    assert outcome == Drifted(reason=message("write.pool-moved", members=("DeletionProtection",)))
    assert pool["DeletionProtection"] == "INACTIVE"


@pytest.mark.parametrize("code", ["ConcurrentModificationException", "TooManyRequestsException"])
def test_an_error_that_lasts_for_four_attempts_is_raised_for_another_delivery(bench: Bench, code: str) -> None:
    pool = shop()
    bench.cognito.put(pool)
    bench.wire.disturb("UpdateUserPool", 1, 2, 3, 4, instead=refusal(code))

    with pytest.raises(ClientError, match=code):
        bench.writer.write(repair(pool), entry_id="entry")

    assert bench.wire.count("UpdateUserPool") == 4


def test_an_unexpected_error_is_raised_at_once(bench: Bench) -> None:
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
    assert isinstance(outcome, Written)
    assert outcome.window is not None


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


@pytest.mark.parametrize("instead", [SILENCE, refusal("InternalErrorException", status=500)])
def test_a_write_that_never_gets_an_answer_stays_open(bench: Bench, instead: Answer | Exception) -> None:
    pool = shop()
    bench.cognito.put(pool)
    bench.wire.disturb("UpdateUserPool", 1, 2, 3, 4, instead=instead)

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert isinstance(outcome, Unconfirmed)
    assert "whether it took effect is unknown" in english(outcome.reason)
    assert bench.cognito.updates == []


def test_a_cognito_that_cannot_be_reached_is_raised(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)
    bench.wire.disturb("UpdateUserPool", 1, 2, 3, 4, instead=NO_CONNECTION)

    with pytest.raises(ConnectTimeoutError):
        bench.writer.write(repair(pool), entry_id="entry")

    assert bench.cognito.updates == []


def test_a_lost_answer_and_a_pool_that_moved_is_an_incident(bench: Bench) -> None:
    pool = shop()
    bench.cognito.put(pool)
    bench.wire.disturb("UpdateUserPool", is_lost=True)
    bench.wire.disturb("DescribeUserPool", 3, before=lambda: pool.update(EmailConfiguration={}))

    outcome = bench.writer.write(repair(pool), entry_id="entry")

    assert isinstance(outcome, SideEffect)
    assert "whether it took effect is unknown" in english(outcome.reason)
