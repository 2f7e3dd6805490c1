"""Parses one address, with an optional name, of a From or Reply-To header, and finds forms that SES refuses.

"The email address string must be 7-bit ASCII"; a domain in other letters has to be Punycode, and a name in other
letters an encoded word (SES API reference, SendEmail, on RFC 6531 and RFC 2047).
"""

import re
from dataclasses import dataclass
from email.header import Header
from email.utils import formataddr
from enum import Enum, auto
from functools import lru_cache

# "Each line of characters MUST be no more than 998 characters" (RFC 5322, section 2.1.1).
_LONGEST_LINE = 998
_LOCAL = re.compile(r"[ -~]+", re.ASCII)
_CLOSED_BY = {'"': '"', "(": ")", "<": ">", "[": "]"}
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
# Neither controls nor spaces nor JavaMail's specials, and no dot at an end or beside another.
_ATOM = r"[^\s\x00-\x1f\x7f()<>,;:\\\"\[\]@.]+"
_ATOMS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
# Letters, digits and hyphens; beyond ASCII any sign, because AWS asks for Punycode first of all.
_LABEL = r"(?:[A-Za-z0-9-]|[^\s\x00-\x7f])+"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")


class AddressFlaw(Enum):
    """Why SES refuses an address."""

    LOCAL_PART_NOT_ASCII = auto()
    DOMAIN_NOT_PUNYCODE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """An address and the name before it, unchanged; both may contain characters that SES refuses."""

    name: str
    address: str

    @property
    def local_part(self) -> str:
        """The part before the last ``@``; case-sensitive."""
        return self.address.rpartition("@")[0]

    @property
    def domain(self) -> str:
        """The part after the last ``@``, in lower case, because it is case-insensitive."""
        return self.address.rpartition("@")[2].lower()

    def encoded(self) -> str | None:
        """The mailbox in the encoding that SES accepts; None if there is none, or it is too long for a header."""
        domain = in_punycode(self.domain)
        if not domain.isascii():
            return None
        if _LOCAL.fullmatch(self.local_part) is None:
            return None
        address = f"{self.local_part}@{domain}"
        if len(self.name) > _LONGEST_LINE:
            return None
        if self.name.isascii():
            mailbox = formataddr((self.name, address))
        else:
            # An encoded word must not be quoted (RFC 2047, section 5).
            mailbox = f"{Header(self.name, 'utf-8', maxlinelen=1_000).encode()} <{address}>"
        return mailbox if len(mailbox) <= _LONGEST_LINE and "\n" not in mailbox else None


def in_punycode(domain: str) -> str:
    """A domain in lower case and Punycode, in which two spellings are compared; unchanged letters if it has none."""
    lowered = domain.lower()
    try:
        return lowered.encode("idna").decode("ascii") if not lowered.isascii() else lowered
    except UnicodeError:
        return lowered


@lru_cache(maxsize=1024)
def read_mailbox(text: str) -> Mailbox | None:
    """The one mailbox in *text* as SES reads it; None if there is none, or more than one.

    SES's texts are those of JavaMail ("Local address contains illegal character", "Missing final '@domain'"), so this
    is the grammar of its ``InternetAddress``: an unquoted comma separates addresses, an unquoted colon starts a group,
    and quotes, angle brackets, square brackets and comments must be closed (botocore issue 1774).
    """
    parts = _parts_of(text)
    if parts is None:
        return None
    before, inside, comment = parts
    address, name = (before, comment) if inside is None else (inside, before or comment)
    address = address.strip()
    local, at, domain = _split(address)
    if not at or not _is_local(local) or not _is_domain(domain):
        return None
    return Mailbox(name=name if inside is None else _unquoted(name.strip()), address=address)


def _parts_of(text: str) -> tuple[str, str | None, str] | None:
    """The text outside angle brackets, the text inside them if any, and the last comment; None if one is not closed."""
    outside: list[str] = []
    inside, comment, at = None, "", 0
    while at < len(text):
        sign = text[at]
        if sign in _CLOSED_BY:
            end = _end_of(text, at)
            if end is None:
                return None
            if sign == "(":
                comment = text[at + 1 : end - 1].strip()
            elif sign == "<":
                if inside is not None:
                    return None
                inside = text[at + 1 : end - 1]
            elif inside is None:
                outside.append(text[at:end])
            else:
                return None
            at = end
            continue
        if sign in ",;:)>" or (inside is not None and not sign.isspace()):
            return None
        outside.append(sign)
        at += 1
    return "".join(outside).strip(), inside, comment


def _end_of(text: str, start: int) -> int | None:
    """The place after the part that begins at *start*: a quoted text, an address, a literal, or a nested comment."""
    opens, closes = text[start], _CLOSED_BY[text[start]]
    depth, at = 1, start + 1
    while at < len(text):
        sign = text[at]
        if sign == "\\":
            at += 1
        elif sign == closes:
            depth -= 1
            if depth == 0:
                return at + 1
        elif sign == opens == "(":
            depth += 1
        elif sign == '"' and opens == "<":
            quoted = _end_of(text, at)
            if quoted is None:
                return None
            at = quoted - 1
        at += 1
    return None


def _split(address: str) -> tuple[str, str, str]:
    """The local part, the ``@`` and the domain; an ``@`` in a quoted local part separates nothing."""
    if not address.startswith('"'):
        return address.partition("@")
    end = _end_of(address, 0) or len(address)
    return address[:end], address[end : end + 1].replace(" ", ""), address[end + 1 :]


def _is_local(local: str) -> bool:
    return _QUOTED.fullmatch(local) is not None or _ATOMS.fullmatch(local) is not None


def _is_domain(domain: str) -> bool:
    """Labels with a dot between; letters beyond ASCII are another flaw. An address in brackets is no domain."""
    return _DOMAIN.fullmatch(domain) is not None


def _unquoted(name: str) -> str:
    """A name without its quotes, and without the backslashes in them."""
    return _QUOTED.sub(lambda found: _ESCAPED.sub(r"\1", found[0][1:-1]), name)


def has_brackets(mailbox: Mailbox, text: str) -> bool:
    """Whether the name has square brackets that no quotes enclose: SES's answer is not documented."""
    return not mailbox.name.isspace() and "[" in _QUOTED.sub("", text.rpartition("<")[0])


def flaw_of(mailbox: Mailbox) -> AddressFlaw | None:
    """Why SES would refuse the address, or None."""
    if _LOCAL.fullmatch(mailbox.local_part) is None:
        return AddressFlaw.LOCAL_PART_NOT_ASCII
    if not mailbox.domain.isascii():
        return AddressFlaw.DOMAIN_NOT_PUNYCODE
    return None
