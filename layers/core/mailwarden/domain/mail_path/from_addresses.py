"""Sender addresses, an identity with one FROM address: keys of the ledger's reverse index to the pools."""

from dataclasses import dataclass

from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef

# RFC 5321 allows 254; a ledger key also contains the name of an identity.
_LONGEST = 320


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderAddress:
    """A FROM address of an identity, optionally for one configuration set only.

    ``address`` is normalized by ``sender_address``.
    """

    identity: IdentityRef
    address: str
    configuration_set: str | None = None

    @property
    def arn(self) -> str:
        """A key in the form of an ARN for the reverse index; AWS defines no such ARN."""
        ref = self.identity
        by_set = "" if self.configuration_set is None else f"#{self.configuration_set}"
        name = f"{ref.name.lower()}/{self.address}{by_set}"
        return f"arn:{ref.partition}:mailwarden:{ref.region}:{ref.account}:sender/{name}"


def sender_address(
    identity: IdentityRef, address: str, *, through: ConfigurationSetRef | None = None
) -> SenderAddress | None:
    """The sender with this FROM, normalized in case and domain encoding; None for a FROM that SES would refuse.

    SES accepts 7-bit ASCII before the ``@`` and Punycode after it (SES API reference, SendEmail), so a FROM in other
    letters is compared in the form that events contain.
    """
    local, _, domain = address.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    spelled = f"{local}@{ascii_domain}".lower()
    if not local or not ascii_domain or len(spelled) > _LONGEST or not _is_plain(spelled):
        return None
    return SenderAddress(
        identity=identity, address=spelled, configuration_set=None if through is None else through.name
    )


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text
