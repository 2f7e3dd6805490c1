"""The history of calls: read by the name of the call, page by page, at most two pages a second."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.cloudtrail.past_calls import CloudTrailPastCalls
from mailwarden.domain.known_good.past_calls import PastCall
from mailwarden.domain.readings import EmailConfiguration, SenderMode, Unreadable
from mailwarden.domain.refs.call_words import EmailWord
from tests.builders import NOON, pool_ref
from tests.functional.aws.wire.wire import Answer, Request, Wire, refusal

POOL = pool_ref()
SINCE, UNTIL = NOON - timedelta(hours=1), NOON
SECOND = timedelta(seconds=1)
HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"


def record(number: int, **members: object) -> dict[str, object]:
    """A record of UpdateUserPool, newer ones with lower numbers."""
    return {
        "eventName": "UpdateUserPool",
        "eventID": f"e-{number}",
        "eventTime": (NOON - number * SECOND).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "requestParameters": {"userPoolId": POOL.pool_id},
    } | members


@dataclass(slots=True)
class History:
    """Answers LookupEvents as CloudTrail does: newest first, 50 to a page."""

    records: list[Mapping[str, object] | str]
    asked: list[Mapping[str, object]] = field(default_factory=list)

    def answer(self, request: Request) -> Answer:
        asked = json.loads(request.body)
        self.asked.append(asked)
        begin = int(asked.get("NextToken", "0"))
        page = self.records[begin : begin + asked["MaxResults"]]
        events = [{"CloudTrailEvent": each if isinstance(each, str) else json.dumps(each)} for each in page]
        more = begin + len(page) < len(self.records)
        return Answer(body={"Events": events, **({"NextToken": str(begin + len(page))} if more else {})})


def looked_up(history: History, *, refused: int = 0) -> tuple[tuple[PastCall, ...] | Unreadable, list[float], Wire]:
    wire, slept = Wire(services={"cloudtrail": history}), list[float]()
    if refused:
        wire.disturb("LookupEvents", *range(1, refused + 1), instead=refusal("ThrottlingException"))
    adapter = CloudTrailPastCalls(clients=Clients(wire.session()), sleep=slept.append)
    return adapter.updates_of(POOL, since=SINCE, until=UNTIL), slept, wire


def test_the_calls_of_one_pool_are_found_with_what_their_records_show() -> None:
    email = {"emailSendingAccount": "DEVELOPER", "sourceArn": "arn"}
    history = History(
        records=[
            record(1),
            record(2, requestParameters={"userPoolId": "us-east-1_Another"}),
            record(3, errorCode="InvalidParameterException"),
            record(4, requestParameters={"userPoolId": POOL.pool_id, "emailConfiguration": email}),
            record(5, requestParameters=None),
            record(6, requestParameters={"userPoolId": "HIDDEN_DUE_TO_SECURITY_REASONS"}),
            record(7, errorCode="AccessDenied", requestParameters=None),
            record(
                8,
                errorCode="InvalidParameterException",
                requestParameters={"UserPoolId": POOL.pool_id, "EmailConfiguration": email},
            ),
            record(9, requestParameters={"UserPoolId": POOL.pool_id, "EmailConfiguration": email | {"from": HIDDEN}}),
            record(10, requestParameters={"userPoolId": POOL.pool_id, "emailConfiguration": email | {"new": "x"}}),
            record(11, requestParameters={"userPoolId": POOL.pool_id, "emailConfiguration": {}}),
            record(12, requestParameters={"userPoolId": POOL.pool_id, "emailConfiguration": None}),
        ]
    )

    found, slept, _ = looked_up(history)

    assert found == (
        PastCall(event_id="e-12", at=NOON - 12 * SECOND, email=EmailWord.NAMED),
        PastCall(event_id="e-11", at=NOON - 11 * SECOND, email=EmailWord.DEFAULT, sets=EmailConfiguration().in_full),
        PastCall(event_id="e-10", at=NOON - 10 * SECOND, email=EmailWord.IDENTITY),
        PastCall(event_id="e-9", at=NOON - 9 * SECOND, email=EmailWord.IDENTITY),
        PastCall(event_id="e-8", at=NOON - 8 * SECOND, email=EmailWord.IDENTITY, failed=True),
        PastCall(event_id="e-6", at=NOON - 6 * SECOND, email=EmailWord.HIDDEN),
        PastCall(event_id="e-5", at=NOON - 5 * SECOND, email=EmailWord.HIDDEN),
        PastCall(
            event_id="e-4",
            at=NOON - 4 * SECOND,
            email=EmailWord.IDENTITY,
            sets=EmailConfiguration(sending_account=SenderMode.DEVELOPER, source_arn="arn"),
        ),
        PastCall(event_id="e-1", at=NOON - SECOND, email=EmailWord.ABSENT),
    )
    assert slept == []
    (asked,) = history.asked
    assert asked["LookupAttributes"] == [{"AttributeKey": "EventName", "AttributeValue": "UpdateUserPool"}]
    assert asked["StartTime"] == SINCE.timestamp()
    assert asked["EndTime"] == UNTIL.timestamp()


def test_every_page_is_read_at_less_than_two_a_second() -> None:
    history = History(records=[record(number) for number in range(1, 121)])

    found, slept, _ = looked_up(history)

    assert isinstance(found, tuple)
    assert len(found) == 120
    assert len(history.asked) == 3
    assert len(slept) == 2
    assert min(slept) > 0.5


def test_more_calls_than_can_be_read_are_no_answer() -> None:
    history = History(records=[record(number) for number in range(1, 600)])

    found, slept, _ = looked_up(history)

    assert isinstance(found, Unreadable)
    assert not found.transient
    assert len(history.asked) == 6
    assert sum(slept) < 5


@pytest.mark.parametrize("text", ["", "[]", '{"eventName": "UpdateUserPool"}', '{"eventID": 5, "eventTime": "x"}'])
def test_a_record_that_cannot_be_read_is_no_answer(text: str) -> None:
    found, _, _ = looked_up(History(records=[record(1), text]))

    assert isinstance(found, Unreadable)
    assert found.reason == "UnexpectedResponse"


def test_a_throttled_look_up_may_pass() -> None:
    found, _, wire = looked_up(History(records=[record(1)]), refused=9)

    assert isinstance(found, Unreadable)
    assert found.transient
    assert wire.count("LookupEvents") == 1
