"""Mutates the decisions and sees whether the unit tests notice (``make mutants``).

``tests/mutants/`` holds what is mutated, the mutations that have a name, and the survivors that are explained.
Everything happens in a copy, ``.mutants/``; ``tools/mutation/trials.py`` tries the mutants there.
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
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "mutants"
WORK = ROOT / ".mutants"
TRIALS = ROOT / "tools" / "mutation" / "trials.py"
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


class NotTried(Exception):
    """The mutants could not be tried."""


def main(arguments: Sequence[str]) -> int:
    """Run it all and print the figures; 0 if everything is as it has to be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="only these modules, as in tests/mutants/scope.toml")
    parser.add_argument("--tests", nargs="+", help="only these test files or folders, to see what they kill")
    parser.add_argument("--children", type=int, default=os.cpu_count() or 2, help="how many mutants are tried at once")
    given = parser.parse_args(arguments)
    began = time.monotonic()
    scope = _toml("scope")
    unknown = set(given.modules) - set(scope["modules"])
    if unknown:
        parser.error(f"not in tests/mutants/scope.toml: {', '.join(sorted(unknown))}")
    modules = given.modules or scope["modules"]
    _copy(modules)
    wrong = [
        *_named(() if given.tests else _toml("named")["mutation"], modules),
        *_mutated(modules, _tests(given.tests or scope["tests"], scope["slow"]), given.children, scope["least_killed"]),
    ]
    print(f"{(time.monotonic() - began) / 60:.1f} minutes")
    for each in wrong:
        print(each, file=sys.stderr)
    return 1 if wrong else 0


def _toml(name: str) -> Mapping[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def _copy(modules: Iterable[str]) -> None:
    """The package and its unit tests, side by side: mutmut knows a module by its path from here.

    The settings let pytest and mutmut find those of the copy, and not those of the project around it.
    """
    shutil.rmtree(WORK, ignore_errors=True)
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "layers" / "core" / "mailwarden", WORK / "mailwarden", ignore=leave)
    for folder in ("unit", "fakes"):
        shutil.copytree(ROOT / "tests" / folder, WORK / "tests" / folder, ignore=leave)
    shutil.copytree(ROOT / "events", WORK / "events")
    for shared in (ROOT / "tests").glob("*.py"):
        shutil.copy(shared, WORK / "tests")
    listed = ", ".join(f'"mailwarden/{module}.py"' for module in modules)
    (WORK / "pyproject.toml").write_text(
        f"""[tool.mutmut]
source_paths = ["mailwarden"]
only_mutate = [{listed}]
also_copy = ["events"]

[tool.pytest.ini_options]
addopts = ["--import-mode=importlib", "-p", "no:cacheprovider"]
pythonpath = ["."]
""",
        encoding="utf-8",
    )


def _tests(chosen: Iterable[str], slow: Iterable[str]) -> list[str]:
    """The chosen test files, and those in the chosen folders without the slow ones."""
    files, folders = set[str](), list[str]()
    for each in chosen:
        files.add(each) if each.endswith(".py") else folders.append(each)
    found = {str(path.relative_to(WORK)) for folder in folders for path in (WORK / folder).rglob("test_*.py")}
    return sorted(files | (found - set(slow)))


def _named(mutations: Iterable[Mapping[str, str]], modules: Iterable[str]) -> Iterator[str]:
    """The faults of the mutations that have a name; each is applied, tried and taken back."""
    for mutation in mutations:
        if mutation["module"] not in modules:
            continue
        path = WORK / "mailwarden" / f"{mutation['module']}.py"
        text = path.read_text(encoding="utf-8")
        if text.count(mutation["before"]) != 1:
            yield f"{mutation['name']}: its text is not in {mutation['module']} exactly once"
            continue
        path.write_text(text.replace(mutation["before"], mutation["after"]), encoding="utf-8")
        failed = _failed(mutation["tests"])
        path.write_text(text, encoding="utf-8")
        print(f"{'killed' if failed else 'SURVIVED':<9} {mutation['name']}")
        for test in failed:
            print(f"            {test}")
        if not failed:
            yield f"{mutation['name']}: no test of {mutation['tests']} fails"


def _failed(tests: str) -> list[str]:
    tried = subprocess.run(  # noqa: S603 - our own tests
        [sys.executable, "-B", "-m", "pytest", "-x", "-q", "--no-header", "--tb=no", tests],
        cwd=WORK,
        capture_output=True,
        text=True,
        check=False,
    )
    if tried.returncode not in (0, 1):
        raise RuntimeError(f"the tests could not be run\n{tried.stdout}{tried.stderr}")
    return [line.split(" ")[1] for line in tried.stdout.splitlines() if line.startswith("FAILED ")]


def _mutated(modules: Sequence[str], tests: Sequence[str], children: int, least: float) -> Iterator[str]:
    """The faults of the other mutants: too many survivors, or unexplained ones."""
    explained = {_explained(entry) for entry in _toml("survivors")["survivor"] if entry["module"] in modules}
    try:
        results = _tried(tests, children)
    except NotTried as error:
        yield str(error)
        return
    with chdir(WORK):
        figures = [_figures(module, results) for module in modules]
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


def _tried(tests: Sequence[str], children: int) -> Mapping[str, str]:
    """How each mutant ended, by its name; raises NotTried."""
    log = WORK / "log.txt"
    with log.open("w", encoding="utf-8") as output:
        run = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, str(TRIALS), "--children", str(children), *tests],
            cwd=WORK,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if run.returncode:
        raise NotTried(f"the trials ended with {run.returncode}: {log} says why")
    lines = (WORK / "results.tsv").read_text(encoding="utf-8").splitlines()
    return {name: how for name, how, *_ in (line.split("\t") for line in lines)}


def _figures(module: str, results: Mapping[str, str]) -> Figures:
    path = Path("mailwarden") / f"{module}.py"
    of = {name: how for name, how in results.items() if name.startswith(f"mailwarden.{module.replace('/', '.')}.x")}
    return Figures(
        module=module,
        killed=sum(how in DEAD for how in of.values()),
        survivors=frozenset(_mutant(module, name, path) for name, how in of.items() if how not in DEAD),
        total=len(of),
    )


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


def _print(figures: Sequence[Figures], explained: set[Mutant]) -> None:
    print(f"{'module':<36} {'mutants':>8} {'killed':>8} {'survive':>8} {'explained':>10} {'share':>7}")
    for each in figures:
        _print_line(each.module, each.total, each.killed, len(each.survivors & explained))
    total = Counter[str]()
    for each in figures:
        total += Counter(total=each.total, killed=each.killed, known=len(each.survivors & explained))
    _print_line("all", total["total"], total["killed"], total["known"])


def _print_line(name: str, total: int, killed: int, known: int) -> None:
    share = killed / total if total else 1.0
    print(f"{name:<36} {total:>8} {killed:>8} {total - killed:>8} {known:>10} {share:>7.1%}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
