"""The From header of a pool's mail, as far as the configuration determines it."""

from dataclasses import dataclass

from mailwarden.domain.mail_path.mailbox import read_mailbox
from mailwarden.domain.readings import EmailConfiguration, SenderMode
from mailwarden.domain.refs.resources import IdentityRef


@dataclass(frozen=True, slots=True, kw_only=True)
class FromHeader:
    """The bare address and the name before it, each None if unknown."""

    address: str | None
    display_name: str | None


def configured_from(email: EmailConfiguration, identity: IdentityRef) -> str | None:
    """The From of the configuration, if Cognito uses it.

    The default sender takes the address from an address identity and ignores an older From.
    """
    if email.mode is SenderMode.COGNITO_DEFAULT and identity.is_address:
        return None
    return email.from_address or None


def from_header(email: EmailConfiguration, identity: IdentityRef) -> FromHeader:
    """The From header of mail sent as *identity*.

    Without a From an address identity is itself the address (Cognito guide, "Email settings"). A name that is not plain
    ASCII reaches SES in an undocumented encoding, so it counts as unknown.
    """
    configured = configured_from(email, identity)
    if configured is None:
        return FromHeader(address=identity.name if identity.is_address else None, display_name=None)
    mailbox = read_mailbox(configured)
    if mailbox is None:
        return FromHeader(address=None, display_name=None)
    plain = mailbox.name.isascii() and "=?" not in mailbox.name
    return FromHeader(address=mailbox.address, display_name=mailbox.name if mailbox.name and plain else None)
