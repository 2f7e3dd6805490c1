"""What a look reads besides pool and policies, as it comes over the wire: sets, DKIM, suppression, factors."""

import datetime as dt

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.mail.box import Sandbox, Untyped, unique
from tests.sandbox.mail.policies.test_permissions import acting_as, code_of, may

REGION = "ap-northeast-2"


def set_of(sandbox: Sandbox, **options: Untyped) -> tuple[str, Untyped]:
    """Give the name of a new configuration set, and the client that made it."""
    ses, name = sandbox.client("sesv2", REGION), unique("set")
    ses.create_configuration_set(ConfigurationSetName=name, **options)
    return name, ses


def test_a_new_set_sends_and_says_nothing_of_suppression_and_tls(sandbox: Sandbox) -> None:
    name, ses = set_of(sandbox)

    found = ses.get_configuration_set(ConfigurationSetName=name)

    assert found["ConfigurationSetName"] == name
    assert found["SendingOptions"] == {"SendingEnabled": True}
    assert not {"SuppressionOptions", "DeliveryOptions"} & set(found)
    assert ses.get_configuration_set_event_destinations(ConfigurationSetName=name).get("EventDestinations", []) == []


def test_the_options_of_a_set_are_shown_as_they_were_put(sandbox: Sandbox) -> None:
    name, ses = set_of(sandbox, DeliveryOptions={"TlsPolicy": "OPTIONAL"})
    before = ses.get_configuration_set(ConfigurationSetName=name)

    ses.put_configuration_set_delivery_options(ConfigurationSetName=name, TlsPolicy="REQUIRE")
    ses.put_configuration_set_sending_options(ConfigurationSetName=name, SendingEnabled=False)
    ses.put_configuration_set_suppression_options(ConfigurationSetName=name, SuppressedReasons=["BOUNCE"])
    after = ses.get_configuration_set(ConfigurationSetName=name)

    assert before["DeliveryOptions"] == {"TlsPolicy": "OPTIONAL"}
    assert after["DeliveryOptions"] == {"TlsPolicy": "REQUIRE"}
    assert after["SendingOptions"] == {"SendingEnabled": False}
    assert after["SuppressionOptions"] == {"SuppressedReasons": ["BOUNCE"]}


def test_a_set_names_an_ip_pool_that_may_be_deleted_and_its_mail_is_refused(sandbox: Sandbox) -> None:
    ses, ip_pool, name = sandbox.client("sesv2", REGION), unique("ips"), f"{unique('sender')}@simulator.amazonses.com"
    ses.create_dedicated_ip_pool(PoolName=ip_pool)
    configuration_set, _ = set_of(sandbox, DeliveryOptions={"SendingPoolName": ip_pool})
    sandbox.control("POST", f"ses/{REGION}/identities/{name}", {"verification_status": "SUCCESS"})
    mail = {
        "FromEmailAddress": name,
        "Destination": {"ToAddresses": ["success@simulator.amazonses.com"]},
        "Content": {"Simple": {"Subject": {"Data": "-"}, "Body": {"Text": {"Data": "-"}}}},
        "ConfigurationSetName": configuration_set,
    }
    ses.send_email(**mail)

    ses.delete_dedicated_ip_pool(PoolName=ip_pool)

    with pytest.raises(ClientError, match="Dedicated IP pool"):
        ses.send_email(**mail)
    with pytest.raises(ClientError, match="NotFound"):
        ses.get_dedicated_ip_pool(PoolName=ip_pool)
    assert ses.get_configuration_set(ConfigurationSetName=configuration_set)["DeliveryOptions"] == {
        "SendingPoolName": ip_pool
    }


def test_an_empty_list_of_reasons_is_not_the_same_as_none(sandbox: Sandbox) -> None:
    name, ses = set_of(sandbox)

    ses.put_configuration_set_suppression_options(ConfigurationSetName=name, SuppressedReasons=[])
    off = ses.get_configuration_set(ConfigurationSetName=name)
    ses.put_configuration_set_suppression_options(ConfigurationSetName=name)
    follows = ses.get_configuration_set(ConfigurationSetName=name)

    assert off["SuppressionOptions"] == {"SuppressedReasons": []}
    assert "SuppressionOptions" not in follows


