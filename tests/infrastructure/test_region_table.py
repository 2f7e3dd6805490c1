"""The region table against the regions that the deployed SDK knows."""

import pytest
from boto3.session import Session

from mailwarden.region_names import has_published_suffix, is_region
from mailwarden.regions import NoRow, NoRowReason, RegionAnswer, RegionRow, SenderUse, built_in_table

TABLE = built_in_table()
SESSION = Session()
PARTITIONS = SESSION.get_available_partitions()


def _regions(service: str) -> set[str]:
    return {region for each in PARTITIONS for region in SESSION.get_available_regions(service, partition_name=each)}


POOL_REGIONS = sorted(_regions("cognito-idp"))
SES_REGIONS = _regions("sesv2") | _regions("ses")


def test_the_table_knows_every_region_with_cognito() -> None:
    assert {*TABLE.rows, *TABLE.unknown} == set(POOL_REGIONS)


@pytest.mark.parametrize("pool_region", POOL_REGIONS)
def test_every_ses_region_of_a_row_has_ses(pool_region: str) -> None:
    row = TABLE.row(pool_region)

    if isinstance(row, RegionRow):
        assert {*row.developer, *row.default_custom_from} <= SES_REGIONS


@pytest.mark.parametrize("pool_region", POOL_REGIONS)
@pytest.mark.parametrize("use", SenderUse)
def test_no_row_contradicts_the_sdk_about_the_pools_own_region(pool_region: str, use: SenderUse) -> None:
    row = TABLE.row(pool_region)

    if isinstance(row, RegionRow):
        assert row.answer(use, pool_region) is not RegionAnswer.NOT_ALLOWED


@pytest.mark.parametrize("pool_region", sorted(TABLE.unknown))
def test_a_reason_for_no_row_is_what_the_sdk_says(pool_region: str) -> None:
    row = TABLE.row(pool_region)

    assert isinstance(row, NoRow)
    assert pool_region in SES_REGIONS
    is_in_aws = pool_region in SESSION.get_available_regions("cognito-idp", partition_name="aws")
    assert (row.reason is NoRowReason.NOT_ON_THE_PAGE) is is_in_aws


@pytest.mark.parametrize("partition", SESSION.get_available_partitions())
def test_the_suffix_of_service_principals_is_taken_for_granted_only_where_it_is_published(partition: str) -> None:
    names = SESSION.get_available_regions("ec2", partition_name=partition)
    regions = [name for name in names if "local" not in name]

    published = {has_published_suffix(region) for region in regions}

    assert published == {partition in {"aws", "aws-us-gov"}}
    assert all(is_region(region) for region in regions)
