"""Parses a policy document once into a value; its errors become part of the value.

The grammar is docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html. No function
here raises because of the contents of a JSON text or a mapping.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from mailwarden.message import Message, message
from mailwarden.policy.document.model import Policy, Problem
from mailwarden.policy.document.parse_statement import Ambiguous, Number, child, read_statement

if TYPE_CHECKING:
    from mailwarden.policy.document.model import Statement

type PolicySource = str | Mapping[str, object] | Policy

CURRENT: Final = "2012-10-17"
OLD: Final = "2008-10-17"
_ELEMENTS: Final = frozenset({"Version", "Id", "Statement"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contents:
    """A document with a readable top level."""

    version: str
    identifier: str | None
    statements: tuple[object, ...]
    listed: bool


def parse(document: PolicySource) -> Policy:
    """The policy that *document* holds: the JSON text that SES returns, its contents, or a parsed one."""
    match document:
        case Policy():
            return document
        case str():
            return _parse_text(document)
        case _:
            return _read(document)


@lru_cache(maxsize=1024)
def _parse_text(text: str) -> Policy:
    try:
        contents = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=Number,
            parse_float=Number,
            parse_constant=_refuse,
        )
    # Nesting deeper than the interpreter's stack is not a policy either.
    except (ValueError, RecursionError):
        return _unreadable("", message("policy.not-json"))
    return _read(contents)


def _object(pairs: list[tuple[str, object]]) -> Mapping[str, object]:
    contents = dict(pairs)
    return contents if len(contents) == len(pairs) else Ambiguous(contents)


def _refuse(name: str) -> None:
    raise ValueError(name)


def _read(contents: object) -> Policy:
    top = _top(contents)
    if isinstance(top, Problem):
        return _unreadable(top.path, top.flaw)
    # "If you don't include the Version element and set it to an appropriate version date, variables … are
    # treated as literal strings" (…/reference_policies_variables.html).
    statements = tuple(
        read_statement(
            statement,
            index=index,
            path=child("/Statement", index) if top.listed else "/Statement",
            variables=top.version == CURRENT,
        )
        for index, statement in enumerate(top.statements)
    )
    return Policy(
        version=top.version,
        identifier=top.identifier,
        statements=statements,
        unreadable=None,
        problems=tuple(problem for statement in statements for problem in _problems(statement)),
    )


def _top(contents: object) -> _Contents | Problem:
    if isinstance(contents, Ambiguous):
        return Problem(path="", flaw=message("policy.element-twice"))
    if not isinstance(contents, Mapping):
        return Problem(path="", flaw=message("policy.not-an-object"))
    for name in contents:
        if name not in _ELEMENTS:
            return Problem(path=child("", name), flaw=message("policy.unknown-element"))
    version = contents.get("Version", OLD)
    if not isinstance(version, str) or version not in {CURRENT, OLD}:
        return Problem(path="/Version", flaw=message("policy.unknown-version"))
    identifier = contents.get("Id")
    if "Id" in contents and not isinstance(identifier, str):
        return Problem(path="/Id", flaw=message("policy.not-a-string"))
    statements = contents.get("Statement")
    if isinstance(statements, Mapping):
        found: tuple[object, ...] = (statements,)
    elif isinstance(statements, list | tuple) and statements:
        found = tuple(statements)
    else:
        return Problem(path="/Statement", flaw=message("policy.no-statements"))
    return _Contents(
        version=version,
        identifier=identifier if isinstance(identifier, str) else None,
        statements=found,
        listed=not isinstance(statements, Mapping),
    )


def _unreadable(path: str, flaw: Message) -> Policy:
    problem = Problem(path=path, flaw=flaw)
    return Policy(version="", identifier=None, statements=(), unreadable=problem, problems=(problem,))


def _problems(statement: Statement) -> tuple[Problem, ...]:
    elements = (
        statement.effect,
        statement.principals,
        statement.actions,
        statement.resources,
        *statement.conditions,
        *statement.doubts,
    )
    found = (element for element in elements if isinstance(element, Problem))
    return tuple(dict.fromkeys(found))
