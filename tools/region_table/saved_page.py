"""Reads the table of regions out of a saved copy of AWS's page "Email settings for Amazon Cognito user pools".

The copy may be HTML, Markdown, or text with or without columns. The older wording has two columns: pool region, SES
regions. The newer one has a third, "Region option", and marks the regions that only the default sender uses.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import groupby, pairwise

from mailwarden.regions import RegionOption
from tools.region_table.html_tables import tables_in
from tools.region_table.names import mentions, normalized, region_named

_FEWEST_ROWS = 5
_OPTIONS = {
    "inregiononly": RegionOption.IN_REGION_ONLY,
    "backwardscompatible": RegionOption.BACKWARDS_COMPATIBLE,
    "backwardcompatible": RegionOption.BACKWARDS_COMPATIBLE,
    "alternateregion": RegionOption.ALTERNATE_REGION,
}
_OPTION = r"in[- ]region only|backwards?[- ]compatible|alternate region"
_BETWEEN_REGIONS = re.compile(r"[,;/·]|\band\b|\bor\b|\n|및")
_RULER = re.compile(r"[\s|:-]+")


class PageNotReadable(ValueError):
    """The copy has no table of regions, or one that cannot be read; the message names the reason."""


class Wording(StrEnum):
    """Which of its two wordings the page has."""

    OLDER = "older"
    NEWER = "newer"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    """One row of the page, with the SES regions in its order; ``option`` is None in the older wording."""

    pool_region: str
    option: RegionOption | None
    ses_regions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """The table of the page; ``not_known`` are names in it that no region of the SDK has."""

    wording: Wording
    rows: Mapping[str, PageRow]
    not_known: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """The contents of a cell of the table: regions, or an option."""

    regions: tuple[str, ...] = ()
    not_known: tuple[str, ...] = ()
    option: RegionOption | None = None


type _Row = Sequence[_Cell]


def read_page(text: str) -> SavedPage:
    """Read the table out of a copy of the page; raises PageNotReadable."""
    found = max((_rows(table) for table in _tables(text)), key=len, default=[])
    rows = found or list(_rows_of_stream(_longest_run(text)))
    if len(rows) < _FEWEST_ROWS:
        raise PageNotReadable("the file has no table of user pool regions and SES regions")
    return _page(rows)


def _page(rows: Sequence[_Row]) -> SavedPage:
    read: dict[str, PageRow] = {}
    not_known: dict[str, None] = {}
    for cells in rows:
        not_known |= dict.fromkeys(name for cell in cells for name in cell.not_known)
        row = _page_row(cells)
        if row is None:
            continue
        if read.setdefault(row.pool_region, row) != row:
            raise PageNotReadable(f"the table has two rows for {row.pool_region} that disagree")
    is_newer = any(row.option for row in read.values())
    without = sorted(region for region, row in read.items() if row.option is None)
    if is_newer and without:
        raise PageNotReadable(f"the rows of {', '.join(without)} have no option, which the others have")
    return SavedPage(wording=Wording.NEWER if is_newer else Wording.OLDER, rows=read, not_known=tuple(not_known))


def _page_row(cells: _Row) -> PageRow | None:
    """The row of these cells; None if its pool region has no known name."""
    option = next((cell.option for cell in cells if cell.option), None)
    first, *others = (cell for cell in cells if not cell.option)
    if len(first.regions) != 1:
        return None
    if len(others) > 1 and others[0].regions == first.regions:
        # A column with the code of the region beside its name.
        others = others[1:]
    listed = tuple(dict.fromkeys(region for cell in others for region in cell.regions))
    return PageRow(pool_region=first.regions[0], option=option, ses_regions=listed)


def _tables(text: str) -> Iterator[Iterable[Sequence[str]]]:
    """Every table of the copy as rows of texts: HTML, Markdown, or lines with tabs."""
    if "<table" in text.lower():
        yield from tables_in(text)
        return
    for has_columns, lines in groupby(text.splitlines(), key=lambda line: "|" in line or "\t" in line):
        if has_columns:
            yield [_columns(line) for line in lines if not _RULER.fullmatch(line)]


def _columns(line: str) -> list[str]:
    parts = line.split("\t") if "\t" in line else re.split(r"(?<!\\)\|", line.strip().strip("|"))
    linked = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", part) for part in parts)
    return [re.sub(r"\\(.)", r"\1", re.sub(r"<sup>.*?</sup>|<[^>]+>", "", part)) for part in linked]


def _rows(table: Iterable[Sequence[str]]) -> list[_Row]:
    """The rows of a table that have a region and a list of regions; all others are headers or another table's."""
    rows: list[_Row] = []
    for texts in table:
        cells = [_cell(text) for text in texts if text.strip()]
        named = [cell for cell in cells if cell is not None]
        if len(named) == len(cells) and sum(cell.option is None for cell in named) > 1:
            rows.append(named)
    return rows


