"""The templates and the tool that deploys the regions fit every partition."""

import re

import pytest

from tests.infrastructure.templates import FEEDBACK, HOME, REGIONS, ROOT, template
from tests.infrastructure.test_configuration_set import stacks_of
from tools.deployment.region_stacks import Kind

PLACES = ["us-east-1", "ap-southeast-7", "us-gov-west-1", "eusc-de-east-1", "cn-northwest-1", "us-iso-east-1"]


@pytest.mark.parametrize("name", [HOME, REGIONS, FEEDBACK])
def test_no_arn_names_a_partition(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")

    assert not re.findall(r"arn:aws[:a-z-]*:", text)


@pytest.mark.parametrize("region", PLACES)
def test_a_region_of_any_partition_may_be_watched(region: str) -> None:
    pattern = template(HOME).parameters["WatchedRegions"]["AllowedPattern"]

    assert re.fullmatch(pattern, region)
    assert re.fullmatch(pattern, f"eu-west-1,{region}")
    assert not re.fullmatch(pattern, f"{region},")
    assert not re.fullmatch(pattern, "*")


@pytest.mark.parametrize(
    ("home", "watched", "regions"),
    [
        ("ap-northeast-2", "ap-northeast-2,eu-west-1", ["eu-west-1", "us-east-1"]),
        ("us-east-1", "us-east-1", []),
        ("us-gov-east-1", "us-gov-east-1", ["us-gov-west-1"]),
        ("us-gov-west-1", "us-gov-west-1", []),
        ("cn-northwest-1", "cn-northwest-1", ["cn-north-1"]),
        ("eusc-de-east-1", "eusc-de-east-1", []),
    ],
)
def test_the_calls_of_iam_are_forwarded_from_where_the_partition_has_its_iam(
    home: str, watched: str, regions: list[str]
) -> None:
    wanted = stacks_of(home).wanted(watched, sets=False)

    assert sorted(place.region for place in wanted) == regions
    assert {place.kind for place in wanted} <= {Kind.WATCH}
