"""The table gives the answer of AWS's page for every row, every sender mode and every SES region."""

import pytest

from mailwarden.regions import NoRow, NoRowReason, RegionAnswer, RegionOption, RegionRow, SenderUse, built_in_table
from tests.unit.regions.pages import (
    NEWER,
    OLDER,
    PROVISIONAL,
    SES_REGIONS,
    WITHOUT_A_ROW,
    Row,
)

TABLE = built_in_table()

each_row = pytest.mark.parametrize("row", NEWER, ids=lambda row: row.pool_region)


def _row(pool_region: str) -> RegionRow:
    row = TABLE.row(pool_region)
    assert isinstance(row, RegionRow)
    return row


def test_the_pages_have_24_and_32_rows() -> None:
    assert len(OLDER) == 24
    assert len(NEWER) == 32
    assert set(OLDER) < {row.pool_region for row in NEWER}


@pytest.mark.parametrize("pool_region", OLDER)
def test_developer_may_use_the_regions_of_the_older_page(pool_region: str) -> None:
    row = _row(pool_region)

    allowed = {region for region in SES_REGIONS if row.answer(SenderUse.DEVELOPER, region) is RegionAnswer.ALLOWED}

    assert allowed == set(OLDER[pool_region].split())
    assert row.on_older_page


@pytest.mark.parametrize("pool_region", OLDER)
def test_the_default_sender_may_use_the_regions_of_the_older_page_unless_the_newer_requires_more(
    pool_region: str,
) -> None:
    row = _row(pool_region)
    newer = next(row for row in NEWER if row.pool_region == pool_region)
    use = SenderUse.DEFAULT_CUSTOM_FROM

    answers = {region: row.answer(use, region) for region in OLDER[pool_region].split()}

    # The older page knew Zurich and UAE with one region; the newer asks the default sender for two at once.
    expected = RegionAnswer.UNKNOWN if newer.both_at_once else RegionAnswer.ALLOWED
    assert set(answers.values()) == {expected}


@each_row
def test_developer_may_use_exactly_the_regions_of_the_newer_page(row: Row) -> None:
    for ses_region in SES_REGIONS:
        answer = _row(row.pool_region).answer(SenderUse.DEVELOPER, ses_region)

        if ses_region in row.developer:
            assert answer is RegionAnswer.ALLOWED
        elif ses_region == row.pool_region:
            assert answer is RegionAnswer.UNKNOWN
        else:
            assert answer is RegionAnswer.NOT_ALLOWED


@each_row
def test_the_default_sender_with_a_custom_from_may_use_the_regions_of_the_newer_page(row: Row) -> None:
    for ses_region in SES_REGIONS:
        answer = _row(row.pool_region).answer(SenderUse.DEFAULT_CUSTOM_FROM, ses_region)

        if ses_region in row.default:
            assert answer is (RegionAnswer.UNKNOWN if row.both_at_once else RegionAnswer.ALLOWED)
        elif ses_region == row.pool_region:
            assert answer is RegionAnswer.UNKNOWN
        else:
            assert answer is RegionAnswer.NOT_ALLOWED


@each_row
def test_the_star_is_allowed_where_the_page_asks_for_two_regions_at_once_and_nowhere_else(row: Row) -> None:
    found = _row(row.pool_region)

    assert found.answer(SenderUse.DEVELOPER, "*") is RegionAnswer.NOT_ALLOWED
    expected = RegionAnswer.ALLOWED if row.both_at_once else RegionAnswer.NOT_ALLOWED
    assert found.answer(SenderUse.DEFAULT_CUSTOM_FROM, "*") is expected


@each_row
def test_the_principal_is_the_one_the_page_asks_for(row: Row) -> None:
    found = _row(row.pool_region)

    assert found.principal == row.principal
    assert found.is_alternate is row.both_at_once
    assert (found.option is RegionOption.ALTERNATE_REGION) is row.both_at_once


@each_row
def test_the_regions_of_alternate_rows_are_in_the_order_of_the_page(row: Row) -> None:
    found = _row(row.pool_region)

    assert set(found.developer) == set(row.developer)
    assert set(found.default_custom_from) == set(row.default)
    if row.both_at_once:
        assert found.default_custom_from == row.default


def test_there_are_no_other_rows_than_those_of_the_page_and_the_provisional_one() -> None:
    assert set(TABLE.rows) == {row.pool_region for row in NEWER} | {PROVISIONAL}


@pytest.mark.parametrize("pool_region", WITHOUT_A_ROW)
def test_an_unlisted_region_has_no_row_but_a_reason(pool_region: str) -> None:
    row = TABLE.row(pool_region)

    assert isinstance(row, NoRow)
    assert row.reason is not NoRowReason.NOT_LISTED


def test_an_unknown_region_has_no_row_either() -> None:
    row = TABLE.row("xx-nowhere-1")

    assert row == NoRow(pool_region="xx-nowhere-1", reason=NoRowReason.NOT_LISTED, version=TABLE.version)


@pytest.mark.parametrize("use", SenderUse)
@pytest.mark.parametrize("ses_region", [*SES_REGIONS, "*"])
def test_a_provisional_row_is_unknown_whatever_is_asked(use: SenderUse, ses_region: str) -> None:
    assert _row(PROVISIONAL).answer(use, ses_region) is RegionAnswer.UNKNOWN


def test_the_table_names_its_source() -> None:
    assert TABLE.version
    assert TABLE.source == "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html"
