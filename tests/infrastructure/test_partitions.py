"""The templates and the tool that deploys the regions fit every partition."""

import re

import pytest

from tests.infrastructure.templates import HOME, REGIONS, ROOT, template
from tools.watch_regions import Watch

PLACES = ["us-east-1", "ap-southeast-7", "us-gov-west-1", "eusc-de-east-1", "cn-northwest-1", "us-iso-east-1"]


@pytest.mark.parametrize("name", [HOME, REGIONS])
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
    watch = Watch(
        stack="mailwarden",
        home=home,
        watched=watched,
        outputs={},
        template="",
        connect=lambda region: region,
        poll_seconds=0,
    )

    assert list(watch.regions) == regions
