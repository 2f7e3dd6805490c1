"""Parses one address, with an optional name, of a From or Reply-To header, and finds forms that SES refuses.

"The email address string must be 7-bit ASCII"; a domain in other letters has to be Punycode, and a name in other
letters an encoded word (SES API reference, SendEmail, on RFC 6531 and RFC 2047).
"""

import re
from dataclasses import dataclass
from email.header import Header
from email.utils import formataddr, getaddresses
from enum import Enum, auto
from functools import lru_cache

# "Each line of characters MUST be no more than 998 characters" (RFC 5322, section 2.1.1).
_LONGEST_LINE = 998
_LOCAL = re.compile(r"[!-;=?A-~]+", re.ASCII)
_DOMAIN = re.compile(r"[^\s<>@,;:\"\\.]+(\.[^\s<>@,;:\"\\.]+)+")


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
        try:
            domain = self.domain.encode("idna").decode("ascii")
        except UnicodeError:
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


@lru_cache(maxsize=1024)
def read_mailbox(text: str) -> Mailbox | None:
    """The one mailbox in *text*; None if there is none, or more than one, as an unquoted comma makes it."""
    found = getaddresses([text])
    if len(found) != 1:
        return None
    name, address = found[0]
    local, at, domain = address.rpartition("@")
    # The parser removes spaces that SES does not: then the text does not contain the address unchanged.
    if not at or not local or " " in local or address not in text or _DOMAIN.fullmatch(domain) is None:
        return None
    return Mailbox(name=name, address=address)


def flaw_of(mailbox: Mailbox) -> AddressFlaw | None:
    """Why SES would refuse the address, or None."""
    if _LOCAL.fullmatch(mailbox.local_part) is None:
        return AddressFlaw.LOCAL_PART_NOT_ASCII
    if not mailbox.domain.isascii():
        return AddressFlaw.DOMAIN_NOT_PUNYCODE
    return None
