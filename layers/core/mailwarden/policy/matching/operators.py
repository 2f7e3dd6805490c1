"""The condition operators of the policy language, and the parser for their names.

The list is docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html.
Names are case-sensitive: AWS documents no case folding. An unlisted name makes the condition undecidable
instead of wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Family(StrEnum):
    """How an operator compares."""

    EXACT = "exact string"
    EXACT_IGNORING_CASE = "string without case"
    GLOB = "string with wildcards"
    ARN = "ARN, segment by segment"
    BOOL = "Boolean"
    NULL = "presence"
    # Numbers, dates, addresses and bytes: a service principal's request to SES carries none of them with a
    # value that could be known here. Only the absence of the key decides them.
    OPAQUE = "number, date, IP address or bytes"


class Qualifier(StrEnum):
    """The set operator in front of an operator."""

    NONE = ""
    FOR_ANY_VALUE = "ForAnyValue"
    FOR_ALL_VALUES = "ForAllValues"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One operator with its qualifier and suffix, as written in a policy."""

    name: str
    family: Family
    negated: bool
    qualifier: Qualifier
    if_exists: bool


_FAMILIES: Final[dict[str, tuple[Family, bool]]] = {
    "StringEquals": (Family.EXACT, False),
    "StringNotEquals": (Family.EXACT, True),
    "StringEqualsIgnoreCase": (Family.EXACT_IGNORING_CASE, False),
    "StringNotEqualsIgnoreCase": (Family.EXACT_IGNORING_CASE, True),
    "StringLike": (Family.GLOB, False),
    "StringNotLike": (Family.GLOB, True),
    # "The ArnEquals and ArnLike condition operators behave identically."
    "ArnEquals": (Family.ARN, False),
    "ArnLike": (Family.ARN, False),
    "ArnNotEquals": (Family.ARN, True),
    "ArnNotLike": (Family.ARN, True),
    "Bool": (Family.BOOL, False),
    "Null": (Family.NULL, False),
    "BinaryEquals": (Family.OPAQUE, False),
    "IpAddress": (Family.OPAQUE, False),
    "NotIpAddress": (Family.OPAQUE, True),
} | {
    f"{kind}{comparison}": (Family.OPAQUE, comparison == "NotEquals")
    for kind in ("Numeric", "Date")
    for comparison in (
        "Equals",
        "NotEquals",
        "LessThan",
        "LessThanEquals",
        "GreaterThan",
        "GreaterThanEquals",
    )
}


def read_operator(name: str) -> Operator | None:
    """The operator that *name* means, or None if there is no such operator.

    ``IfExists`` may follow any operator "except the Null condition"; Null takes no set operator either, for
    it compares no values.
    """
    prefix, colon, rest = name.rpartition(":")
    try:
        qualifier = Qualifier(prefix) if colon else Qualifier.NONE
    except ValueError:
        return None
    if colon and qualifier is Qualifier.NONE:
        return None
    stem = rest.removesuffix("IfExists")
    found = _FAMILIES.get(stem)
    if found is None:
        return None
    family, negated = found
    if_exists = stem != rest
    if family is Family.NULL and (if_exists or qualifier is not Qualifier.NONE):
        return None
    return Operator(name=name, family=family, negated=negated, qualifier=qualifier, if_exists=if_exists)
