"""The pace of SES's reads, driven by the events that botocore emits around a call."""

from types import SimpleNamespace

import pytest

from mailwarden.adapters.aws.ses.request_pace import RequestPace

THROTTLED = {"Error": {"Code": "TooManyRequestsException"}}


class Time:
    """A clock that moves with each sleep."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def call(pace: RequestPace, action: str, region: str = "us-east-1") -> None:
    pace.wait(model=SimpleNamespace(name=action), context={"client_region": region}, params={}, request_signer=None)


def paced() -> tuple[RequestPace, Time]:
    time = Time()
    return RequestPace(monotonic=lambda: time.now, sleep=time.sleep), time


def test_reads_do_not_wait_until_ses_refuses_one() -> None:
    pace, time = paced()

    for _ in range(5):
        call(pace, "GetEmailIdentity")
        pace.note(parsed_response={"Policies": {}}, exception=None)
    pace.note(parsed_response=None, exception=TimeoutError())
    pace.note(parsed_response={"Error": {"Code": "NotFoundException"}}, exception=None)
    call(pace, "GetEmailIdentity")

    assert time.slept == []


def test_after_a_throttle_reads_of_one_action_and_region_are_a_second_apart_for_a_minute() -> None:
    pace, time = paced()
    call(pace, "GetEmailIdentity")
    pace.note(parsed_response=THROTTLED, exception=None)

    call(pace, "GetEmailIdentity")
    call(pace, "GetEmailIdentity", "eu-west-1")
    call(pace, "GetAccount")
    assert time.slept == [pytest.approx(1.05)]
    time.now += 61
    call(pace, "GetEmailIdentity")
    call(pace, "GetEmailIdentity")
    assert len(time.slept) == 1


def test_writes_never_wait() -> None:
    pace, time = paced()
    pace.note(parsed_response=THROTTLED, exception=None)

    for _ in range(2):
        call(pace, "CreateEmailIdentityPolicy")
        call(pace, "DeleteEmailIdentityPolicy")

    assert time.slept == []


def test_a_throttle_that_has_only_a_status_starts_the_pace_too() -> None:
    pace, time = paced()
    without_code = {"Error": {"Code": "", "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": 429}}
    call(pace, "GetEmailIdentity")
    pace.note(parsed_response=without_code, exception=None)

    call(pace, "GetEmailIdentity")

    assert time.slept == [pytest.approx(1.05)]
