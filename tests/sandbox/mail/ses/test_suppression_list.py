"""The account's suppression list: what puts an address on it, what it does, and how it is read when it is long."""

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.mail.box import Sandbox, Untyped, unique
from tests.sandbox.mail.feedback.listeners import EVERYTHING, configuration_set, on_bus, send

REGION = "ca-central-1"
SENDER = "noreply@suppression.example"
DAY = 86_400


@pytest.fixture(autouse=True)
def _clean_region(sandbox: Sandbox) -> Iterator[None]:
    sandbox.identity(SENDER, REGION)
    sandbox.control("POST", f"ses/{REGION}/account", {"reset": True})
    sandbox.control("DELETE", "ses/suppression", region=REGION)
    yield
    sandbox.control("DELETE", "ses/recipients")


def listed(sandbox: Sandbox, **options: Untyped) -> dict[str, str]:
    """Read the whole list, page by page: addresses with their reasons."""
    ses, found, token = sandbox.client("sesv2", REGION), dict[str, str](), None
    while True:
        answer = ses.list_suppressed_destinations(**options, **({"NextToken": token} if token else {}))
        for entry in answer["SuppressedDestinationSummaries"]:
            found[entry["EmailAddress"]] = entry["Reason"]
        if (token := answer.get("NextToken")) is None:
            return found


@pytest.mark.parametrize(
    ("outcome", "reasons", "of_set", "entry"),
    [
        ("bounce", ["BOUNCE", "COMPLAINT"], None, "BOUNCE"),
        ("complaint", ["BOUNCE", "COMPLAINT"], None, "COMPLAINT"),
        ("soft_bounce", ["BOUNCE", "COMPLAINT"], None, None),
        ("delay", ["BOUNCE", "COMPLAINT"], None, None),
        ("complaint", ["BOUNCE"], None, None),
        ("bounce", [], None, None),
        ("bounce", ["BOUNCE", "COMPLAINT"], [], None),
        ("bounce", [], ["BOUNCE"], "BOUNCE"),
    ],
)
def test_bounces_and_complaints_are_listed_for_the_reasons_in_force(
    outcome: str, reasons: list[str], of_set: list[str] | None, entry: str | None, sandbox: Sandbox
) -> None:
    address = f"{unique('Somebody')}@customer.example"
    sandbox.client("sesv2", REGION).put_account_suppression_attributes(SuppressedReasons=reasons)
    options: dict[str, Any] = {} if of_set is None else {"SuppressionOptions": {"SuppressedReasons": of_set}}
    name = configuration_set(sandbox, REGION)
    if options:
        sandbox.client("sesv2", REGION).put_configuration_set_suppression_options(
            ConfigurationSetName=name, SuppressedReasons=of_set
        )
    sandbox.control("POST", "ses/recipients", {"pattern": address, "outcome": outcome})

    send(sandbox, REGION, SENDER, address, name)

    assert listed(sandbox) == ({address.lower(): entry} if entry else {})


def test_mail_to_a_listed_address_is_told_as_a_bounce_and_lost(sandbox: Sandbox) -> None:
    name, address = configuration_set(sandbox, REGION, *EVERYTHING), f"{unique('gone')}@customer.example"
    listener, ses = on_bus(sandbox, REGION, name), sandbox.client("sesv2", REGION)
    sandbox.control("POST", "ses/recipients", {"pattern": address, "outcome": "bounce"})

    first = send(sandbox, REGION, SENDER, address, name)
    send(sandbox, REGION, SENDER, address, name)
    entry = ses.get_suppressed_destination(EmailAddress=address.upper())["SuppressedDestination"]
    ses.delete_suppressed_destination(EmailAddress=address)
    sandbox.control("DELETE", "ses/recipients")
    send(sandbox, REGION, SENDER, address, name)

    events = listener.heard(6)
    assert [event["detail-type"] for event in events] == [
        *["Email Sent", "Email Bounced"] * 2,
        "Email Sent",
        "Email Delivered",
    ]
    bounce = events[3]["detail"]["bounce"]
    assert (bounce["bounceType"], bounce["bounceSubType"]) == ("Permanent", "OnAccountSuppressionList")
    assert (entry["Reason"], entry["Attributes"]["MessageId"]) == ("BOUNCE", first)
    assert [loss["stage"] for loss in sandbox.lost_to(address)] == ["recipient", "suppression"]
    assert len(sandbox.mail_to(address)) == 1


def test_what_is_not_listed_is_not_found(sandbox: Sandbox) -> None:
    ses = sandbox.client("sesv2", REGION)

    for call in (ses.get_suppressed_destination, ses.delete_suppressed_destination):
        with pytest.raises(ses.exceptions.NotFoundException):
            call(EmailAddress="nobody@customer.example")


def test_a_long_list_is_read_by_pages_of_a_thousand(sandbox: Sandbox) -> None:
    now = int(time.time())
    filled = {"region": REGION, "number": 100_000, "prefix": "old", "first_at": now - 100 * DAY, "last_at": now - DAY}

    entries = sandbox.control("POST", "ses/suppression", filled | {"reason": "COMPLAINT"})
    found = listed(sandbox, PageSize=1000)

    assert entries == {"entries": 100_000}
    assert len(found) == 100_000
    assert set(found.values()) == {"COMPLAINT"}


def test_the_list_is_read_by_date_and_reason(sandbox: Sandbox) -> None:
    now = int(time.time())
    exact = [
        {"address": "Exact@customer.example", "reason": "BOUNCE", "at": now - 60},
        {"address": "old@customer.example", "reason": "BOUNCE", "at": now - 50 * DAY},
    ]
    sandbox.control("POST", "ses/suppression", {"region": REGION, "entries": exact})
    spread = {"number": 3, "reason": "COMPLAINT", "prefix": "c", "first_at": now - 4 * DAY, "last_at": now - 2 * DAY}
    sandbox.control("POST", "ses/suppression", {"region": REGION} | spread)

    since = dt.datetime.fromtimestamp(now - 3 * DAY - 60, dt.UTC)
    until = dt.datetime.fromtimestamp(now - DAY, dt.UTC)

    assert listed(sandbox, StartDate=since, EndDate=until) == dict.fromkeys(
        ("c-1@example.net", "c-2@example.net"), "COMPLAINT"
    )
    assert listed(sandbox, StartDate=since, Reasons=["BOUNCE"]) == {"exact@customer.example": "BOUNCE"}
    assert len(listed(sandbox, Reasons=["BOUNCE", "COMPLAINT"])) == 5


@pytest.mark.parametrize("token", ["never given out", "MTAw!", "LTU="])
def test_a_token_that_was_never_given_out_is_refused(token: str, sandbox: Sandbox) -> None:
    ses = sandbox.client("sesv2", REGION)

    with pytest.raises(ses.exceptions.InvalidNextTokenException):
        ses.list_suppressed_destinations(NextToken=token)


@pytest.mark.parametrize("size", [0, 1001])
def test_a_page_has_its_limits(size: int, sandbox: Sandbox) -> None:
    with pytest.raises(ClientError, match="BadRequestException"):
        sandbox.client("sesv2", REGION).list_suppressed_destinations(PageSize=size)
