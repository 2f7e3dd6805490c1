"""Addresses of recipients: whether a text is one, how it may be shown, and how it is remembered without being kept."""

import hashlib
import re

from mailwarden.domain.refs.resources import SesAccountRef

# What SES takes in an API call: plain ASCII, without a name and without quotes (SES API reference, SendEmail, on RFC
# 6531). A domain in other letters has to be Punycode.
_ADDRESS = re.compile(r"[!#-'*+\-./0-9=?A-Z^_`a-z{|}~]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LONGEST = 254

# About 16 MB and some tens of milliseconds for each guess: addresses are few enough to be tried one by one.
_SCRYPT_N = 2**14
_SCRYPT_R = 8
_DIGEST_BYTES = 32


def is_address(text: str) -> bool:
    """Whether a text is one e-mail address as SES takes it, without a name before it."""
    return len(text) <= _LONGEST and _ADDRESS.fullmatch(text) is not None


def masked_address(address: str) -> str:
    """As in ``j***@corp.example``: enough to recognize it, too little to write to it."""
    local, _, domain = address.rpartition("@")
    return f"{local[0] if len(local) > 1 else ''}***@{domain}"


def address_digest(address: str, account: SesAccountRef) -> str:
    """64 hexadecimal digits by which a removal is recognized: the same for the same address in the same SES account.

    It is slow to compute on purpose, and salted with account and region. Whoever has both the digest and a guess can
    still try the guess: it hides addresses from those who read the table, not from those who know whom to look for.
    Two spellings that differ in case count as one, because nearly every mailbox takes them for one.
    """
    digest = hashlib.scrypt(
        address.casefold().encode(), salt=account.arn.encode(), n=_SCRYPT_N, r=_SCRYPT_R, p=1, dklen=_DIGEST_BYTES
    )
    return digest.hex()
