"""Finds the user pools that an identity's Allow statements name by full ARN, not by a wildcard."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mailwarden.policy.evaluation.trust import allow_statements, source_conditions
from mailwarden.policy.matching.glob import literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mailwarden.policy.document.model import Condition
    from mailwarden.policy.document.parse import PolicySource
    from mailwarden.policy.evaluation.decision import StatementRef

_POOL_ARN: Final = re.compile(r"arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:[0-9]{12}:userpool/[\w-]+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolValues:
    """A condition on aws:SourceArn with the full ARN of at least one user pool.

    ``operator`` and ``key`` are as written; ``arns`` holds the ARN for each such value as written.
    ``names_only_pools``: there is no other value, so the condition never holds once none of these pools exists.
    """

    operator: str
    key: str
    arns: Mapping[str, str]
    names_only_pools: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NamingStatement:
    """An Allow statement that names pools; a call must satisfy each of its ``conditions``."""

    ref: StatementRef
    conditions: tuple[PoolValues, ...]

    @property
    def arns(self) -> frozenset[str]:
        """Every pool that the statement names."""
        return frozenset(arn for condition in self.conditions for arn in condition.arns.values())

    def serves_nobody_without(self, arns: frozenset[str]) -> bool:
        """Whether the statement grants nothing if none of *arns* exists."""
        return any(
            condition.names_only_pools and arns.issuperset(condition.arns.values()) for condition in self.conditions
        )


def statements_naming_pools(policies: Mapping[str, PolicySource]) -> tuple[NamingStatement, ...]:
    """The Allow statements that name user pools by their full ARN, for any principal."""
    found: list[NamingStatement] = []
    for ref, statement in allow_statements(policies):
        named = (_pool_values(condition, statement.variables) for condition in source_conditions(statement))
        conditions = tuple(condition for condition in named if condition.arns)
        if conditions:
            found.append(NamingStatement(ref=ref, conditions=conditions))
    return tuple(found)


def _pool_values(condition: Condition, variables: bool) -> PoolValues:  # noqa: FBT001 - as the statement has it
    texts = {value: literal(value, escapes=variables) for value in condition.values}
    arns = {value: text for value, text in texts.items() if _POOL_ARN.fullmatch(text)}
    return PoolValues(
        operator=condition.operator_as_written,
        key=condition.key_as_written,
        arns=arns,
        names_only_pools=len(arns) == len(texts),
    )
