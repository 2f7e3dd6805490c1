"""Differences between a saved copy of AWS's page and the region table."""

from collections.abc import Iterator
from dataclasses import dataclass

from mailwarden.regions import NoRow, RegionRow, RegionTable
from tools.region_table.saved_page import PageRow, SavedPage, Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference: a pool region, or a name that no region has, and what is different."""

    about: str
    text: str


def changes(table: RegionTable, page: SavedPage) -> Iterator[Change]:
    """Every difference between the page and the table, by pool region; rows that the older page never had are none."""
    for name in page.not_known:
        yield Change(about=name, text="is a region that this SDK does not know: pin a newer one (make lock)")
    for region in sorted({*page.rows, *table.rows}):
        listed, row = page.rows.get(region), table.row(region)
        if listed is None:
            if isinstance(row, RegionRow) and _expected(row, page.wording):
                yield Change(about=region, text="is in the table, but no longer on the page")
        elif isinstance(row, NoRow):
            yield Change(about=region, text=f"is on the page by now ({_described(listed)}); the table has no row")
        elif row.provisional:
            yield Change(
                about=region, text=f"is on the page by now ({_described(listed)}); the table's row is provisional"
            )
        else:
            yield from (Change(about=region, text=text) for text in _differences(row, listed))


def _expected(row: RegionRow, wording: Wording) -> bool:
    return not row.provisional and (wording is Wording.NEWER or row.on_older_page)


def _differences(row: RegionRow, listed: PageRow) -> Iterator[str]:
    if listed.option is not None and listed.option is not row.option:
        yield f"option: {listed.option} on the page, {row.option} in the table"
    if listed.option is None:
        # The older wording has one column for both uses, in no order, and without the second alternate region.
        developer: tuple[str, ...] = listed.ses_regions
        if {*developer} != {*row.developer}:
            yield _differing("SES regions", developer, row.developer)
        return
    # "With the Amazon SES email configuration of DEVELOPER in these Regions, you must use a verified identity in the
    # first listed Region" (the newer page, of alternate rows).
    developer = listed.ses_regions[:1] if row.is_alternate else listed.ses_regions
    if {*developer} != {*row.developer}:
        yield _differing("DEVELOPER", developer, row.developer)
    if {*listed.ses_regions} != {*row.default_custom_from}:
        yield _differing("default sender", listed.ses_regions, row.default_custom_from)


def _differing(what: str, on_page: tuple[str, ...], in_table: tuple[str, ...]) -> str:
    return f"{what}: {', '.join(on_page) or 'none'} on the page, {', '.join(in_table) or 'none'} in the table"


def _described(row: PageRow) -> str:
    option = () if row.option is None else (str(row.option),)
    return ", ".join([*option, *row.ses_regions])
