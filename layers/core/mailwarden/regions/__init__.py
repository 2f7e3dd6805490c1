"""Which SES regions a user pool may send through: data with a version, and how to ask it. Unknown is an answer."""

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
