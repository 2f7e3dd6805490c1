"""ARN condition operators as IAM documents them, in the place of the emulator's, which compare plain text.

"Each of the six colon-delimited components of the ARN is checked separately and each can include multi-character
match wildcards (*) or single-character match wildcards (?)" (IAM guide, condition operators). A value or pattern
that is no ARN does not match; the single ``*`` matches every ARN.
"""

import re

from sandbox.mail import emulator

_PARTS = 6


def arn_like(actual: str, pattern: str) -> bool:
    """Compare an ARN with a pattern, part by part and with regard to case."""
    parts, patterns = actual.split(":", _PARTS - 1), pattern.split(":", _PARTS - 1)
    if pattern == "*":
        return len(parts) == _PARTS
    if len(parts) != _PARTS or len(patterns) != _PARTS:
        return False
    return all(_part_like(part, wanted) for part, wanted in zip(parts, patterns, strict=True))


def _part_like(part: str, wanted: str) -> bool:
    escaped = re.escape(wanted).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(escaped, part, re.DOTALL) is not None


def _arn_not_like(actual: str, pattern: str) -> bool:
    return not arn_like(actual, pattern)


def install() -> None:
    """Put the operators into the emulator's evaluator."""
    emulator.module("core.iam_evaluator")._CONDITION_OPS.update(
        arnequals=arn_like, arnlike=arn_like, arnnotequals=_arn_not_like, arnnotlike=_arn_not_like
    )
