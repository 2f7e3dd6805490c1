"""Plain American English: documents, docstrings, comments, messages and descriptions have no habit of words.toml."""

import ast
import io
import re
import tokenize
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

import pytest

from tests.infrastructure.templates import ROOT, written

WORDS = ROOT / "tests" / "words.toml"
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"``[^`]*``|`[^`]*`|\]\([^)]*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """A pattern to avoid, with an example that it finds."""

    pattern: re.Pattern[str]
    write: str
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A piece of prose; ``line`` is its first line."""

    path: str
    line: int
    text: str


@cache
def words() -> Mapping[str, object]:
    """The list of habits with its scope and its exceptions."""
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


@cache
def habits() -> tuple[Habit, ...]:
    """Every habit of the list."""
    listed = cast("Sequence[Mapping[str, str]]", words()["habit"])
    return tuple(
        Habit(
            pattern=re.compile(each["pattern"], re.IGNORECASE | re.MULTILINE),
            write=each["write"],
            example=each["example"],
        )
        for each in listed
    )


def exceptions() -> Sequence[Mapping[str, str]]:
    """Texts in which a word is right, each with its reason."""
    return cast("Sequence[Mapping[str, str]]", words().get("exception", []))


def scope(kind: str) -> Sequence[str]:
    """The paths of one kind."""
    return cast("Mapping[str, Sequence[str]]", words()["scope"])[kind]


def files(kind: str, ending: str) -> Iterator[Path]:
    """The files of one kind that are not left out; generated files are in folders that begin with a dot."""
    left_out = scope("left_out")
    for place in scope(kind):
        start = ROOT / place
        for file in [start] if start.is_file() else sorted(start.rglob(f"*{ending}")):
            inside = file.relative_to(ROOT)
            hidden = any(part.startswith(".") and part != ".github" for part in inside.parts)
            if not hidden and not any(inside.is_relative_to(path) for path in left_out):
                yield file


@cache
def passages() -> tuple[Passage, ...]:
    """All prose in scope."""
    return tuple(_passages())


def _passages() -> Iterator[Passage]:
    for file in files("documents", ".md"):
        yield from _document(file)
    for file in files("python", ".py"):
        yield from _docstrings(file)
        yield from _comments(file)
    for file in files("messages", ".py"):
        yield from _texts(file)
    for file in files("templates", ".yaml"):
        yield from (Passage(path=_name(file), line=0, text=text) for text in _descriptions(written(_name(file))))


def _name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def _document(file: Path) -> Iterator[Passage]:
    text = FENCE.sub(lambda found: "\n" * found.group().count("\n"), file.read_text(encoding="utf-8"))
    for number, line in enumerate(text.splitlines(), start=1):
        yield Passage(path=_name(file), line=number, text=line)


def _docstrings(file: Path) -> Iterator[Passage]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            for offset, line in enumerate(node.value.value.splitlines()):
                yield Passage(path=_name(file), line=node.lineno + offset, text=line.strip())


def _comments(file: Path) -> Iterator[Passage]:
    for token in tokenize.generate_tokens(io.StringIO(file.read_text(encoding="utf-8")).readline):
        if token.type == tokenize.COMMENT:
            yield Passage(path=_name(file), line=token.start[0], text=token.string.lstrip("# "))


def _texts(file: Path) -> Iterator[Passage]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield Passage(path=_name(file), line=node.lineno, text=node.value)


def _descriptions(value: object) -> Iterator[str]:
    match value:
        case dict():
            for key, member in value.items():
                texts = key in {"Description", "AlarmDescription", "Fn::Sub", "default"}
                yield from [member] if texts and isinstance(member, str) else _descriptions(member)
        case list():
            for member in value:
                yield from _descriptions(member)
        case _:
            return


def test_no_habit_is_left() -> None:
    allowed = [(each["path"], each["text"]) for each in exceptions()]

    hits = [
        f"{passage.path}:{passage.line}: {found.group()!r} in {passage.text.strip()!r}; write: {habit.write}"
        for passage in passages()
        for habit in habits()
        if (found := habit.pattern.search(CODE.sub(" ", passage.text)))
        and not any(passage.path == path and text in passage.text for path, text in allowed)
    ]

    assert not hits, "\n" + "\n".join(hits)


@pytest.mark.parametrize("habit", habits(), ids=lambda habit: habit.pattern.pattern)
def test_each_habit_finds_its_example_and_not_its_replacement(habit: Habit) -> None:
    assert habit.pattern.search(habit.example)
    assert not habit.pattern.search(habit.write)


def test_each_exception_is_still_needed_and_explained() -> None:
    for each in exceptions():
        assert each["reason"]
        assert any(
            habit.pattern.search(CODE.sub(" ", passage.text))
            for passage in passages()
            if passage.path == each["path"] and each["text"] in passage.text
            for habit in habits()
        ), each


def test_each_path_of_the_scope_exists() -> None:
    for kind in ("python", "documents", "templates", "messages", "left_out"):
        assert [path for path in scope(kind) if not (ROOT / path).exists()] == []
