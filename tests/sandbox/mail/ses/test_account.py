"""The standing of an SES account decides about DEVELOPER mail, and about what the account sends itself."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.mail.box import Sandbox, unique

REGION = "eu-west-2"
NAME = "noreply@standing.example"


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[str]:
    """Give the app client of a sound DEVELOPER pool, and mend the account afterwards."""
    sandbox.service_linked_role()
    arn = sandbox.identity(NAME, REGION)
    yield sandbox.pool(REGION, {"EmailSendingAccount": "DEVELOPER", "SourceArn": arn})[1]
    sandbox.control("POST", f"ses/{REGION}/account", {"reset": True})


def refusal(sandbox: Sandbox, client: str, address: str | None = None) -> dict[str, Any]:
    with pytest.raises(ClientError) as error:
        sandbox.sign_up(REGION, client, address)
    return dict(error.value.response["Error"])


def test_an_account_starts_in_good_standing(sandbox: Sandbox) -> None:
    account = sandbox.client("sesv2", "sa-east-1").get_account()

    assert account["ProductionAccessEnabled"] is True
    assert account["SendingEnabled"] is True
    assert account["EnforcementStatus"] == "HEALTHY"
    assert account["SendQuota"] == {"Max24HourSend": 50000.0, "MaxSendRate": 14.0, "SentLast24Hours": 0.0}
    assert account["SuppressionAttributes"]["SuppressedReasons"] == ["BOUNCE", "COMPLAINT"]
    assert sandbox.client("ses", "sa-east-1").get_send_quota()["Max24HourSend"] == 50000.0


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"sending_enabled": False}, "sending is disabled"),
        ({"enforcement_status": "SHUTDOWN"}, "AWS paused sending"),
        ({"quota": {"max24": 10, "sent": 10}}, "Daily message quota exceeded"),
    ],
)
def test_mail_is_refused_when(state: dict[str, Any], said: str, sandbox: Sandbox, client: str) -> None:
    sandbox.control("POST", f"ses/{REGION}/account", state)

    error = refusal(sandbox, client)

    assert error["Code"] == "CodeDeliveryFailureException"
    assert said in error["Message"]


@pytest.mark.parametrize("state", [{"enforcement_status": "PROBATION"}, {"quota": {"max24": -1, "sent": 1e9}}])
def test_mail_arrives_when(state: dict[str, Any], sandbox: Sandbox, client: str) -> None:
    sandbox.control("POST", f"ses/{REGION}/account", state)

    assert len(sandbox.mail_to(sandbox.sign_up(REGION, client))) == 1


def test_an_account_in_the_ses_sandbox_reaches_only_verified_recipients(sandbox: Sandbox, client: str) -> None:
    sandbox.control("POST", f"ses/{REGION}/account", {"production_access": False})
    sandbox.identity("inside.example", REGION)
    stranger = f"{unique('user')}@outside.example"
    somebody, simulator = f"{unique('user')}@inside.example", f"success+{unique('user')}@simulator.amazonses.com"

    error = refusal(sandbox, client, stranger)
    sandbox.sign_up(REGION, client, somebody)
    sandbox.sign_up(REGION, client, simulator)

    assert error["Code"] == "CodeDeliveryFailureException"
    assert error["Message"].endswith(
        "Email address is not verified. The following identities failed the check in region EU-WEST-2: " + stranger
    )
    assert sandbox.lost_to(stranger)[0]["stage"] == "account"
    assert len(sandbox.mail_to(somebody)) == 1
    assert len(sandbox.mail_to(simulator)) == 1


def test_putting_account_details_grants_nothing(sandbox: Sandbox, client: str) -> None:
    del client
    sandbox.control("POST", f"ses/{REGION}/account", {"production_access": False})
    ses = sandbox.client("sesv2", REGION)

    ses.put_account_details(
        MailType="TRANSACTIONAL",
        WebsiteURL="https://shop.example",
        UseCaseDescription="Codes",
        ProductionAccessEnabled=True,
    )

    account = ses.get_account()
    assert account["ProductionAccessEnabled"] is False
    assert account["Details"]["ReviewDetails"]["Status"] == "PENDING"


def test_both_apis_switch_the_same_sending(sandbox: Sandbox, client: str) -> None:
    v1, v2 = sandbox.client("ses", REGION), sandbox.client("sesv2", REGION)

    v1.update_account_sending_enabled(Enabled=False)
    assert v2.get_account()["SendingEnabled"] is False
    assert "sending is disabled" in refusal(sandbox, client)["Message"]

    v2.put_account_sending_attributes(SendingEnabled=True)
    assert v1.get_account_sending_enabled()["Enabled"] is True
    assert len(sandbox.mail_to(sandbox.sign_up(REGION, client))) == 1


def test_an_account_that_aws_paused_cannot_resume_itself(sandbox: Sandbox, client: str) -> None:
    sandbox.control("POST", f"ses/{REGION}/account", {"enforcement_status": "SHUTDOWN"})

    sandbox.client("sesv2", REGION).put_account_sending_attributes(SendingEnabled=True)

    assert "AWS paused sending" in refusal(sandbox, client)["Message"]


def test_the_invitation_declares_only_a_delivery_failure(sandbox: Sandbox) -> None:
    pool, _ = sandbox.pool(REGION, {"EmailSendingAccount": "DEVELOPER"})

    with pytest.raises(ClientError, match="CodeDeliveryFailureException"):
        sandbox.client("cognito-idp", REGION).admin_create_user(
            UserPoolId=pool, Username="guest", UserAttributes=[{"Name": "email", "Value": "guest@x.example"}]
        )


def test_a_configuration_set_must_exist_and_send(sandbox: Sandbox) -> None:
    sandbox.service_linked_role()
    arn, name = sandbox.identity(NAME, REGION), unique("set")
    configuration = {"EmailSendingAccount": "DEVELOPER", "SourceArn": arn, "ConfigurationSet": name}
    _, client = sandbox.pool(REGION, configuration)

    missing = refusal(sandbox, client)["Message"]
    sandbox.client("ses", REGION).create_configuration_set(ConfigurationSet={"Name": name})
    arrived = sandbox.mail_to(sandbox.sign_up(REGION, client))
    sandbox.client("sesv2", REGION).put_configuration_set_sending_options(
        ConfigurationSetName=name, SendingEnabled=False
    )
    disabled = refusal(sandbox, client)["Message"]

    assert f"Configuration set <{name}> does not exist" in missing
    assert len(arrived) == 1
    assert f"disabled for the configuration set <{name}>" in disabled


def test_a_suppressed_recipient_is_taken_and_gets_nothing(sandbox: Sandbox, client: str) -> None:
    address = f"{unique('gone')}@customer.example"
    ses = sandbox.client("sesv2", REGION)
    ses.put_suppressed_destination(EmailAddress=address, Reason="BOUNCE")
    sent = ses.get_account()["SendQuota"]["SentLast24Hours"]

    sandbox.sign_up(REGION, client, address)

    assert sandbox.mail_to(address) == []
    assert [loss["stage"] for loss in sandbox.lost_to(address)] == ["suppression"]
    assert ses.get_account()["SendQuota"]["SentLast24Hours"] == sent + 1


def test_the_suppression_list_is_kept_read_and_cleared(sandbox: Sandbox) -> None:
    ses = sandbox.client("sesv2", "eu-south-1")
    sandbox.control("POST", "ses/eu-south-1/suppression", {"count": 3, "reason": "COMPLAINT", "age_days": 9})
    ses.put_suppressed_destination(EmailAddress="Gone@customer.example", Reason="BOUNCE")

    everything = ses.list_suppressed_destinations(PageSize=2)
    rest = ses.list_suppressed_destinations(NextToken=everything["NextToken"])
    bounced = ses.list_suppressed_destinations(Reasons=["BOUNCE"])
    found = ses.get_suppressed_destination(EmailAddress="gone@customer.example")
    recent = ses.list_suppressed_destinations(StartDate=found["SuppressedDestination"]["LastUpdateTime"])

    assert len(everything["SuppressedDestinationSummaries"]) == 2
    assert len(rest["SuppressedDestinationSummaries"]) == 2
    assert [one["EmailAddress"] for one in bounced["SuppressedDestinationSummaries"]] == ["gone@customer.example"]
    assert [one["Reason"] for one in recent["SuppressedDestinationSummaries"]] == ["BOUNCE"]
    ses.delete_suppressed_destination(EmailAddress="gone@customer.example")
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.get_suppressed_destination(EmailAddress="gone@customer.example")


def test_configuration_set_options_can_override_suppression(sandbox: Sandbox) -> None:
    sandbox.service_linked_role()
    arn, name, address = sandbox.identity(NAME, REGION), unique("set"), f"{unique('gone')}@customer.example"
    ses = sandbox.client("sesv2", REGION)
    ses.create_configuration_set(ConfigurationSetName=name, SuppressionOptions={"SuppressedReasons": ["COMPLAINT"]})
    ses.put_suppressed_destination(EmailAddress=address, Reason="BOUNCE")
    configuration = {"EmailSendingAccount": "DEVELOPER", "SourceArn": arn, "ConfigurationSet": name}
    _, client = sandbox.pool(REGION, configuration)

    sandbox.sign_up(REGION, client, address)

    assert len(sandbox.mail_to(address)) == 1


def test_the_account_s_own_mail_is_judged_too(sandbox: Sandbox, client: str) -> None:
    del client
    v1, v2 = sandbox.client("ses", REGION), sandbox.client("sesv2", REGION)
    text = {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "There"}}}
    raw = b"From: noreply@standing.example\r\nTo: raw@x.example\r\nSubject: Raw\r\n\r\nBody"

    v1.send_email(Source=NAME, Destination={"ToAddresses": ["v1@x.example"]}, Message=text)
    v1.send_raw_email(RawMessage={"Data": raw})
    v2.send_email(FromEmailAddress=NAME, Destination={"ToAddresses": ["v2@x.example"]}, Content={"Simple": text})
    with pytest.raises(ClientError, match="MessageRejected"):
        v1.send_email(Source="a@nobody.example", Destination={"ToAddresses": ["b@x.example"]}, Message=text)
    sandbox.control("POST", f"ses/{REGION}/account", {"sending_enabled": False})
    with pytest.raises(v2.exceptions.SendingPausedException):
        v2.send_email(FromEmailAddress=NAME, Destination={"ToAddresses": ["c@x.example"]}, Content={"Simple": text})

    assert [sandbox.mail_to(f"{who}@x.example")[0]["subject"] for who in ("v1", "raw", "v2")] == [
        "Hello",
        "Raw",
        "Hello",
    ]


def test_event_destinations_of_a_set_are_kept(sandbox: Sandbox) -> None:
    ses, name = sandbox.client("sesv2", REGION), unique("set")
    ses.create_configuration_set(ConfigurationSetName=name)
    bus = f"arn:aws:events:{REGION}:{sandbox.account}:event-bus/default"
    destination = {
        "Enabled": True,
        "MatchingEventTypes": ["BOUNCE"],
        "EventBridgeDestination": {"EventBusArn": bus},
    }

    ses.create_configuration_set_event_destination(
        ConfigurationSetName=name, EventDestinationName="bus", EventDestination=destination
    )
    found = ses.get_configuration_set_event_destinations(ConfigurationSetName=name)["EventDestinations"]
    ses.delete_configuration_set_event_destination(ConfigurationSetName=name, EventDestinationName="bus")

    assert found == [{"Name": "bus", **destination}]
    assert sandbox.client("ses", REGION).list_configuration_sets()["ConfigurationSets"].count({"Name": name}) == 1
    ses.delete_configuration_set(ConfigurationSetName=name)
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.get_configuration_set(ConfigurationSetName=name)


def test_the_identity_s_own_configuration_set_counts_when_none_is_named(sandbox: Sandbox) -> None:
    sandbox.service_linked_role()
    name = f"{unique('noreply')}@shop.example"
    arn = sandbox.identity(name, REGION, configuration_set="gone")
    _, client = sandbox.pool(REGION, {"EmailSendingAccount": "DEVELOPER", "SourceArn": arn})

    assert "Configuration set <gone> does not exist" in refusal(sandbox, client)["Message"]


@pytest.mark.parametrize(
    ("behavior", "status", "arrives"),
    [
        ("REJECT_MESSAGE", "FAILED", False),
        ("REJECT_MESSAGE", "SUCCESS", True),
        ("USE_DEFAULT_VALUE", "FAILED", True),
    ],
)
def test_a_failing_mail_from_stops_mail_only_when_told_to(
    behavior: str, status: str, arrives: bool, sandbox: Sandbox
) -> None:
    sandbox.service_linked_role()
    name, ses = f"{unique('noreply')}@shop.example", sandbox.client("sesv2", REGION)
    arn = sandbox.identity(name, REGION)
    ses.put_email_identity_mail_from_attributes(
        EmailIdentity=name, MailFromDomain="bounce.shop.example", BehaviorOnMxFailure=behavior
    )
    sandbox.identity(name, REGION, mail_from_status=status)
    pool, client = sandbox.pool(REGION, {"EmailSendingAccount": "DEVELOPER", "SourceArn": arn})

    if arrives:
        assert len(sandbox.mail_to(sandbox.sign_up(REGION, client))) == 1
    else:
        assert refusal(sandbox, client)["Code"] == "CodeDeliveryFailureException"
        assert sandbox.control("POST", "judge", {"pool": pool})["stage"] == "identity"


@pytest.mark.parametrize("sender", ["주문 <{0}>", "=?utf-8?b?7KO866y4?= <{0}>"])
def test_a_display_name_is_no_obstacle_whether_it_is_encoded_or_not(sender: str, sandbox: Sandbox) -> None:
    sandbox.service_linked_role()
    name = f"{unique('noreply')}@shop.example"
    configuration = {"EmailSendingAccount": "DEVELOPER", "SourceArn": sandbox.identity(name, REGION)}
    _, client = sandbox.pool(REGION, configuration | {"From": sender.format(name)})

    assert len(sandbox.mail_to(sandbox.sign_up(REGION, client))) == 1


def test_an_address_must_be_ascii(sandbox: Sandbox) -> None:
    sandbox.service_linked_role()
    domain = f"{unique('shop')}.example"
    configuration = {"EmailSendingAccount": "DEVELOPER", "SourceArn": sandbox.identity(domain, REGION)}
    _, client = sandbox.pool(REGION, configuration | {"From": f"주문@{domain}"})

    assert "7-bit ASCII" in refusal(sandbox, client)["Message"]
