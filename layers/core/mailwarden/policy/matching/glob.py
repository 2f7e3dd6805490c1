"""The wildcards of the policy language: compiled once, matched in linear time.

``*`` matches any number of characters, ``?`` exactly one
(docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html). In version 2012-10-17
``${*}``, ``${?}`` and ``${$}`` mean the character itself
(…/reference_policies_variables.html, "Special characters"). Any other ``${…}`` is a policy variable,
whose value is not known here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    type Matcher = Callable[[str], bool]

ARN_SEGMENTS: Final = 6
USES_VARIABLE: Final = "policy.uses-variable"
_ESCAPED: Final = re.compile(r"\$\{([*?$])\}")
_SIGN: Final = re.compile(r"\$\{[*?$]\}|.", re.DOTALL)


def has_variable(text: str) -> bool:
    """Whether *text* holds a policy variable, apart from the three that mean one character."""
    return "${" in text and "${" in _ESCAPED.sub("", text)


def has_wildcard(text: str) -> bool:
    """Whether *text* holds ``*`` or ``?``."""
    return "*" in text or "?" in text


def literal(text: str, *, escapes: bool) -> str:
    """*text* for an exact comparison: only the escapes are replaced, wildcards are plain characters."""
    return _ESCAPED.sub(r"\1", text) if escapes and "${" in text else text


@lru_cache(maxsize=8192)
def compile_glob(pattern: str, *, escapes: bool = False) -> Matcher:
    """A case-sensitive test for strings that *pattern* covers from end to end.

    Each part between stars is matched in an atomic group at its first possible place, which is enough for
    globs and prevents backtracking: a hostile pattern costs at most length x length.
    """
    if not has_wildcard(pattern):
        wanted = literal(pattern, escapes=escapes)
        return lambda text: text == wanted
    first, *rest = _parts(pattern, escapes=escapes)
    expression = first
    if rest:
        *middle, last = rest
        expression += "".join(f"(?>.*?{part})" for part in middle if part) + ".*" + last
    matches = re.compile(expression, re.DOTALL).fullmatch
    return lambda text: matches(text) is not None


@lru_cache(maxsize=8192)
def compile_arn_glob(pattern: str, *, escapes: bool = False) -> Matcher:
    """A test for ARNs whose six segments are covered one by one by the segments of *pattern*.

    A pattern or a text of fewer than six segments never matches; the sixth holds all further colons
    (…/reference_policies_elements_condition_operators.html, "Amazon Resource Name (ARN) condition
    operators").
    """
    segments = pattern.split(":", ARN_SEGMENTS - 1)
    if len(segments) < ARN_SEGMENTS:
        return lambda _text: False
    if not has_wildcard(pattern):
        return compile_glob(pattern, escapes=escapes)
    tests = tuple(compile_glob(segment, escapes=escapes) for segment in segments)

    def covers(text: str) -> bool:
        parts = text.split(":", ARN_SEGMENTS - 1)
        return len(parts) == ARN_SEGMENTS and all(test(part) for test, part in zip(tests, parts, strict=True))

    return covers


def _parts(pattern: str, *, escapes: bool) -> list[str]:
    """The regular expressions between the stars of *pattern*."""
    parts = [""]
    for sign in _SIGN.findall(pattern) if escapes else pattern:
        if sign == "*":
            parts.append("")
        elif sign == "?":
            parts[-1] += "."
        else:
            parts[-1] += re.escape(sign[2] if len(sign) > 1 else sign)
    return parts
