"""Reading a table: an error names its path, and the settings can replace rows."""

import copy
import json
from importlib import resources
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailwarden.regions import MalformedTable, NoRow, RegionAnswer, RegionRow, SenderUse, built_in_table
from mailwarden.regions.table import parse_table
from tests.texts import says

ROWS: dict[str, Any] = json.loads(resources.files("mailwarden.regions").joinpath("rows.json").read_text("utf-8"))
ROW = {"option": "in-region-only", "developer": ["ap-southeast-6"]}


def _row(raw: dict[str, object], region: str = "ap-southeast-6") -> RegionRow:
    row = built_in_table().with_overrides({region: raw}).row(region)
    assert isinstance(row, RegionRow)
    return row


def test_a_row_of_the_settings_makes_an_unknown_region_known() -> None:
    table = built_in_table().with_overrides({"ap-southeast-6": ROW})

    row = table.row("ap-southeast-6")

    assert isinstance(row, RegionRow)
    assert row.answer(SenderUse.DEVELOPER, "ap-southeast-6") is RegionAnswer.ALLOWED
    assert row.answer(SenderUse.DEVELOPER, "us-east-1") is RegionAnswer.NOT_ALLOWED
    assert row.principal == "email.cognito-idp.amazonaws.com"
    assert table.version.endswith("+settings")


def test_a_row_of_the_settings_replaces_a_provisional_one() -> None:
    row = _row(
        {
            "option": "alternate-region",
            "developer": ["ap-northeast-2"],
            "default_custom_from": ["ap-northeast-2", "ap-northeast-1"],
        },
        region="ap-east-2",
    )

    assert row.answer(SenderUse.DEVELOPER, "ap-northeast-2") is RegionAnswer.ALLOWED
    assert row.answer(SenderUse.DEFAULT_CUSTOM_FROM, "*") is RegionAnswer.ALLOWED
    assert row.principal == "cognito-idp.ap-east-2.amazonaws.com"


def test_a_row_of_the_settings_may_itself_be_provisional() -> None:
    row = _row({**ROW, "provisional": True})

    assert row.answer(SenderUse.DEVELOPER, "ap-southeast-6") is RegionAnswer.UNKNOWN


def test_the_other_rows_and_the_built_in_table_stay_as_they_are() -> None:
    before = built_in_table()
    table = before.with_overrides({"eu-west-3": {"option": "in-region-only", "developer": ["eu-west-1"]}})

    assert table.row("us-east-1") == before.row("us-east-1")
    assert isinstance(table.row("ap-southeast-6"), NoRow)
    assert built_in_table().row("eu-west-3") == before.row("eu-west-3")
    assert table.row("eu-west-3") != before.row("eu-west-3")


def test_no_rows_in_the_settings_change_nothing() -> None:
    assert built_in_table().with_overrides({}) is built_in_table()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("eu-west-3", "regions.eu-west-9 is 'eu-west-3', not an object"),
        ({}, "regions.eu-west-9.option is None"),
        ({**ROW, "option": "somewhere"}, "regions.eu-west-9.option is 'somewhere', not one of"),
        ({"option": "in-region-only"}, "regions.eu-west-9.developer is None"),
        ({**ROW, "developer": []}, "regions.eu-west-9.developer names no SES region"),
        ({**ROW, "developer": "eu-west-1"}, "regions.eu-west-9.developer is 'eu-west-1', not a list"),
        ({**ROW, "developer": ["eu-west-1", 7]}, "regions.eu-west-9.developer"),
        ({**ROW, "developer": [""]}, "regions.eu-west-9.developer"),
        ({**ROW, "developer": ["*"]}, "regions.eu-west-9.developer"),
        ({**ROW, "developer": ["us-east-1", "us-east-1"]}, "regions.eu-west-9.developer"),
        ({**ROW, "default_custom_from": {}}, "regions.eu-west-9.default_custom_from"),
        ({**ROW, "principal": ""}, "regions.eu-west-9.principal"),
        ({**ROW, "principal": "lambda.amazonaws.com"}, "regions.eu-west-9.principal"),
        ({**ROW, "ses_in_pool_region": True}, "regions.eu-west-9.ses_in_pool_region"),
        ({**ROW, "provisional": "yes"}, "regions.eu-west-9.provisional"),
        ({**ROW, "on_older_page": 1}, "regions.eu-west-9.on_older_page"),
        ({**ROW, "devloper": ["eu-west-1"]}, "regions.eu-west-9.devloper"),
    ],
)
def test_a_malformed_row_is_refused_with_its_path(raw: object, said: str) -> None:
    with pytest.raises(MalformedTable, check=says(said.replace(".", r"\.").replace("*", r"\*"))):
        built_in_table().with_overrides({"eu-west-9": raw})


def test_one_malformed_row_refuses_them_all() -> None:
    with pytest.raises(MalformedTable, check=says("eu-west-3")):
        built_in_table().with_overrides({"ap-southeast-6": ROW, "eu-west-3": {"option": "in-region-only"}})


def test_a_region_in_two_parts_of_the_table_is_refused() -> None:
    document = copy.deepcopy(ROWS)
    document["unknown"]["us-east-1"] = "not-listed"

    with pytest.raises(MalformedTable, check=says("us-east-1 stands in more than one part")):
        parse_table(document)


def test_a_reason_that_nothing_explains_is_refused() -> None:
    document = copy.deepcopy(ROWS)
    document["unknown"]["ap-southeast-6"] = "some day"

    with pytest.raises(MalformedTable, check=says(r"unknown\.ap-southeast-6 is 'some day', not one of")):
        parse_table(document)


@pytest.mark.parametrize("member", ["version", "source", "rows"])
def test_a_table_without_a_part_it_needs_is_refused(member: str) -> None:
    document = {name: part for name, part in ROWS.items() if name != member}

    with pytest.raises(MalformedTable, check=says(member)):
        parse_table(document)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(raw=JSON)
@settings(max_examples=200, deadline=None)
def test_whatever_a_row_is_it_is_read_or_refused(raw: object) -> None:
    try:
        table = built_in_table().with_overrides({"eu-west-9": raw})
    except MalformedTable:
        return

    assert isinstance(table.row("x"), RegionRow)


@given(member=st.sampled_from(sorted(ROWS["rows"]["eu-west-3"])), value=JSON)
@settings(max_examples=200, deadline=None)
def test_a_row_with_one_odd_member_never_allows_a_region_it_does_not_list(member: str, value: object) -> None:
    raw = ROWS["rows"]["eu-west-3"] | {member: value}
    try:
        row = built_in_table().with_overrides({"eu-west-3": raw}).row("eu-west-3")
    except MalformedTable:
        return

    assert isinstance(row, RegionRow)
    for use in SenderUse:
        assert (row.answer(use, "us-east-1") is RegionAnswer.ALLOWED) <= ("us-east-1" in row.regions(use))
