"""The hints of a call."""

from datetime import UTC, datetime

import pytest

from mailwarden.domain.refs.hints import (
    ConfigurationSetHint,
    EverywhereHint,
    Hint,
    IdentityHint,
    PoolHint,
    RegionHint,
    SesAccountHint,
)
from mailwarden.inbound.cloudtrail.calls import CALLS
from mailwarden.inbound.cloudtrail.events import ForeignEvent, MalformedEvent, hints_from_event
from tests.texts import says
from tests.unit.inbound.example_events import ACCOUNT, Event, bent, calls, example, ses_statement, without

POOL = f"arn:aws:cognito-idp:ap-northeast-2:{ACCOUNT}:userpool/ap-northeast-2_EXAMPLE01"
REPLICA = f"arn:aws:cognito-idp:us-west-2:{ACCOUNT}:userpool/ap-northeast-2_EXAMPLE01"
DOMAIN = f"arn:aws:ses:us-west-2:{ACCOUNT}:identity/example.com"
ADDRESS = f"arn:aws:ses:us-west-2:{ACCOUNT}:identity/support@example.com"
SET = f"arn:aws:ses:us-west-2:{ACCOUNT}:configuration-set/transactional"
SES_ACCOUNT = f"arn:aws:ses:us-west-2:{ACCOUNT}:account/{ACCOUNT}"
EVERYWHERE = "everywhere"

LOOKED_AT: dict[str, tuple[str, ...]] = {
    "cognito-idp.create-user-pool": (POOL,),
    "cognito-idp.create-user-pool-domain": (POOL,),
    "cognito-idp.create-user-pool-replica": (POOL, REPLICA),
    "cognito-idp.create-user-pool.null-answer": ("ap-northeast-2",),
    "cognito-idp.create-user-pool.text-for-object": ("ap-northeast-2",),
    "cognito-idp.delete-user-pool": (POOL,),
    "cognito-idp.delete-user-pool-domain": (POOL,),
    "cognito-idp.delete-user-pool-replica": (POOL, REPLICA),
    "cognito-idp.set-risk-configuration": (POOL,),
    "cognito-idp.set-user-pool-mfa-config": (POOL,),
    "cognito-idp.tag-resource": (POOL,),
    "cognito-idp.untag-resource": (POOL,),
    "cognito-idp.update-user-pool": (POOL,),
    "cognito-idp.update-user-pool-domain": (POOL,),
    "cognito-idp.update-user-pool-replica": (POOL, REPLICA),
    "cognito-idp.update-user-pool.denied": (),
    "cognito-idp.update-user-pool.hidden-id": ("ap-northeast-2",),
    "cognito-idp.update-user-pool.hidden-parameters": ("ap-northeast-2",),
    "cognito-idp.update-user-pool.no-parameters": ("ap-northeast-2",),
    "cognito-idp.update-user-pool.null-parameters": ("ap-northeast-2",),
    "cognito-idp.update-user-pool.refused": (),
    "cognito-idp.update-user-pool.too-large": ("ap-northeast-2",),
    "iam.create-service-linked-role": (EVERYWHERE,),
    "iam.create-service-linked-role.other-service": (),
    "iam.delete-service-linked-role": (EVERYWHERE,),
    "iam.delete-service-linked-role.hidden-name": (EVERYWHERE,),
    "iam.delete-service-linked-role.other-service": (),
    "ses.create-configuration-set": (SET,),
    "ses.create-configuration-set-event-destination": (SET,),
    "ses.create-configuration-set-tracking-options": (SET,),
    "ses.create-configuration-set.v2": (SET,),
    "ses.create-dedicated-ip-pool": (SES_ACCOUNT,),
    "ses.create-email-identity": (DOMAIN,),
    "ses.create-email-identity-policy": (DOMAIN,),
    "ses.create-import-job": (SES_ACCOUNT,),
    "ses.create-import-job.contacts": (),
    "ses.delete-configuration-set": (SET,),
    "ses.delete-configuration-set-event-destination": (SET,),
    "ses.delete-configuration-set-tracking-options": (SET,),
    "ses.delete-dedicated-ip-pool": (SES_ACCOUNT,),
    "ses.delete-email-identity": (ADDRESS,),
    "ses.delete-email-identity-policy": (DOMAIN,),
    "ses.delete-email-identity.list-for-text": (SES_ACCOUNT,),
    "ses.delete-identity": (DOMAIN,),
    "ses.delete-identity-policy": (DOMAIN,),
    "ses.delete-identity.denied": (),
    "ses.delete-verified-email-address": (ADDRESS,),
    "ses.put-account-details": (SES_ACCOUNT,),
    "ses.put-account-sending-attributes": (SES_ACCOUNT,),
    "ses.put-account-suppression-attributes": (SES_ACCOUNT,),
    "ses.put-account-suppression-attributes.null-parameters": (SES_ACCOUNT,),
    "ses.put-configuration-set-delivery-options": (SET,),
    "ses.put-configuration-set-reputation-options": (SET,),
    "ses.put-configuration-set-sending-options": (SET,),
    "ses.put-configuration-set-suppression-options": (SET,),
    "ses.put-configuration-set-tracking-options": (SET,),
    "ses.put-email-identity-configuration-set-attributes": (DOMAIN,),
    "ses.put-email-identity-dkim-attributes": (DOMAIN,),
    "ses.put-email-identity-dkim-signing-attributes": (DOMAIN,),
    "ses.put-email-identity-feedback-attributes": (DOMAIN,),
    "ses.put-email-identity-mail-from-attributes": (DOMAIN,),
    "ses.put-identity-policy": (DOMAIN,),
    "ses.put-identity-policy.identity-by-arn": (DOMAIN,),
    "ses.set-identity-dkim-enabled": (DOMAIN,),
    "ses.set-identity-feedback-forwarding-enabled": (DOMAIN,),
    "ses.set-identity-mail-from-domain": (DOMAIN,),
    "ses.set-identity-notification-topic": (DOMAIN,),
    "ses.tag-resource": (DOMAIN,),
    "ses.tag-resource.contact-list": (),
    "ses.untag-resource": (SET,),
    "ses.update-account-sending-enabled": (SES_ACCOUNT,),
    "ses.update-configuration-set": (SET,),
    "ses.update-configuration-set-event-destination": (SET,),
    "ses.update-configuration-set-reputation-metrics-enabled": (SET,),
    "ses.update-configuration-set-sending-enabled": (SET,),
    "ses.update-configuration-set-tracking-options": (SET,),
    "ses.update-email-identity-policy": (ADDRESS,),
    "ses.update-email-identity-policy.url-encoded": (ADDRESS,),
    "ses.update-reputation-entity-customer-managed-status": (DOMAIN,),
    "ses.update-reputation-entity-customer-managed-status.tenant": (),
    "ses.update-reputation-entity-policy": (SET,),
    "ses.verify-domain-dkim": (DOMAIN,),
    "ses.verify-domain-identity": (DOMAIN.replace("example", "Example"),),
    "ses.verify-email-address": (ADDRESS,),
    "ses.verify-email-identity": (ADDRESS,),
}
FOREIGN = frozenset({"cognito-idp.login", "cognito-idp.update-user-pool.other-account"})
EVENTS_OF_SES = tuple(name for name in ses_statement() if name.startswith("ses."))


