"""The SES regions that a user pool may send through: versioned data and its queries. Unknown is an answer."""

from mailwarden.regions.table import (
    MalformedTable,
    NoRow,
    NoRowReason,
    RegionAnswer,
    RegionOption,
    RegionRow,
    RegionTable,
    SenderUse,
    built_in_table,
)

__all__ = [
    "MalformedTable",
    "NoRow",
    "NoRowReason",
    "RegionAnswer",
    "RegionOption",
    "RegionRow",
    "RegionTable",
    "SenderUse",
    "built_in_table",
]
