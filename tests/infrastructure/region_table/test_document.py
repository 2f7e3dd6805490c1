"""docs/regions.md: written by its tool, with every row, its source, what is unknown, and what the pinned SDK says."""

import pytest
from boto3.session import Session

from mailwarden.regions import RegionRow, built_in_table
from tests.infrastructure.templates import ROOT
from tools.region_table.document import PAGE, document
from tools.region_table.ses_regions import LIST, configuration_set_regions, listed, ses_regions

TABLE = built_in_table()
TEXT = PAGE.read_text(encoding="utf-8")
CERTAIN = sorted(region for region, row in TABLE.rows.items() if not row.provisional)
UNCERTAIN = sorted({*TABLE.rows, *TABLE.unknown} - {*CERTAIN})


def section(title: str) -> list[list[str]]:
    """The rows of the table below a title, as cells."""
    rows = TEXT.partition(f"## {title}\n")[2].partition("\n## ")[0].splitlines()
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows if row.startswith("|")][2:]


def test_the_page_is_written_by_its_tool() -> None:
    assert document(TABLE) == TEXT, "run `make docs`"


def test_the_list_of_ses_regions_is_that_of_the_pinned_sdk_and_cfn_lint() -> None:
    session = Session()
    by_sdk = {
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("sesv2", partition)
    }

    assert LIST.read_text(encoding="utf-8") == listed(), "run `make docs`"
    assert ses_regions() == by_sdk
    assert "us-east-1" in configuration_set_regions() < ses_regions()


def test_the_page_names_the_source_when_it_was_read_and_the_version() -> None:
    assert TABLE.source in TEXT
    assert TABLE.version in TEXT
    assert "| read | newest English copy, between 2025-07 and 2026-03" in TEXT


@pytest.mark.parametrize("region", CERTAIN)
def test_a_row_is_on_the_page_with_what_the_pinned_sdk_says_of_ses_there(region: str) -> None:
    row = TABLE.row(region)
    (cells,) = [cells for cells in section("The table") if cells[0] == region]

    assert isinstance(row, RegionRow)
    assert cells[2:4] == [row.option, ", ".join(row.developer)]
    assert cells[4].replace(" and ", ", ") == ", ".join(row.default_custom_from)
    assert cells[5] == f"`{row.principal}`"
    assert cells[6] == ("yes" if region in Session().get_available_regions("sesv2") else "no")


def test_what_is_unknown_has_no_row_in_the_table_but_a_reason() -> None:
    unknown = {region: cells[1] for cells in section("What is unknown") for region in cells[0].split(", ")}

    assert [cells[0] for cells in section("The table")] == CERTAIN
    assert {*UNCERTAIN} <= unknown.keys()
    assert all(unknown[region].startswith("Everything. ") for region in UNCERTAIN)


def test_an_alternate_region_where_ses_is_by_now_is_unknown_for_its_own_identities() -> None:
    with_ses = Session().get_available_regions("sesv2")
    (named,) = [cells[0] for cells in section("What is unknown") if "in the pool's own region" in cells[1]]

    assert named.split(", ") == [
        region for region in CERTAIN if region in with_ses and region not in TABLE.rows[region].default_custom_from
    ]


def test_the_page_and_its_command_are_linked_from_the_readme_and_checked_by_make_lint() -> None:
    assert "docs/regions.md" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "tools.region_table write --check" in (ROOT / "Makefile").read_text(encoding="utf-8")
