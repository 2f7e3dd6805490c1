"""Parses one statement of a policy document into its elements, or into a Problem for each bad element."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mailwarden.message import message
from mailwarden.policy.document.model import (
    Actions,
    Condition,
    Principals,
    Problem,
    Resources,
    Statement,
    StatementEffect,
)
from mailwarden.policy.matching.glob import USES_VARIABLE, has_variable, lower_ascii
from mailwarden.policy.matching.operators import read_operator

_ELEMENTS: Final = frozenset(
    {
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    }
)
_PRINCIPAL_KINDS: Final = frozenset({"AWS", "Service", "Federated", "CanonicalUser"})


class Ambiguous(dict[str, object]):
    """A JSON object with a duplicate name. The grammar forbids it, and a reader must not pick one."""


@dataclass(frozen=True, slots=True)
class Number:
    """A JSON number as it was written, so that account ids keep their digits."""

    text: str


def child(path: str, name: object) -> str:
    """The JSON pointer to *name* below *path* (RFC 6901)."""
    return f"{path}/{str(name).replace('~', '~0').replace('/', '~1')}"


def read_statement(contents: object, *, index: int, path: str, variables: bool) -> Statement:
    """The statement that *contents* holds. ``variables``: the document's version knows policy variables."""
    if isinstance(contents, Ambiguous) or not isinstance(contents, Mapping):
        twice = isinstance(contents, Ambiguous)
        problem = Problem(path=path, flaw=message("policy.element-twice") if twice else message("policy.not-an-object"))
        return Statement(
            index=index,
            sid=None,
            effect=problem,
            actions=problem,
            principals=problem,
            resources=problem,
            conditions=(problem,),
            doubts=(problem,),
            variables=variables,
            path=path,
        )
    sid = contents.get("Sid")
    doubts = [
        Problem(path=child(path, name), flaw=message("policy.unknown-element"))
        for name in contents
        if name not in _ELEMENTS
    ]
    if "Sid" in contents and not isinstance(sid, str):
        doubts.append(Problem(path=child(path, "Sid"), flaw=message("policy.not-a-string")))
    resources = _listed(contents, path, "Resource", Resources)
    conditions = _conditions(contents, path)
    if variables:
        doubts.extend(_variables(resources, conditions))
    return Statement(
        index=index,
        sid=sid if isinstance(sid, str) else None,
        effect=_effect(contents, path),
        actions=_listed(contents, path, "Action", Actions),
        principals=_principals(contents, path),
        resources=resources,
        conditions=conditions,
        doubts=tuple(doubts),
        variables=variables,
        path=path,
    )


def _effect(contents: Mapping[str, object], path: str) -> StatementEffect | Problem:
    effect = contents.get("Effect")
    # "The Effect value is case sensitive" (…/reference_policies_elements_effect.html).
    if isinstance(effect, str) and effect in {"Allow", "Deny"}:
        return StatementEffect(effect)
    return Problem(path=child(path, "Effect"), flaw=message("policy.no-effect"))


def _one_of(contents: Mapping[str, object], path: str, name: str) -> tuple[str, bool] | Problem:
    """Which of *name* and its negation is there, and whether it is the negation."""
    negation = f"Not{name}"
    match name in contents, negation in contents:
        case True, True:
            return Problem(path=path, flaw=message("policy.has-both", element=name, negation=negation))
        case True, False:
            return name, False
        case False, True:
            return negation, True
        case _:
            return Problem(path=path, flaw=message("policy.has-neither", element=name, negation=negation))


def _listed[Element: (Actions, Resources)](
    contents: Mapping[str, object], path: str, name: str, kind: type[Element]
) -> Element | Problem:
    """The element *name* or its negation, as a value of *kind*."""
    chosen = _one_of(contents, path, name)
    if isinstance(chosen, Problem):
        return chosen
    written, negated = chosen
    patterns = _strings(contents[written], child(path, written))
    if isinstance(patterns, Problem):
        return patterns
    return kind(patterns=patterns, negated=negated, path=child(path, written))


