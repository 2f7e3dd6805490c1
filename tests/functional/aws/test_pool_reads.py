"""Reading user pools: every answer of Cognito is a value, and nothing is kept."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from mailwarden.adapters.aws.cognito.pools import CognitoPools
from mailwarden.domain.readings import EmailConfiguration, Missing, Pool, SenderMode, Unreadable
from mailwarden.domain.repair.journal import Refused
from mailwarden.ports.mail_path.pools import PoolPage
from tests.builders import ACCOUNT, OTHER_ACCOUNT
from tests.functional.aws.harness import Bench, pool_ref, repair, shop
from tests.functional.aws.wire.wire import Answer, refusal

REF = pool_ref(shop())
SILENCE = ReadTimeoutError(endpoint_url="https://cognito-idp.us-east-1.amazonaws.com/")
NO_HOST = EndpointConnectionError(endpoint_url="https://cognito-idp.us-east-1.amazonaws.com/")


def test_a_pool_is_read_member_by_member(bench: Bench) -> None:
    sender = {"LambdaVersion": "V1_0", "LambdaArn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:mailer"}
    bench.cognito.put(shop(LambdaConfig={"CustomEmailSender": sender}))

    reading = pools(bench).read(REF)

    assert isinstance(reading, Pool)
    assert replace(reading, settings={}) == Pool(
        ref=REF,
        name="shop",
        email=EmailConfiguration(
            sending_account=SenderMode.DEVELOPER,
            source_arn=f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/shop.example",
            from_address="shop@shop.example",
        ),
        custom_sender_lambda=sender["LambdaArn"],
        tags={"team": "shop", "aws:cloudformation:stack-name": "shop"},
        last_modified=datetime.fromtimestamp(1_700_000_000.25, tz=UTC),
    )


def test_the_settings_that_a_partial_update_may_reset_are_read_without_texts_of_mails(bench: Bench) -> None:
    bench.cognito.put(shop())

    reading = pools(bench).read(REF)

    assert isinstance(reading, Pool)
    assert reading.settings["DeletionProtection"] == "ACTIVE"
    assert reading.settings["AutoVerifiedAttributes"] == "email"
    texts = {name: value for name, value in reading.settings.items() if "Message" in name or name == "UserPoolTags"}
    assert texts
    assert all(value.startswith("#") or " " not in value for value in texts.values())
    assert not any(name.startswith(("EmailConfiguration", "Id", "Arn", "Schema")) for name in reading.settings)


def test_without_a_ledger_the_settings_are_not_read_and_all_else_is(bench: Bench) -> None:
    bench.cognito.put(shop())
    whole = pools(bench).read(REF)
    assert isinstance(whole, Pool)

    assert replace(pools(bench), with_settings=False).read(REF) == replace(whole, settings={})


def test_an_old_pool_with_an_empty_email_configuration_is_read_as_it_is(bench: Bench) -> None:
    bench.cognito.put(shop(EmailConfiguration={}, LambdaConfig={}, UserPoolTags={}))

    reading = pools(bench).read(REF)

    assert isinstance(reading, Pool)
    assert reading.email == EmailConfiguration()
    assert reading.custom_sender_lambda is None
    assert reading.tags == {}


def test_a_pool_that_is_gone_is_missing(bench: Bench) -> None:
    reading = pools(bench).read(REF)

    assert reading == Missing(arn=REF.arn)


def test_every_read_asks_again(bench: Bench) -> None:
    bench.cognito.put(shop())

    pools(bench).read(REF)
    pools(bench).read(REF)

    assert bench.wire.count("DescribeUserPool") == 2


def test_the_region_is_that_of_the_reference(bench: Bench) -> None:
    bench.cognito.put(shop())

    reading = pools(bench).read(pool_ref(shop(), region="ap-northeast-2"))

    assert isinstance(reading, Pool)
    assert bench.wire.requests[0].region == "ap-northeast-2"


@pytest.mark.parametrize(
    ("answer", "reason", "calls"),
    [
        (refusal("AccessDeniedException"), "AccessDenied", 1),
        (refusal("TooManyRequestsException"), "TooManyRequestsException", 4),
        (refusal("ThrottlingException"), "ThrottlingException", 4),
        (refusal("UnrecognizedClientException"), "UnrecognizedClientException", 1),
        (refusal("InvalidParameterException"), "InvalidParameterException", 1),
        (SILENCE, "ReadTimeout", 4),
        (NO_HOST, "EndpointConnectionError", 4),
    ],
    ids=lambda value: value.code if isinstance(value, Answer) else None,
)
def test_a_refused_throttled_or_unanswered_read_is_unread(
    bench: Bench,
    answer: Answer | Exception,
    reason: str,
    calls: int,
) -> None:
    bench.wire.disturb("DescribeUserPool", 1, 2, 3, 4, instead=answer)

    reading = pools(bench).read(REF)

    assert isinstance(reading, Unreadable)
    assert str(reading) == f"{reason}: cognito-idp:DescribeUserPool in us-east-1"
    # Errors that the SDK itself retried may be transient.
    assert reading.transient == (calls > 1)
    assert bench.wire.count("DescribeUserPool") == calls


def test_a_throttle_that_passes_is_not_noticed(bench: Bench) -> None:
    bench.cognito.put(shop())
    bench.wire.disturb("DescribeUserPool", 1, 2, instead=refusal("TooManyRequestsException"))

    reading = pools(bench).read(REF)

    assert isinstance(reading, Pool)


def test_expired_credentials_are_raised(bench: Bench) -> None:
    bench.wire.disturb("DescribeUserPool", instead=refusal("ExpiredTokenException"))

    with pytest.raises(ClientError, match="ExpiredTokenException"):
        pools(bench).read(REF)


def test_an_error_of_cognito_itself_is_transient(bench: Bench) -> None:
    bench.wire.disturb("DescribeUserPool", 1, 2, 3, 4, instead=refusal("InternalErrorException", status=500))

    reading = pools(bench).read(REF)

    assert isinstance(reading, Unreadable)
    assert (reading.reason, reading.transient) == ("InternalErrorException", True)


def test_an_unknown_sending_account_is_read_and_named(bench: Bench) -> None:
    bench.cognito.put(shop(EmailConfiguration={"EmailSendingAccount": "PIGEON"}))

    reading = pools(bench).read(REF)

    assert isinstance(reading, Pool)
    assert reading.email.mode is SenderMode.UNKNOWN
    assert reading.unknown_sender == "PIGEON"


def test_an_unknown_sending_account_is_never_written(bench: Bench) -> None:
    pool = shop(EmailConfiguration={"EmailSendingAccount": "COGNITO_DEFAULT"})
    bench.cognito.put(pool)

    outcome = bench.writer.write(repair(pool, EmailConfiguration(sending_account=SenderMode.UNKNOWN)), entry_id="entry")

    assert isinstance(outcome, Refused)
    assert outcome.reason.id == "write.unknown-mode"
    assert bench.cognito.updates == []


def test_a_pool_of_another_account_is_not_asked_for(bench: Bench) -> None:
    reading = pools(bench).read(pool_ref(shop(), account=OTHER_ACCOUNT))

    assert isinstance(reading, Unreadable)
    assert bench.wire.operations() == ()


@pytest.mark.parametrize("region", ["", "*", "us-east-1.evil.example", "nowhere"])
def test_a_text_that_is_no_region_is_unread_and_never_the_region_of_the_process(bench: Bench, region: str) -> None:
    reading = pools(bench).read(pool_ref(shop(), region=region))

    assert reading == Unreadable(action="cognito-idp:DescribeUserPool", region=region, reason="InvalidRegionError")
    assert bench.wire.operations() == ()


def test_the_pages_of_a_region_hold_sixty_pools_each_and_every_pool_once(bench: Bench) -> None:
    for number in range(130):
        bench.cognito.put(shop(Id=f"us-east-1_Pool{number:03}"))

    pages: list[PoolPage] = []
    after: str | None = None
    while not pages or after is not None:
        page = pools(bench).page("us-east-1", after)
        assert isinstance(page, PoolPage)
        pages.append(page)
        after = page.after

    assert [len(page.pools) for page in pages] == [60, 60, 10]
    assert len({pool.arn for page in pages for pool in page.pools}) == 130
    assert {pool.region for page in pages for pool in page.pools} == {"us-east-1"}


def test_a_page_that_may_not_be_read_is_unread(bench: Bench) -> None:
    bench.wire.disturb("ListUserPools", instead=refusal("AccessDeniedException"))

    page = pools(bench).page("us-east-1", None)

    assert page == Unreadable(action="cognito-idp:ListUserPools", region="us-east-1", reason="AccessDenied")


def pools(bench: Bench) -> CognitoPools:
    return CognitoPools(clients=bench.clients, partition="aws", account=ACCOUNT)
