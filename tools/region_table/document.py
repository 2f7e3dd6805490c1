"""The page docs/regions.md: the region table, its source, and what is unknown."""

import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import botocore

from mailwarden.regions import NoRowReason, RegionRow, RegionTable, SenderUse
from tools.region_table.names import sdk_names
from tools.region_table.ses_regions import ses_regions

PAGE = Path(__file__).resolve().parents[2] / "docs" / "regions.md"

_NO_ROW = {
    NoRowReason.NOT_ON_THE_PAGE: "Cognito and SES are there, but the page does not list the region.",
    NoRowReason.PARTITION_NOT_COVERED: "Cognito and SES are there, but the page does not cover the partition.",
    NoRowReason.NOT_LISTED: "The table does not mention the region.",
}
_INTRODUCTION = """\
# SES regions of a user pool

Which SES regions a user pool may use depends on the region of the pool and on its sender. AWS publishes that in one
table of one page; no API answers it. This page shows Mailwarden's copy, which [MW201](rules/MW201.md) and
[MW202](rules/MW202.md) judge by. `python -m tools.region_table write` writes it from
`layers/core/mailwarden/regions/rows.json` and from the SDK.
"""
_TABLE = """\
## The table

*DEVELOPER*: the pool sends through SES of its account. *Default sender, custom From*: Cognito's own sender with an
address of the account. Any one of the listed regions is enough, except in rows with *alternate-region*: there, the
default sender needs the identity and its policy in both regions, and SourceArn has the form `ses:*`. The last column is
from the SDK, not from AWS's page.

| pool region | name | option | DEVELOPER | default sender, custom From | service principal | SES in the pool's region |
|---|---|---|---|---|---|---|"""
_UNKNOWN = """\
## What is unknown

Mailwarden reports what is unknown (MW202) and never moves a pool because of it.

| pool region | unknown |
|---|---|"""
_USE = """\
## When AWS changes its page

Save the page (as HTML, Markdown or text) and compare:

```
.venv/bin/python -m tools.region_table check user-pool-email.html
```

Both wordings of the page are read: the older one with two columns, and the newer one with the column *Region option*.
Every difference is printed; the exit status is 0 for none, 1 for some, and 2 if the file cannot be read. A new region
of AWS is found without the page: the tests compare the table with the regions of the pinned SDK.

Until a release has the new row, the settings document can replace or add it (`regions`, see
[settings.example.json](settings.example.json)).
"""


def document(table: RegionTable) -> str:
    """The whole page."""
    return "\n".join(
        [
            _INTRODUCTION,
            *_source(table),
            "",
            _TABLE,
            *(_line(row) for row in _rows(table) if not row.provisional),
            "",
            _UNKNOWN,
            *_unknown(table),
            "",
            _USE,
        ]
    )


def _source(table: RegionTable) -> Iterator[str]:
    source = _facts()["source"]
    yield "| | |"
    yield "|---|---|"
    yield f"| source | [{source['title']}]({table.source}) |"
    yield f"| read | {source['seen']} |"
    yield f"| version of the table | {table.version} |"
    yield f"| SDK | botocore {botocore.__version__}, as pinned for the layer |"


def _rows(table: RegionTable) -> list[RegionRow]:
    return sorted(table.rows.values(), key=lambda row: row.pool_region)


def _line(row: RegionRow) -> str:
    cells = (
        row.pool_region,
        sdk_names()[row.pool_region],
        row.option,
        ", ".join(row.developer),
        " and ".join(row.default_custom_from)
        if row.needs_all_regions(SenderUse.DEFAULT_CUSTOM_FROM)
        else ", ".join(row.default_custom_from),
        f"`{row.principal}`",
        "yes" if row.pool_region in ses_regions() else "no",
    )
    return f"| {' | '.join(cells)} |"


def _unknown(table: RegionTable) -> Iterator[str]:
    for row in _rows(table):
        if row.provisional:
            evidence = _facts()["provisional"][row.pool_region]["evidence"]
            yield f"| {row.pool_region} | Everything. Seen: {', '.join(row.developer)} ({evidence}). |"
    for region, reason in sorted(table.unknown.items()):
        yield f"| {region} | Everything. {_NO_ROW[reason]} |"
    alternate = [row.pool_region for row in _rows(table) if row.is_alternate and not row.provisional]
    launched = [region for region in alternate if region in ses_regions()]
    yield (
        f"| {', '.join(launched)} | Whether Cognito accepts an identity in the pool's own region by now. "
        "The page does not list it, but SES is there. |"
    )
    yield (
        f"| {', '.join(alternate)} | Whether Cognito accepts SourceArn with one of the two regions for the default "
        "sender. The page asks for `ses:*`. |"
    )


def _facts() -> dict[str, Any]:
    """The parts of the table's file that no program reads."""
    text = resources.files("mailwarden.regions").joinpath("rows.json").read_text(encoding="utf-8")
    return dict(json.loads(text))
