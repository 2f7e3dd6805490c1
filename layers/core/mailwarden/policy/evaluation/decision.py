"""The result of evaluating an identity's policies, with its reasons as values and as one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mailwarden.masking import masked
from mailwarden.message import Argument, Message, message
from mailwarden.policy.matching.three_valued import Truth

if TYPE_CHECKING:
    from mailwarden.policy.document.model import Actions, Condition, Principals, Resources, StatementEffect
    from mailwarden.policy.evaluation.sender import Principal

_SHOWN: Final = 3


def condition_message(condition: Condition) -> Message:
    """A condition as its statement has it, with masked addresses."""
    return message(
        "policy.condition",
        operator=condition.operator_as_written,
        key=condition.key_as_written,
        values=_some_of(condition.values),
    )


def _some_of(texts: tuple[str, ...]) -> Argument:
    shown = tuple(masked(text) for text in texts[:_SHOWN])
    more = len(texts) - _SHOWN
    return message("words.and-more", shown=shown, more=more) if more > 0 else shown


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRef:
    """A reference to a statement: the name of its policy, its index, and its Sid if it has one.

    An ``index`` of -1 means the document as a whole.
    """

    policy: str
    index: int
    sid: str | None

    @property
    def message(self) -> Message:
        """The statement by its place, counted from 1."""
        if self.index < 0:
            return message("statement.document", policy=self.policy)
        if not self.sid:
            return message("statement", policy=self.policy, number=self.index + 1)
        return message("statement.sid", policy=self.policy, number=self.index + 1, sid=masked(self.sid))


# A mismatch holds the parsed element, not text: hundreds of thousands are created and few are ever shown.


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionMismatch:
    """The statement covers other actions."""

    action: str
    actions: Actions

    @property
    def message(self) -> Message:
        """The actions that the statement covers instead."""
        element = "NotAction" if self.actions.negated else "Action"
        return message("mismatch.action", action=self.action, element=element, listed=_some_of(self.actions.patterns))


@dataclass(frozen=True, slots=True, kw_only=True)
class PrincipalMismatch:
    """The statement covers other principals."""

    principal: Principal
    principals: Principals

    @property
    def message(self) -> Message:
        """Whom the statement names instead."""
        element = "NotPrincipal" if self.principals.negated else "Principal"
        return message(
            "mismatch.principal",
            principal=self.principal.name,
            element=element,
            listed=_some_of(self.principals.listed),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceMismatch:
    """The statement covers another identity."""

    resource: str
    resources: Resources

    @property
    def message(self) -> Message:
        """Which resources the statement covers instead."""
        return message("mismatch.resource", listed=_some_of(self.resources.patterns))


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

    @property
    def message(self) -> Message:
        """The comparison that failed."""
        values = _some_of(self.condition.values)
        if self.operator == "Null":
            return message("mismatch.null", key=self.key, values=values)
        if self.actual is None:
            return message("mismatch.key-absent", key=self.key, operator=self.operator, values=values)
        return message(
            "mismatch.condition", key=self.key, actual=_some_of(self.actual), operator=self.operator, values=values
        )


type Mismatch = ActionMismatch | PrincipalMismatch | ResourceMismatch | ConditionMismatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A part of a statement that cannot be decided. ``path`` is a JSON pointer into its document."""

    path: str
    reason: Message

    @property
    def message(self) -> Message:
        """Which part, and why."""
        if not self.path:
            return message("doubt.document", reason=self.reason)
        return message("doubt", path=masked(self.path), reason=self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How one statement relates to one request.

    A statement matches if there are neither mismatches nor doubts. With a mismatch it certainly does not.
    ``effect`` is None if the statement could be either.
    """

    ref: StatementRef
    effect: StatementEffect | None
    mismatches: tuple[Mismatch, ...]
    doubts: tuple[Doubt, ...]

    @property
    def matches(self) -> Truth:
        """Whether the statement applies to the request."""
        if self.mismatches:
            return Truth.FALSE
        return Truth.UNKNOWN if self.doubts else Truth.TRUE

    @property
    def reasons(self) -> tuple[Message, ...]:
        """Why it does not match, or why that cannot be known; empty if it matches."""
        found: tuple[Mismatch | Doubt, ...] = self.mismatches or self.doubts
        return tuple(reason.message for reason in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """A statement allows it, and none can deny it."""

    action: str
    by: StatementRef

    @property
    def message(self) -> Message:
        """The decision and the statement that makes it."""
        return message("policy.allows", statement=self.by.message, action=self.action)


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """Statements deny it explicitly; an explicit Deny overrides every Allow."""

    action: str
    by: tuple[StatementRef, ...]

    @property
    def message(self) -> Message:
        """The decision and the statements that make it."""
        return message("policy.denies", statements=tuple(ref.message for ref in self.by), action=self.action)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAllowed:
    """No statement allows it: the implicit deny. ``allows`` are all Allow statements, each with why not.

    ``possible_denials`` may also deny it explicitly. The decision is the same, but a grant alone may not fix it.
    """

    action: str
    allows: tuple[Reading, ...]
    possible_denials: tuple[Reading, ...]

    @property
    def message(self) -> Message:
        """The decision; of several statements, the one that comes closest."""
        if not self.allows:
            return message("policy.no-statement", action=self.action)
        nearest = min(self.allows, key=lambda reading: len(reading.mismatches))
        return message(
            "policy.nearest-statement", action=self.action, statement=nearest.ref.message, reasons=nearest.reasons
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecidable:
    """The decision depends on unknown facts. ``readings`` are the statements it depends on."""

    action: str
    readings: tuple[Reading, ...]

    @property
    def message(self) -> Message:
        """The decision; of several statements, the first it depends on."""
        first = self.readings[0]
        return message("policy.undecidable", action=self.action, statement=first.ref.message, reasons=first.reasons)


type PolicyDecision = Allowed | Denied | NotAllowed | Undecidable
