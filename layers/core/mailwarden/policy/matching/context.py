"""The known facts about the condition keys of one request: values, presence, absence, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


# In lower case. docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html, "Value type:
# Multivalued"; ses:Recipients holds every recipient of a mail (SES guide, "Sending authorization policies").
SEVERAL_VALUED: Final = frozenset(
    {
        "aws:calledvia",
        "aws:principalorgpaths",
        "aws:principalservicenameslist",
        "aws:resourceorgpaths",
        "aws:sourceorgpaths",
        "aws:tagkeys",
        "aws:vpceorgpaths",
        "ses:recipients",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The key is in the request with exactly these values.

    ``boolean`` marks the keys that AWS lists as working with the Bool operator only.
    """

    values: tuple[str, ...]
    boolean: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """The key is in the request; its value is not known here (a clock time, a role id)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """The key is not in the request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Nothing is known, not even whether the key is in the request."""


type KeyState = Known | Present | Absent | Unknown

PRESENT: Final = Present()
ABSENT: Final = Absent()
UNKNOWN: Final = Unknown()
TRUE: Final = Known(values=("true",), boolean=True)
FALSE: Final = Known(values=("false",), boolean=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The condition keys of a request. A key that is not mentioned is unknown.

    ``keys`` and ``families`` hold lower-case names, for key names ignore case
    (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html: "Key names are
    case-insensitive"). A family is a prefix such as ``aws:principaltag/``.
    """

    keys: Mapping[str, KeyState]
    families: Mapping[str, KeyState]

    def state(self, key: str) -> KeyState:
        """The known facts about *key*, given in lower case."""
        found = self.keys.get(key)
        if found is not None:
            return found
        prefix, slash, _ = key.partition("/")
        return self.families.get(prefix + slash, UNKNOWN) if slash else UNKNOWN


def known(*values: str) -> Known:
    """A key with these values."""
    return Known(values=values)
