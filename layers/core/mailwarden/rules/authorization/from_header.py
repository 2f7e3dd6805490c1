"""The From header that a pool's mail will carry, as far as its configuration tells."""

from dataclasses import dataclass
from email.utils import parseaddr

from mailwarden.domain.readings import EmailConfiguration, SenderMode
from mailwarden.domain.subjects import IdentityRef


@dataclass(frozen=True, slots=True, kw_only=True)
class FromHeader:
    """The bare address and the name before it, each None where it is not known."""

    address: str | None
    display_name: str | None


def from_header(email: EmailConfiguration, identity: IdentityRef) -> FromHeader:
    """The From header of mail sent as *identity*.

    The default sender takes the address from the identity; so does DEVELOPER with an address identity and no From
    (Cognito guide, "Email settings"). A name that is not plain ASCII reaches SES in an encoded form that is not
    published, so it counts as not known.
    """
    from_identity = identity.name if identity.is_address else None
    if not email.from_address or (email.mode is SenderMode.COGNITO_DEFAULT and from_identity):
        return FromHeader(address=from_identity, display_name=None)
    name, address = parseaddr(email.from_address)
    plain = name.isascii() and "=?" not in name
    return FromHeader(address=address or None, display_name=name if name and plain else None)
