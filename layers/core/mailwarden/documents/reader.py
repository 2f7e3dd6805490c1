"""Reads JSON documents: strictly where we wrote them, leniently where others did.

``Members`` raises MalformedDocument, which names the member and what is wrong with it. The functions ``…_in`` are for
documents of AWS that are hardly described: a member that is missing or of another type counts as not there.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Self

from mailwarden.documents.faults import at, missing, one_of, shown, wrong
from mailwarden.message import (
    Argument,
    ExplainedError,
    Message,
    NotAMessage,
    argument_from_document,
    message,
    message_from_document,
    verbatim,
)

type JsonObject = Mapping[str, object]
type JsonDocument = dict[str, object]


class MalformedDocument(ExplainedError, ValueError):
    """A document is not what it should be; the message names the member and what is wrong with it."""


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
            raise MalformedDocument(wrong(where, value, message("expected.object")))
        return cls(where=where, values=value)

    def has(self, name: str) -> bool:
        """Whether the member is present and not null."""
        return self.values.get(name) is not None

    def text(self, name: str) -> str:
        """A text."""
        value = self.values.get(name)
        if not isinstance(value, str):
            raise self._wrong(name, message("expected.text"))
        return value

    def optional_text(self, name: str) -> str | None:
        """A text or None."""
        return self.text(name) if self.has(name) else None

    def number(self, name: str) -> int:
        """An integer."""
        value = self.values.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(name, message("expected.whole-number"))
        return value

    def optional_number(self, name: str) -> int | None:
        """An integer or None."""
        return self.number(name) if self.has(name) else None

    def quantity(self, name: str) -> float:
        """A number, whole or not."""
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._wrong(name, message("expected.number"))
        return float(value)

    def optional_quantity(self, name: str) -> float | None:
        """A number or None."""
        return self.quantity(name) if self.has(name) else None

    def truth(self, name: str) -> bool:
        """True or false; one of them has to be there."""
        value = self.values.get(name)
        if not isinstance(value, bool):
            raise self._wrong(name, message("expected.truth"))
        return value

    def flag(self, name: str) -> bool:
        """Whether the member is true; a missing or null member is false."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(name, message("expected.truth"))
        return value is True

    def time(self, name: str) -> datetime:
        """A time, written in ISO 8601 with its offset."""
        try:
            return time_from_text(self.text(name))
        except MalformedDocument as error:
            raise self._wrong(name, message("expected.time")) from error

    def optional_time(self, name: str) -> datetime | None:
        """A time or None."""
        return self.time(name) if self.has(name) else None

    def choice[E: StrEnum](self, name: str, choices: type[E]) -> E:
        """One of the values of an enumeration."""
        value = self.text(name)
        try:
            return choices(value)
        except ValueError as error:
            raise self._wrong(name, one_of(choices)) from error

    def one_of[V](self, name: str, choices: Mapping[str, V]) -> V:
        """One of some values, by the word it is written with."""
        word = self.text(name)
        if word not in choices:
            raise self._wrong(name, one_of(choices))
        return choices[word]

    def optional_choice[E: StrEnum](self, name: str, choices: type[E]) -> E | None:
        """One of the values of an enumeration, or None."""
        return self.choice(name, choices) if self.has(name) else None

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
            raise self._wrong(name, message("expected.texts"))
        return texts

    def texts_by_name(self, name: str) -> dict[str, str]:
        """An object whose members are all texts."""
        inner = self.members(name)
        return {key: inner.text(key) for key in inner.values}

    def optional_texts_by_name(self, name: str) -> dict[str, str | None]:
        """An object whose members are texts or null."""
        inner = self.members(name)
        return {key: inner.optional_text(key) for key in inner.values}

    def numbers_by_name(self, name: str) -> dict[str, int]:
        """An object whose members are all integers."""
        inner = self.members(name)
        return {key: inner.number(key) for key in inner.values}

    def numbers_by_day(self, name: str) -> dict[date, dict[str, int]]:
        """An object with a member for each day, each of them an object whose members are whole numbers."""
        days = self.members(name)
        return {_day(day, days.where): days.numbers_by_name(day) for day in days.values}

    def optional_day(self, name: str) -> date | None:
        """A day, written as in 2026-03-02, or None."""
        text = self.optional_text(name)
        return None if text is None else _day(text, f"{self.where}.{name}")

    def message(self, name: str) -> Message:
        """A message; a sentence that an earlier version stored as a text is shown as it is."""
        value = self.values.get(name)
        if isinstance(value, str):
            return verbatim(value)
        try:
            return message_from_document(value)
        except NotAMessage as error:
            raise MalformedDocument(at(f"{self.where}.{name}", error.said)) from error

    def optional_message(self, name: str) -> Message | None:
        """A message, or None."""
        return self.message(name) if self.has(name) else None

    def arguments_by_name(self, name: str) -> dict[str, Argument]:
        """An object whose members are texts, numbers, messages or lists of these."""
        inner = self.members(name)
        try:
            return {key: argument_from_document(value) for key, value in inner.values.items()}
        except NotAMessage as error:
            raise MalformedDocument(at(inner.where, error.said)) from error

    def _list(self, name: str) -> list[object]:
        value = self.values.get(name)
        if not isinstance(value, list):
            raise self._wrong(name, message("expected.list"))
        return value

    def _wrong(self, name: str, expected: Message) -> MalformedDocument:
        member = f"{self.where}.{name}"
        if name not in self.values:
            return MalformedDocument(missing(member))
        return MalformedDocument(wrong(member, self.values[name], expected))


