"""`python -m tools.region_table check` reads any saved copy of AWS's page, and reports every row that changed."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mailwarden.regions import built_in_table
from tests.infrastructure.region_table.copies import FORMS, NAMES, NEWER_PAGE, OLDER_PAGE, Line, Page
from tools.region_table.comparison import changes
from tools.region_table.saved_page import PageNotReadable, Wording, read_page

ROOT = Path(__file__).parents[3]
KOREAN = Path(__file__).parent / "older.ko.txt"
TABLE = built_in_table()

every_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
each_wording = pytest.mark.parametrize("page", [OLDER_PAGE, NEWER_PAGE], ids=["older", "newer"])


def found(text: str) -> list[str]:
    return [f"{change.about} {change.text}" for change in changes(TABLE, read_page(text))]


@every_form
@each_wording
def test_a_copy_of_either_wording_says_what_the_table_says(form: Callable[[Page], str], page: Page) -> None:
    read = read_page(form(page))

    assert read.wording is (Wording.OLDER if page is OLDER_PAGE else Wording.NEWER)
    assert {region: row.ses_regions for region, row in read.rows.items()} == {
        region: line.ses_regions for region, line in page.items()
    }
    assert list(changes(TABLE, read)) == []


def test_the_korean_copy_with_its_misspelled_regions_is_the_older_wording() -> None:
    read = read_page(KOREAN.read_text(encoding="utf-8"))

    assert read.wording is Wording.OLDER
    assert {region: {*row.ses_regions} for region, row in read.rows.items()} == {
        region: {*line.ses_regions} for region, line in OLDER_PAGE.items()
    }
    assert list(changes(TABLE, read)) == []


@every_form
@pytest.mark.parametrize("region", NEWER_PAGE)
def test_another_ses_region_in_any_row_is_reported(form: Callable[[Page], str], region: str) -> None:
    line = NEWER_PAGE[region]
    moved = Line(option=line.option, ses_regions=(*line.ses_regions[:-1], "ap-southeast-6"))

    said = found(form({**NEWER_PAGE, region: moved}))

    assert said
    assert all(each.startswith(f"{region} ") and "ap-southeast-6 on the page" in each for each in said)


@every_form
@pytest.mark.parametrize("region", OLDER_PAGE)
def test_so_it_is_in_the_older_wording(form: Callable[[Page], str], region: str) -> None:
    moved = Line(option=None, ses_regions=("ap-southeast-6", *OLDER_PAGE[region].ses_regions[1:]))

    said = found(form({**OLDER_PAGE, region: moved}))

    assert [each.split(":")[0] for each in said] == [f"{region} SES regions"]


@every_form
def test_an_alternate_row_whose_first_region_changes_place_is_another_rule_for_developer(
    form: Callable[[Page], str],
) -> None:
    swapped = Line(option="Alternate Region", ses_regions=("eu-north-1", "eu-west-3"))

    assert found(form({**NEWER_PAGE, "eu-south-2": swapped})) == [
        "eu-south-2 DEVELOPER: eu-north-1 on the page, eu-west-3 in the table"
    ]


@every_form
def test_a_region_that_becomes_in_region_only_is_reported_with_both_of_its_columns(form: Callable[[Page], str]) -> None:
    launched = Line(option="In-Region only", ses_regions=("eu-south-2",))

    assert found(form({**NEWER_PAGE, "eu-south-2": launched})) == [
        "eu-south-2 option: in-region-only on the page, alternate-region in the table",
        "eu-south-2 DEVELOPER: eu-south-2 on the page, eu-west-3 in the table",
        "eu-south-2 default sender: eu-south-2 on the page, eu-west-3, eu-north-1 in the table",
    ]


@every_form
@pytest.mark.parametrize("region", ["ap-southeast-6", "ap-east-2"])
def test_a_row_that_is_new_on_the_page_is_reported(form: Callable[[Page], str], region: str) -> None:
    (said,) = found(form({**NEWER_PAGE, region: Line(option="In-Region only", ses_regions=(region,))}))

    assert said.startswith(f"{region} is on the page by now (in-region-only, {region}); the table")


@every_form
def test_a_row_that_left_the_page_is_reported_unless_that_wording_never_had_it(form: Callable[[Page], str]) -> None:
    without = {region: line for region, line in NEWER_PAGE.items() if region != "eu-west-3"}
    older = {region: line for region, line in OLDER_PAGE.items() if region != "eu-west-3"}

    assert found(form(without)) == found(form(older)) == ["eu-west-3 is in the table, but no longer on the page"]


@every_form
@each_wording
def test_a_name_that_no_region_of_the_sdk_has_is_reported(form: Callable[[Page], str], page: Page) -> None:
    option = next(iter(page.values())).option
    new = {**page, "Asia Pacific (Atlantis)": Line(option=option, ses_regions=("ap-south-1",))}

    (said,) = found(form(new))

    assert said.startswith("Asia Pacific (Atlantis) is a region that this SDK does not know")


@pytest.mark.parametrize("region", NAMES)
def test_a_region_is_read_by_its_code_as_by_its_name(region: str) -> None:
    page = FORMS["columns"](NEWER_PAGE)

    assert found(page.replace(NAMES[region], region)) == []
    assert found(page.replace(f"\n{NAMES[region]}\t", f"\n{NAMES[region]} {region}\t")) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no table"),
        ("Access denied", "no table"),
        (FORMS["html"]({}), "no table"),
        (FORMS["html"](dict(list(NEWER_PAGE.items())[:4])), "no table"),
        (FORMS["lines"](OLDER_PAGE).replace(f"\n{NAMES['eu-west-3']}\n", "\n", 1), "not a user pool region"),
        (
            FORMS["html"](NEWER_PAGE).replace(
                "</table><p>", "<tr><td>EU (Paris)</td><td>EU (London)</td></tr></table>"
            ),
            "disagree",
        ),
    ],
)
def test_a_copy_that_cannot_be_read_is_refused_and_never_taken_for_equal(text: str, why: str) -> None:
    with pytest.raises(PageNotReadable, match=why):
        read_page(text)


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        (FORMS["html"](NEWER_PAGE), 0, "The table agrees with the page."),
        (FORMS["markdown"](OLDER_PAGE), 0, "the older wording, 24 rows"),
        (
            FORMS["html"]({**NEWER_PAGE, "eu-west-3": Line(option="In-Region only", ses_regions=("eu-west-1",))}),
            1,
            "eu-west-3 DEVELOPER: eu-west-1 on the page, eu-west-3 in the table",
        ),
        ("no table", 2, "cannot be compared"),
        (None, 2, "cannot be compared"),
    ],
)
def test_the_exit_status_says_the_same_different_or_not_readable(
    tmp_path: Path, text: str | None, status: int, said: str
) -> None:
    page = tmp_path / "user-pool-email.html"
    if text is not None:
        page.write_text(text, encoding="utf-8")

    ended = subprocess.run(
        [sys.executable, "-m", "tools.region_table", "check", page],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == status, ended.stderr
    assert said in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
