"""Reading SES's events about an account and its resources."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.reputation.feedback import NoticeKind
from mailwarden.inbound.cloudtrail.events import ForeignEvent, MalformedEvent
from mailwarden.inbound.ses.notices import SesStatement
from mailwarden.inbound.ses.signals import signal_from
from mailwarden.inbound.sqs.batch import NOT_UNDERSTOOD
from tests.fakes.tally import FEEDBACK
from tests.texts import says
from tests.unit.inbound.example_events import ACCOUNT, bent, example, ses_statement, without
from tests.unit.inbound.test_cloudtrail_properties import JSON

OREGON = SesAccountRef(partition="aws", region="us-west-2", account=ACCOUNT)
SET = f"arn:aws:ses:us-west-2:{ACCOUNT}:configuration-set/transactional"
IDENTITY = f"arn:aws:ses:us-west-2:{ACCOUNT}:identity/example.com"
TENANT = f"arn:aws:ses:us-west-2:{ACCOUNT}:tenant/shop/tn-1111222233334444"
SENDING, ADVICE = NoticeKind.SENDING_DISABLED, NoticeKind.RECOMMENDATION
STOPPED = "DISABLED; The bounce rate exceeded the level of the reputation policy."
TOLD: dict[str, tuple[str, NoticeKind, bool, str, str]] = {
    "ses.sending-status-disabled": (SET, SENDING, True, "", STOPPED),
    "ses.sending-status-disabled.tenant": (TENANT, SENDING, True, "", "DISABLED; A finding of high impact is open."),
    "ses.sending-status-enabled": (SET, SENDING, False, "", "ENABLED"),
    "ses.advisor-recommendation-open": (
        *(IDENTITY, ADVICE, True, "BOUNCE"),
        "BOUNCE; HIGH; OPEN; The bounce rate of this identity is high.",
    ),
    "ses.advisor-recommendation-open.text": (
        *(OREGON.arn, ADVICE, True, ""),
        "A new recommendation is open. Ask p***@example.com.",
    ),
    "ses.advisor-recommendation-resolved": (
        *(IDENTITY, ADVICE, False, "BOUNCE"),
        "BOUNCE; HIGH; FIXED; The bounce rate of this identity has come down.",
    ),
}


def read(event: object) -> SesStatement:
    found = signal_from(json.dumps(event), queue=FEEDBACK, account=ACCOUNT, partition="aws")
    assert isinstance(found, SesStatement)
    return found


@pytest.mark.parametrize("name", TOLD)
def test_an_example_is_a_notice_about_the_resource_it_names(name: str) -> None:
    said = read(example(name))

    (notice,) = said.notices
    assert (notice.about, notice.kind, said.stands, notice.topic, notice.text) == TOLD[name]
    assert notice.account == OREGON
    assert said.cause.event_name == example(name)["detail-type"]


def test_every_example_of_a_notice_is_in_the_table() -> None:
    assert set(TOLD) == {name for name in ses_statement() if name.startswith(("ses.advisor-", "ses.sending-"))}


def test_both_names_of_the_end_of_a_recommendation_end_it() -> None:
    closed = bent(example("ses.advisor-recommendation-resolved"), "detail-type", "Advisor Recommendation Status Closed")

    assert not read(closed).stands


def test_each_resource_has_a_notice_and_a_name_outside_ses_has_none() -> None:
    event = bent(example("ses.sending-status-disabled"), "resources", [SET, 7, "a text", IDENTITY, SET, None])

    assert [notice.about for notice in read(event).notices] == [SET, IDENTITY]


@pytest.mark.parametrize("resources", [None, [], "a text", {}, ["a text"]])
def test_without_a_resource_it_is_about_the_account(resources: object) -> None:
    event = bent(example("ses.sending-status-disabled"), "resources", resources)

    (notice,) = read(event).notices
    assert notice.about == OREGON.arn


@pytest.mark.parametrize(
    ("detail", "text"),
    [
        (None, ""),
        ({}, ""),
        ({"data": {"record": {}}}, ""),
        ({"data": '{"type": "DKIM", "impact": "LOW"}'}, "DKIM; LOW"),
        ({"data": "{broken"}, "{broken"),
        ({"data": "one\u202e\ntwo"}, "one two"),
        ({"description": "mail jane.doe@example.net " + "x" * 500}, f"mail j***@example.net {'x' * 177}…"),
    ],
)
def test_a_short_text_is_taken_from_whatever_is_there(detail: object, text: str) -> None:
    (notice,) = read(bent(example("ses.advisor-recommendation-open"), "detail", detail)).notices

    assert notice.text == text
    assert len(notice.text) <= 200


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("account", "444455556666"),
        ("source", "somebody"),
        ("resources", ["arn:aws:ses:us-west-2:444455556666:identity/example.com"]),
    ],
)
def test_a_notice_about_another_account_is_refused(member: str, value: object) -> None:
    with pytest.raises(ForeignEvent):
        read(bent(example("ses.sending-status-disabled"), member, value))


@pytest.mark.parametrize("member", ["time", "region"])
def test_a_notice_of_no_time_or_no_region_is_refused(member: str) -> None:
    with pytest.raises(MalformedEvent, check=says(f"event.{member}")):
        read(without(example("ses.sending-status-disabled"), member))


def test_its_time_is_that_of_the_event_in_utc() -> None:
    event = bent(example("ses.sending-status-disabled"), "time", "2026-03-02T13:00:00+01:00")

    (notice,) = read(event).notices
    assert notice.at == datetime(2026, 3, 2, 12, tzinfo=UTC)


@given(
    value=JSON,
    name=st.sampled_from(sorted(TOLD)),
    member=st.sampled_from(["resources", "time", "detail", "detail.data", "id", "region"]),
)
@settings(max_examples=300, deadline=None)
def test_any_notice_is_read_or_refused(value: object, name: str, member: str) -> None:
    try:
        said = read(bent(example(name), member, value))
    except NOT_UNDERSTOOD:
        return
    for notice in said.notices:
        notice.text.encode()
        notice.topic.encode()
        notice.about.encode()
        assert len(notice.text) <= 200
