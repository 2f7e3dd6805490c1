"""The independent evaluator, in a process of its own: one case a line."""

import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from itertools import batched
from pathlib import Path
from types import TracebackType
from typing import Self

FOLDER = Path(__file__).parent
_AT_ONCE = 200


class Oracle:
    """Asks ``judge.mjs``; a case is answered with ``allowed``, ``denied``, ``not allowed`` or ``refused: …``."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            ["node", "judge.mjs"],  # noqa: S607 - the developer's own
            cwd=FOLDER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=30)

    def answers(self, cases: Iterable[Mapping[str, object]]) -> Iterator[str]:
        """The answer to each case, in order."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        for batch in batched(cases, _AT_ONCE, strict=False):
            stdin.write("".join(f"{json.dumps(case)}\n" for case in batch))
            stdin.flush()
            for _ in batch:
                yield stdout.readline().strip()
