"""Recipients' addresses: validation, masking, and a digest that identifies one without storing it."""

import hashlib
import re

from mailwarden.domain.mail_path.mailbox import in_punycode, read_mailbox
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.visible_text import on_one_line

# The form that SES accepts in an API call: plain ASCII, without a name and without quotes (SES API reference,
# SendEmail, on RFC 6531). A domain in other letters has to be Punycode.
_ADDRESS = re.compile(r"[!#-'*+\-./0-9=?A-Z^_`a-z{|}~]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LONGEST = 254
_LINK = "mailto:"

# About 16 MB and some tens of milliseconds for each guess: addresses are few enough to be tried one by one.
_SCRYPT_N = 2**14
_SCRYPT_R = 8
_DIGEST_BYTES = 32


def is_address(text: str) -> bool:
    """Whether a text is one e-mail address that SES accepts, without a name before it."""
    return len(text) <= _LONGEST and _ADDRESS.fullmatch(text) is not None


def plain_address(text: str) -> str | None:
    """The address in *text* as SES takes it; None if it is none.

    A person pastes it with spaces and hidden characters around it, with a name and angle brackets, as a link, or with
    the dot that ends its domain. A domain in other letters is written in Punycode.
    """
    pasted = on_one_line(text)
    mailbox = read_mailbox(pasted)
    plain = pasted.removeprefix(_LINK).removesuffix(".") if mailbox is None else mailbox.address.removeprefix(_LINK)
    local, at, domain = plain.rpartition("@")
    address = f"{local}{at}{domain if domain.isascii() else in_punycode(domain)}"
    return address if is_address(address) else None


def masked_address(address: str) -> str:
    """The address in the form ``j***@corp.example``: enough to recognize it, too little to write to it."""
    local, _, domain = address.rpartition("@")
    return f"{local[0] if len(local) > 1 else ''}***@{domain}"


def address_digest(address: str, account: SesAccountRef) -> str:
    """64 hexadecimal digits that identify a removal: the same for the same address in the same SES account.

    It is deliberately slow, and salted with account and region. A reader with a digest and a guess can still test the
    guess: the digest hides addresses from readers of the table, not from readers who suspect a certain address. Case is
    ignored, because nearly every mailbox ignores it.
    """
    digest = hashlib.scrypt(
        address.casefold().encode(), salt=account.arn.encode(), n=_SCRYPT_N, r=_SCRYPT_R, p=1, dklen=_DIGEST_BYTES
    )
    return digest.hex()