def test_a_destination_is_created_changed_and_deleted(sandbox: Sandbox) -> None:
    name, ses = set_of(sandbox)
    topic = {"SnsDestination": {"TopicArn": f"arn:aws:sns:{REGION}:{sandbox.account}:bounces"}}
    which = {"ConfigurationSetName": name, "EventDestinationName": "topic"}

    def destinations() -> list[dict[str, object]]:
        found = ses.get_configuration_set_event_destinations(ConfigurationSetName=name)
        return list(found.get("EventDestinations", []))

    ses.create_configuration_set_event_destination(
        **which, EventDestination={"Enabled": True, "MatchingEventTypes": ["COMPLAINT", "BOUNCE"], **topic}
    )
    created = destinations()
    ses.update_configuration_set_event_destination(
        **which, EventDestination={"Enabled": False, "MatchingEventTypes": ["BOUNCE"], **topic}
    )
    changed = destinations()
    ses.delete_configuration_set_event_destination(**which)

    assert created == [{"Name": "topic", "Enabled": True, "MatchingEventTypes": ["BOUNCE", "COMPLAINT"], **topic}]
    assert changed == [{"Name": "topic", "Enabled": False, "MatchingEventTypes": ["BOUNCE"], **topic}]
    assert destinations() == []


@pytest.mark.parametrize(
    "call",
    [
        "get_configuration_set",
        "get_configuration_set_event_destinations",
        "put_configuration_set_sending_options",
        "delete_configuration_set",
    ],
)
def test_a_set_that_is_not_there_is_not_found(call: str, sandbox: Sandbox) -> None:
    ses = sandbox.client("sesv2", REGION)

    with pytest.raises(ses.exceptions.NotFoundException):
        getattr(ses, call)(ConfigurationSetName="nobody")


def test_reads_of_a_set_are_authorized_on_the_set(sandbox: Sandbox) -> None:
    (mine, _), (other, _) = set_of(sandbox), set_of(sandbox)
    reads = ["ses:GetConfigurationSet", "ses:GetConfigurationSetEventDestinations"]
    arn = f"arn:aws:ses:{REGION}:{sandbox.account}:configuration-set/{mine}"
    ses = sandbox.client("sesv2", REGION, **acting_as(sandbox, may(reads, arn)))

    ses.get_configuration_set(ConfigurationSetName=mine)
    ses.get_configuration_set_event_destinations(ConfigurationSetName=mine)

    for call in (ses.get_configuration_set, ses.get_configuration_set_event_destinations):
        with pytest.raises(ClientError) as error:
            call(ConfigurationSetName=other)
        assert code_of(error) == "AccessDeniedException"
    with pytest.raises(ClientError) as error:
        ses.put_configuration_set_sending_options(ConfigurationSetName=mine, SendingEnabled=False)
    assert code_of(error) == "AccessDeniedException"


def test_a_domain_is_verified_by_its_dkim_records_unless_control_says_otherwise(sandbox: Sandbox) -> None:
    ses = sandbox.client("sesv2", REGION)
    new, failing = (f"{unique('shop')}.example" for _ in range(2))
    ses.create_email_identity(EmailIdentity=new)
    pending = ses.get_email_identity(EmailIdentity=new)["DkimAttributes"]

    sandbox.identity(new, REGION)
    sandbox.identity(failing, REGION, dkim_status="FAILED")
    verified = ses.get_email_identity(EmailIdentity=new)
    broken = ses.get_email_identity(EmailIdentity=failing)

    assert (pending["SigningEnabled"], pending["Status"]) == (True, "PENDING")
    assert (verified["DkimAttributes"]["SigningEnabled"], verified["DkimAttributes"]["Status"]) == (True, "SUCCESS")
    assert (broken["DkimAttributes"]["Status"], broken["VerifiedForSendingStatus"]) == ("FAILED", True)
    checked = verified["VerificationInfo"]["LastCheckedTimestamp"]
    assert isinstance(checked, dt.datetime)
    assert checked == verified["VerificationInfo"]["LastSuccessTimestamp"]


