"""Rows of an operator for any partition: the principal is stated wherever no page gives its suffix."""

import pytest

from mailwarden.regions import MalformedTable, NoRow, RegionRow, built_in_table
from tests.texts import says


@pytest.mark.parametrize(
    "region",
    [
        "eusc-de-east-1",
        "cn-northwest-1",
        "us-iso-east-1",
        "us-isob-west-1",
        "us-isof-south-1",
        "eu-isoe-west-1",
        "xx-new-area-east-1",
    ],
)
def test_without_a_published_suffix_of_principals_a_row_has_to_contain_the_principal(region: str) -> None:
    row: dict[str, object] = {"option": "in-region-only", "developer": [region]}

    with pytest.raises(MalformedTable, check=says(rf"regions\.{region}\.principal is missing")):
        built_in_table().with_overrides({region: row})

    stated = built_in_table().with_overrides({region: row | {"principal": "email.cognito-idp.amazonaws.eu"}})
    found = stated.row(region)
    assert isinstance(found, RegionRow)
    assert found.principal == "email.cognito-idp.amazonaws.eu"


@pytest.mark.parametrize("region", ["us-gov-west-1", "us-gov-east-1", "ap-southeast-6", "mx-central-1", "il-central-1"])
def test_where_the_suffix_is_published_a_row_may_leave_the_principal_out(region: str) -> None:
    row: dict[str, object] = {"option": "in-region-only", "developer": [region]}

    found = built_in_table().with_overrides({region: row}).row(region)

    assert isinstance(found, RegionRow)
    assert found.principal == "email.cognito-idp.amazonaws.com"


@pytest.mark.parametrize("region", ["us-iso-east-1", "us-isob-west-1", "us-isof-south-1", "eu-isoe-west-1"])
def test_an_isolated_region_without_a_row_is_unknown(region: str) -> None:
    assert isinstance(built_in_table().row(region), NoRow)


@pytest.mark.parametrize("region", ["", "Paris", "eu-west", "eu-west-3 ", "eu-west-3\n", "*"])
def test_an_override_is_of_a_region(region: str) -> None:
    with pytest.raises(MalformedTable, check=says("is not the name of a region")):
        built_in_table().with_overrides({region: {"option": "in-region-only", "developer": ["eu-west-3"]}})
