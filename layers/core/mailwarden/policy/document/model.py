"""A sending-authorization policy as a value: every legal form in one shape, every flaw in its place.

An element that could not be read is a ``Problem`` where its value would be: it makes undecidable what it
could matter to, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mailwarden.policy.matching.operators import Operator


class Effect(StrEnum):
    """What a statement does when it matches."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something in a document that cannot be taken as the policy language defines it.

    ``path`` is a JSON pointer (RFC 6901) into the document; empty for the document itself.
    """

    path: str
    what: str


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
        """Everybody named, of every kind."""
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
    not apply although all its elements match. ``variables`` tells whether ``${…}`` has a meaning in it.
    """

    index: int
    sid: str | None
    effect: Effect | Problem
    actions: Actions | Problem
    principals: Principals | Problem
    resources: Resources | Problem
    conditions: tuple[Condition | Problem, ...]
    doubts: tuple[Problem, ...]
    variables: bool
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One document. ``unreadable`` says why none of it can be relied on; then it has no statements.

    ``problems`` are all flaws of the document in its order, that one included.
    """

    version: str
    identifier: str | None
    statements: tuple[Statement, ...]
    unreadable: Problem | None
    problems: tuple[Problem, ...]
