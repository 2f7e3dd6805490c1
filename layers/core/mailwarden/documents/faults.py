"""The messages about what is wrong with a document from outside; its values are shown short and flat."""

from collections.abc import Iterable, Mapping

from mailwarden.message import Argument, Message, message

_SHOWN = 60


def wrong(member: str, value: object, expected: Argument) -> Message:
    """The message that a member has the wrong value; *value* comes from outside and is shown short and flat."""
    return message("document.wrong", member=member, value=shown(value), expected=expected)


def missing(member: str) -> Message:
    """The message that a member is not there."""
    return message("document.missing", member=member)


def at(member: str, problem: Message) -> Message:
    """The message about a *problem* of a member."""
    return message("document.at", member=member, problem=problem)


def one_of(choices: Iterable[str]) -> Message:
    """The expected value, as an argument of ``wrong``: one of some words."""
    return message("expected.one-of", choices=tuple(choices))


def shown(value: object, longest: int = _SHOWN) -> Argument:
    """Short and flat: the value comes from outside and ends in a log line and before operators."""
    match value:
        case Mapping():
            return message("shown.object")
        case list():
            return message("shown.list")
        case _:
            text = repr(value)
            return text if len(text) <= longest else f"{text[:longest]}…"
