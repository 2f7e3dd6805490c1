"""Starts mutmut with one operator more and one less; ``tools/mutants.py`` runs this where the mutants are.

More: a guard that never stops anything, or always does. Decisions are made of guards, and mutmut mutates what a guard
compares, but not one that asks ``isinstance`` or for a plain value. Less: sentences. They are for readers, and nothing
may be decided by them. Strings without a space, the names of things, are mutated.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst
from mutmut.__main__ import cli
from mutmut.mutation import mutators

if TYPE_CHECKING:
    from collections.abc import Callable


def forced(node: cst.If | cst.CompIf) -> Iterable[cst.CSTNode]:
    """The guard forced open, and forced shut."""
    for answer in ("True", "False"):
        yield node.with_changes(test=cst.Name(answer), whitespace_before_test=cst.SimpleWhitespace(" "))


def mutated_name(node: cst.BaseString) -> Iterable[cst.BaseString]:
    """The mutants of a string without spaces."""
    if not (isinstance(node, cst.SimpleString) and " " in node.value):
        yield from mutators.operator_string(node)


def register() -> None:
    """Put both among mutmut's own, in the list that it reads."""
    operators: list[tuple[type[cst.CSTNode], Callable[[cst.CSTNode], Iterable[cst.CSTNode]]]]
    operators = mutators.mutation_operators
    operators[:] = [
        (kind, mutated_name if operator is mutators.operator_string else operator) for kind, operator in operators
    ]
    operators += [(cst.If, forced), (cst.CompIf, forced)]


if __name__ == "__main__":
    register()
    cli()
