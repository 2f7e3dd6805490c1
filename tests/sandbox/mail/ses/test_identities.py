"""Both SES APIs show and change the same identities."""

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.mail.box import Sandbox, unique

REGION = "us-west-2"


def test_an_identity_made_with_v2_is_unverified_and_visible_to_v1(sandbox: Sandbox) -> None:
    name = f"{unique('mail')}@shop.example"

    created = sandbox.client("sesv2", REGION).create_email_identity(EmailIdentity=name)

    assert created["IdentityType"] == "EMAIL_ADDRESS"
    assert created["VerifiedForSendingStatus"] is False
    attributes = sandbox.client("ses", REGION).get_identity_verification_attributes(Identities=[name])
    assert attributes["VerificationAttributes"][name]["VerificationStatus"] == "Pending"
    assert name in sandbox.client("ses", REGION).list_identities()["Identities"]


def test_an_identity_made_with_v1_is_visible_to_v2_in_its_own_region_only(sandbox: Sandbox) -> None:
    name = f"{unique('shop')}.example"

    sandbox.client("ses", REGION).verify_domain_identity(Domain=name)

    found = sandbox.client("sesv2", REGION).get_email_identity(EmailIdentity=name)
    assert (found["IdentityType"], found["VerificationStatus"]) == ("DOMAIN", "PENDING")
    with pytest.raises(ClientError, match="NotFoundException"):
        sandbox.client("sesv2", "eu-west-1").get_email_identity(EmailIdentity=name)


def test_get_email_identity_shows_everything_that_was_set(sandbox: Sandbox) -> None:
    name, ses = f"{unique('shop')}.example", sandbox.client("sesv2", REGION)
    configuration_set = unique("set")
    ses.create_configuration_set(ConfigurationSetName=configuration_set)
    ses.create_email_identity(EmailIdentity=name, Tags=[{"Key": "team", "Value": "mail"}])
    ses.put_email_identity_mail_from_attributes(
        EmailIdentity=name, MailFromDomain=f"bounce.{name}", BehaviorOnMxFailure="REJECT_MESSAGE"
    )
    ses.put_email_identity_feedback_attributes(EmailIdentity=name, EmailForwardingEnabled=False)
    ses.put_email_identity_dkim_attributes(EmailIdentity=name, SigningEnabled=False)
    ses.put_email_identity_configuration_set_attributes(EmailIdentity=name, ConfigurationSetName=configuration_set)

    sandbox.identity(name, REGION, dkim_status="FAILED", mail_from_status="TEMPORARY_FAILURE")

    found = ses.get_email_identity(EmailIdentity=name)
    assert found["VerifiedForSendingStatus"] is True
    assert found["VerificationStatus"] == "SUCCESS"
    assert found["VerificationInfo"]["LastSuccessTimestamp"] == found["VerificationInfo"]["LastCheckedTimestamp"]
    assert (found["DkimAttributes"]["SigningEnabled"], found["DkimAttributes"]["Status"]) == (False, "FAILED")
    assert found["MailFromAttributes"] == {
        "MailFromDomain": f"bounce.{name}",
        "MailFromDomainStatus": "TEMPORARY_FAILURE",
        "BehaviorOnMxFailure": "REJECT_MESSAGE",
    }
    assert found["FeedbackForwardingStatus"] is False
    assert found["ConfigurationSetName"] == configuration_set
    assert found["Tags"] == [{"Key": "team", "Value": "mail"}]
    assert found["Policies"] == {}


def test_v1_attribute_calls_change_what_v2_shows(sandbox: Sandbox) -> None:
    name = f"{unique('shop')}.example"
    sandbox.identity(name, REGION)
    ses = sandbox.client("ses", REGION)

    tokens = ses.verify_domain_dkim(Domain=name)["DkimTokens"]
    ses.set_identity_dkim_enabled(Identity=name, DkimEnabled=False)
    ses.set_identity_mail_from_domain(Identity=name, MailFromDomain=f"m.{name}")
    ses.set_identity_feedback_forwarding_enabled(Identity=name, ForwardingEnabled=False)

    found = sandbox.client("sesv2", REGION).get_email_identity(EmailIdentity=name)
    assert (len(tokens), found["DkimAttributes"]["Tokens"]) == (3, tokens)
    assert found["DkimAttributes"]["SigningEnabled"] is False
    assert found["MailFromAttributes"]["MailFromDomain"] == f"m.{name}"
    assert found["FeedbackForwardingStatus"] is False
    dkim = ses.get_identity_dkim_attributes(Identities=[name])["DkimAttributes"][name]
    assert dkim["DkimVerificationStatus"] == "Success"