def _principals(contents: Mapping[str, object], path: str) -> Principals | Problem:
    chosen = _one_of(contents, path, "Principal")
    if isinstance(chosen, Problem):
        return chosen
    name, negated = chosen
    here = child(path, name)
    found = contents[name]
    kinds: dict[str, tuple[str, ...]] = {}
    if found != "*":
        if isinstance(found, Ambiguous):
            return Problem(path=here, flaw=message("policy.element-twice"))
        if not isinstance(found, Mapping) or not found:
            return Problem(path=here, flaw=message("policy.no-principals"))
        for kind, named in found.items():
            if kind not in _PRINCIPAL_KINDS:
                return Problem(path=child(here, kind), flaw=message("policy.unknown-principal-kind"))
            strings = _strings(named, child(here, kind))
            if isinstance(strings, Problem):
                return strings
            kinds[kind] = strings
    return Principals(
        anyone=found == "*",
        aws=kinds.get("AWS", ()),
        services=kinds.get("Service", ()),
        federated=kinds.get("Federated", ()),
        canonical_users=kinds.get("CanonicalUser", ()),
        negated=negated,
        path=here,
    )


def _conditions(contents: Mapping[str, object], path: str) -> tuple[Condition | Problem, ...]:
    if "Condition" not in contents:
        return ()
    here = child(path, "Condition")
    operators = _object(contents["Condition"], here)
    if isinstance(operators, Problem):
        return (operators,)
    found: list[Condition | Problem] = []
    for operator, block in operators.items():
        found.extend(_block(str(operator), block, child(here, operator)))
    return tuple(found)


def _block(operator: str, block: object, path: str) -> list[Condition | Problem]:
    keys = _object(block, path)
    if isinstance(keys, Problem):
        return [keys]
    # Key names are case-insensitive, so two spellings are a duplicate key.
    if len({lower_ascii(str(key)) for key in keys}) < len(keys):
        return [Problem(path=path, flaw=message("policy.key-twice"))]
    found: list[Condition | Problem] = []
    for key, value in keys.items():
        values = _strings(value, child(path, key), scalars=True)
        if isinstance(values, Problem):
            found.append(values)
            continue
        found.append(
            Condition(
                operator=read_operator(operator),
                operator_as_written=operator,
                key=lower_ascii(str(key)),
                key_as_written=str(key),
                values=values,
                path=child(path, key),
            )
        )
    return found


def _object(contents: object, path: str) -> Mapping[str, object] | Problem:
    if isinstance(contents, Ambiguous):
        return Problem(path=path, flaw=message("policy.element-twice"))
    if isinstance(contents, Mapping):
        return contents
    return Problem(path=path, flaw=message("policy.not-an-object"))


def _strings(contents: object, path: str, *, scalars: bool = False) -> tuple[str, ...] | Problem:
    """One string or a list of them; with *scalars*, numbers and Booleans too, as their JSON text."""
    members = contents if isinstance(contents, list | tuple) else (contents,)
    strings: list[str] = []
    for member in members:
        match member:
            case str():
                strings.append(member)
            case bool() if scalars:
                strings.append("true" if member else "false")
            case Number(text) if scalars:
                strings.append(text)
            case int() | float() if scalars and not isinstance(member, bool):
                strings.append(repr(member))
            case _:
                return Problem(path=path, flaw=message("policy.wrong-type"))
    if not strings:
        return Problem(path=path, flaw=message("policy.empty-list"))
    return tuple(strings)


def _variables(resources: Resources | Problem, conditions: tuple[Condition | Problem, ...]) -> list[Problem]:
    """The places of policy variables; each is a doubt about the whole statement.

    "If AWS cannot resolve a variable, this might cause the entire statement to be invalid"
    (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
    """
    texts: list[tuple[str, tuple[str, ...]]] = []
    if isinstance(resources, Resources):
        texts.append((resources.path, resources.patterns))
    texts.extend((condition.path, condition.values) for condition in conditions if isinstance(condition, Condition))
    return [
        Problem(path=path, flaw=message(USES_VARIABLE))
        for path, values in texts
        if any(has_variable(value) for value in values)
    ]
