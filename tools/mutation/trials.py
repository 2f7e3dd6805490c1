"""Makes the mutants of a copy and tries each with the tests that reach it; ``tools/mutants.py`` runs this in the copy.

mutmut makes the mutants. Its own run starts pytest once for each of them, and collecting takes longer than most tests.
Here pytest collects once; each mutant has a process of its own, forked from that session, which runs the tests that
reach the mutated statement until one fails: first the quickest, and those that killed others.

Writes ``results.tsv``, a line for each mutant: its name, ``killed``, ``timeout``, ``crashed``, ``survived`` or
``untested``, and the test that killed it.
"""

import argparse
import gc
import os
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings
from mutmut.__main__ import create_mutants
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir, setup_source_paths

from tools.mutation.operators import register
from tools.mutation.reach import Reach, mutated_places

ROOT = Path(__file__).parents[2]
COPY = Path("mutants")
# Seconds of processor time that a test may take with a mutant, beside ten times what it takes without.
_PATIENCE = 10


@dataclass(slots=True, kw_only=True)
class Trials:
    """A plugin of pytest that tries mutants in place of running the tests once."""

    children: int
    results: Path
    reach: Reach = field(default_factory=Reach)
    took: dict[str, float] = field(default_factory=dict)
    waiting: dict[int, str] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    read: int = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run each test without a mutation, then the mutants; True: the tests are not run otherwise."""
        self._watch(session.items)
        # Else each child copies the pages that its collections touch.
        gc.collect()
        gc.freeze()
        for name, places in mutated_places():
            tests = [item for item in session.items if self.reach.of(item.nodeid) & places]
            if not tests:
                self._note(name, "untested")
                continue
            while len(self.waiting) >= self.children:
                self._reap()
            tests.sort(key=self._price)
            child = os.fork()
            if not child:
                self._try(name, tests)
            self.waiting[child] = name
        while self.waiting:
            self._reap()
        self._confirm(session)
        return True

    def _watch(self, items: Sequence[pytest.Item]) -> None:
        """Which test reaches which line, and how long each takes; raises pytest.UsageError if one fails."""
        set_mutant_under_test("")
        with self.reach.watched():
            for item, following in zip(items, [*items[1:], None], strict=True):
                self.reach.begin(item.nodeid)
                began = time.process_time()
                if _fails(item, following):
                    raise pytest.UsageError(f"{item.nodeid} fails without a mutation")
                self.took[item.nodeid] = time.process_time() - began

    def _price(self, item: pytest.Item) -> float:
        """Seconds for each kill: a test that killed one mutant often kills the next."""
        return self.took[item.nodeid] / (1 + self.kills[item.nodeid])

    def _try(self, name: str, tests: Sequence[pytest.Item]) -> None:
        """Never returns."""
        set_mutant_under_test(name)
        # A process may not raise its hard limit: only the other one follows the tests.
        _, hardest = resource.getrlimit(resource.RLIMIT_CPU)
        killer, status = "", 1
        try:
            for item in tests:
                allowed = int(time.process_time() + 10 * self.took[item.nodeid]) + _PATIENCE
                resource.setrlimit(resource.RLIMIT_CPU, (allowed, hardest))
                if _fails(item, None):
                    killer = item.nodeid
                    break
            self._note(name, "killed" if killer else "survived", killer)
            status = 0
        finally:
            os._exit(status)

    def _confirm(self, session: pytest.Session) -> None:
        """A test that fails whenever it runs twice kills nothing: raises pytest.UsageError."""
        noted = self.results.read_text(encoding="utf-8").splitlines()
        killers = {killer for _, _, killer in map(_fields, noted)}
        child = os.fork()
        if not child:
            wrong = ["?"]
            try:
                wrong = [item.nodeid for item in session.items if item.nodeid in killers and _fails(item, None)]
                print(*wrong, sep="\n")
            finally:
                os._exit(1 if wrong else 0)
        if os.waitpid(child, 0)[1]:
            raise pytest.UsageError("a test fails without a mutation if it runs twice")

    def _reap(self) -> None:
        child, status = os.wait()
        name = self.waiting.pop(child)
        if status:
            # Only a test that fails, or its time, kills a mutant.
            self._note(name, "timeout" if os.WTERMSIG(status) == signal.SIGXCPU else "crashed")
        with self.results.open("rb") as results:
            results.seek(self.read)
            new = results.read()
        self.read += len(new)
        self.kills.update(killer for _, _, killer in map(_fields, new.decode().splitlines()))

    def _note(self, name: str, how: str, killer: str = "") -> None:
        """One write for each line: several processes write."""
        with self.results.open("ab", buffering=0) as results:
            results.write(f"{name}\t{how}\t{killer}\n".encode())


def _fails(item: pytest.Item, following: pytest.Item | None) -> bool:
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))


def _fields(line: str) -> list[str]:
    return line.split("\t")


def main(arguments: Sequence[str]) -> int:
    """Make the mutants and try them; pytest's exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tests", nargs="+")
    parser.add_argument("--children", type=int, required=True)
    given = parser.parse_args(arguments)
    results = Path("results.tsv").absolute()
    # The tests and the package are those of the copy.
    sys.path.remove(str(ROOT))
    register()
    set_mutant_under_test("mutant_generation")
    COPY.mkdir()
    copy_src_dir()
    copy_also_copy_files()
    setup_source_paths()
    create_mutants(given.children)
    os.chdir(COPY)
    # To find out that a mutant fails a property is sufficient; not how small an example does.
    settings.register_profile("trials", database=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
    settings.load_profile("trials")
    return int(
        pytest.main(
            # To explain a failure takes longer than most tests: seconds, where whole values differ.
            ["--rootdir=.", "-q", "-s", "--assert=plain", "--tb=native", "-p", "no:randomly", *given.tests],
            plugins=[Trials(children=given.children, results=results)],
        )
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
