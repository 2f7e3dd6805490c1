"""The Cognito→SES region table: parsed once, checked, and queried by pool region and sender use.

Source of the built-in rows: the AWS page "Email settings for Amazon Cognito user pools" (``rows.json`` holds its
address and the time it was read). A region without a row, or with a provisional row, is *unknown*: it is reported and
never used to justify a repair.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Self

from mailwarden.documents.faults import one_of, wrong
from mailwarden.message import ExplainedError, message
from mailwarden.region_names import REGION_NAME, SERVICE_SUFFIX, has_published_suffix, is_region

GLOBAL_PRINCIPAL = "email.cognito-idp.amazonaws.com"
_PRINCIPAL = re.compile(rf"(email\.cognito-idp|cognito-idp(\.{REGION_NAME})?){SERVICE_SUFFIX}")
_MEMBERS = frozenset(
    {
        "option",
        "developer",
        "default_custom_from",
        "principal",
        "provisional",
        "on_older_page",
        "evidence",
    }
)


class MalformedTable(ExplainedError, ValueError):
    """A row cannot be parsed; the message names the path and the error."""


class RegionOption(StrEnum):
    """The "Region option" column of the AWS page."""

    IN_REGION_ONLY = "in-region-only"
    BACKWARDS_COMPATIBLE = "backwards-compatible"
    ALTERNATE_REGION = "alternate-region"


class SenderUse(StrEnum):
    """The two ways in which a pool uses an identity of ours; the table has a column for each."""

    DEVELOPER = "developer"
    DEFAULT_CUSTOM_FROM = "default_custom_from"


class RegionAnswer(StrEnum):
    """Whether a pool may use an identity in some SES region."""

    ALLOWED = "allowed"
    NOT_ALLOWED = "not allowed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionRow:
    """One pool region: the SES regions it may use, in the order of the page, and its service principal.

    For an alternate-region row ``default_custom_from`` lists *all* regions that need the identity and its policy at
    once; for the others, any one of the listed regions is enough.
    """

    pool_region: str
    option: RegionOption
    developer: tuple[str, ...]
    default_custom_from: tuple[str, ...]
    principal: str
    provisional: bool = False
    on_older_page: bool = False

    @property
    def is_alternate(self) -> bool:
        """Whether the pool's own region is not among those it may use."""
        return self.option is RegionOption.ALTERNATE_REGION

    def regions(self, use: SenderUse) -> tuple[str, ...]:
        """The SES regions the page lists for this use."""
        match use:
            case SenderUse.DEVELOPER:
                return self.developer
            case SenderUse.DEFAULT_CUSTOM_FROM:
                return self.default_custom_from

    def needs_all_regions(self, use: SenderUse) -> bool:
        """Whether mail is split over every listed region, so that SourceArn must be the ``ses:*`` form.

        "The SES sending authorization policy for your verified identity in each alternate Region must trust the
        Cognito service principal of the originating Region" (AWS page).
        """
        return self.is_alternate and use is SenderUse.DEFAULT_CUSTOM_FROM and len(self.default_custom_from) > 1

    def answer(self, use: SenderUse, ses_region: str) -> RegionAnswer:
        """Whether an identity in *ses_region* may be used; ``*`` means all listed regions at once.

        An identity in the pool's own region is never "not allowed": the page leaves a pool's own region out because SES
        was not there when it was written, and SES launches in one such region after the other.
        """
        listed = self.regions(use)
        if self.provisional or not listed:
            return RegionAnswer.UNKNOWN
        if ses_region == "*":
            return RegionAnswer.ALLOWED if self.needs_all_regions(use) else RegionAnswer.NOT_ALLOWED
        if ses_region in listed:
            # One region of two is half of the requirement; AWS does not document whether Cognito accepts it.
            return RegionAnswer.UNKNOWN if self.needs_all_regions(use) else RegionAnswer.ALLOWED
        return RegionAnswer.UNKNOWN if ses_region == self.pool_region else RegionAnswer.NOT_ALLOWED


class NoRowReason(StrEnum):
    """Why the table has no row for a pool region; ``rows.json`` names the reasons of the regions it knows."""

    NOT_LISTED = "not-listed"
    """The table does not mention the region."""
    NOT_ON_THE_PAGE = "not-on-the-page"
    """Cognito and SES are available in the region, but the AWS page does not list it."""
    PARTITION_NOT_COVERED = "partition-not-covered"
    """Both services are available in the region, but the AWS page does not cover its partition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoRow:
    """The table has no row for this pool region; ``version`` is the table's."""

    pool_region: str
    reason: NoRowReason
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionTable:
    """All rows, their version, and the pool regions that are known to have no row."""

    version: str
    source: str
    rows: Mapping[str, RegionRow]
    unknown: Mapping[str, NoRowReason] = field(default_factory=dict)

    def row(self, pool_region: str) -> RegionRow | NoRow:
        """The row of a pool region, or the reason why it has none."""
        row = self.rows.get(pool_region)
        if row is not None:
            return row
        reason = self.unknown.get(pool_region, NoRowReason.NOT_LISTED)
        return NoRow(pool_region=pool_region, reason=reason, version=self.version)

    def with_overrides(self, rows: Mapping[str, object]) -> Self:
        """The table with rows replaced or added by the operator's settings; raises MalformedTable."""
        parsed = {region: _row(region, raw, path=f"regions.{region}") for region, raw in rows.items()}
        if not parsed:
            return self
        return replace(
            self,
            version=f"{self.version}+settings",
            rows={**self.rows, **parsed},
            unknown={region: why for region, why in self.unknown.items() if region not in parsed},
        )