def hints(event: object) -> tuple[Hint, ...]:
    return hints_from_event(event, account=ACCOUNT, partition="aws")


def looked_at(event: object) -> tuple[str, ...]:
    return tuple(name_of(hint) for hint in hints(event))


def name_of(hint: Hint) -> str:
    match hint:
        case PoolHint(pool=subject):
            return subject.arn
        case IdentityHint(identity=identity):
            return identity.arn
        case ConfigurationSetHint(configuration_set=configuration_set):
            return configuration_set.arn
        case SesAccountHint(account=account):
            return account.arn
        case RegionHint(region=region, after=None):
            return region
        case RegionHint(after=after):
            raise AssertionError(f"an event cannot know where to go on from: {after}")
        case EverywhereHint():
            return EVERYWHERE


def test_every_example_is_in_the_table_or_foreign() -> None:
    assert set(calls()) == set(LOOKED_AT) | FOREIGN


@pytest.mark.parametrize("name", LOOKED_AT)
def test_an_example_leads_to_a_look_at_its_resource(name: str) -> None:
    assert looked_at(example(name)) == LOOKED_AT[name]


@pytest.mark.parametrize("name", [*sorted(FOREIGN), *EVENTS_OF_SES])
def test_an_event_of_another_account_or_kind_is_refused(name: str) -> None:
    with pytest.raises(ForeignEvent):
        hints(example(name))


def test_every_call_that_is_listened_to_has_an_example() -> None:
    shown = {(event["source"], event["detail"].get("eventName")) for event in map(example, calls())}

    listened_to = {(source, name) for source, names in CALLS.items() for name in names}

    assert listened_to <= shown


