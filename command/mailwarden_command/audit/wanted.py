"""The pools that a person asked about."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The pools to audit: of these regions (empty: every enabled one), ids or ARNs (empty: every pool), and name."""

    regions: tuple[str, ...] = ()
    pools: tuple[str, ...] = ()
    name: str = "*"
