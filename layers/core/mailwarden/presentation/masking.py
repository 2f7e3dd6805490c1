"""Makes text from outside fit to be shown: one line, no hidden characters, no e-mail address that is nobody's business.

What is masked: every address, except the names of identities (operators need them to act, and an identity is
configuration, not a recipient) and what the caller names in *keep*, such as the FROM of a pool.
``jane.doe@corp.example`` becomes ``j***@corp.example``: enough to know whom to ask, too little to write to them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from mailwarden.message import Argument, Message

# Wider than RFC 5321 on purpose: any word with an @ in it might be an address. Words end where they end in ARNs, URLs,
# JSON and prose. Looking for words first keeps the time linear in the length of a text that somebody else chose.
_WORD = re.compile(r"""[^\s<>"'(),:;\[\]{}\\/|`]+""")
_IDENTITY_ARN = re.compile(r"""arn:[a-z-]+:ses:[a-z0-9*-]*:[0-9]*:identity/([^\s"',;\\]+)""")
# Arguments of messages, and observed values, that hold the pool's own FROM or REPLY-TO.
_SENDERS = frozenset({"address", "encoded", "from", "reply-to"})
_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


def masked(text: str, *, keep: Iterable[str] = ()) -> str:
    """The text with every address masked, except identities named by ARN and those in *keep*."""
    kept = {address.lower() for address in keep}
    identities = {match.start(1) for match in _IDENTITY_ARN.finditer(text)}

    def mask(word: re.Match[str]) -> str:
        local, at, domain = word[0].rpartition("@")
        last = domain.rstrip(".").rpartition(".")[2]
        # "aws-sdk@3.525.0" is a version.
        if not at or not local or not re.search(r"\D", last) or word.start() in identities:
            return word[0]
        if word[0].rstrip(".").lower() in kept:
            return word[0]
        return f"{local[0] if len(local) > 1 else ''}***@{domain}"

    return _WORD.sub(mask, text)


def masked_argument(argument: Argument, *, keep: Iterable[str] = ()) -> Argument:
    """An argument with every address in it masked as in ``masked``; addresses in the catalogue's texts are examples."""
    kept = frozenset(keep)
    match argument:
        case str():
            return masked(argument, keep=kept)
        case Message(id=id_, args=args):
            return Message(id=id_, args=tuple((name, masked_argument(inner, keep=kept)) for name, inner in args))
        case tuple():
            return tuple(masked_argument(inner, keep=kept) for inner in argument)
        case _:
            return argument


def sender_addresses(said: Argument | Mapping[str, Argument]) -> frozenset[str]:
    """The FROM and REPLY-TO addresses of a pool in a message or in observed values: configuration, not a recipient."""
    return frozenset(_senders_in(said, within_sender=False))


def _senders_in(said: Argument | Mapping[str, Argument], *, within_sender: bool) -> Iterator[str]:
    match said:
        case str() if within_sender:
            yield from (word.rstrip(".") for word in _WORD.findall(said) if "@" in word)
        case Message(args=args):
            for name, inner in args:
                yield from _senders_in(inner, within_sender=within_sender or name in _SENDERS)
        case tuple():
            for inner in said:
                yield from _senders_in(inner, within_sender=within_sender)
        case Mapping():
            for name, inner in said.items():
                yield from _senders_in(inner, within_sender=within_sender or name in _SENDERS)
        case _:
            return


def identities_named_in(text: str) -> frozenset[str]:
    """The names of the identities whose ARNs stand in a text."""
    return frozenset(match[1] for match in _IDENTITY_ARN.finditer(text))


def one_line(text: str, longest: int) -> str:
    """The text on one line, without control and direction characters, cut to *longest* characters."""
    return clipped(" ".join(_visible(text, keep="").split()), longest)


def lines(text: str) -> str:
    """The text with its line breaks, without any other control and direction characters."""
    return _visible(text, keep="\n")


def clipped(text: str, longest: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _visible(text: str, *, keep: str) -> str:
    return "".join(
        character if character in keep or unicodedata.category(character) not in _HIDDEN else " " for character in text
    )
