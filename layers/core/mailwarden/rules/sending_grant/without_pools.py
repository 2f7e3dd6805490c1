"""What remains of sending policies once pools that are gone are taken out: never more than was granted before."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from mailwarden.policy import NamingStatement, StatementRef, parse, statements_naming_pools
from mailwarden.rules.sending_grant.narrowing import statement_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftovers:
    """What can go.

    ``policies``: nothing in them serves anybody. ``statements``: nor do these, in policies that do. ``narrowed``: those
    that serve other pools besides, each as it would be without; None where it cannot be picked out of its document.
    """

    refs: tuple[StatementRef, ...]
    policies: tuple[str, ...]
    statements: tuple[StatementRef, ...]
    narrowed: tuple[tuple[StatementRef, str | None], ...]


def leftovers(policies: Mapping[str, str], gone: frozenset[str]) -> Leftovers:
    """Sort out the Allow statements of *policies* that name one of *gone*, by ARN."""
    naming = [statement for statement in statements_naming_pools(policies) if not gone.isdisjoint(statement.arns)]
    empty = {statement.ref: None for statement in naming if statement.serves_nobody_without(gone)}
    emptied = Counter(ref.policy for ref in empty)
    whole = tuple(name for name, number in emptied.items() if number == len(parse(policies[name]).statements))
    return Leftovers(
        refs=tuple(statement.ref for statement in naming),
        policies=whole,
        statements=tuple(ref for ref in empty if ref.policy not in whole),
        narrowed=tuple(
            (statement.ref, _without(policies[statement.ref.policy], statement, gone))
            for statement in naming
            if statement.ref not in empty
        ),
    )


def _without(document: str, statement: NamingStatement, gone: frozenset[str]) -> str | None:
    """*statement* as it stands in *document*, without *gone*; each condition on the source keeps another value."""
    found = statement_of(document, statement.ref.index)
    if found is None:
        return None
    conditions = found.get("Condition")
    if not isinstance(conditions, dict):
        return None
    kept = {operator: dict(keys) if isinstance(keys, dict) else keys for operator, keys in conditions.items()}
    for condition in statement.conditions:
        values = kept[condition.operator][condition.key]
        if isinstance(values, list):
            left = [value for value in values if condition.arns.get(value) not in gone]
            kept[condition.operator][condition.key] = left
    return json.dumps({**found, "Condition": kept}, separators=(",", ":"), ensure_ascii=False)
