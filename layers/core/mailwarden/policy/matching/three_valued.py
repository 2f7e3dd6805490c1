"""Three-valued logic: true, false, or unknown.

Strong Kleene logic: *and* is the minimum, *or* the maximum, so that a doubt matters only where the
other parts leave it room to (S. C. Kleene, *Introduction to Metamathematics*, 1952, section 64).
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Truth(IntEnum):
    """False, unknown or true, ordered so that minimum and maximum are *and* and *or*."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2


_OPPOSITES = (Truth.TRUE, Truth.UNKNOWN, Truth.FALSE)


def truth_of(fact: bool) -> Truth:  # noqa: FBT001 - the one argument is the truth itself
    """*fact* as a certain truth value."""
    return Truth.TRUE if fact else Truth.FALSE


def negate(truth: Truth) -> Truth:
    """Not *truth*: unknown stays unknown."""
    return _OPPOSITES[truth]


def all_of(truths: Iterable[Truth]) -> Truth:
    """All of *truths* hold; vacuously true. The first that certainly does not decides."""
    found = Truth.TRUE
    for truth in truths:
        if truth is Truth.FALSE:
            return truth
        if truth is Truth.UNKNOWN:
            found = truth
    return found


def any_of(truths: Iterable[Truth]) -> Truth:
    """At least one of *truths* holds; vacuously false. The first that certainly does decides."""
    found = Truth.FALSE
    for truth in truths:
        if truth is Truth.TRUE:
            return truth
        if truth is Truth.UNKNOWN:
            found = truth
    return found