def _day(text: str, member: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise MalformedDocument(wrong(member, text, message("expected.day"))) from error


def time_from_text(text: str) -> datetime:
    """Read an ISO 8601 time with its offset; raises MalformedDocument."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise MalformedDocument(message("document.not-a-time", value=shown(text))) from error
    if at.tzinfo is None:
        raise MalformedDocument(message("document.no-offset", value=shown(text)))
    return at


def json_from_text(text: str, *, where: str) -> object:
    """Parse a JSON text; raises MalformedDocument."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise MalformedDocument(message("document.too-deep", document=where)) from error
    except ValueError as error:
        raise MalformedDocument(message("document.not-json", document=where, error=verbatim(str(error)))) from error


def canonical_json(document: object) -> str:
    """The one spelling of a JSON document: sorted keys, no spaces."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(document: object) -> str:
    """The SHA-256 of a JSON document in its one spelling, in 64 hexadecimal digits; any text has one."""
    return hashlib.sha256(canonical_json(document).encode(errors="surrogatepass")).hexdigest()


def canonical_text(text: str | None) -> str | None:
    """A JSON text in its one spelling: texts of the same meaning are equal. A text that is not JSON stays as it is."""
    if text is None:
        return None
    try:
        return canonical_json(json_from_text(text, where="text"))
    except MalformedDocument:
        return text


def object_in(values: JsonObject, name: str) -> JsonObject:
    """An object, which is empty if it is not there."""
    value = values.get(name)
    return value if isinstance(value, dict) else {}


def text_in(values: JsonObject, name: str) -> str | None:
    """A text that is not empty."""
    value = values.get(name)
    return value if isinstance(value, str) and value else None


def first_text_in(values: JsonObject, name: str) -> str | None:
    """The first text of a list, or the text itself."""
    value = values.get(name)
    first = value[0] if isinstance(value, list) and value else value
    return first if isinstance(first, str) and first else None


def time_in(values: JsonObject, name: str) -> datetime | None:
    """A time in UTC, written in ISO 8601 with its offset."""
    value = text_in(values, name)
    if value is None:
        return None
    try:
        return time_from_text(value).astimezone(UTC)
    except (MalformedDocument, OverflowError):
        return None
