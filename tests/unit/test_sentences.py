"""Sentences for people are made in ``presentation`` only: elsewhere an error or a message holds ids and data."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import mailwarden

ROOT = Path(mailwarden.__file__).parent
CATALOGUES = "presentation"
# Errors that show a fault of this code: they reach the log of a function and nobody's answer.
OWN_FAULTS = {
    "AssertionError": "a branch that no input reaches",
    "TypeError": "adapters/aws/cognito/writer/request.py: the SDK's model of UpdateUserPool is of another shape",
    "ValueError": "adapters/aws/sqs/hint_queue.py, adapters/ledger/reputation/mail_counters.py: a limit",
}
# Two words in a row; a value that is put into a text counts as a word before another one.
WORDS = re.compile(r"[A-Za-z']{2,}[,;:]? [A-Za-z']{2,}|\{\} [a-z]{2,}")


def texts_of(node: ast.AST) -> Iterator[str]:
    """The literal texts inside an expression, an f-string as one text with its values left out."""
    match node:
        case ast.JoinedStr(values=values):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in values)
        case ast.Constant(value=str() as text):
            yield text
        case _:
            for inner in ast.iter_child_nodes(node):
                yield from texts_of(inner)


def name_of(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def reaching_people(tree: ast.AST) -> Iterator[tuple[int, str, str]]:
    """Line, maker and text of every sentence that an exception or a message holds, or that a reason or problem is."""
    for node in ast.walk(tree):
        match node:
            case ast.Raise(exc=ast.Call() as made) if name_of(made) not in OWN_FAULTS:
                yield from found_in(made, name_of(made))
            case ast.Call() if name_of(node) in {"message", "verbatim", "wrong", "missing", "at", "__init__"}:
                yield from found_in(node, name_of(node))
            case ast.keyword(arg="reason" | "problem" | "because" | "about" | "text" | "error", value=value):
                yield from found_in(value, str(node.arg))
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if re.search("(?i)reason|problem|because", name):
                yield from found_in(value, name)


def found_in(node: ast.AST, maker: str) -> Iterator[tuple[int, str, str]]:
    for text in texts_of(node):
        if WORDS.search(text):
            yield getattr(node, "lineno", 0), maker, text


def test_no_sentence_that_can_reach_people_is_outside_of_presentation() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} {maker}: {text}"
        for path in sorted(ROOT.rglob("*.py"))
        if path.relative_to(ROOT).parts[0] != CATALOGUES
        for line, maker, text in reaching_people(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "code",
    [
        "raise MalformedDocument('it is no document')",
        "raise MalformedDocument(f'{member} is missing')",
        "raise MalformedDocument(message('document.at', problem='it is no document'))",
        "raise MalformedDocument(problem if problem else f'{member} is missing') from error",
        "super().__init__(f'SES in {region} is busy')",
        "wrong('member', value, 'a whole number')",
        "Unreadable(reason='it is another account')",
        "problem = f'{code} of a pool'",
    ],
)
def test_the_scan_sees_a_sentence(code: str) -> None:
    assert list(reaching_people(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "raise MalformedDocument(message('document.missing', member=f'{where}.{name}'))",
        "raise ResourceBusy(resource)",
        "raise PoolNotReadable(f'{pool.arn}: {path}')",
        "raise AssertionError('an attempt ended without a result')",
    ],
)
def test_the_scan_lets_data_pass(code: str) -> None:
    assert not list(reaching_people(ast.parse(code)))
