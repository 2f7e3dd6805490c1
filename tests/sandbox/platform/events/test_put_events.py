"""PutEvents answers by entry, and a bus that does not exist takes everything."""

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.platform.box import ACCOUNT, SEOUL, Box, allow, unique
from tests.sandbox.platform.events.test_buses import bus_arn, home_bus, queue_behind

ENTRY = {"Source": "mailwarden", "DetailType": "Mailwarden Incident", "Detail": "{}"}


def test_an_event_reaches_the_rules_of_its_bus_by_name_or_arn(box: Box) -> None:
    bus = home_bus(box)
    url = queue_behind(box, bus)

    for name in (bus, bus_arn(bus)):
        answer = box.client("events").put_events(Entries=[{**ENTRY, "EventBusName": name}])
        assert answer["FailedEntryCount"] == 0

    assert len(box.receive(url)) == 2


def test_a_bus_that_does_not_exist_takes_an_event_and_is_not_found_when_it_is_described(box: Box) -> None:
    missing = bus_arn(unique("missing"))

    answer = box.client("events").put_events(Entries=[{**ENTRY, "EventBusName": missing}])

    assert (answer["FailedEntryCount"], "EventId" in answer["Entries"][0]) == (0, True)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        box.client("events").describe_event_bus(Name=missing)


def test_a_bus_is_described_by_its_arn_to_whoever_may_describe_it(box: Box) -> None:
    bus, other = home_bus(box), home_bus(box)
    _, keys = box.user(allow("events:DescribeEventBus", bus_arn(bus)))
    events = box.client("events", keys=keys)

    assert events.describe_event_bus(Name=bus_arn(bus))["Name"] == bus
    with pytest.raises(ClientError, match="AccessDenied"):
        events.describe_event_bus(Name=bus_arn(other))


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"Detail": "{"}, "MalformedDetail"),
        ({"Detail": "[]"}, "MalformedDetail"),
        ({"Detail": ""}, "InvalidArgument"),
        ({"DetailType": ""}, "InvalidArgument"),
        ({"Source": "aws.ses"}, "NotAuthorizedForSourceException"),
    ],
)
def test_a_wrong_entry_fails_by_itself_and_the_answer_is_good(box: Box, entry: dict[str, str], code: str) -> None:
    answer = box.client("events").put_events(Entries=[{**ENTRY, **entry}, ENTRY])

    assert answer["FailedEntryCount"] == 1
    assert (answer["Entries"][0]["ErrorCode"], "EventId" in answer["Entries"][1]) == (code, True)


def test_entries_of_256_kb_are_refused_and_a_byte_less_is_taken(box: Box) -> None:
    def detail(size: int) -> str:
        """The detail that makes an entry as large as that."""
        text = "a" * (size - len("mailwarden") - len("Mailwarden Incident") - len('{"a": ""}'))
        return f'{{"a": "{text}"}}'

    events = box.client("events")

    assert events.put_events(Entries=[{**ENTRY, "Detail": detail(262_143)}])["FailedEntryCount"] == 0
    with pytest.raises(ClientError, match="ValidationException"):
        events.put_events(Entries=[{**ENTRY, "Detail": detail(262_144)}])


def test_at_most_ten_entries_are_taken_at_once(box: Box) -> None:
    events = box.client("events")

    assert events.put_events(Entries=[ENTRY] * 10)["FailedEntryCount"] == 0
    with pytest.raises(ClientError, match="ValidationException"):
        events.put_events(Entries=[ENTRY] * 11)


def test_a_bus_of_another_account_admits_nobody(box: Box) -> None:
    foreign = bus_arn("incidents").replace(ACCOUNT, "999988887777")

    with pytest.raises(ClientError, match="AccessDenied"):
        box.client("events").put_events(Entries=[{**ENTRY, "EventBusName": foreign}])
    assert SEOUL in foreign
