"""Trails are read as CloudTrail describes them, in either form of selectors; a refused trail is unread."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from boto3.session import Session
from botocore.stub import Stubber
from moto import mock_aws

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.cloudtrail.trails import CloudTrailTrails
from mailwarden.domain.monitoring.trails import Recording, Trail, heard_by
from mailwarden.domain.readings import Unreadable
from tests.texts import english

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail.client import CloudTrailClient
    from mypy_boto3_cloudtrail.type_defs import AdvancedFieldSelectorTypeDef, EventSelectorTypeDef

SES = "ses.amazonaws.com"
HOME = "us-east-1"
ARN = "arn:aws:cloudtrail:us-east-1:999999999999:trail/organization"
DESCRIBED: dict[str, object] = {
    "TrailARN": ARN,
    "HomeRegion": HOME,
    "IsMultiRegionTrail": True,
    "IsOrganizationTrail": True,
    "IncludeGlobalServiceEvents": True,
    "HasCustomEventSelectors": True,
}


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    # The emulator asks its own S3 for the bucket, which needs more packages than these tests.
    monkeypatch.setattr("moto.cloudtrail.models.Trail.check_bucket_exists", lambda _: None)
    with mock_aws():
        yield Session(region_name=HOME)


@pytest.fixture
def cloudtrail(session: Session) -> "CloudTrailClient":
    client: CloudTrailClient = session.client("cloudtrail")
    client.create_trail(Name="main", S3BucketName="logs", IsMultiRegionTrail=True)
    return client


def only_trail(session: Session, region: str = HOME) -> Trail:
    trails = CloudTrailTrails(clients=Clients(session)).seen_in(region)
    assert isinstance(trails, tuple)
    (trail,) = trails
    return trail


@pytest.mark.parametrize("region", [HOME, "eu-west-1"])
def test_a_trail_of_every_region_is_seen_from_each_with_its_logging(
    session: Session, cloudtrail: "CloudTrailClient", region: str
) -> None:
    before = only_trail(session, region)

    cloudtrail.start_logging(Name="main")
    after = only_trail(session, region)

    assert (before.logging, after.logging) == (False, True)
    assert after.home_region == HOME
    assert after.multi_region
    assert not after.organization
    assert after.global_events
    assert heard_by(after, SES, region).recording is Recording.YES


def test_a_trail_of_another_region_alone_is_not_seen(session: Session) -> None:
    session.client("cloudtrail").create_trail(Name="here", S3BucketName="logs")

    assert CloudTrailTrails(clients=Clients(session)).seen_in("eu-west-1") == ()


@pytest.mark.parametrize(
    ("selector", "recording"),
    [
        ({"ReadWriteType": "All", "IncludeManagementEvents": True}, Recording.YES),
        ({"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}, Recording.YES),
        ({"ReadWriteType": "ReadOnly", "IncludeManagementEvents": True}, Recording.NO),
        ({"ReadWriteType": "All", "IncludeManagementEvents": False}, Recording.NO),
        (
            {
                "ReadWriteType": "All",
                "IncludeManagementEvents": True,
                "ExcludeManagementEventSources": ["kms.amazonaws.com"],
            },
            Recording.YES,
        ),
    ],
)
def test_basic_selectors_are_understood(
    session: Session, cloudtrail: "CloudTrailClient", selector: "EventSelectorTypeDef", recording: Recording
) -> None:
    cloudtrail.start_logging(Name="main")
    cloudtrail.put_event_selectors(TrailName="main", EventSelectors=[selector])

    assert heard_by(only_trail(session), SES, HOME).recording is recording


@pytest.mark.parametrize(
    ("field", "recording"),
    [
        ({"Field": "readOnly", "Equals": ["false"]}, Recording.YES),
        ({"Field": "readOnly", "Equals": ["true"]}, Recording.NO),
        ({"Field": "eventSource", "NotEquals": ["kms.amazonaws.com", SES]}, Recording.NO),
        ({"Field": "eventSource", "StartsWith": ["ses."]}, Recording.YES),
        ({"Field": "eventName", "NotStartsWith": ["Put"]}, Recording.UNKNOWN),
    ],
)
def test_advanced_selectors_are_understood(
    session: Session, cloudtrail: "CloudTrailClient", field: "AdvancedFieldSelectorTypeDef", recording: Recording
) -> None:
    cloudtrail.start_logging(Name="main")
    category: AdvancedFieldSelectorTypeDef = {"Field": "eventCategory", "Equals": ["Management"]}
    cloudtrail.put_event_selectors(
        TrailName="main",
        AdvancedEventSelectors=[{"FieldSelectors": [category, field]}],
    )

    assert heard_by(only_trail(session), SES, HOME).recording is recording


def test_a_trail_is_read_once_for_all_regions(session: Session, cloudtrail: "CloudTrailClient") -> None:
    cloudtrail.start_logging(Name="main")
    trails = CloudTrailTrails(clients=Clients(session))
    first = trails.seen_in(HOME)

    cloudtrail.stop_logging(Name="main")

    assert trails.seen_in("eu-west-1") == first


class Stubbed(Clients):
    """Clients whose CloudTrail answers from a stub."""

    def __init__(self, client: "CloudTrailClient") -> None:
        super().__init__()
        self._stubbed = client

    def cloudtrail(self, region: str) -> "CloudTrailClient":  # noqa: ARG002 - one client for all
        return self._stubbed


@pytest.fixture
def stubbed() -> Iterator[tuple[Stubber, CloudTrailTrails]]:
    client: CloudTrailClient = Session(
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        region_name=HOME,
    ).client("cloudtrail")
    with Stubber(client) as stub:
        yield stub, CloudTrailTrails(clients=Stubbed(client))


@pytest.mark.parametrize("code", ["AccessDeniedException", "TrailNotFoundException", "OperationNotPermittedException"])
def test_selectors_that_a_member_account_may_not_read_are_unread(
    stubbed: tuple[Stubber, CloudTrailTrails], code: str
) -> None:
    stub, trails = stubbed
    stub.add_response("describe_trails", {"trailList": [DESCRIBED]})
    stub.add_response("get_trail_status", {"IsLogging": True}, {"Name": ARN})
    stub.add_client_error("get_event_selectors", code)

    seen = trails.seen_in("eu-west-1")

    assert isinstance(seen, tuple)
    assert isinstance(seen[0].selectors, Unreadable)
    assert heard_by(seen[0], SES, "eu-west-1").recording is Recording.UNKNOWN
    assert "it belongs to the organization" in english(heard_by(seen[0], SES, "eu-west-1").reason)


def test_trails_that_may_not_be_listed_are_unread(stubbed: tuple[Stubber, CloudTrailTrails]) -> None:
    stub, trails = stubbed
    stub.add_client_error("describe_trails", "AccessDeniedException")

    assert trails.seen_in("eu-west-1") == Unreadable(
        action="cloudtrail:DescribeTrails", region="eu-west-1", reason="AccessDenied"
    )


def test_the_trail_of_an_organization_is_unread_in_a_member_account(stubbed: tuple[Stubber, CloudTrailTrails]) -> None:
    stub, trails = stubbed
    # "AccountID in ARN is wrong, you can only access resources with AccountID …": what member accounts report.
    stub.add_response("describe_trails", {"trailList": [DESCRIBED]})
    stub.add_client_error("get_trail_status", "CloudTrailARNInvalidException")
    stub.add_client_error("get_event_selectors", "CloudTrailARNInvalidException")

    seen = trails.seen_in(HOME)

    assert isinstance(seen, tuple)
    assert {type(seen[0].logging), type(seen[0].selectors)} == {Unreadable}
