"""A sending-authorization policy as a value: every legal form in one shape, every flaw in its place.

A ``Problem`` takes the place of an element that could not be read. Only decisions that depend on that element
become undecidable.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from mailwarden.message import Message

if TYPE_CHECKING:
    from mailwarden.policy.matching.operators import Operator


class StatementEffect(StrEnum):
    """The effect of a statement that matches."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A part of a document that does not follow the policy language.

    ``path`` is a JSON pointer (RFC 6901) into the document; empty for the document itself.
    """

    path: str
    flaw: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Actions:
    """Action or, ``negated``, NotAction."""

    patterns: tuple[str, ...]
    negated: bool
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Principals:
    """Principal or, ``negated``, NotPrincipal. ``anyone`` is the string ``"*"``."""

    anyone: bool
    aws: tuple[str, ...]
    services: tuple[str, ...]
    federated: tuple[str, ...]
    canonical_users: tuple[str, ...]
    negated: bool
    path: str

    @property
    def listed(self) -> tuple[str, ...]:
        """All named principals, of every kind."""
        named = self.aws + self.services + self.federated + self.canonical_users
        return ("*", *named) if self.anyone else named


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """Resource or, ``negated``, NotResource."""

    patterns: tuple[str, ...]
    negated: bool
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One key under one operator. ``operator`` is None when there is no operator of that name.

    ``key`` is in lower case, ``key_as_written`` is not. Booleans and numbers are their JSON text.
    """

    operator: Operator | None
    operator_as_written: str
    key: str
    key_as_written: str
    values: tuple[str, ...]
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement.

    ``effect`` is a Problem if it could be either. ``doubts`` are flaws of the statement as a whole: it may
    not apply although all its elements match. ``variables``: ``${…}`` is a policy variable in this statement.
    """

    index: int
    sid: str | None
    effect: StatementEffect | Problem
    actions: Actions | Problem
    principals: Principals | Problem
    resources: Resources | Problem
    conditions: tuple[Condition | Problem, ...]
    doubts: tuple[Problem, ...]
    variables: bool
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One document. ``unreadable`` is the reason why none of it can be used; then it has no statements.

    ``problems`` are all flaws in document order, including that one.
    """

    version: str
    identifier: str | None
    statements: tuple[Statement, ...]
    unreadable: Problem | None
    problems: tuple[Problem, ...]
