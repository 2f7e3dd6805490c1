"""Which statement each mutant changes, and which tests reach it: with any other test the mutant does the same."""

import ast
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from types import CodeType, FunctionType, ModuleType

PACKAGE = "mailwarden"
_TOOL = sys.monitoring.COVERAGE_ID
_ORIGINAL = "__mutmut_orig"

type Place = tuple[str, int]
"""A file of the package, and a line of it."""


@dataclass(slots=True)
class Reach:
    """The lines of the functions that have mutants, as the tests reach them without a mutation."""

    reached: dict[str, set[Place]] = field(default_factory=lambda: defaultdict(set))
    test: str = ""

    def of(self, test: str) -> set[Place]:
        """The lines that *test* reaches."""
        return self.reached[test]

    def begin(self, test: str) -> None:
        """From now on *test* runs."""
        self.test = test
        sys.monitoring.restart_events()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Listens as long as the context lasts."""
        sys.monitoring.use_tool_id(_TOOL, "trials")
        sys.monitoring.register_callback(_TOOL, sys.monitoring.events.LINE, self._line)
        for code in _codes():
            sys.monitoring.set_local_events(_TOOL, code, sys.monitoring.events.LINE)
        try:
            yield
        finally:
            for code in _codes():
                sys.monitoring.set_local_events(_TOOL, code, sys.monitoring.events.NO_EVENTS)
            sys.monitoring.free_tool_id(_TOOL)

    def _line(self, code: CodeType, line: int) -> object:
        self.reached[self.test].add((_file(code.co_filename), line))
        return sys.monitoring.DISABLE


def _file(path: str) -> str:
    """The path from the folder of the package on."""
    return str(Path(path).relative_to(Path.cwd())) if Path(path).is_absolute() else path


def _codes() -> Iterator[CodeType]:
    """The code of each function that has mutants, and of what is defined in it."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == PACKAGE:
            yield from _codes_in(module)


def _codes_in(owner: ModuleType | type) -> Iterator[CodeType]:
    for name, value in list(vars(owner).items()):
        function = getattr(value, "__func__", value)
        if isinstance(function, FunctionType) and name.endswith(_ORIGINAL):
            yield from _with_inner(function.__code__)
        elif isinstance(value, type) and isinstance(owner, ModuleType) and value.__module__ == owner.__name__:
            yield from _codes_in(value)


def _with_inner(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _with_inner(constant)


def mutated_places() -> Iterator[tuple[str, frozenset[Place]]]:
    """Each mutant of the copy by its name, with the lines of the statement that it changes."""
    for meta in sorted(Path(PACKAGE).rglob("*.py.meta")):
        path = str(meta.with_suffix(""))
        lines = Path(path).read_text(encoding="utf-8").splitlines()
        spans = json.loads(Path(f"{path}.spans").read_text(encoding="utf-8"))["spans"]
        texts = {name: lines[first - 1 : last] for name, (first, last) in spans.items()}
        for name in json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]:
            mutant = name.rpartition(".")[2]
            original = mutant.partition("__mutmut_")[0] + _ORIGINAL
            before = texts[original]
            after = [line.replace(mutant, original) for line in texts[mutant]]
            changed = next(place for place, line in enumerate(before) if [line] != after[place : place + 1])
            first = spans[original][0]
            yield name, frozenset((path, first + line) for line in _statement(before, changed))


def _statement(lines: Sequence[str], changed: int) -> range:
    """The lines of the innermost statement around a line of a function, without its blocks.

    All lines if it is in the head of the function. A ``case`` belongs to its ``match``.
    """
    tree = ast.parse(dedent("\n".join(lines)))
    within = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno - 1 <= changed <= (node.end_lineno or node.lineno) - 1
    ]
    # Walking goes from the outside to the inside.
    inner = within[-1]
    if inner is within[0]:
        return range(len(lines))
    body: Sequence[ast.stmt] = getattr(inner, "body", ())
    last = inner.lineno if isinstance(inner, ast.Match) else body[0].lineno - 1 if body else inner.end_lineno
    return range(inner.lineno - 1, max(last or 0, inner.lineno))
