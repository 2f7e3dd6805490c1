"""Comparing one value of a request with all values of a condition, prepared once for each list of values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from mailwarden.policy.matching.glob import (
    ARN_SEGMENTS,
    compile_arn_glob,
    compile_glob,
    has_variable,
    has_wildcard,
    literal,
    lower_ascii,
)
from mailwarden.policy.matching.operators import Family
from mailwarden.policy.matching.three_valued import Truth

if TYPE_CHECKING:
    from mailwarden.policy.matching.glob import Matcher

# No header of a mail is as long; a longer one was written to cost, as length times length of a pattern.
_LONGEST: Final = 2048
BOOLEANS: Final = frozenset({"true", "false"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The values of a condition, ready to compare: texts to equal, patterns to fit.

    ``doubtful``: one of the values cannot be compared and might be equal. ``folded``: the texts in the widest sense of
    ignoring case.
    """

    family: Family
    texts: frozenset[str]
    patterns: tuple[Matcher, ...]
    doubtful: bool
    folded: frozenset[str] = frozenset()

    def holds(self, actual: str) -> Truth:
        """Whether *actual* is one of the values."""
        if self.family is Family.EXACT_IGNORING_CASE:
            return self._holds_ignoring_case(actual)
        # AWS does not document how an ARN operator compares a value that is not an ARN.
        if self.family is Family.ARN and actual.count(":") < ARN_SEGMENTS - 1:
            return Truth.UNKNOWN
        if len(actual) > _LONGEST and self.patterns and actual not in self.texts:
            return Truth.UNKNOWN
        if actual in self.texts or (self.patterns and any(fits(actual) for fits in self.patterns)):
            return Truth.TRUE
        return Truth.UNKNOWN if self.doubtful else Truth.FALSE

    def _holds_ignoring_case(self, actual: str) -> Truth:
        """How AWS folds letters beyond ASCII is not documented: a difference in them alone is a doubt."""
        if lower_ascii(actual) in self.texts:
            return Truth.TRUE
        return Truth.UNKNOWN if self.doubtful or _folded(actual) in self.folded else Truth.FALSE


@lru_cache(maxsize=1024)
def compile_comparison(
    family: Family,
    values: tuple[str, ...],
    variables: bool,  # noqa: FBT001 - a cache finds what is named by a keyword half as fast
) -> Comparison:
    """Prepare the comparison with *values*. ``variables``: ``${…}`` has a meaning in this policy."""
    texts: set[str] = set()
    patterns: list[Matcher] = []
    doubtful = False
    for value in values:
        if (variables and has_variable(value)) or _is_doubtful(family, value):
            doubtful = True
        elif family is Family.GLOB and has_wildcard(value):
            patterns.append(compile_glob(value, escapes=variables))
        elif family is Family.ARN and has_wildcard(value):
            patterns.append(compile_arn_glob(value, escapes=variables))
        else:
            texts.add(literal(value, escapes=variables))
    folded: frozenset[str] = frozenset()
    if family is Family.EXACT_IGNORING_CASE:
        folded, texts = frozenset(map(_folded, texts)), set(map(lower_ascii, texts))
    return Comparison(family=family, texts=frozenset(texts), patterns=tuple(patterns), doubtful=doubtful, folded=folded)


def _folded(text: str) -> str:
    """*text* in the widest sense of ignoring case: Unicode's, and Java's, which knows two more letters for i."""
    return text.replace("İ", "i").upper().casefold()


def _is_doubtful(family: Family, value: str) -> bool:
    match family:
        case Family.BOOL:
            return value not in BOOLEANS
        # AWS does not document what a value of fewer than six segments, a lone star included, covers: "each of the six
        # colon-delimited components of the ARN is checked separately" (…_condition_operators.html).
        case Family.ARN:
            return value.count(":") < ARN_SEGMENTS - 1
        case Family.OPAQUE | Family.NULL:
            return True
        case Family.EXACT | Family.EXACT_IGNORING_CASE | Family.GLOB:
            return False
