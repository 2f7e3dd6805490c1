"""Who sends: an identity and one FROM address of it, as the ledger's reverse index finds the pools by them."""

from dataclasses import dataclass

from mailwarden.domain.refs.resources import ConfigurationSetRef, IdentityRef

# RFC 5321 allows 254; a key of the ledger holds the name of an identity besides.
_LONGEST = 320


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderAddress:
    """A FROM address that mail is sent from as an identity, perhaps through one configuration set only.

    ``address`` is in the one spelling that ``sender_address`` gives it.
    """

    identity: IdentityRef
    address: str
    configuration_set: str | None = None

    @property
    def arn(self) -> str:
        """A name in the form of an ARN, so that it can stand in the reverse index; AWS knows no such thing."""
        ref = self.identity
        by_set = "" if self.configuration_set is None else f"#{self.configuration_set}"
        return f"arn:{ref.partition}:mailwarden:{ref.region}:{ref.account}:sender/{ref.name}/{self.address}{by_set}"


def sender_address(
    identity: IdentityRef, address: str, *, through: ConfigurationSetRef | None = None
) -> SenderAddress | None:
    """The sender with this FROM, whatever its case and the letters of its domain; None for what SES would not take.

    SES takes 7-bit ASCII before the ``@`` and Punycode after it (SES API reference, SendEmail), so a FROM in other
    letters is compared in the form in which events show it.
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