def _cell(text: str) -> _Cell | None:
    """The contents of a cell that holds nothing but regions or an option, otherwise None."""
    cells = list(_cells(text))
    if not cells or any(cell is None for cell in cells):
        return None
    whole = [cell for cell in cells if cell is not None]
    if len(whole) == 1:
        return whole[0]
    regions = tuple(dict.fromkeys(region for cell in whole for region in cell.regions))
    not_known = tuple(name for cell in whole for name in cell.not_known)
    return None if any(cell.option for cell in whole) else _Cell(regions=regions, not_known=not_known)


def _cells(text: str) -> Iterator[_Cell | None]:
    """The cells in one text: regions with a comma between them share a cell; None for any other word."""
    line, at = normalized(text), 0
    together: list[str] = []
    for found in _token().finditer(line):
        gap, words = line[at : found.start()], found.group()
        at = found.end()
        if _BETWEEN_REGIONS.sub("", gap).strip():
            yield None
        option = _OPTIONS.get(re.sub(r"[- ]", "", words).lower())
        is_next = option or not (_BETWEEN_REGIONS.search(gap) or (together and _is_code_beside(together[-1], words)))
        if together and is_next:
            yield _together(together)
            together = []
        if option:
            yield _Cell(option=option)
        else:
            together.append(words)
    if together:
        yield _together(together)
    if _BETWEEN_REGIONS.sub("", line[at:]).strip():
        yield None


@cache
def _token() -> re.Pattern[str]:
    return re.compile(f"(?i:{_OPTION})|{mentions()}")


def _is_code_beside(name: str, words: str) -> bool:
    """Whether two mentions without a comma are the name and the code of one region."""
    return region_named(name) == region_named(words) and ("(" in name) != ("(" in words)


def _together(mentioned: Sequence[str]) -> _Cell:
    regions = [region_named(words) for words in mentioned]
    return _Cell(
        regions=tuple(dict.fromkeys(region for region in regions if region)),
        not_known=tuple(words for words, region in zip(mentioned, regions, strict=True) if region is None),
    )


def _longest_run(text: str) -> list[_Cell]:
    """The cells of the longest run of lines that hold nothing but cells."""
    best: list[_Cell] = []
    current: list[_Cell] = []
    is_continued = False
    for line in text.splitlines():
        if not line.strip():
            continue
        cells = list(_cells(line))
        whole = [cell for cell in cells if cell is not None]
        if not whole or len(whole) < len(cells):
            current = []
            continue
        if is_continued and current:
            current[-1] = _joined(current[-1], whole.pop(0))
        current = [*current, *whole]
        is_continued = line.rstrip().endswith(",")
        best = max(best, current, key=len)
    return best


def _joined(one: _Cell, other: _Cell) -> _Cell:
    return _Cell(regions=one.regions + other.regions, not_known=one.not_known + other.not_known)


def _rows_of_stream(cells: Sequence[_Cell]) -> Iterator[_Row]:
    """The rows in a run of cells: by the option, which has one place in each row, or else two cells each."""
    options = [number for number, cell in enumerate(cells) if cell.option]
    if not options:
        if len(cells) % 2:
            raise PageNotReadable("the table has a row that is not a user pool region with its SES regions")
        yield from zip(cells[::2], cells[1::2], strict=True)
    elif options[0] == 1:
        for here, following in pairwise([*options, len(cells) + 1]):
            yield cells[here - 1 : following - 1]
    else:
        for before, here in pairwise([-1, *options]):
            yield cells[before + 1 : here + 1]
