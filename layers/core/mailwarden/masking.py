"""Masks e-mail addresses in texts from outside: ``jane.doe@corp.example`` becomes ``j***@corp.example``.

Enough to know whom to ask, too little to write to them. The same address has the same mask everywhere, so masked texts
can be compared. The time is linear in the length of the text, which may come from any caller.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Wider than RFC 5321 on purpose: any word with an @ in it might be an address, also one whose sign is full-width, or
# encoded: for a URL (once or more often), for JSON and the languages like it, for HTML, or for a header of a mail
# (RFC 2047, "Q": only before a domain, because =40 is a number, too). Words end where they end in ARNs, URLs, JSON and
# prose.
_AT = re.compile(
    r"@|\uff20|\ufe6b|%(?:25)*40|%(?:25)*[Ee][Ff]%(?:25)*[Bb][Cc]%(?:25)*[Aa]0"
    r"|%(?:25)*[Uu]0040|=40(?=[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*\.[A-Za-z]{2})"
    r"|\\u0040|\\u\{0*40\}|\\U00000040|\\x40|&#0*64;|&#[Xx]0*40;|&commat;"
)
_ENDS = frozenset(" \t\n\r\f\v\u00a0\u2028\u2029\u3000<>\"'(),:;[]{}\\/|`")
# Signs at which words end, and that a local part may end with (RFC 5322, "atext"; a comment ends with ")").
_BEFORE_THE_SIGN = frozenset("/'`{|})")
_QUOTES = "\"\\'`{|}()/"
_MASKED = re.compile(r".?\*{3}", re.DOTALL)
_REST = re.compile(r"""[^\s<>"'(),:;\[\]{}\\/|`]*""")
# RFC 5321, "address literals": [10.0.0.1], [IPv6:2001:db8::1]
_LITERAL = re.compile(r"\[[0-9A-Za-z:.]{1,64}\]")
_ADDRESS_OF_A_HOST = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}\.?")
_IDENTITY_ARN = re.compile(r"""arn:[a-z-]+:ses:[a-z0-9*-]*:[0-9]*:identity/([^\s"',;\\]+)""")


def masked(text: str, *, keep: Iterable[str] = ()) -> str:
    """The text with every address masked, except those in *keep*.

    Identities are configuration and no recipients, and operators need their names: who shows a text names them in
    *keep*. An ARN around an address is no proof that it is one, because any caller may write it.
    """
    if _AT.search(text) is None:
        return text
    kept = frozenset(address.lower() for address in keep)
    pieces: list[str] = []
    done = 0
    for found in _found_in(text):
        if not found.is_one_of(kept, text):
            bare = text[found.begin : found.at].strip(_QUOTES)
            pieces += (text[done : found.begin], bare[0] if len(bare) > 1 else "", "***")
            done = found.at
    return "".join((*pieces, text[done:]))


def addresses_in(text: str) -> Iterator[str]:
    """Every address in a text, as ``masked`` sees it; named in *keep*, it is shown."""
    return (found.address for found in _found_in(text))


def identities_named_in(text: str) -> frozenset[str]:
    """The name of the identity whose ARN the text is."""
    match = _IDENTITY_ARN.fullmatch(text) if text.startswith("arn:") else None
    return frozenset() if match is None else frozenset({match[1]})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """An address in a text: the places of its local part and of its sign, and the address itself."""

    begin: int
    at: int
    address: str

    def is_one_of(self, kept: frozenset[str], text: str) -> bool:
        """Whether it is one of these addresses; the name of an identity may contain a sign at which words end."""
        address = self.address.lower()
        if address in kept:
            return True
        for name in kept:
            begin = self.begin - (len(name) - len(address))
            if begin >= 0 and name.endswith(address) and name == text[begin : self.begin].lower() + address:
                return begin == 0 or not text[begin - 1].isalnum()
        return False


def _found_in(text: str) -> Iterator[_Found]:
    """The addresses in a text, but for those that are masked already."""
    done = 0
    while (first := _AT.search(text, done)) is not None:
        begin = _begin(text, first.start(), done)
        end = _end(text, first.end())
        at, after = _last_sign(text, first.start(), end)
        local, domain = text[begin:at], text[after:end]
        if _is_address(local, domain) and _MASKED.fullmatch(local) is None:
            yield _Found(begin=begin, at=at, address=f"{local}@{domain}".rstrip("."))
        done = end


def _begin(text: str, at: int, least: int) -> int:
    """Where the local part before *at* begins: a quoted one holds any character (RFC 5321, "quoted-string")."""
    if at > least and text[at - 1] == '"':
        opened = text.rfind('"', least, at - 1)
        if opened < 0:
            return at
        at = opened
    else:
        at = _before_the_signs(text, at, least)
    while at > least and text[at - 1] not in _ENDS and not text[at - 1].isspace():
        at -= 1
    return at


def _before_the_signs(text: str, at: int, least: int) -> int:
    """The beginning of the signs and comments before *at*."""
    has_comments = True
    while at > least and text[at - 1] in _BEFORE_THE_SIGN:
        opened = _opened(text, at, least) if text[at - 1] == ")" and has_comments else None
        has_comments = has_comments and (text[at - 1] != ")" or opened is not None)
        at = at - 1 if opened is None else opened
    return at


def _opened(text: str, at: int, least: int) -> int | None:
    """Where the comment begins that ends at *at*: comments nest (RFC 5322, "CFWS")."""
    depth = 0
    for place in range(at - 1, least - 1, -1):
        depth += (text[place] == ")") - (text[place] == "(")
        if depth == 0:
            return place
    return None


def _end(text: str, begin: int) -> int:
    rest = _REST.match(text, begin)
    end = begin if rest is None else rest.end()
    literal = _LITERAL.match(text, end) if text.startswith("[", end) and _AT.match(text, end - 1) else None
    return end if literal is None else literal.end()


def _last_sign(text: str, begin: int, end: int) -> tuple[int, int]:
    """Where the last sign begins and ends: the word may hold several."""
    *_, last = _AT.finditer(text, begin, end)
    return last.span()


def _is_address(local: str, domain: str) -> bool:
    """``aws-sdk@3.525.0`` is a version, ``@everyone`` has no local part."""
    last = domain.rstrip(".").rpartition(".")[2]
    return bool(local) and (not last.isdigit() or _ADDRESS_OF_A_HOST.fullmatch(domain) is not None)
