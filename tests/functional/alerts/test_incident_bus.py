"""A copy of an alert on an event bus: what is put, what is tried again, and what is refused."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError, ConnectTimeoutError
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwarden.adapters.aws.alert_refusals import AlertNotTaken
from mailwarden.adapters.aws.events.incident_bus import IncidentBus
from mailwarden.domain.incidents.alert import alert_of
from mailwarden.ports.findings.alert_channel import AlertRefused
from mailwarden.presentation.alerts.document import notice_from_body
from tests.fakes.examples import ACCOUNT, MORNING, OREGON_IDENTITY, a_pool, a_record
from tests.functional.alerts.conftest import PAGES, REGION
from tests.functional.alerts.excess import WORST, WORST_IDS, an_excessive_record
from tests.texts import says

OWN = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/incidents"
DEFAULT = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
FOREIGN = f"arn:aws:events:{REGION}:999988887777:event-bus/incidents"
TAKEN = {"FailedEntryCount": 0, "Entries": [{"EventId": "11710aed-b79e-4468-a20b-bb3c0c3b4860"}]}
LIMIT = 262_144
NO_BUS = ("ResourceNotFoundException", 400)


def failed(code: str) -> dict[str, Any]:
    """An answer with the status 200 that did not take the entry."""
    return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": code, "ErrorMessage": "as AWS says"}]}


@dataclass(slots=True, kw_only=True)
class Bus:
    """EventBridge: the answers that it gives in turn, then a good one; ``calls`` and ``pauses`` are in order."""

    answers: list[dict[str, Any] | tuple[str, int] | Exception] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    def channel(self, arn: str) -> IncidentBus:
        client = boto3.client("events", region_name=REGION, aws_access_key_id="a", aws_secret_access_key="b")
        client.meta.events.register("provide-client-params.events", self._remember)
        client.meta.events.register("before-call.events", self._answer)
        return IncidentBus(client, arn, account=ACCOUNT, rule_pages=PAGES, sleep=self.pauses.append)

    @property
    def entry(self) -> dict[str, Any]:
        (entry,) = self.calls[-1][1]["Entries"]
        return dict(entry)

    @property
    def called(self) -> list[str]:
        return [name for name, _ in self.calls]

    def _remember(self, params: dict[str, Any], model: Any, **_: object) -> None:  # noqa: ANN401 - botocore's model
        self.calls.append((model.name, params))

    def _answer(self, model: Any, **_: object) -> tuple[AWSResponse, Mapping[str, Any]]:  # noqa: ANN401
        answer = self.answers.pop(0) if self.answers else TAKEN if model.name == "PutEvents" else {}
        match answer:
            case Exception():
                raise answer
            case (str(code), int(status)):
                parsed: Mapping[str, Any] = {
                    "Error": {"Code": code, "Message": "as AWS says"},
                    "ResponseMetadata": {"HTTPStatusCode": status},
                }
            case _:
                status, parsed = 200, answer
        return AWSResponse("https://events.example", status, HTTPHeaders(), None), parsed


def test_the_event_has_the_document_of_the_topic_and_the_pools_as_resources() -> None:
    bus, pools = Bus(), [a_pool(number) for number in (1, 2)]

    bus.channel(OWN).send(alert_of(a_record(subject=OREGON_IDENTITY, affected={pool.arn: MORNING for pool in pools})))

    entry = bus.entry
    assert (entry["Source"], entry["DetailType"]) == ("mailwarden", "Mailwarden Incident")
    assert entry["EventBusName"] == OWN
    assert entry["Resources"] == [OREGON_IDENTITY.arn, *(pool.arn for pool in pools)]
    document = json.loads(entry["Detail"])
    assert (document["mailwarden"], document["version"]) == ("alert", 2)
    assert document["rule"]["page"].startswith(PAGES)


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalFailure"])
def test_an_entry_that_passes_later_is_tried_again_with_longer_pauses(code: str) -> None:
    bus = Bus(answers=[failed(code), failed(code)])

    bus.channel(DEFAULT).send(alert_of(a_record()))

    assert bus.called == ["PutEvents"] * 3
    assert bus.pauses == [0.2, 0.4]
    assert len({json.dumps(call, default=str) for _, call in bus.calls}) == 1


@pytest.mark.parametrize("answer", [failed("ThrottlingException"), {"Entries": []}, {"FailedEntryCount": 0}, {}])
def test_an_entry_that_nobody_acknowledges_is_not_taken_and_stays_due(answer: dict[str, Any]) -> None:
    bus = Bus(answers=[answer] * 3)

    with pytest.raises(AlertNotTaken, check=says("^EventBridge did not take the alert: ")):
        bus.channel(DEFAULT).send(alert_of(a_record()))


@pytest.mark.parametrize(
    "code",
    [
        "AccessDeniedException",
        "InvalidArgument",
        "MalformedDetail",
        "NotAuthorizedForDetailTypeException",
        "NotAuthorizedForSourceException",
        "CodeOfTomorrow",
    ],
)
def test_an_entry_that_is_refused_is_not_tried_again(code: str) -> None:
    bus = Bus(answers=[failed(code)])

    with pytest.raises(AlertRefused, check=says(f"^EventBridge refused the alert: {code}: as AWS says")):
        bus.channel(DEFAULT).send(alert_of(a_record()))
    assert bus.called == ["PutEvents"]


@pytest.mark.parametrize("call", ["AccessDeniedException", "ValidationException"])
@pytest.mark.parametrize("arn", [OWN, FOREIGN])
def test_a_call_that_is_refused_is_a_refusal(arn: str, call: str) -> None:
    with pytest.raises(AlertRefused, check=says("as AWS says")):
        Bus(answers=[(call, 400)]).channel(arn).send(alert_of(a_record()))


@pytest.mark.parametrize("answer", [("ThrottlingException", 400), ("InternalException", 500)])
def test_a_call_that_is_throttled_or_fails_is_no_refusal(answer: tuple[str, int]) -> None:
    with pytest.raises(ClientError):
        Bus(answers=[answer]).channel(FOREIGN).send(alert_of(a_record()))


def test_a_bus_that_does_not_answer_is_no_refusal() -> None:
    with pytest.raises(ConnectTimeoutError):
        Bus(answers=[ConnectTimeoutError(endpoint_url="https://events.example")]).channel(DEFAULT).send(
            alert_of(a_record())
        )


def test_nothing_is_put_on_a_bus_of_the_account_that_does_not_exist() -> None:
    bus = Bus(answers=[NO_BUS])

    with pytest.raises(AlertRefused, check=says(f"^event bus {OWN} does not exist")):
        bus.channel(OWN).send(alert_of(a_record()))
    assert bus.called == ["DescribeEventBus"]


@pytest.mark.parametrize("arn", [DEFAULT, FOREIGN])
def test_the_default_bus_and_the_bus_of_another_account_are_not_looked_up(arn: str) -> None:
    bus = Bus()

    bus.channel(arn).send(alert_of(a_record()))

    assert bus.called == ["PutEvents"]


@pytest.fixture(scope="module")
def open_bus() -> tuple[Bus, IncidentBus]:
    """A bus and its channel; making a client takes longer than to use it."""
    bus = Bus()
    return bus, bus.channel(OWN)


def size_of(entry: Mapping[str, Any]) -> int:
    """What EventBridge counts (user guide, "Calculating PutEvents event entry size")."""
    texts = (entry["Source"], entry["DetailType"], entry["Detail"], *entry["Resources"])
    return 14 + sum(len(text.encode()) for text in texts)


@pytest.mark.parametrize("text", WORST, ids=WORST_IDS)
@pytest.mark.usefixtures("language")
def test_the_largest_alert_fits_in_every_language(text: str) -> None:
    bus = Bus()

    bus.channel(OWN).send(alert_of(an_excessive_record(text)))

    assert size_of(bus.entry) < LIMIT
    assert notice_from_body(bus.entry["Detail"]).affected_count == 1000


@settings(max_examples=40, deadline=None)
@given(text=st.text(), times=st.integers(1, 3000))
def test_any_alert_fits(open_bus: tuple[Bus, IncidentBus], text: str, times: int) -> None:
    bus, channel = open_bus

    channel.send(alert_of(an_excessive_record(text * times)))

    assert size_of(bus.entry) < LIMIT