def test_creating_twice_and_naming_what_is_not_there_is_refused(sandbox: Sandbox) -> None:
    name, ses = f"{unique('mail')}@shop.example", sandbox.client("sesv2", REGION)
    ses.create_email_identity(EmailIdentity=name)

    with pytest.raises(ses.exceptions.AlreadyExistsException):
        ses.create_email_identity(EmailIdentity=name)
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.create_email_identity(EmailIdentity=f"{unique('x')}.example", ConfigurationSetName="nowhere")
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.delete_email_identity(EmailIdentity="nobody@shop.example")


def test_deleting_an_identity_takes_its_policies_along(sandbox: Sandbox) -> None:
    name = f"{unique('mail')}@shop.example"
    sandbox.identity(name, REGION, policies={"old": {"Statement": []}})

    sandbox.client("ses", REGION).delete_identity(Identity=name)
    sandbox.client("sesv2", REGION).create_email_identity(EmailIdentity=name)

    assert sandbox.client("sesv2", REGION).get_email_identity(EmailIdentity=name)["Policies"] == {}


def test_listing_filters_and_pages(sandbox: Sandbox) -> None:
    word, region = unique("listed"), "eu-north-1"
    for number in range(3):
        sandbox.identity(f"{word}-{number}@shop.example", region)
    sandbox.client("sesv2", region).create_email_identity(EmailIdentity=f"{word}.example")
    ses = sandbox.client("sesv2", region)

    first = ses.list_email_identities(PageSize=2)
    rest = ses.list_email_identities(PageSize=1000, NextToken=first["NextToken"])
    named = ses.list_email_identities(Filter={"IDENTITY_NAME_CONTAINS": f"{word}.ex"})

    assert len(first["EmailIdentities"]) == 2
    assert len(rest["EmailIdentities"]) == 2
    assert "NextToken" not in rest
    assert named["EmailIdentities"] == [
        {
            "IdentityType": "DOMAIN",
            "IdentityName": f"{word}.example",
            "SendingEnabled": False,
            "VerificationStatus": "PENDING",
        }
    ]


def test_tags_of_an_identity_are_added_replaced_and_removed(sandbox: Sandbox) -> None:
    name, ses = f"{unique('mail')}@shop.example", sandbox.client("sesv2", REGION)
    arn = sandbox.identity(name, REGION, tags={"team": "mail"})

    ses.tag_resource(ResourceArn=arn, Tags=[{"Key": "team", "Value": "web"}, {"Key": "x", "Value": "1"}])
    ses.untag_resource(ResourceArn=arn, TagKeys=["x"])

    assert ses.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "web"}]
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.list_tags_for_resource(ResourceArn=arn + "x")


def test_v2_knows_identities_by_name_only(sandbox: Sandbox) -> None:
    ses, arn = sandbox.client("sesv2", REGION), sandbox.identity(f"{unique('mail')}@shop.example", REGION)

    with pytest.raises(ses.exceptions.NotFoundException):
        ses.get_email_identity(EmailIdentity=arn)


def test_the_tagging_api_finds_identities_by_a_tag_in_their_own_region_only(sandbox: Sandbox) -> None:
    name = f"{unique('shop')}.example"
    tags = [{"Key": "mailwarden", "Value": "off"}, {"Key": "team", "Value": "mail"}]
    sandbox.client("sesv2", REGION).create_email_identity(EmailIdentity=name, Tags=tags)

    def found(region: str, key: str) -> list[dict[str, object]]:
        answer = sandbox.client("resourcegroupstaggingapi", region).get_resources(
            TagFilters=[{"Key": key}], ResourceTypeFilters=["ses:identity"]
        )
        return [each for each in answer["ResourceTagMappingList"] if each["ResourceARN"].endswith(f"/{name}")]

    assert found(REGION, "mailwarden") == [
        {"ResourceARN": f"arn:aws:ses:{REGION}:{sandbox.account}:identity/{name}", "Tags": tags}
    ]
    assert found(REGION, "owner") == found("eu-west-1", "mailwarden") == []
