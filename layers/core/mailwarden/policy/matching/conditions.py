"""Decides whether one condition holds for a request, or why that is unknown.

The order of evaluation is IAM's
(docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and
…/reference_policies_condition-single-vs-multi-valued-context-keys.html): is the key there, does a suffix or
set operator settle its absence, and only then the comparison. Values of one key are ORed, for a negated
operator NORed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailwarden.message import Message, message
from mailwarden.policy.matching.comparison import BOOLEANS, compile_comparison
from mailwarden.policy.matching.context import SEVERAL_VALUED, Absent, Known, Present, Unknown
from mailwarden.policy.matching.glob import USES_VARIABLE, has_variable
from mailwarden.policy.matching.operators import Family, Qualifier
from mailwarden.policy.matching.three_valued import Truth, all_of, any_of, negate, truth_of

if TYPE_CHECKING:
    from mailwarden.policy.document.model import Condition
    from mailwarden.policy.matching.context import Context, KeyState
    from mailwarden.policy.matching.operators import Operator


def judge(condition: Condition, context: Context, *, variables: bool) -> Truth:
    """Whether *condition* holds. ``variables``: ``${…}`` has a meaning in this policy."""
    operator = condition.operator
    if operator is None:
        return Truth.UNKNOWN
    state = context.state(condition.key)
    if operator.family is Family.NULL:
        return _is_null(condition.values, state)
    if isinstance(state, Absent):
        return _without_key(operator)
    if not isinstance(state, Known) or operator.family is Family.OPAQUE:
        return Truth.UNKNOWN
    # "Works with Boolean operators" and the other kinds exclude each other; how IAM compares across kinds is
    # not documented.
    if state.boolean is not (operator.family is Family.BOOL):
        return Truth.UNKNOWN
    values = condition.values
    match operator.qualifier:
        case Qualifier.NONE:
            # "Multivalued context keys require a condition set operator", also where a request has one value of them.
            if len(state.values) != 1 or condition.key in SEVERAL_VALUED:
                return Truth.UNKNOWN
            return _compare(operator, values, state.values[0], variables=variables)
        case Qualifier.FOR_ANY_VALUE:
            return any_of(_compare(operator, values, actual, variables=variables) for actual in _set(state))
        case Qualifier.FOR_ALL_VALUES:
            return all_of(_compare(operator, values, actual, variables=variables) for actual in _set(state))


def why_unknown(condition: Condition, context: Context) -> Message:
    """Why ``judge`` could not decide *condition*."""
    operator, key = condition.operator, condition.key_as_written
    if operator is None:
        return message("policy.unknown-operator", operator=condition.operator_as_written)
    state = context.state(condition.key)
    if operator.family is Family.OPAQUE:
        return message("policy.opaque", operator=operator.name, family=message("policy.opaque-values"))
    # Null compares no value: its own values are checked before the state of the key.
    if operator.family is Family.NULL and not BOOLEANS.issuperset(condition.values):
        return message("policy.null-value")
    if operator.family is Family.NULL and isinstance(state, Known):
        return message("policy.null-empty", key=key)
    if not isinstance(state, Known):
        return message("policy.unknown-value", key=key)
    if any(has_variable(value) for value in condition.values):
        return message(USES_VARIABLE)
    if operator.qualifier is Qualifier.NONE and (len(state.values) != 1 or condition.key in SEVERAL_VALUED):
        return message("policy.several-values", key=key)
    return message("policy.does-not-fit", operator=operator.name, key=key)


def _is_null(values: tuple[str, ...], state: KeyState) -> Truth:
    """Null asks for "true (the key doesn't exist) or false (the key exists and its value is not null)"."""
    if not BOOLEANS.issuperset(values):
        return Truth.UNKNOWN
    if BOOLEANS.issubset(values):
        return Truth.TRUE
    match state:
        case Absent():
            return truth_of("true" in values)
        # A value that is present but empty: AWS's pages disagree on whether it counts as null.
        case Unknown() | Known(values=("",)):
            return Truth.UNKNOWN
        case Known() | Present():
            return truth_of("false" in values)


def _without_key(operator: Operator) -> Truth:
    """The answer for a key that is not in the request.

    ForAnyValue "returns false if the key does not exist", whatever its suffix: SQS refuses a call without tags under
    ``ForAnyValue:StringEqualsIfExists aws:TagKeys`` (AWS re:Post QU9HFmDzP0QGuU-fd7rS6B7w). ForAllValues "also returns
    true if there are no context keys in the request"; "…IfExists: if the key is not present, evaluate the condition
    element as true"; otherwise false, or true for an operator that requires the key not to match.
    """
    if operator.qualifier is Qualifier.FOR_ANY_VALUE:
        return Truth.FALSE
    if operator.if_exists or operator.qualifier is Qualifier.FOR_ALL_VALUES:
        return Truth.TRUE
    return truth_of(operator.negated)


def _set(state: Known) -> tuple[str, ...]:
    """The values a set operator sees: "a null dataset, such as an empty string", counts as no values."""
    return tuple(value for value in state.values if value)


def _compare(operator: Operator, values: tuple[str, ...], actual: str, *, variables: bool) -> Truth:
    """One value of the request against all of the policy's, NORed if the operator is negated."""
    found = compile_comparison(operator.family, values, variables).holds(actual)
    return negate(found) if operator.negated else found
