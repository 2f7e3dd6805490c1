"""Makes text from outside fit to be shown: one line, no hidden characters, no e-mail address that is nobody's business.

Identities and the FROM of a pool are configuration, not recipients, and operators need them to act: the caller names
them in *keep*.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.readings import EmailConfiguration
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.resources import IdentityRef
from mailwarden.masking import addresses_in, identities_named_in, masked
from mailwarden.message import Argument, Message
from mailwarden.visible_text import on_lines, on_one_line

# Arguments of messages, and observed values, that hold the pool's own FROM or REPLY-TO, or an identity.
_SENDERS = frozenset({"address", "encoded", "from", "identity", "reply-to"})
# Of a call, in characters.
_NAME, _CAUSE = 128, 300
# Members of an EmailConfiguration, a NotifyConfiguration and a policy with the sender: configuration, not a recipient.
SENDER_MEMBERS = frozenset({"From", "ReplyTo", "ReplyToEmailAddress", "ses:FromAddress"})


def masked_argument(argument: Argument, *, keep: Iterable[str] = ()) -> Argument:
    """An argument with every address in it masked as in ``masked``; addresses in the catalogue's texts are examples."""
    return _masked(argument, frozenset(keep))


def _masked(argument: Argument, kept: frozenset[str]) -> Argument:
    match argument:
        case str():
            return masked(argument, keep=kept)
        case Message(args=()):
            return argument
        case Message(id=id_, args=args):
            return Message(id=id_, args=tuple([(name, _masked(inner, kept)) for name, inner in args]))
        case tuple():
            return tuple([_masked(inner, kept) for inner in argument])
        case _:
            return argument


def configured_in(finding: Finding) -> frozenset[str]:
    """Every address in a finding that is configuration: identities, and the FROM and REPLY-TO of the pool."""
    found = {*identities_named_in(finding.subject.arn)}
    if isinstance(finding.subject, IdentityRef):
        found.add(finding.subject.name)
    for said in (finding.message, finding.why, finding.remediation, finding.evidence):
        _add_senders(said, found, within_sender=False)
        _add_identities(said, found)
    return frozenset(found)


def sender_addresses(said: Argument | Mapping[str, Argument]) -> frozenset[str]:
    """The identities, FROM and REPLY-TO addresses in a message or in observed values: configuration, not recipients."""
    found: set[str] = set()
    _add_senders(said, found, within_sender=False)
    return frozenset(found)


def _add_senders(said: Argument | Mapping[str, Argument], found: set[str], *, within_sender: bool) -> None:
    match said:
        case str():
            if within_sender:
                found.update(addresses_in(said))
        case Message(args=args):
            for name, inner in args:
                _add_senders(inner, found, within_sender=within_sender or name in _SENDERS)
        case tuple():
            for inner in said:
                _add_senders(inner, found, within_sender=within_sender)
        case Mapping():
            for name, inner in said.items():
                _add_senders(inner, found, within_sender=within_sender or name in _SENDERS)
        case _:
            return


def _add_identities(said: Argument | Mapping[str, Argument], found: set[str]) -> None:
    match said:
        case str():
            found.update(identities_named_in(said))
        case Message(args=args):
            for _, inner in args:
                _add_identities(inner, found)
        case tuple():
            for inner in said:
                _add_identities(inner, found)
        case Mapping():
            for inner in said.values():
                _add_identities(inner, found)
        case _:
            return


def senders_of(email: EmailConfiguration | None) -> frozenset[str]:
    """The addresses that a pool sends as: configuration, and no recipients."""
    if email is None:
        return frozenset()
    said = [value for value in (email.from_address, email.reply_to) if value is not None]
    return frozenset(map(address_of, said)) | identities_named_in(email.source_arn or "")


def address_of(sender: str) -> str:
    """The address of a sender that is written with or without a name: ``Shop <no-reply@shop.example>``."""
    return sender.rpartition("<")[2].rstrip(">").strip()


def one_line(text: str, longest: int) -> str:
    """The text on one line, without control and direction characters, cut to *longest* characters."""
    return clipped(on_one_line(text), longest)


def lines(text: str) -> str:
    """The text with its line breaks, without any other control and direction characters."""
    return on_lines(text)


def clipped(text: str, longest: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def shown_cause(cause: Cause) -> Cause:
    """A call with every text bounded and masked."""
    return replace(
        cause,
        event_name=one_line(masked(cause.event_name), _NAME),
        event_id=one_line(masked(cause.event_id), _NAME),
        actor=one_line(masked(cause.actor), _CAUSE),
        user_agent=one_line(masked(cause.user_agent), _CAUSE),
        region=one_line(cause.region, _NAME),
    )
