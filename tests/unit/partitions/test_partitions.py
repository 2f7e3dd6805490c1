"""The same in every partition: names, looks, grants, exposure; and undocumented facts of a partition stay unknown."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from mailwarden.domain.findings.changes import GrantSending
from mailwarden.domain.mail_path.path import MailPath, UsesIdentity
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.readings import EmailConfiguration, Identity, Pool, SenderMode
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import (
    ConfigurationSetRef,
    IdentityRef,
    MonitoringRef,
    PoolRef,
    SesAccountRef,
    Subject,
    monitoring_of,
    subject_from_arn,
)
from mailwarden.inbound.cloudtrail.events import hints_from_event
from mailwarden.policy import (
    Allowed,
    PrincipalKind,
    blocking_denies,
    cognito_service,
    decide_sending,
    kind_of,
    public_or_cross_account,
    service_linked_role,
    unconditioned_cognito_trust,
)
from mailwarden.policy.grant.grant import Grant, GrantPlan, grant_pools
from mailwarden.regions import NoRow, RegionTable, built_in_table
from mailwarden.rules import ALL
from mailwarden.rules.judging import judge
from mailwarden.service.findings.used_resources import used_by
from tests.builders import ACCOUNT, OTHER_ACCOUNT, identity, mail_path, pool

PLACES = [
    ("aws", "eu-west-1"),
    ("aws-us-gov", "us-gov-west-1"),
    ("aws-eusc", "eusc-de-east-1"),
    ("aws-cn", "cn-north-1"),
]
PRINCIPAL = "email.cognito-idp.amazonaws.com"

in_every_partition = pytest.mark.parametrize(("partition", "region"), PLACES)


def pool_in(partition: str, region: str) -> PoolRef:
    return PoolRef(partition=partition, region=region, account=ACCOUNT, pool_id=f"{region}_EXAMPLE")


def identity_in(partition: str, region: str, name: str = "example.com") -> IdentityRef:
    return IdentityRef(partition=partition, region=region, account=ACCOUNT, name=name)


def table_with(region: str, **row: object) -> RegionTable:
    """The built-in table with a row that an operator put into the settings."""
    stated = {"option": "in-region-only", "developer": [region], "principal": PRINCIPAL} | row
    return built_in_table().with_overrides({region: stated})


def path_in(partition: str, region: str, *policies: dict[str, object], table: RegionTable) -> MailPath:
    """A pool on the default sender with an identity of its own region."""
    sender = identity_in(partition, region, "support@example.com")
    email = EmailConfiguration(sending_account=SenderMode.COGNITO_DEFAULT, source_arn=sender.arn)
    held: Pool = replace(pool(region, email=email), ref=pool_in(partition, region))
    texts = {f"p{number}": json.dumps(policy) for number, policy in enumerate(policies)}
    live: Identity = replace(identity(sender.name, region=region), ref=sender, policies=texts)
    return mail_path(held, live, table=table, opened={sender.arn: ("account",)})


def allow(
    identity_arn: str, principal: object, condition: Mapping[str, object] | None = None, *, effect: str = "Allow"
) -> dict[str, object]:
    statement: dict[str, object] = {
        "Effect": effect,
        "Principal": principal,
        "Action": ["ses:SendEmail", "ses:SendRawEmail"],
        "Resource": identity_arn,
    }
    return {"Version": "2012-10-17", "Statement": [statement | ({"Condition": condition} if condition else {})]}


@in_every_partition
def test_every_subject_is_read_back_from_its_arn(partition: str, region: str) -> None:
    where = {"partition": partition, "region": region, "account": ACCOUNT}
    subjects: list[Subject] = [
        pool_in(partition, region),
        identity_in(partition, region),
        ConfigurationSetRef(**where, name="mail"),
        SesAccountRef(**where),
        MonitoringRef(**where),
    ]

    assert [subject_from_arn(subject.arn) for subject in subjects] == subjects
    assert all(subject.arn.startswith(f"arn:{partition}:") for subject in subjects)
    assert monitoring_of(pool_in(partition, region)).partition == partition


@in_every_partition
def test_the_form_with_a_star_for_the_region_is_an_identity_of_its_partition(partition: str, region: str) -> None:
    star = identity_in(partition, "*")

    read = IdentityRef.from_arn(f"arn:{partition}:ses:*:{ACCOUNT}:identity/example.com")

    assert read == star
    assert read.arn == star.arn
    assert region not in read.arn


@in_every_partition
def test_the_form_with_a_star_is_looked_up_in_both_regions_of_its_partition(partition: str, region: str) -> None:
    first, second = region.replace("-1", "-2"), region.replace("-1", "-3")
    table = table_with(
        region, option="alternate-region", developer=[first], default_custom_from=[first, second], principal=PRINCIPAL
    )
    email = EmailConfiguration(source_arn=identity_in(partition, "*").arn)

    path = mail_path(replace(pool(region, email=email), ref=pool_in(partition, region)), table=table)

    assert isinstance(path.sender, UsesIdentity)
    assert [ses_state.identity_ref for ses_state in path.ses_states] == [
        identity_in(partition, first),
        identity_in(partition, second),
    ]
    used = used_by(path)
    assert all(arn.startswith(f"arn:{partition}:") for arn in used)
    assert len([arn for arn in used if ":ses:" in arn]) == 4


@in_every_partition
def test_an_event_names_a_pool_of_its_partition(partition: str, region: str) -> None:
    event = {
        "detail-type": "AWS API Call via CloudTrail",
        "source": "aws.cognito-idp",
        "account": ACCOUNT,
        "region": region,
        "detail": {"eventName": "UpdateUserPool", "requestParameters": {"userPoolId": f"{region}_EXAMPLE"}},
    }

    (hint,) = hints_from_event(event, account=ACCOUNT, partition=partition)

    assert isinstance(hint, PoolHint)
    assert hint.pool == pool_in(partition, region)


@in_every_partition
def test_a_grant_is_written_with_the_names_of_its_partition_and_then_lets_the_pool_send(
    partition: str, region: str
) -> None:
    sender, held = identity_in(partition, region), pool_in(partition, region)

    planned = grant_pools(
        {}, identity_arn=sender.arn, account=ACCOUNT, grants=[Grant(principal=PRINCIPAL, pool_arn=held.arn)]
    )

    assert isinstance(planned, GrantPlan)
    (text,) = planned.after.values()
    assert text is not None
    assert "arn:aws:" not in text or partition == "aws"
    asked = cognito_service(principal=PRINCIPAL, pool_arn=held.arn, identity_arn=sender.arn)
    assert isinstance(decide_sending({"ours": text}, asked).decision, Allowed)


@in_every_partition
def test_a_missing_grant_is_found_and_repaired_where_the_settings_have_the_row(partition: str, region: str) -> None:
    path = path_in(partition, region, table=table_with(region))

    judged = judge(path, ALL)

    (finding,) = [each for each in judged.findings if each.rule_id == "MW401"]
    assert judged.verdict.answer is Answer.NO
    assert finding.fix is not None
    assert isinstance(finding.fix.change, GrantSending)
    assert finding.fix.change.resource.startswith(f"arn:{partition}:ses:{region}:")


@in_every_partition
def test_anybodys_pool_could_send_is_found(partition: str, region: str) -> None:
    arn = identity_in(partition, region).arn
    conditions = [
        None,
        {"ArnLike": {"aws:SourceArn": f"arn:{partition}:cognito-idp:*:*:userpool/*"}},
        {"ArnLike": {"aws:SourceArn": f"arn:{partition}:cognito-idp:{region[:3]}*:*:userpool/*"}},
    ]

    found = [
        unconditioned_cognito_trust(
            {"p": allow(arn, {"Service": PRINCIPAL}, condition)}, identity_arn=arn, account=ACCOUNT
        )
        for condition in conditions
    ]

    assert [[trust.certain for trust in each] for each in found] == [[True], [True], [True]]


@in_every_partition
def test_a_grant_to_another_account_is_found(partition: str, region: str) -> None:
    arn = identity_in(partition, region).arn
    forms = [OTHER_ACCOUNT, f"arn:{partition}:iam::{OTHER_ACCOUNT}:root"]

    found = [
        public_or_cross_account({"p": allow(arn, {"AWS": form})}, identity_arn=arn, account=ACCOUNT) for form in forms
    ]

    assert [len(each) for each in found] == [1, 1]


@in_every_partition
def test_the_service_linked_role_is_one_of_its_partition_so_that_a_deny_reaches_it(partition: str, region: str) -> None:
    arn = identity_in(partition, region).arn
    role = service_linked_role(account=ACCOUNT, identity_arn=arn)
    roles = f"arn:{partition}:iam::{ACCOUNT}:role/aws-service-role/*"
    denying = {
        operator: allow(arn, "*", {operator: {"aws:PrincipalArn": roles}}, effect="Deny")
        for operator in ("ArnLike", "ArnNotLike")
    }

    denials = blocking_denies(denying, role)

    assert [denial.ref.policy for denial in denials.certain] == ["ArnLike"]
    assert denials.possible == ()


@pytest.mark.parametrize("region", ["us-gov-west-1", "us-gov-east-1", "eusc-de-east-1", "cn-north-1", "us-iso-east-1"])
def test_a_region_of_a_partition_that_the_page_does_not_cover_is_unknown(region: str) -> None:
    assert isinstance(built_in_table().row(region), NoRow)


@in_every_partition
def test_without_a_row_nothing_is_called_sound_and_nothing_is_written_by_itself(partition: str, region: str) -> None:
    if partition == "aws":
        region = "ap-southeast-6"

    judged = judge(path_in(partition, region, table=built_in_table()), ALL)

    assert judged.verdict.answer is Answer.UNKNOWN
    assert all(finding.fix is None for finding in judged.findings)


@pytest.mark.parametrize(
    ("principal", "kind"),
    [
        ("email.cognito-idp.amazonaws.eu", PrincipalKind.GLOBAL),
        ("cognito-idp.eusc-de-east-1.amazonaws.eu", PrincipalKind.REGIONAL),
        ("cognito-idp.amazonaws.eu", PrincipalKind.LEGACY),
        ("cognito-idp.us-gov-west-1.amazonaws.com", PrincipalKind.REGIONAL),
        ("cognito-idp.amazonaws.evil", None),
        ("email.cognito-idp.amazonaws.eu.evil", None),
    ],
)
def test_cognitos_principals_are_known_with_the_suffix_of_any_partition(
    principal: str, kind: PrincipalKind | None
) -> None:
    assert kind_of(principal) is kind
