"""Wildcards against a plain reference."""

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from mailwarden.policy.matching.glob import compile_arn_glob, compile_glob, has_variable
from tests.unit.policy.strategies import PATIENT

PATTERNS = st.text(alphabet="ab*?:.\n[\\$", max_size=12)
TEXTS = st.text(alphabet="ab:.\n[\\$", max_size=12)


@cache
def _covers(pattern: str, text: str) -> bool:
    """The definition: a star is nothing, or one character and a star again."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return _covers(pattern[1:], text) or (bool(text) and _covers(pattern, text[1:]))
    return bool(text) and pattern[0] in {"?", text[0]} and _covers(pattern[1:], text[1:])


@PATIENT
@given(pattern=PATTERNS, text=TEXTS)
def test_a_glob_agrees_with_its_definition(pattern: str, text: str) -> None:
    assert compile_glob(pattern)(text) == _covers(pattern, text)


@PATIENT
@given(pattern=PATTERNS, text=TEXTS)
def test_an_arn_glob_is_six_globs(pattern: str, text: str) -> None:
    wanted, found = pattern.split(":", 5), text.split(":", 5)

    covers = compile_arn_glob(pattern)(text)

    assert covers == (len(wanted) == len(found) == 6 and all(map(_covers, wanted, found)))


@PATIENT
@given(
    segments=st.lists(st.text(alphabet="ab*?", max_size=3), min_size=6, max_size=6),
    text=st.lists(st.text(alphabet="ab:", max_size=3), min_size=6, max_size=6).map(":".join),
)
def test_a_glob_covers_everything_that_an_arn_glob_covers(segments: list[str], text: str) -> None:
    pattern = ":".join(segments)

    assert not compile_arn_glob(pattern)(text) or compile_glob(pattern)(text)


@PATIENT
@given(text=TEXTS)
def test_an_escaped_text_covers_itself_only(text: str) -> None:
    escaped = "".join(f"${{{sign}}}" if sign in "*?$" else sign for sign in text + "*?$")

    assert not has_variable(escaped)
    assert compile_glob(escaped, escapes=True)(text + "*?$")
    assert not compile_glob(escaped, escapes=True)(text + "x?$")


def test_a_hostile_pattern_does_not_take_long() -> None:
    pattern = "*a" * 2000 + "b"

    covers = compile_glob(pattern)("a" * 20_000)

    assert not covers


def test_a_variable_is_anything_in_braces_but_the_three_signs() -> None:
    assert has_variable("x${aws:username}")
    assert has_variable("${")
    assert not has_variable("${*}${?}${$}")
    assert not has_variable("$aws")
