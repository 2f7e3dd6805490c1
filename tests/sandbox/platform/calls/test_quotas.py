"""With quotas on, all callers together are held to the rates that AWS publishes, by region and action."""

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.platform.box import Box

REGION = "eu-west-2"


@pytest.fixture
def quotas(box: Box) -> Iterator[None]:
    box.control("POST", "quotas", {"on": True})
    yield
    box.control("POST", "quotas", {"on": False})


def refused(call: object, times: int, **parameters: object) -> int:
    count = 0
    for _ in range(times):
        try:
            call(**parameters)  # type: ignore[operator]
        except ClientError as error:
            if error.response["Error"]["Code"] != "TooManyRequestsException":
                raise
            count += 1
    return count


@pytest.mark.usefixtures("quotas")
def test_each_ses_action_has_one_call_a_second_in_each_region(box: Box) -> None:
    ses, elsewhere = box.client("sesv2", REGION), box.client("sesv2", "eu-west-1")

    assert refused(ses.get_account, 4) >= 2
    assert refused(ses.list_email_identities, 1) == refused(elsewhere.get_account, 1) == 0


@pytest.mark.usefixtures("quotas")
def test_reads_of_pools_share_one_quota_and_are_counted(box: Box) -> None:
    cognito = box.client("cognito-idp", REGION)

    lost = refused(cognito.list_user_pools, 40, MaxResults=1)

    counted = [line for line in box.control("GET", "quotas")["counted"] if line["region"] == REGION]
    assert {(line["service"], line["action"]) for line in counted} == {("cognito-idp", "ListUserPools")}
    assert sum(line["calls"] for line in counted) == 40
    assert sum(line["refused"] for line in counted) == lost > 0


def test_nobody_is_held_back_while_quotas_are_off(box: Box) -> None:
    assert refused(box.client("sesv2", REGION).get_account, 10) == 0
    assert box.control("GET", "quotas") == {"on": False, "counted": []}
