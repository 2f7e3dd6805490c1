"""The examples of docs/channels.md, which are tested as they are written there."""

import json
import re
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[1] / "docs" / "channels.md"
_EXAMPLE = re.compile(r"^```json (?P<kind>[a-z-]+): (?P<name>[^\n]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def examples(kind: str) -> dict[str, dict[str, Any]]:
    """The JSON of all examples of a kind, by name."""
    found = {
        each["name"]: json.loads(each["text"])
        for each in _EXAMPLE.finditer(PAGE.read_text(encoding="utf-8"))
        if each["kind"] == kind
    }
    assert found, f"{PAGE.name} has no example of {kind}"
    return found
