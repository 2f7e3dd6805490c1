"""Reads members as every question and order may have them; raises MalformedDocument with the reason."""

from collections.abc import Collection

from mailwarden.documents.faults import shown, wrong
from mailwarden.documents.reader import MalformedDocument, Members
from mailwarden.message import message

# Of the unknown members; the caller chose their number.
_MOST_NAMED = 10


def require_known(members: Members, known: Collection[str]) -> None:
    """Refuse members with other names than the *known* ones: a misspelled one would be ignored."""
    unknown = sorted(members.values.keys() - set(known))
    if unknown:
        named = tuple(map(shown, unknown[:_MOST_NAMED]))
        raise MalformedDocument(message("question.unknown-members", member=members.where, unknown=named))


def number_in(members: Members, name: str, *, default: int, least: int = 1, most: int) -> int:
    """A number from *least* to *most*; *default* if it is left out."""
    number = members.number(name) if members.has(name) else default
    if not least <= number <= most:
        raise MalformedDocument(
            wrong(f"{members.where}.{name}", number, message("expected.from-to", least=least, most=most))
        )
    return number
