"""Every place that reads a region accepts each one that AWS has, and those it may yet open."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import botocore
import pytest
from boto3.session import Session
from botocore.exceptions import InvalidRegionError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.documents.reader import MalformedDocument
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.inbound.cloudtrail.delivery_failures import failed_delivery
from mailwarden.inbound.cloudtrail.events import MalformedEvent, hints_from_event
from mailwarden.inbound.invoke.question import question_from
from mailwarden.inbound.ses.envelopes import region_of
from mailwarden.policy.evaluation.trust import PrincipalKind, kind_of
from mailwarden.region_names import IAM_REGIONS, is_region
from mailwarden.regions import MalformedTable, built_in_table
from tests.infrastructure.templates import HOME, template
from tests.unit.inbound.example_events import ACCOUNT, bent, example

_PARTITIONS: list[dict[str, Any]] = json.loads(
    (Path(botocore.__file__).parent / "data" / "partitions.json").read_text(encoding="utf-8")
)["partitions"]
KNOWN = sorted(region for partition in _PARTITIONS for region in partition["regions"] if not region.endswith("-global"))
MADE_UP = ["eu-west-10", "eusc-fr-west-12", "us-gov-north-21", "xx-somewhere-1"]
REGIONS = [*KNOWN, *MADE_UP]
NO_REGIONS = [
    "",
    "eu",
    "eu-west",
    "EU-WEST-1",
    "eu-west-1a",
    "eu_west_1",
    "1-west-1",
    "e-west-1",
    "eu-west-1 ",
    "a/../b-c-1",
]


class NotARegion(ValueError):
    """A pattern does not match."""


def heard_in(region: str) -> None:
    (hint,) = hints_from_event(
        bent(example("cognito-idp.update-user-pool"), "region", region), account=ACCOUNT, partition="aws"
    )
    assert isinstance(hint, PoolHint)


def failed_in(region: str) -> None:
    event = bent(example("cognito-idp.admin-create-user.not-sent"), "region", region)
    assert failed_delivery(event, account=ACCOUNT).region == region


def asked_in(region: str) -> None:
    asked = question_from({"why": "eu-west-1_Shop00001", "region": region}, partition="aws", account=ACCOUNT)
    assert asked.region == region


def said_in(region: str) -> None:
    assert region_of({"region": region}) == region


def overridden_for(region: str) -> None:
    row = {
        "option": "in-region-only",
        "developer": [region],
        "default_custom_from": [region],
        "principal": "email.cognito-idp.amazonaws.com",
    }
    built_in_table().with_overrides({"eu-west-1": row})


def connected_to(region: str) -> None:
    Clients(Session(aws_access_key_id="x", aws_secret_access_key="y", region_name="eu-west-1")).sesv2(region)


def trusted_in(region: str) -> None:
    if kind_of(f"cognito-idp.{region}.amazonaws.com") is not PrincipalKind.REGIONAL:
        raise NotARegion(region)


def watched_by_parameter(region: str) -> None:
    if re.fullmatch(template(HOME).parameters["WatchedRegions"]["AllowedPattern"], region) is None:
        raise NotARegion(region)


# All of them are ValueErrors; each says in its own words which region it refuses.
REFUSALS = (MalformedEvent, MalformedDocument, MalformedTable, InvalidRegionError, NotARegion)

READERS: list[Callable[[str], None]] = [
    heard_in, failed_in, asked_in, said_in, overridden_for, connected_to, trusted_in, watched_by_parameter,
]  # fmt: skip


def test_botocore_knows_regions_with_several_parts_and_two_digits_are_made_up() -> None:
    assert {"eusc-de-east-1", "us-gov-west-1", "ap-southeast-7"} <= set(KNOWN)


@pytest.mark.parametrize("read", READERS)
def test_every_region_is_accepted(read: Callable[[str], None]) -> None:
    for region in REGIONS:
        read(region)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("text", NO_REGIONS)
def test_what_is_no_region_is_refused(read: Callable[[str], None], text: str) -> None:
    with pytest.raises(REFUSALS):
        read(text)


@pytest.mark.parametrize("region", REGIONS)
def test_a_region_is_one(region: str) -> None:
    assert is_region(region)
    assert not is_region(region.upper())


@pytest.mark.parametrize("partition", sorted(IAM_REGIONS))
def test_the_calls_of_iam_are_recorded_where_its_endpoint_is(partition: str) -> None:
    (regions,) = [each["regions"] for each in _PARTITIONS if each["id"] == partition]
    region = next(each for each in sorted(regions) if not each.endswith("-global"))
    client: Any = boto3.client("iam", region_name=region, aws_access_key_id="x", aws_secret_access_key="y")
    endpoint = client._ruleset_resolver.construct_endpoint(
        operation_model=client.meta.service_model.operation_model("GetRole"), call_args={}, request_context={}
    )

    assert {scheme["signingRegion"] for scheme in endpoint.properties["authSchemes"]} == {IAM_REGIONS[partition]}


def test_every_partition_in_which_there_may_be_user_pools_has_a_region_of_iam() -> None:
    isolated = {each["id"] for each in _PARTITIONS if "-iso" in each["id"]}

    assert IAM_REGIONS.keys() == {each["id"] for each in _PARTITIONS} - isolated
