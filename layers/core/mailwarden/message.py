"""A sentence as data: the id of its text, and its arguments.

The core decides *which* sentence is due. ``presentation/catalogue`` holds the sentences, one catalogue for each
language, and no other package makes any.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import override

type Argument = str | int | float | Message | tuple[Argument, ...]

_ID = "id"
_ARGS = "args"
_VERBATIM = "verbatim"


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


class ExplainedError(Exception):
    """An error with a message: presentation makes its sentence; ``str`` is the form that logs show."""

    def __init__(self, said: Message) -> None:
        super().__init__(said)
        self.said = said

    @override
    def __str__(self) -> str:
        return logged(self.said)


def problem_of(error: Exception) -> Message:
    """Any error as a message: its own one, or the name and the text of an error from outside."""
    if isinstance(error, ExplainedError):
        return error.said
    return verbatim(f"{type(error).__name__}: {error}")


class NotAMessage(ExplainedError, ValueError):
    """A stored document is not a message."""


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


def clipped(argument: Argument, longest: int) -> Argument:
    """The argument with at most *longest* characters of text in all, at any depth; an ellipsis marks what is left out.

    Texts from outside may be of any length, and whatever is stored or sent has a limit.
    """
    return _clipped(argument, longest)[0]


def clipped_message(said: Message, longest: int) -> Message:
    """The message with at most *longest* characters of text in its arguments."""
    return Message(id=said.id, args=tuple(_clipped_args(said, longest)[0]))


def storable(text: str, longest: int) -> str:
    """The text with at most *longest* characters, cut with an ellipsis; half a surrogate pair becomes ``?`` (UTF-8)."""
    short = text if len(text) <= longest else f"{text[: max(longest - 1, 0)]}…"
    return short if short.isascii() else short.encode("utf-8", "replace").decode("utf-8")


def _clipped(argument: Argument, room: int) -> tuple[Argument, int]:
    """The argument as far as there is room, and the room that is left."""
    match argument:
        case str():
            text = storable(argument, room)
            return text, max(room - len(text), 0)
        case Message():
            args, room = _clipped_args(argument, room)
            return Message(id=argument.id, args=tuple(args)), room
        case tuple():
            kept: list[Argument] = []
            for inner in argument:
                if room <= 0:
                    kept.append("…")
                    break
                one, room = _clipped(inner, room)
                # A number or a message without arguments takes room, too.
                room -= 1
                kept.append(one)
            return tuple(kept), room
        case _:
            return argument, room


def _clipped_args(said: Message, room: int) -> tuple[list[tuple[str, Argument]], int]:
    args: list[tuple[str, Argument]] = []
    for name, value in said.args:
        one, room = _clipped(value, room)
        args.append((name, one))
    return args, room


def logged(said: Message) -> str:
    """A message as logs show it: its id, and every text and number that is put into it.

    A text from outside is shown as it is.
    """
    if said.id == _VERBATIM:
        return " ".join(_logged(value) for _, value in said.args)
    return " ".join((said.id, *(f"{name}={_logged(value)}" for name, value in said.args)))


def _logged(argument: Argument) -> str:
    match argument:
        case Message(args=()):
            return argument.id
        case Message():
            return f"({logged(argument)})"
        case tuple():
            return f"[{', '.join(map(_logged, argument))}]"
        case _:
            return str(argument)


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
            raise NotAMessage(message("message.no-argument"))
        case str() | int() | float():
            return document
        case list():
            return tuple(argument_from_document(inner) for inner in document)
        case _:
            return message_from_document(document)


def message_from_document(document: object) -> Message:
    """Read a message back; raises NotAMessage."""
    if not isinstance(document, Mapping) or set(document) != {_ID, _ARGS}:
        raise NotAMessage(message("message.wrong-members"))
    id_, args = document[_ID], document[_ARGS]
    if not isinstance(id_, str) or not isinstance(args, Mapping):
        raise NotAMessage(message("message.wrong-types"))
    return message(id_, **{str(name): argument_from_document(inner) for name, inner in args.items()})
