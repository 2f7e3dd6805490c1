"""A sentence as data: the id of its text, and its arguments.

The core decides *which* sentence is due. ``presentation/catalogue`` holds the sentences, one catalogue for each
language, and no other package makes any.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

type Argument = str | int | float | Message | tuple[Argument, ...]

_ID = "id"
_ARGS = "args"
_VERBATIM = "verbatim"


class NotAMessage(ValueError):
    """A stored document is not a message; the text names the error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Which text of the catalogue, and its arguments, ordered by name so that equal messages are equal values."""

    id: str
    args: tuple[tuple[str, Argument], ...] = ()


def message(id_: str, /, **args: Argument) -> Message:
    """The message *id_* with *args* put into it."""
    return Message(id=id_, args=tuple(sorted(args.items())))


def verbatim(text: str) -> Message:
    """A text that comes from outside, such as an error of AWS, and that no language translates."""
    return message(_VERBATIM, text=text)


def texts_in(argument: Argument) -> Iterator[str]:
    """Every text that is put into a message, at any depth."""
    match argument:
        case str():
            yield argument
        case Message(args=args):
            for _, inner in args:
                yield from texts_in(inner)
        case tuple():
            for inner in argument:
                yield from texts_in(inner)
        case _:
            pass


def logged(said: Message) -> str:
    """A message as logs show it: its id, and every text and number that is put into it."""
    return " ".join((said.id, *(f"{name}={argument_document(value)}" for name, value in said.args)))


def argument_document(argument: Argument) -> object:
    """An argument as JSON: a text or a number as it is, a message as an object, several as a list."""
    match argument:
        case Message(id=id_, args=args):
            return {_ID: id_, _ARGS: {name: argument_document(inner) for name, inner in args}}
        case tuple():
            return [argument_document(inner) for inner in argument]
        case _:
            return argument


def argument_from_document(document: object) -> Argument:
    """Read an argument back; raises NotAMessage."""
    match document:
        case bool():
            raise NotAMessage("true and false are no arguments of a message")
        case str() | int() | float():
            return document
        case list():
            return tuple(argument_from_document(inner) for inner in document)
        case _:
            return message_from_document(document)


def message_from_document(document: object) -> Message:
    """Read a message back; raises NotAMessage."""
    if not isinstance(document, Mapping) or set(document) != {_ID, _ARGS}:
        raise NotAMessage("a message is an object with the members id and args")
    id_, args = document[_ID], document[_ARGS]
    if not isinstance(id_, str) or not isinstance(args, Mapping):
        raise NotAMessage("a message has a text as its id and an object as its args")
    return message(id_, **{str(name): argument_from_document(inner) for name, inner in args.items()})
