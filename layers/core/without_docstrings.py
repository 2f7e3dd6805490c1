"""Empties the docstrings of the modules in a folder, in place: ``python without_docstrings.py FOLDER``.

They are a third of the package, the pages of the rules among them, and nothing reads them in Lambda. Every other line
keeps its number, so that a traceback says the same as in the repository.
"""

import ast
import sys
from pathlib import Path


def without_docstrings(source: str) -> str:
    """The same module with empty lines in place of texts that stand by themselves."""
    lines = source.split("\n")
    for parent in ast.walk(ast.parse(source)):
        body = getattr(parent, "body", None)
        if not isinstance(body, list):
            continue
        texts = [statement for statement in body if _is_text(statement)]
        for text in texts:
            first, last = text.lineno - 1, text.end_lineno or text.lineno
            lines[first:last] = [""] * (last - first)
        if texts and len(texts) == len(body):
            # A block cannot be empty.
            lines[texts[0].lineno - 1] = f"{' ' * texts[0].col_offset}pass"
    return "\n".join(lines)


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


if __name__ == "__main__":
    for module in Path(sys.argv[1]).rglob("*.py"):
        module.write_text(without_docstrings(module.read_text(encoding="utf-8")), encoding="utf-8")
