"""Removes source that Lambda does not need from the modules in a folder: ``python lean_source.py FOLDER``.

It removes docstrings (a third of the package, including the rule pages; a dataclass keeps one character), comments,
function annotations, and the methods by which a frozen dataclass refuses a change: mypy and the tests refuse it before.
Every other line keeps its number, so that tracebacks match the repository. Source that is used at runtime stays:
annotations of fields, and texts that are values.
"""

import ast
import io
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

# A row counted from 0, and a place in its UTF-8 bytes, as the ast module counts them.
type Place = tuple[int, int]
type Span = tuple[Place, Place]

# For a class without a docstring, `dataclass` makes one of its signature, which takes a quarter of all it does.
_SHORTEST = '"."'


def lean(source: str) -> str:
    """The same module without what Lambda does not need; each line keeps its number."""
    return _without_refusals(_without_annotations(_without_docstrings(_without_comments(source))))


def _without_comments(source: str) -> str:
    lines = source.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column].rstrip()
    return "\n".join(lines)


def _without_docstrings(source: str) -> str:
    lines = source.split("\n")
    for parent in ast.walk(ast.parse(source)):
        body = getattr(parent, "body", None)
        if not isinstance(body, list):
            continue
        texts = [statement for statement in body if _is_text(statement)]
        for text in texts:
            first, last = text.lineno - 1, text.end_lineno or text.lineno
            lines[first:last] = [""] * (last - first)
        if texts and texts[0] is body[0] and _is_dataclass(parent):
            lines[texts[0].lineno - 1] = f"{' ' * texts[0].col_offset}{_SHORTEST}"
            continue
        if texts and len(texts) == len(body):
            # A block cannot be empty.
            lines[texts[0].lineno - 1] = f"{' ' * texts[0].col_offset}pass"
    return "\n".join(lines)


def _without_refusals(source: str) -> str:
    """Two methods of six that `dataclass` makes at each cold start, which take two fifths of its time.

    The hash stays that of a frozen class (Python's table of `dataclass(unsafe_hash, eq, frozen)`).
    """
    lines = source.encode().split(b"\n")
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ClassDef) or (made_by := _made_by_dataclass(node)) is None:
            continue
        given = {each.arg: each for each in made_by.keywords}
        if "frozen" not in given or not _is(given["frozen"], value=True):
            continue
        has_own_hash = any(isinstance(each, ast.FunctionDef) and each.name == "__hash__" for each in node.body)
        is_hashed_by_fields = not has_own_hash and not ("eq" in given and _is(given["eq"], value=False))
        frozen = given["frozen"]
        row, (start, end) = frozen.lineno - 1, (frozen.col_offset, frozen.end_col_offset or 0)
        instead = b"unsafe_hash=True" if is_hashed_by_fields else b"frozen=False"
        lines[row] = lines[row][:start] + instead + lines[row][end:]
    return b"\n".join(lines).decode()


def _is(keyword: ast.keyword, *, value: bool) -> bool:
    return isinstance(keyword.value, ast.Constant) and keyword.value.value is value


def _made_by_dataclass(node: ast.ClassDef) -> ast.Call | None:
    calls = (each for each in node.decorator_list if isinstance(each, ast.Call))
    return next((each for each in calls if isinstance(each.func, ast.Name) and each.func.id == "dataclass"), None)


def _is_dataclass(node: ast.AST) -> bool:
    decorators = node.decorator_list if isinstance(node, ast.ClassDef) else ()
    made_by = (each.func if isinstance(each, ast.Call) else each for each in decorators)
    return any(isinstance(each, ast.Name) and each.id == "dataclass" for each in made_by)


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _without_annotations(source: str) -> str:
    lines = source.encode().split(b"\n")
    for (first, start), (last, end) in sorted(_annotations(ast.parse(source), lines), reverse=True):
        kept = lines[last][end:]
        lines[first : last + 1] = [lines[first][:start], *[b""] * (last - first)]
        lines[last] += kept
    return b"\n".join(lines).decode()


def _annotations(module: ast.Module, lines: list[bytes]) -> Iterator[Span]:
    for function in ast.walk(module):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        of = function.args
        for argument in (*of.posonlyargs, *of.args, of.vararg, *of.kwonlyargs, of.kwarg):
            if argument is not None and argument.annotation is not None:
                row = argument.lineno - 1
                yield (row, argument.col_offset + len(argument.arg.encode())), _end(argument.annotation)
        returns = function.returns
        # An annotation over several lines stays: its line breaks are only valid inside its brackets.
        if returns is not None and returns.lineno == returns.end_lineno:
            row = returns.lineno - 1
            arrow = lines[row].rindex(b"->", 0, returns.col_offset)
            yield (row, len(lines[row][:arrow].rstrip())), _end(returns)


def _end(node: ast.expr) -> Place:
    # A parsed node always has an end; only a constructed one may lack it.
    return (node.end_lineno or node.lineno) - 1, node.end_col_offset or 0


if __name__ == "__main__":
    for module in Path(sys.argv[1]).rglob("*.py"):
        module.write_text(lean(module.read_text(encoding="utf-8")), encoding="utf-8")
