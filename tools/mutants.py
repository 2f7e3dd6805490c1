"""Mutates the decisions and sees whether the unit tests notice (``make mutants``).

``tests/mutants/`` holds what is mutated, the mutations that have a name, and the survivors that are explained.
Everything happens in a copy, ``.mutants/``. The tests run in turns, quick ones first: each turn tries the
survivors of the turns before it.
It fails if too few mutants die, if one survives without an explanation, if an explanation is of no survivor, or if a
mutation with a name survives.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "mutants"
WORK = ROOT / ".mutants"
OPERATORS = ROOT / "tools" / "mutation" / "operators.py"
DEAD = frozenset({"killed", "timeout"})


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Mutant:
    """One mutation: where it is, and the lines that it changes."""

    module: str
    function: str
    before: str
    after: str

    def __str__(self) -> str:
        lines = [f"- {line}" for line in self.before.splitlines()] + [f"+ {line}" for line in self.after.splitlines()]
        return "\n".join([f"{self.module}: {self.function}", *(f"    {line}" for line in lines)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The result of one module's mutants."""

    module: str
    killed: int
    survivors: frozenset[Mutant]
    total: int

    @property
    def share(self) -> float:
        """How many of them died."""
        return self.killed / self.total if self.total else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The results of one module in mutmut's files: the names of the mutants that are alive, and the number of all."""

    module: str
    alive: Sequence[str]
    total: int

    def figures(self, dead: frozenset[str]) -> Figures:
        """The module's figures, where other tests killed the mutants *dead*."""
        lived = [name for name in self.alive if name not in dead]
        path = Path("mailwarden") / f"{self.module}.py"
        return Figures(
            module=self.module,
            killed=self.total - len(lived),
            survivors=frozenset(_mutant(self.module, name, path) for name in lived),
            total=self.total,
        )