def test_signing_and_forwarding_are_switched_off_and_shown(sandbox: Sandbox) -> None:
    ses, name = sandbox.client("sesv2", REGION), f"{unique('shop')}.example"
    sandbox.identity(name, REGION)

    ses.put_email_identity_dkim_attributes(EmailIdentity=name, SigningEnabled=False)
    ses.put_email_identity_feedback_attributes(EmailIdentity=name, EmailForwardingEnabled=False)
    ses.put_email_identity_mail_from_attributes(
        EmailIdentity=name, MailFromDomain=f"bounce.{name}", BehaviorOnMxFailure="REJECT_MESSAGE"
    )
    found = ses.get_email_identity(EmailIdentity=name)

    assert found["DkimAttributes"]["SigningEnabled"] is False
    assert found["FeedbackForwardingStatus"] is False
    assert found["MailFromAttributes"] == {
        "MailFromDomain": f"bounce.{name}",
        "MailFromDomainStatus": "PENDING",
        "BehaviorOnMxFailure": "REJECT_MESSAGE",
    }


def test_the_account_says_which_reasons_suppress(sandbox: Sandbox) -> None:
    ses = sandbox.client("sesv2", "eu-north-1")
    before = ses.get_account()["SuppressionAttributes"]

    ses.put_account_suppression_attributes(SuppressedReasons=["COMPLAINT"])
    some = ses.get_account()["SuppressionAttributes"]
    ses.put_account_suppression_attributes(SuppressedReasons=[])
    none = ses.get_account()["SuppressionAttributes"]

    assert before == {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]}
    assert some == {"SuppressedReasons": ["COMPLAINT"]}
    assert none == {"SuppressedReasons": []}


def test_the_second_factors_of_a_pool_are_shown_apart_from_the_pool(sandbox: Sandbox) -> None:
    cognito = sandbox.client("cognito-idp", REGION)
    arn = sandbox.identity(f"{unique('noreply')}@shop.example", REGION)
    pool, _ = sandbox.pool(REGION, {"EmailSendingAccount": "DEVELOPER", "SourceArn": arn})
    off = cognito.get_user_pool_mfa_config(UserPoolId=pool)

    cognito.set_user_pool_mfa_config(
        UserPoolId=pool,
        MfaConfiguration="OPTIONAL",
        EmailMfaConfiguration={"Subject": "Your code", "Message": "{####}"},
    )
    on = cognito.get_user_pool_mfa_config(UserPoolId=pool)
    described = cognito.describe_user_pool(UserPoolId=pool)["UserPool"]

    assert off["MfaConfiguration"] == "OFF"
    assert "EmailMfaConfiguration" not in off
    assert on["MfaConfiguration"] == "OPTIONAL"
    assert on["EmailMfaConfiguration"] == {"Subject": "Your code", "Message": "{####}"}
    assert described["MfaConfiguration"] == "OPTIONAL"
    assert "EmailMfaConfiguration" not in described


def test_a_one_time_password_in_first_place_is_shown_in_the_pool(sandbox: Sandbox) -> None:
    policy = {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}

    pool, _ = sandbox.pool(REGION, Policies={"SignInPolicy": policy})

    described = sandbox.client("cognito-idp", REGION).describe_user_pool(UserPoolId=pool)["UserPool"]
    assert described["Policies"]["SignInPolicy"] == policy


def test_second_factors_are_authorized_on_the_pool(sandbox: Sandbox) -> None:
    mine, other = sandbox.pool(REGION)[0], sandbox.pool(REGION)[0]
    credentials = acting_as(sandbox, may("cognito-idp:GetUserPoolMfaConfig", sandbox.pool_arn(mine)))
    cognito = sandbox.client("cognito-idp", REGION, **credentials)

    cognito.get_user_pool_mfa_config(UserPoolId=mine)

    with pytest.raises(ClientError) as error:
        cognito.get_user_pool_mfa_config(UserPoolId=other)
    assert code_of(error) == "AccessDeniedException"