@cache
def built_in_table() -> RegionTable:
    """The table that ships with the package; raises MalformedTable if the package was tampered with."""
    text = resources.files("mailwarden.regions").joinpath("rows.json").read_text(encoding="utf-8")
    return parse_table(json.loads(text))


def parse_table(document: object) -> RegionTable:
    """Read a whole table document (the form of ``rows.json``); raises MalformedTable naming the path."""
    table = _object(document, path="table")
    rows = {
        region: _row(region, raw, path=f"rows.{region}")
        for region, raw in _object(table.get("rows"), path="rows").items()
    }
    provisional = {
        region: _row(region, raw, path=f"provisional.{region}", provisional=True)
        for region, raw in _object(table.get("provisional", {}), path="provisional").items()
    }
    unknown = {
        region: _reason(why, path=f"unknown.{region}")
        for region, why in _object(table.get("unknown", {}), path="unknown").items()
    }
    named = [*rows, *provisional, *unknown]
    twice = sorted({region for region in named if named.count(region) > 1})
    if twice:
        raise MalformedTable(message("region-table.twice", regions=tuple(twice)))
    source = _object(table.get("source"), path="source")
    return RegionTable(
        version=_text(table.get("version"), path="version"),
        source=_text(source.get("page"), path="source.page"),
        rows={**rows, **provisional},
        unknown=unknown,
    )


def _row(region: str, raw: object, *, path: str, provisional: bool = False) -> RegionRow:
    if not is_region(region):
        raise MalformedTable(message("region-table.no-region", path=path))
    row = _object(raw, path=path)
    strangers = sorted(row.keys() - _MEMBERS)
    if strangers:
        stranger = f"{path}.{strangers[0]}"
        raise MalformedTable(message("region-table.no-member", path=stranger, members=tuple(sorted(_MEMBERS))))
    option = _text(row.get("option"), path=f"{path}.option")
    if option not in set(RegionOption):
        raise MalformedTable(wrong(f"{path}.option", option, one_of(RegionOption)))
    developer = _regions(row.get("developer"), path=f"{path}.developer")
    if not developer:
        raise MalformedTable(message("region-table.no-ses-region", path=f"{path}.developer"))
    alternate = RegionOption(option) is RegionOption.ALTERNATE_REGION
    if "principal" not in row and not has_published_suffix(region):
        raise MalformedTable(message("region-table.no-principal", path=f"{path}.principal"))
    regional = f"cognito-idp.{region}.amazonaws.com"
    return RegionRow(
        pool_region=region,
        option=RegionOption(option),
        developer=developer,
        default_custom_from=_regions(
            row.get("default_custom_from", list(developer)),
            path=f"{path}.default_custom_from",
        ),
        principal=_principal(
            row.get("principal", regional if alternate else GLOBAL_PRINCIPAL),
            path=f"{path}.principal",
        ),
        provisional=_flag(row.get("provisional", False), path=f"{path}.provisional") or provisional,
        on_older_page=_flag(row.get("on_older_page", False), path=f"{path}.on_older_page"),
    )


def _reason(raw: object, *, path: str) -> NoRowReason:
    reason = _text(raw, path=path)
    if reason not in set(NoRowReason):
        raise MalformedTable(wrong(path, reason, one_of(NoRowReason)))
    return NoRowReason(reason)


def _object(raw: object, *, path: str) -> dict[str, object]:
    if not isinstance(raw, dict):
        raise MalformedTable(wrong(path, raw, message("expected.object")))
    return raw


def _text(raw: object, *, path: str) -> str:
    if not isinstance(raw, str) or not raw:
        raise MalformedTable(wrong(path, raw, message("expected.text")))
    return raw


def _flag(raw: object, *, path: str) -> bool:
    if not isinstance(raw, bool):
        raise MalformedTable(wrong(path, raw, message("expected.truth")))
    return raw


def _principal(raw: object, *, path: str) -> str:
    principal = _text(raw, path=path)
    if _PRINCIPAL.fullmatch(principal) is None:
        raise MalformedTable(wrong(path, principal, message("expected.principal")))
    return principal


def _regions(raw: object, *, path: str) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(region, str) and is_region(region) for region in raw):
        raise MalformedTable(wrong(path, raw, message("expected.regions")))
    if len(set(raw)) != len(raw):
        raise MalformedTable(message("region-table.region-twice", path=path))
    return tuple(raw)
