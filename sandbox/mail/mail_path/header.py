"""One address of a From or Reply-To header as SES reads it, as a grammar; its texts are those of JavaMail.

Observed: `DEBUG: Bob <bob@example.com>` is "Local address contains illegal character" (botocore 1774), an address
without a domain is "Missing final '@domain'". Whether a name in brackets passes is unknown, so it does not here.
"""

import re
from dataclasses import dataclass

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_COMMENT = r"\((?:[^()\\]|\\.)*\)"
_NAME = rf"(?P<name>(?:{_QUOTED}|{_COMMENT}|[^()<>,;:\"\[\]])*)"
_WITH_NAME = re.compile(rf"\s*{_NAME}<(?P<address>[^<>]*)>\s*(?:{_COMMENT}\s*)*", re.DOTALL)
_BARE = re.compile(rf"\s*(?P<address>(?:{_QUOTED})?[^\s()<>\"]*)\s*(?P<name>(?:{_COMMENT}\s*)*)", re.DOTALL)
_ADDRESS = re.compile(
    rf'(?:{_QUOTED}|[^\s()<>,;:\\"\[\]@.\x00-\x1f\x7f]+(?:\.[^\s()<>,;:\\"\[\]@.\x00-\x1f\x7f]+)*)'
    r"@(?:\[[^\[\]\s]*\]|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)"
)
_ILLEGAL = re.compile(r"[()<>,;:\[\]]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """An address and the name before it, without quotes; ``objection`` is SES's text where it takes neither."""

    address: str
    name: str
    objection: str | None = None


def read(text: str) -> Header:
    """Read one address; a text that cannot be read gets an objection and no address."""
    found = _WITH_NAME.fullmatch(text) or _BARE.fullmatch(text)
    if found is None:
        return Header(address="", name="", objection="Local address contains illegal character")
    address, name = found["address"], found["name"].strip()
    if name[:1] == name[-1:] == '"' and len(name) > 1:
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    if not address.isascii() or _ADDRESS.fullmatch(address):
        return Header(address=address, name=name)  # letters beyond ASCII are refused by the chain
    local, at, domain = address.rpartition("@")
    if not at or not domain:
        said = "Missing final '@domain'"
    elif _ILLEGAL.search(local) or "@" in local:
        said = "Local address contains illegal character"
    else:
        said = "Local address or domain contains control, whitespace or dot-dot"
    return Header(address="", name=name, objection=said)