class MutmutFailed(Exception):
    """Mutmut ended before it had tried every mutant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Mutants of some modules, and the tests that have to notice them."""

    modules: Sequence[str]
    tests: Sequence[str]
    children: int

    def write_settings(self) -> None:
        """Let pytest and mutmut find the package and the tests of the copy, and not those of the project around it."""
        listed = ", ".join(f'"mailwarden/{module}.py"' for module in self.modules)
        selected = ", ".join(f'"{test}"' for test in self.tests)
        (WORK / "pyproject.toml").write_text(
            f"""[tool.mutmut]
source_paths = ["mailwarden"]
only_mutate = [{listed}]
also_copy = ["events"]
pytest_add_cli_args_test_selection = [{selected}]

[tool.pytest.ini_options]
addopts = ["--import-mode=importlib", "-p", "no:cacheprovider"]
pythonpath = ["."]
""",
            encoding="utf-8",
        )

    def run(self, *names: str) -> None:
        """Try all mutants of the modules, or those with these names; raises MutmutFailed."""
        self.write_settings()
        with (WORK / "log.txt").open("w", encoding="utf-8") as log:
            run = subprocess.run(  # noqa: S603 - our own program
                [sys.executable, str(OPERATORS), "run", "--max-children", str(self.children), *names],
                cwd=WORK,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if run.returncode:
            raise MutmutFailed(f"mutmut ended with {run.returncode}: {WORK / 'log.txt'} says why")


def main(arguments: Sequence[str]) -> int:
    """Run it all and print the figures; 0 if everything is as it has to be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="only these modules, as in tests/mutants/scope.toml")
    parser.add_argument("--children", type=int, default=os.cpu_count() or 2, help="how many tests run side by side")
    given = parser.parse_args(arguments)
    began = time.monotonic()
    scope = _toml("scope")
    modules = given.modules or scope["modules"]
    _copy()
    turns = [Trial(modules=modules, tests=tests, children=given.children) for tests in _files(scope["turns"])]
    turns[0].write_settings()
    wrong = [
        *_named(_toml("named")["mutation"], turns),
        *_mutated(turns, scope["least_killed"]),
    ]
    print(f"{(time.monotonic() - began) / 60:.1f} minutes")
    for each in wrong:
        print(each, file=sys.stderr)
    return 1 if wrong else 0


def _toml(name: str) -> Mapping[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def _copy() -> None:
    """The package and its unit tests, side by side: mutmut knows a module by its path from here."""
    shutil.rmtree(WORK, ignore_errors=True)
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "layers" / "core" / "mailwarden", WORK / "mailwarden", ignore=leave)
    for folder in ("unit", "fakes"):
        shutil.copytree(ROOT / "tests" / folder, WORK / "tests" / folder, ignore=leave)
    shutil.copytree(ROOT / "events", WORK / "events")
    for shared in (ROOT / "tests").glob("*.py"):
        shutil.copy(shared, WORK / "tests")


def _files(turns: Sequence[Sequence[str]]) -> list[list[str]]:
    """The test files of each turn: those that it names, or that are in its folders and that no later turn names."""
    return [
        [
            path
            for named in turn
            for path in _test_files(named)
            if not any(path in later for later in turns[place + 1 :])
        ]
        for place, turn in enumerate(turns)
    ]


def _test_files(named: str) -> list[str]:
    if named.endswith(".py"):
        return [named]
    return [str(path.relative_to(WORK)) for path in sorted((WORK / named).rglob("test_*.py"))]


def _named(mutations: Iterable[Mapping[str, str]], turns: Sequence[Trial]) -> Iterator[str]:
    """The faults of the mutations that have a name; each is applied, tried and taken back."""
    for mutation in mutations:
        if mutation["module"] not in turns[0].modules:
            continue
        path = WORK / "mailwarden" / f"{mutation['module']}.py"
        text = path.read_text(encoding="utf-8")
        if text.count(mutation["before"]) != 1:
            yield f"{mutation['name']}: its text is not in {mutation['module']} exactly once"
            continue
        path.write_text(text.replace(mutation["before"], mutation["after"]), encoding="utf-8")
        failed = next((failed for turn in turns if (failed := _failed(turn.tests))), [])
        path.write_text(text, encoding="utf-8")
        print(f"{'killed' if failed else 'SURVIVED':<9} {mutation['name']}")
        for test in failed:
            print(f"            {test}")
        if not failed:
            yield f"{mutation['name']}: no test fails"


def _failed(tests: Iterable[str]) -> list[str]:
    tried = subprocess.run(  # noqa: S603 - our own tests
        [sys.executable, "-B", "-m", "pytest", "-x", "-q", "--no-header", "--tb=no", *tests],
        cwd=WORK,
        capture_output=True,
        text=True,
        check=False,
    )
    if tried.returncode not in (0, 1):
        raise RuntimeError(f"the tests could not be run\n{tried.stdout}{tried.stderr}")
    return [line.split(" ")[1] for line in tried.stdout.splitlines() if line.startswith("FAILED ")]


def _mutated(turns: Sequence[Trial], least: float) -> Iterator[str]:
    """The faults of the other mutants: too many survivors, or unexplained ones."""
    modules = turns[0].modules
    explained = {_explained(entry) for entry in _toml("survivors")["survivor"] if entry["module"] in modules}
    try:
        turns[0].run()
        with chdir(WORK):
            tried = {module: _results(module) for module in modules}
        names = alive = frozenset(name for results in tried.values() for name in results.alive)
        for number, turn in enumerate(turns[1:], start=1):
            print(f"{len(alive)} mutants survive turn {number}")
            if alive:
                turn.run(*sorted(alive))
                with chdir(WORK):
                    alive &= frozenset(name for module in modules for name in _results(module).alive)
        dead = names - alive
    except MutmutFailed as error:
        yield str(error)
        return
    with chdir(WORK):
        figures = [results.figures(dead) for results in tried.values()]
    _print(figures, explained)
    lived = frozenset[Mutant]().union(*(each.survivors for each in figures))
    yield from (f"{each.module}: {each.share:.1%} is below {least:.0%}" for each in figures if each.share < least)
    yield from (f"survives and is not explained: {mutant}" for mutant in sorted(lived - explained))
    yield from (f"is explained and does not survive: {mutant}" for mutant in sorted(explained - lived))


def _explained(entry: Mapping[str, str]) -> Mutant:
    if not entry["because"].strip():
        raise ValueError(f"a survivor of {entry['module']} is listed without a reason")
    return Mutant(
        module=entry["module"],
        function=entry["function"],
        before=entry["before"].strip(),
        after=entry["after"].strip(),
    )


def _results(module: str) -> Results:
    data = SourceFileMutationData(path=Path("mailwarden") / f"{module}.py")
    data.load()
    alive = [name for name, code in data.exit_code_by_key.items() if status_by_exit_code[code] not in DEAD]
    return Results(module=module, alive=alive, total=len(data.exit_code_by_key))


def _mutant(module: str, name: str, path: Path) -> Mutant:
    function, owner = orig_function_and_class_names_from_key(name)
    lines = get_diff_for_mutant(name, path=path).splitlines()[2:]
    changed = {sign: "\n".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+"}
    return Mutant(
        module=module,
        function=function if owner is None else f"{owner}.{function}",
        before=changed["-"],
        after=changed["+"],
    )


def _print(figures: Iterable[Figures], explained: set[Mutant]) -> None:
    print(f"{'module':<36} {'mutants':>8} {'killed':>8} {'survive':>8} {'explained':>10} {'share':>7}")
    for each in figures:
        lived, known = each.total - each.killed, len(each.survivors & explained)
        print(f"{each.module:<36} {each.total:>8} {each.killed:>8} {lived:>8} {known:>10} {each.share:>7.1%}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
