"""The optional configuration set: a stack of its own, and only where CloudFormation knows what it consists of."""

from collections.abc import Mapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

from sandbox.platform.resource_types import WITHOUT_SES_TYPES
from tests.infrastructure.templates import FEEDBACK, HOME, REGIONS, ROOT, template
from tools.deployment.region_stacks import Kind, Place, RegionStacks

SET, EVENTS = "ConfigurationSet", "ConfigurationSetEvents"
SESSION = boto3.session.Session()
POOL_REGIONS = [
    region for partition in ("aws", "aws-us-gov") for region in SESSION.get_available_regions("cognito-idp", partition)
]


class TypesOfRegion:
    """A CloudFormation that knows the types of its region, as its published schemas list them."""

    def __init__(self, region: str) -> None:
        self.types = set(PROVIDER_SCHEMA_MANAGER.get_resource_types(region))

    def describe_type(self, *, Type: str, TypeName: str) -> Mapping[str, str]:  # noqa: N803 - boto3's names
        if TypeName not in self.types:
            raise ClientError({"Error": {"Code": "TypeNotFoundException", "Message": ""}}, "DescribeType")
        return {"Type": Type, "TypeName": TypeName}


def stacks_of(home: str) -> RegionStacks:
    def connect(service: str, region: str) -> Any:  # noqa: ANN401 - a boto3 client
        assert service == "cloudformation"
        return TypesOfRegion(region)

    return RegionStacks(stack="mailwarden", home=home, connect=connect, poll_seconds=0, project=ROOT)


def sent_to(region: str, home: str) -> list[str]:
    """The templates of which a region gets a stack if a configuration set is asked for."""
    stacks = stacks_of(home)
    wanted = [place.kind for place in stacks.wanted(f"{home},{region}", sets=True) if place.region == region]
    files = {Kind.WATCH: REGIONS, Kind.FEEDBACK: FEEDBACK}
    beside = [files[kind] for kind in wanted if stacks.is_known(Place(region=region, kind=kind))]
    return [HOME, *beside] if region == home else beside


@pytest.mark.parametrize("region", POOL_REGIONS)
def test_no_template_that_is_sent_to_a_region_has_a_type_that_it_does_not_know(region: str) -> None:
    known = set(PROVIDER_SCHEMA_MANAGER.get_resource_types(region))
    other = "us-gov-west-1" if region.startswith("us-gov-e") else "eu-west-1" if region == "us-east-1" else "us-east-1"

    for home in (region, other):
        for name in sent_to(region, home):
            types = {resource["Type"] for resource in template(name).resources.values()}
            assert {each for each in types if not each.startswith("AWS::Serverless::")} <= known


def test_seven_regions_with_user_pools_get_no_set_although_ses_may_be_there() -> None:
    without = {region for region in POOL_REGIONS if FEEDBACK not in sent_to(region, region)}

    assert without == WITHOUT_SES_TYPES


def test_it_is_asked_for_by_the_home_stack_and_has_its_name() -> None:
    parameter = template(HOME).parameters["CreateConfigurationSet"]

    assert (parameter["Default"], parameter["AllowedValues"]) == ("no", ["no", "yes"])
    assert set(template(FEEDBACK).parameters) <= set(template(HOME).outputs)
    assert template(FEEDBACK).properties(SET) == {
        "Name": "${ConfigurationSetName}",
        "ReputationOptions": {"ReputationMetricsEnabled": True},
    }


def test_it_sends_every_failure_of_a_mail_to_eventbridge() -> None:
    destination = template(FEEDBACK).properties(EVENTS)["EventDestination"]

    assert destination["Enabled"] is True
    assert set(destination["MatchingEventTypes"]) == {
        "bounce",
        "complaint",
        "reject",
        "renderingFailure",
        "deliveryDelay",
    }
    # SES guide, "Set up an Amazon EventBridge destination": only the default bus.
    assert destination["EventBridgeDestination"]["EventBusArn"].endswith(":event-bus/default")


@pytest.mark.parametrize("sets", [True, False])
def test_a_set_is_wanted_in_every_watched_region_and_rules_in_every_other_one(sets: bool) -> None:
    wanted = stacks_of("eu-west-1").wanted("eu-west-1,eu-west-3", sets=sets)

    rules = {(place.region, place.kind) for place in wanted if place.kind is Kind.WATCH}
    assert rules == {("eu-west-3", Kind.WATCH), ("us-east-1", Kind.WATCH)}
    assert {place.region for place in wanted if place.kind is Kind.FEEDBACK} == (
        {"eu-west-1", "eu-west-3"} if sets else set()
    )