@pytest.mark.parametrize("name", LOOKED_AT)
@pytest.mark.parametrize("parameters", [None, "HIDDEN_DUE_TO_SECURITY_REASONS", [], 7, {}, {"userPoolId": None}])
def test_a_call_without_readable_parameters_is_a_look_at_everything_it_could_concern(
    name: str, parameters: object
) -> None:
    event = bent(bent(example(name), "detail.requestParameters", parameters), "detail.responseElements", None)
    widest = {
        "aws.cognito-idp": event["region"],
        "aws.ses": f"arn:aws:ses:{event['region']}:{ACCOUNT}:account/{ACCOUNT}",
        "aws.iam": EVERYWHERE,
    }[event["source"]]

    found = looked_at(event)

    assert found == (() if "errorCode" in event["detail"] else (widest,))


@pytest.mark.parametrize("value", [None, "HIDDEN_DUE_TO_SECURITY_REASONS", 7, {"a": 1}])
def test_a_call_without_a_readable_name_is_a_look_at_its_region(value: object) -> None:
    event = bent(example("cognito-idp.update-user-pool"), "detail.eventName", value)

    if isinstance(value, str):
        with pytest.raises(ForeignEvent, check=says("eventName")):
            hints(event)
    else:
        assert looked_at(event) == ("ap-northeast-2",)


def test_account_and_region_are_those_of_the_envelope() -> None:
    event = example("cognito-idp.tag-resource")
    event["detail"]["awsRegion"] = "eu-west-1"
    event["detail"]["recipientAccountId"] = "999999999999"
    event["region"] = "us-west-2"

    assert looked_at(event) == (REPLICA,)


@pytest.mark.parametrize(
    "identity",
    [
        "arn:aws:ses:us-west-2:111122223333:identity/example.com",
        "arn:aws:ses:us-west-2:123456789012:configuration-set/example.com",
        "arn:aws:sns:us-west-2:123456789012:identity/example.com",
        "arn:aws:ses:us-west-2:identity/example.com",
        "example",
        "two words.com",
        "line\nbreak.com",
        "\ud800.com",
        "a" * 317 + ".com",
    ],
)
def test_a_name_that_can_be_no_identity_of_ours_is_a_look_at_the_account(identity: str) -> None:
    event = bent(example("ses.put-identity-policy"), "detail.requestParameters.identity", identity)

    assert looked_at(event) == (SES_ACCOUNT,)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("support%40example.com", ("support@example.com",)),
        ("50%25@example.com", ("50%25@example.com",)),
        ("Support@Example.COM", ("Support@Example.COM",)),
        ("arn%3Aaws%3Ases%3Aus-west-2%3A123456789012%3Aidentity%2Fexample.com", ("example.com",)),
    ],
)
def test_an_identity_is_found_in_every_spelling_a_record_may_have(given: str, names: tuple[str, ...]) -> None:
    event = bent(example("ses.delete-email-identity"), "detail.requestParameters.emailIdentity", given)

    assert looked_at(event) == tuple(f"arn:aws:ses:us-west-2:{ACCOUNT}:identity/{name}" for name in names)


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:cognito-idp:ap-northeast-2:111122223333:userpool/ap-northeast-2_EXAMPLE01",
        "arn:aws:cognito-idp:ap-northeast-2:123456789012:userpool/no pool",
        "arn:aws:ses:us-west-2:123456789012:identity/example.com",
    ],
)
def test_a_tagged_thing_that_is_no_pool_of_ours_is_a_look_at_the_region(arn: str) -> None:
    event = bent(example("cognito-idp.tag-resource"), "detail.requestParameters.resourceArn", arn)

    assert looked_at(event) == ("ap-northeast-2",)


@pytest.mark.parametrize("role", ["awsserviceroleforamazoncognitoidpemailservice", "", None])
def test_a_role_that_may_be_cognitos_is_a_look_everywhere(role: str | None) -> None:
    event = bent(example("iam.delete-service-linked-role"), "detail.requestParameters.roleName", role)

    assert looked_at(event) == (EVERYWHERE,)


@pytest.mark.parametrize("service", ["Email.Cognito-Idp.amazonaws.com", "HIDDEN_DUE_TO_SECURITY_REASONS", "", None, 7])
def test_a_new_role_that_may_be_cognitos_is_a_look_everywhere(service: object) -> None:
    event = bent(example("iam.create-service-linked-role"), "detail.requestParameters.aWSServiceName", service)

    assert looked_at(event) == (EVERYWHERE,)


