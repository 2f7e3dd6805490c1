"""Mail ends as the mailbox simulator's addresses have it, and elsewhere as control says."""

from collections.abc import Iterator

import pytest

from tests.sandbox.mail.box import Sandbox, unique
from tests.sandbox.mail.feedback.listeners import EVERYTHING, configuration_set, on_bus, send

REGION = "eu-west-1"
SENDER = "noreply@recipients.example"


@pytest.fixture(autouse=True)
def _sender(sandbox: Sandbox) -> Iterator[None]:
    sandbox.identity(SENDER, REGION)
    yield
    sandbox.control("DELETE", "ses/recipients")


@pytest.mark.parametrize(
    ("recipient", "types", "arrives"),
    [
        ("success+1@simulator.amazonses.com", ["Email Sent", "Email Delivered"], True),
        ("bounce+1@simulator.amazonses.com", ["Email Sent", "Email Bounced"], False),
        ("ooto+1@simulator.amazonses.com", ["Email Sent", "Email Delivered", "Email Bounced"], True),
        ("complaint+1@simulator.amazonses.com", ["Email Sent", "Email Delivered", "Email Complaint Received"], True),
        ("suppressionlist+1@simulator.amazonses.com", ["Email Sent", "Email Bounced"], False),
    ],
)
def test_the_simulator_s_addresses_behave(recipient: str, types: list[str], arrives: bool, sandbox: Sandbox) -> None:
    name = configuration_set(sandbox, REGION, *EVERYTHING)
    listener = on_bus(sandbox, REGION, name)

    send(sandbox, REGION, SENDER, recipient, name)

    assert [event["detail-type"] for event in listener.heard(len(types))] == types
    assert bool(sandbox.mail_to(recipient)) is arrives
    ses = sandbox.client("sesv2", REGION)
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.get_suppressed_destination(EmailAddress=recipient)


@pytest.mark.parametrize(
    ("outcome", "types", "arrives"),
    [
        ("delivered", ["Email Sent", "Email Delivered"], True),
        ("bounce", ["Email Sent", "Email Bounced"], False),
        ("soft_bounce", ["Email Sent", "Email Bounced"], False),
        ("complaint", ["Email Sent", "Email Delivered", "Email Complaint Received"], True),
        ("reject", ["Email Rejected"], False),
        ("rendering_failure", ["Email Rendering Failed"], False),
        ("delay", ["Email Sent", "Email Delivery Delayed"], False),
    ],
)
def test_other_recipients_behave_as_told(outcome: str, types: list[str], arrives: bool, sandbox: Sandbox) -> None:
    name, domain = configuration_set(sandbox, REGION, *EVERYTHING), f"{unique('shop')}.example"
    listener = on_bus(sandbox, REGION, name)

    sandbox.control("POST", "ses/recipients", {"pattern": f"*@{domain}", "outcome": outcome})
    send(sandbox, REGION, SENDER, f"Somebody@{domain}", name)

    assert [event["detail-type"] for event in listener.heard(len(types))] == types
    assert bool(sandbox.mail_to(f"Somebody@{domain}")) is arrives
    assert [loss["stage"] for loss in sandbox.lost_to(f"Somebody@{domain}")] == ([] if arrives else ["recipient"])


def test_the_newest_rule_counts_until_all_are_cleared(sandbox: Sandbox) -> None:
    address = f"{unique('somebody')}@rules.example"
    for pattern, outcome in (("*@rules.example", "delay"), (address, "delivered"), ("other@*", "reject")):
        sandbox.control("POST", "ses/recipients", {"pattern": pattern, "outcome": outcome})

    send(sandbox, REGION, SENDER, address)
    send(sandbox, REGION, SENDER, f"x-{address}")
    cleared = sandbox.control("DELETE", "ses/recipients")
    send(sandbox, REGION, SENDER, f"x-{address}")

    assert len(sandbox.mail_to(address)) == 1
    assert (len(sandbox.lost_to(f"x-{address}")), len(sandbox.mail_to(f"x-{address}"))) == (1, 1)
    assert cleared == []
    refused = sandbox.control_response("POST", "ses/recipients", {"pattern": "*", "outcome": "lost"})
    assert refused.status == 400
