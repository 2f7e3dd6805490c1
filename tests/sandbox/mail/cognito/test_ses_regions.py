"""The sandbox's transcription of the region table and the product's were made apart, and must agree."""

import json
from pathlib import Path

import pytest

from sandbox.mail.cognito.ses_regions import row_of

_ROWS = json.loads(
    (Path(__file__).parents[4] / "layers/core/mailwarden/regions/rows.json").read_text(encoding="utf-8")
)["rows"]


def test_the_table_has_every_row_of_the_page() -> None:
    assert len(_ROWS) == 32


@pytest.mark.parametrize("region", _ROWS)
def test_both_transcriptions_agree_on(region: str) -> None:
    row, theirs = row_of(region), _ROWS[region]

    assert row is not None
    assert set(row.developer) == set(theirs["developer"])
    assert row.alternate == (theirs["option"] == "alternate-region")
    assert row.principal == theirs["principal"]
    assert set(row.ses_regions) == set(theirs["default_custom_from"])


@pytest.mark.parametrize("region", ["ap-southeast-6", "us-gov-west-1", "us-gov-east-1", "eusc-de-east-1", "cn-north-1"])
def test_no_row_is_known_for(region: str) -> None:
    assert row_of(region) is None