@pytest.mark.parametrize(
    "destination",
    [
        None,
        [],
        {},
        "HIDDEN_DUE_TO_SECURITY_REASONS",
        {"suppressionListDestination": None},
        {"contactListDestination": {}, "suppressionListDestination": {}},
    ],
)
def test_an_import_that_may_be_of_suppressed_addresses_is_a_look_at_the_account(destination: object) -> None:
    event = bent(example("ses.create-import-job"), "detail.requestParameters.importDestination", destination)

    assert looked_at(event) == (SES_ACCOUNT,)


def test_the_cause_names_actor_call_time_and_region() -> None:
    (hint,) = hints(example("cognito-idp.update-user-pool"))

    assert hint.cause is not None
    assert hint.cause.event_name == "UpdateUserPool"
    assert hint.cause.event_id == example("cognito-idp.update-user-pool")["detail"]["eventID"]
    assert hint.cause.actor == f"arn:aws:sts::{ACCOUNT}:assumed-role/Developer/jane"
    assert hint.cause.user_agent.startswith("aws-cli/2.31.0")
    assert hint.cause.region == "ap-northeast-2"
    assert hint.cause.at == datetime(2026, 3, 2, 11, 59, 41, tzinfo=UTC)


@pytest.mark.parametrize(
    ("identity", "actor"),
    [
        ({"type": "AWSService", "invokedBy": "cognito-idp.amazonaws.com"}, "cognito-idp.amazonaws.com"),
        ({"type": "IAMUser", "userName": "mail-team"}, "mail-team"),
        ({"type": "AWSAccount", "principalId": "AIDAEXAMPLE"}, "AIDAEXAMPLE"),
        ({"type": "Unknown"}, "Unknown"),
        ({"arn": "two\nlines\u202e"}, "two lines"),
        ({"arn": 7}, "unknown"),
        ("HIDDEN_DUE_TO_SECURITY_REASONS", "unknown"),
        (None, "unknown"),
    ],
)
def test_the_actor_is_the_most_informative_known_member(identity: object, actor: str) -> None:
    (hint,) = hints(bent(example("cognito-idp.update-user-pool"), "detail.userIdentity", identity))

    assert hint.cause is not None
    assert hint.cause.actor == actor


def test_a_long_user_agent_is_cut() -> None:
    (hint,) = hints(bent(example("cognito-idp.update-user-pool"), "detail.userAgent", "x" * 1024))

    assert hint.cause is not None
    assert hint.cause.user_agent == "x" * 300


@pytest.mark.parametrize("time", [None, "yesterday", "2026-03-02T11:59:41", "0001-01-01T00:00:00+23:59", 7])
def test_the_time_of_the_envelope_replaces_a_missing_time_of_the_record(time: object) -> None:
    event = bent(example("cognito-idp.update-user-pool"), "detail.eventTime", time)

    (hint,) = hints(event)
    (timeless,) = hints(bent(event, "time", time))

    assert hint.cause is not None
    assert hint.cause.at == datetime(2026, 3, 2, 11, 59, 41, tzinfo=UTC)
    assert timeless.cause is None


@pytest.mark.parametrize("member", ["detail-type", "source", "account", "region", "detail"])
@pytest.mark.parametrize("value", [None, 7, [], "missing"])
def test_an_event_without_a_readable_envelope_is_malformed_and_names_the_member(member: str, value: object) -> None:
    event: Event = example("cognito-idp.update-user-pool")
    event = without(event, member) if value == "missing" else bent(event, member, value)

    with pytest.raises(MalformedEvent, check=says(member)):
        hints(event)


@pytest.mark.parametrize("region", ["", "*", "Seoul", "ap-northeast-2/x", "ap-northeast-2\n"])
def test_a_region_that_can_be_none_is_malformed(region: str) -> None:
    with pytest.raises(MalformedEvent, check=says("region")):
        hints(bent(example("cognito-idp.update-user-pool"), "region", region))


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("detail-type", "AWS Service Event via CloudTrail"),
        ("source", "aws.ec2"),
        ("source", "mailwarden"),
        ("account", "111122223333"),
        ("detail.eventName", "AdminCreateUser"),
    ],
)
def test_an_event_that_no_rule_of_ours_matches_is_foreign_with_a_reason(member: str, value: str) -> None:
    with pytest.raises(ForeignEvent, check=says(member.rsplit(".", maxsplit=1)[-1])):
        hints(bent(example("cognito-idp.update-user-pool"), member, value))


@pytest.mark.parametrize("event", [None, [], "text", 7, True])
def test_a_value_other_than_an_object_is_malformed(event: object) -> None:
    with pytest.raises(MalformedEvent, check=says("event is")):
        hints(event)
