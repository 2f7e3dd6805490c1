"""Reads the members of a document from outside; each error names its place in one sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from mailwarden.domain.refs.resources import NotASubject, Subject, subject_from_arn
from mailwarden.domain.repair.change_documents import MalformedDocument, time_from_text
from mailwarden.message import Argument, Message, NotAMessage, argument_from_document, message_from_document

_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """The members of one object; ``where`` names it in errors. Members that are not read are ignored.

    Every method raises MalformedDocument for a missing or malformed member; the ``optional_…`` methods return None for
    a missing or null member.
    """

    where: str
    values: Mapping[str, object]

    @classmethod
    def of(cls, value: object, *, where: str) -> Self:
        """The members of *value*; raises MalformedDocument if it is not an object."""
        if not isinstance(value, Mapping):
            raise MalformedDocument(f"{where} is {_shown(value)}, not an object")
        return cls(where=where, values=value)

    def has(self, name: str) -> bool:
        """Whether the member is present and not null."""
        return self.values.get(name) is not None

    def text(self, name: str) -> str:
        """A text."""
        value = self.values.get(name)
        if not isinstance(value, str):
            raise self._wrong(name, "a text")
        return value

    def optional_text(self, name: str) -> str | None:
        """A text or None."""
        return self.text(name) if self.has(name) else None

    def number(self, name: str) -> int:
        """An integer."""
        value = self.values.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(name, "a whole number")
        return value

    def flag(self, name: str) -> bool:
        """Whether the member is true; a missing or null member is false."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value is True

    def time(self, name: str) -> datetime:
        """A time, written in ISO 8601 with its offset."""
        try:
            return time_from_text(self.text(name))
        except MalformedDocument as error:
            raise self._wrong(name, "an ISO 8601 time with its offset from UTC") from error

    def choice[E: StrEnum](self, name: str, choices: type[E]) -> E:
        """One of the values of an enumeration."""
        value = self.text(name)
        try:
            return choices(value)
        except ValueError as error:
            raise self._wrong(name, f"one of {', '.join(choices)}") from error

    def optional_choice[E: StrEnum](self, name: str, choices: type[E]) -> E | None:
        """One of the values of an enumeration, or None."""
        return self.choice(name, choices) if self.has(name) else None

    def subject(self, name: str) -> Subject:
        """A subject, by its ARN."""
        arn = self.text(name)
        try:
            return subject_from_arn(arn)
        except NotASubject as error:
            raise MalformedDocument(f"{self.where}.{name}: {error}") from error

    def members(self, name: str) -> Self:
        """An object inside this one."""
        return self.of(self.values.get(name), where=f"{self.where}.{name}")

    def optional_members(self, name: str) -> Self | None:
        """An object inside this one, or None."""
        return self.members(name) if self.has(name) else None

    def list_of_members(self, name: str) -> tuple[Self, ...]:
        """A list of objects."""
        return tuple(
            self.of(value, where=f"{self.where}.{name}[{place}]") for place, value in enumerate(self._list(name))
        )

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self._list(name)
        texts = tuple(value for value in values if isinstance(value, str))
        if len(texts) != len(values):
            raise self._wrong(name, "a list of texts")
        return texts

    def texts_by_name(self, name: str) -> dict[str, str]:
        """An object whose members are all texts."""
        inner = self.members(name)
        return {key: inner.text(key) for key in inner.values}

    def numbers_by_name(self, name: str) -> dict[str, int]:
        """An object whose members are all integers."""
        inner = self.members(name)
        return {key: inner.number(key) for key in inner.values}

    def message(self, name: str) -> Message:
        """A message for people."""
        try:
            return message_from_document(self.values.get(name))
        except NotAMessage as error:
            raise MalformedDocument(f"{self.where}.{name}: {error}") from error

    def optional_message(self, name: str) -> Message | None:
        """A message for people, or None."""
        return self.message(name) if self.has(name) else None

    def arguments_by_name(self, name: str) -> dict[str, Argument]:
        """An object whose members are texts, numbers, messages or lists of these."""
        inner = self.members(name)
        try:
            return {key: argument_from_document(value) for key, value in inner.values.items()}
        except NotAMessage as error:
            raise MalformedDocument(f"{inner.where}: {error}") from error

    def _list(self, name: str) -> list[object]:
        value = self.values.get(name)
        if not isinstance(value, list):
            raise self._wrong(name, "a list")
        return value

    def _wrong(self, name: str, expected: str) -> MalformedDocument:
        if name not in self.values:
            return MalformedDocument(f"{self.where}.{name} is missing")
        return MalformedDocument(f"{self.where}.{name} is {_shown(self.values[name])}, not {expected}")


def _shown(value: object) -> str:
    """The value, short and on one line: it comes from outside and ends in a log line."""
    if isinstance(value, Mapping | list):
        return "an object" if isinstance(value, Mapping) else "a list"
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
