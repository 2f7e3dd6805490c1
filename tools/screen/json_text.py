"""JSON for a terminal: a value that fits on a line stays on it."""

import json
from collections.abc import Mapping


def compact(text: str, *, width: int) -> str:
    """A JSON text laid out about `width` wide; other text is returned unchanged."""
    try:
        return _laid_out(json.loads(text), width)
    except ValueError:
        return text


def _laid_out(value: object, width: int, indent: int = 0, taken: int = 0) -> str:
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, Mapping | list) or not value or indent + taken + len(line) <= width:
        return line
    inner = indent + 2
    margin = "\n" + " " * inner
    if isinstance(value, list):
        return f"[{margin}{f',{margin}'.join(_laid_out(each, width, inner) for each in value)}\n{' ' * indent}]"
    members = (
        f"{json.dumps(name, ensure_ascii=False)}: {_laid_out(each, width, inner, taken=len(name) + 5)}"
        for name, each in value.items()
    )
    return f"{{{margin}{f',{margin}'.join(members)}\n{' ' * indent}}}"
