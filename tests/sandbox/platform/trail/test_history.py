"""LookupEvents: late, newest first, in pages, by one attribute, at two requests a second."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.platform.box import Box, eventually, look_up

REGION = "eu-west-3"
CREATED = [{"AttributeKey": "EventName", "AttributeValue": "CreateUserPool"}]


def test_a_call_appears_later_and_the_newest_comes_first_page_by_page(box: Box) -> None:
    cognito, begin = box.client("cognito-idp", REGION), datetime.now(tz=UTC) - timedelta(seconds=1)
    pools = [cognito.create_user_pool(PoolName=f"p{number}")["UserPool"]["Id"] for number in range(3)]
    asked = {"LookupAttributes": CREATED, "StartTime": begin}

    def shown() -> list[str]:
        events = look_up(box, REGION, **asked)["Events"]
        return [json.loads(event["CloudTrailEvent"])["responseElements"]["userPool"]["id"] for event in events]

    at_once = shown()
    assert eventually(lambda: set(shown()) == set(pools))
    first = look_up(box, REGION, **asked, MaxResults=2)
    rest = look_up(box, REGION, **asked, MaxResults=2, NextToken=first["NextToken"])

    assert at_once == []
    times = [event["EventTime"] for event in (*first["Events"], *rest["Events"])]
    assert times == sorted(times, reverse=True)
    assert (len(first["Events"]), len(rest["Events"]), "NextToken" in rest) == (2, 1, False)


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"LookupAttributes": [*CREATED, *CREATED]}, "InvalidLookupAttributesException"),
        ({"LookupAttributes": CREATED, "NextToken": "mine"}, "InvalidNextTokenException"),
        (
            {"StartTime": datetime(2026, 1, 2, tzinfo=UTC), "EndTime": datetime(2026, 1, 1, tzinfo=UTC)},
            "InvalidTimeRangeException",
        ),
    ],
)
def test_what_is_no_question_is_refused(box: Box, members: dict[str, object], code: str) -> None:
    with pytest.raises(ClientError) as refused:
        look_up(box, REGION, **members)

    assert refused.value.response["Error"]["Code"] == code


def test_two_requests_a_second_are_answered(box: Box) -> None:
    trail, codes = box.client("cloudtrail", "eu-central-1"), []
    for _ in range(8):
        try:
            trail.lookup_events(MaxResults=1)
        except ClientError as error:
            codes.append(error.response["Error"]["Code"])

    assert len(codes) >= 4
    assert set(codes) == {"ThrottlingException"}
