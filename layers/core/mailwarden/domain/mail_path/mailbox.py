"""One address with or without a name before it, as a From or Reply-To header holds it, and what SES would not take.

"The email address string must be 7-bit ASCII"; a domain in other letters has to be Punycode, and a name in other
letters an encoded word (SES API reference, SendEmail, on RFC 6531 and RFC 2047).
"""

import re
from dataclasses import dataclass
from email.header import Header
from email.utils import formataddr, getaddresses
from functools import lru_cache

_LOCAL = re.compile(r"[!-;=?A-~]+", re.ASCII)
_DOMAIN = re.compile(r"[^\s<>@,;:\"\\.]+(\.[^\s<>@,;:\"\\.]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """An address, and the name before it as it was written; both may be in letters that SES does not take."""

    name: str
    address: str

    @property
    def local_part(self) -> str:
        """What stands before the last ``@``; case matters."""
        return self.address.rpartition("@")[0]

    @property
    def domain(self) -> str:
        """What stands after the last ``@``, in lower case, because case does not matter there."""
        return self.address.rpartition("@")[2].lower()

    def encoded(self) -> str | None:
        """The same mailbox as SES takes it; None if the part before the ``@`` has no such form."""
        try:
            domain = self.domain.encode("idna").decode("ascii")
        except UnicodeError:
            return None
        if _LOCAL.fullmatch(self.local_part) is None:
            return None
        address = f"{self.local_part}@{domain}"
        if self.name.isascii():
            return formataddr((self.name, address))
        # An encoded word must not be quoted (RFC 2047, section 5).
        return f"{Header(self.name, 'utf-8', maxlinelen=1_000).encode()} <{address}>"


@lru_cache(maxsize=1024)
def read_mailbox(text: str) -> Mailbox | None:
    """The one mailbox in *text*; None if there is none, or more than one, as an unquoted comma makes it."""
    found = getaddresses([text])
    if len(found) != 1:
        return None
    name, address = found[0]
    local, at, domain = address.rpartition("@")
    # The parser closes gaps that SES does not: then the address does not stand in the text as it is.
    if not at or not local or " " in local or address not in text or _DOMAIN.fullmatch(domain) is None:
        return None
    return Mailbox(name=name, address=address)


def refused_by_ses(mailbox: Mailbox) -> str | None:
    """Why SES would not take the address, or None."""
    if _LOCAL.fullmatch(mailbox.local_part) is None:
        return "the part before the @ is not plain ASCII"
    if not mailbox.domain.isascii():
        return "the domain is not written in Punycode"
    return None
