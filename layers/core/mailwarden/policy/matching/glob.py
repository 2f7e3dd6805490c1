"""The wildcards of the policy language: taken apart once, matched without a way back.

``*`` matches any number of characters, ``?`` exactly one
(docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html). In version 2012-10-17
``${*}``, ``${?}`` and ``${$}`` mean the character itself
(…/reference_policies_variables.html, "Special characters"). Any other ``${…}`` is a policy variable,
whose value is not known here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    type Matcher = Callable[[str], bool]

ARN_SEGMENTS: Final = 6
USES_VARIABLE: Final = "policy.uses-variable"
_ESCAPED: Final = re.compile(r"\$\{([*?$])\}")
_SIGN: Final = re.compile(r"[*?]|[^*?]+", re.DOTALL)
_SIGN_OR_ESCAPE: Final = re.compile(r"\$\{[*?$]\}|[*?$]|[^*?$]+", re.DOTALL)
_LOWER: Final = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def has_variable(text: str) -> bool:
    """Whether *text* holds a policy variable, apart from the three that mean one character."""
    return "${" in text and "${" in _ESCAPED.sub("", text)


def has_wildcard(text: str) -> bool:
    """Whether *text* holds ``*`` or ``?``."""
    return "*" in text or "?" in text


def literal(text: str, *, escapes: bool) -> str:
    """*text* for an exact comparison: only the escapes are replaced, wildcards are plain characters."""
    return _ESCAPED.sub(r"\1", text) if escapes and "${" in text else text


def lower_ascii(text: str) -> str:
    """*text* with its ASCII letters in lower case: how AWS folds others is not documented."""
    return text.lower() if text.isascii() else text.translate(_LOWER)


@lru_cache(maxsize=8192)
def compile_glob(pattern: str, *, escapes: bool = False) -> Matcher:
    """A case-sensitive test for strings that *pattern* covers from end to end.

    Each part between stars is taken at its first possible place, which is enough for globs and needs no way back: a
    hostile pattern costs at most length x length. No regular expression is made, because each would cost more than it
    saves: a policy has room for a thousand patterns, which are asked once.
    """
    if not has_wildcard(pattern):
        wanted = literal(pattern, escapes=escapes)
        return lambda text: text == wanted
    if "?" in pattern or (escapes and "${" in pattern):
        return _with_gaps(_parts(pattern, escapes=escapes))
    first, *middle, last = pattern.split("*")
    least = len(pattern) - len(middle) - 1

    def covers(text: str) -> bool:
        if len(text) < least or not text.startswith(first) or not text.endswith(last):
            return False
        place, end = len(first), len(text) - len(last)
        for part in middle:
            found = text.find(part, place, end)
            if found < 0:
                return False
            place = found + len(part)
        return True

    return covers


def _with_gaps(parts: list[_Part]) -> Matcher:
    """The same for parts that hold question marks or escapes."""
    first, *rest = parts
    if not rest:
        return lambda text: len(text) == first.length and first.fits(text, 0)
    *middle, last = rest
    inner = tuple(part for part in middle if part.length)
    least = first.length + last.length + sum(part.length for part in inner)

    def covers(text: str) -> bool:
        end = len(text) - last.length
        if len(text) < least or not first.fits(text, 0) or not last.fits(text, end):
            return False
        place = first.length
        for part in inner:
            found = part.find(text, place, end)
            if found < 0:
                return False
            place = found + part.length
        return True

    return covers


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

    def covers(text: str) -> bool:
        parts = text.split(":", ARN_SEGMENTS - 1)
        if len(parts) < ARN_SEGMENTS:
            return False
        for segment, part in zip(segments, parts, strict=True):
            if segment not in {"*", part} and not compile_glob(segment, escapes=escapes)(part):
                return False
        return True

    return covers


class _Part(NamedTuple):
    """The part between two stars: texts by their distance from its start, with any characters in the gaps."""

    length: int
    texts: tuple[tuple[int, str], ...]

    def fits(self, text: str, place: int) -> bool:
        return all(text.startswith(wanted, place + distance) for distance, wanted in self.texts)

    def find(self, text: str, start: int, end: int) -> int:
        """The first place from *start* where it fits and ends by *end*, or -1."""
        if not self.texts:
            return start if start + self.length <= end else -1
        distance, wanted = self.texts[0]
        last = end - self.length
        place = text.find(wanted, start + distance, end) - distance
        while start <= place <= last:
            if self.fits(text, place):
                return place
            place = text.find(wanted, place + distance + 1, end) - distance
        return -1


def _parts(pattern: str, *, escapes: bool) -> list[_Part]:
    """The parts between the stars of *pattern*."""
    parts: list[_Part] = []
    length, texts, apart = 0, list[tuple[int, str]](), True
    for sign in [*(_SIGN_OR_ESCAPE if escapes else _SIGN).findall(pattern), "*"]:
        if sign == "*":
            parts.append(_Part(length=length, texts=tuple(texts)))
            length, texts, apart = 0, [], True
        elif sign == "?":
            length, apart = length + 1, True
        else:
            wanted = sign[2] if escapes and _ESCAPED.fullmatch(sign) else sign
            if apart:
                texts.append((length, wanted))
            else:
                distance, before = texts[-1]
                texts[-1] = (distance, before + wanted)
            length, apart = length + len(wanted), False
    return parts
