"""The result of evaluating an identity's policies, with its reasons as values and as one sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mailwarden.policy.matching.three_valued import Truth

if TYPE_CHECKING:
    from mailwarden.policy.document.model import Actions, Condition, Effect, Principals, Resources
    from mailwarden.policy.evaluation.sender import Principal

_LOCAL_PART: Final = re.compile(r"""("[^"]|[^\s@/:"'<>])(?:[^"@]*"|[^\s@/:"'<>]*)@""")
_SHOWN: Final = 3


def _masked(text: str) -> str:
    """*text* with all but the first character of each local part masked: these sentences reach logs."""
    return _LOCAL_PART.sub(r"\1***@", text)


def _some_of(texts: tuple[str, ...]) -> str:
    shown = ", ".join(_masked(text) for text in texts[:_SHOWN])
    more = len(texts) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRef:
    """A reference to a statement: the name of its policy, its index, and its Sid if it has one.

    An ``index`` of -1 means the document as a whole.
    """

    policy: str
    index: int
    sid: str | None

    def __str__(self) -> str:
        name = f'policy "{self.policy}"'
        if self.index < 0:
            return name
        name += f", statement {self.index}"
        return f'{name} (Sid "{_masked(self.sid)}")' if self.sid else name


# A mismatch holds the parsed element, not text: hundreds of thousands are created and few are ever shown.


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionMismatch:
    """The statement covers other actions."""

    action: str
    actions: Actions

    def __str__(self) -> str:
        element = "NotAction" if self.actions.negated else "Action"
        return f"it does not cover {self.action} ({element}: {_some_of(self.actions.patterns)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrincipalMismatch:
    """The statement covers other principals."""

    principal: Principal
    principals: Principals

    def __str__(self) -> str:
        element = "NotPrincipal" if self.principals.negated else "Principal"
        return f"it does not name {self.principal.name} ({element}: {_some_of(self.principals.listed)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceMismatch:
    """The statement covers another identity."""

    resource: str
    resources: Resources

    def __str__(self) -> str:
        return f"its Resource is not this identity ({_some_of(self.resources.patterns)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionMismatch:
    """A condition does not hold. ``actual`` is None where the key is not in the request."""

    condition: Condition
    actual: tuple[str, ...] | None

    @property
    def operator(self) -> str:
        """The operator as written."""
        return self.condition.operator_as_written

    @property
    def key(self) -> str:
        """The key as written."""
        return self.condition.key_as_written

    def __str__(self) -> str:
        values = _some_of(self.condition.values)
        if self.operator == "Null":
            return f"Null asks of {self.key} what is not so ({values})"
        actual = "is not in the request" if self.actual is None else f"is {_some_of(self.actual)}"
        return f"{self.key} {actual}, and {self.operator} compares it with {values}"


type Mismatch = ActionMismatch | PrincipalMismatch | ResourceMismatch | ConditionMismatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A part of a statement that cannot be decided. ``path`` is a JSON pointer into its document."""

    path: str
    because: str

    def __str__(self) -> str:
        return f"{_masked(self.path) or 'the document'}: {_masked(self.because)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How one statement relates to one request.

    A statement matches if there are neither mismatches nor doubts. With a mismatch it certainly does not.
    ``effect`` is None if the statement could be either.
    """

    ref: StatementRef
    effect: Effect | None
    mismatches: tuple[Mismatch, ...]
    doubts: tuple[Doubt, ...]

    @property
    def matches(self) -> Truth:
        """Whether the statement applies to the request."""
        if self.mismatches:
            return Truth.FALSE
        return Truth.UNKNOWN if self.doubts else Truth.TRUE

    @property
    def because(self) -> str:
        """Why it does not match, or why the match is unknown; empty if it matches."""
        reasons: tuple[Mismatch | Doubt, ...] = self.mismatches or self.doubts
        return "; ".join(str(reason) for reason in reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """A statement allows it, and none can deny it."""

    action: str
    by: StatementRef

    @property
    def sentence(self) -> str:
        """The decision in words."""
        return f"{self.by} allows {self.action}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """Statements deny it explicitly; an explicit Deny overrides every Allow."""

    action: str
    by: tuple[StatementRef, ...]

    @property
    def sentence(self) -> str:
        """The decision in words."""
        return f"{'; '.join(str(ref) for ref in self.by)} explicitly denies {self.action}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAllowed:
    """No statement allows it: the implicit deny. ``allows`` are all Allow statements, each with why not.

    ``possible_denials`` may also deny it explicitly. The decision is the same, but a grant alone may not fix it.
    """

    action: str
    allows: tuple[Reading, ...]
    possible_denials: tuple[Reading, ...]

    @property
    def sentence(self) -> str:
        """The decision in words, about the statement that comes closest to allowing it."""
        if not self.allows:
            return f"no statement allows {self.action}"
        nearest = min(self.allows, key=lambda reading: len(reading.mismatches))
        return f"no statement allows {self.action}; {nearest.ref} does not, for {nearest.because}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecidable:
    """The decision depends on unknown facts. ``readings`` are the statements it depends on."""

    action: str
    readings: tuple[Reading, ...]

    @property
    def sentence(self) -> str:
        """The decision in words."""
        first = self.readings[0]
        return f"whether {self.action} is allowed cannot be decided: {first.ref}, {first.because}"


type Decision = Allowed | Denied | NotAllowed | Undecidable
