"""Recognizes conditions that clearly exclude other accounts, as nearly all do that follow the guide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailwarden.policy.document.model import Condition
from mailwarden.policy.matching.glob import ARN_SEGMENTS
from mailwarden.policy.matching.operators import Family, Qualifier

if TYPE_CHECKING:
    from mailwarden.policy.document.model import Statement


def keeps_to_account(statement: Statement, account: str) -> bool:
    """Whether one condition alone excludes every call for another account, and every call without a source.

    It does if it is a positive comparison of the source account, or of the source ARN, and every value names *account*
    and nothing else. False means undecided: ``exposure`` then has to test outsiders.
    """
    return any(
        isinstance(condition, Condition)
        and condition.operator is not None
        and not condition.operator.negated
        and not condition.operator.if_exists
        and condition.operator.qualifier is Qualifier.NONE
        and _names_only(condition, condition.operator.family, account)
        for condition in statement.conditions
    )


def _names_only(condition: Condition, family: Family, account: str) -> bool:
    if condition.key == "aws:sourceaccount" and family is Family.EXACT:
        return all(value == account for value in condition.values)
    if condition.key == "aws:sourcearn" and family is Family.ARN:
        return all(_account_of(value) == account for value in condition.values)
    return False


def _account_of(arn: str) -> str | None:
    """The account segment. Segments are compared one by one, so a wildcard elsewhere does not reach into it.

    A variable might reach into it: its value is not known.
    """
    segments = arn.split(":", ARN_SEGMENTS - 1)
    return segments[4] if len(segments) == ARN_SEGMENTS and "${" not in arn else None
