"""The log of a function as far as it was read: a test that waits for a line need not read all lines again."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class FunctionLog:
    """The lines so far, each with its document if it is one."""

    last: int = 0
    """The number of the last line; 0 if there is none."""
    lines: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def extend(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Take in the entries after the last one, as the sandbox shows them."""
        for entry in entries:
            self.last = entry["number"]
            if entry["line"].startswith("{"):
                self.lines.append((entry["line"], json.loads(entry["line"])))

    def documents(self, containing: str) -> list[dict[str, Any]]:
        """The documents of the lines that hold a text."""
        return [document for line, document in self.lines if containing in line]
