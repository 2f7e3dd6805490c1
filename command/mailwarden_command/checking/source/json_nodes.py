"""Reads JSON without recursion, with the place of every value; the parser of Python has none."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined] # it is not in the stubs

from mailwarden_command.checking.source.nodes import Node, NotReadable, Place, Scalar, Tree

_SPACE = re.compile(r"[ \t\n\r]*")
_WORD = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


def json_tree(text: str) -> Node:
    """The tree of the one value in *text*; raises NotReadable."""
    return _Reader(text=text, starts=[0, *(found.end() for found in re.finditer("\n", text))]).read()


@dataclass(slots=True)
class _Reader:
    text: str
    starts: list[int]
    at: int = 0
    tree: Tree = field(default_factory=Tree)
    closing: list[str] = field(default_factory=list)

    def read(self) -> Node:
        self._value()
        while self.closing:
            self._after_a_value()
        self._skip()
        if self.at < len(self.text):
            raise self._wrong("the end of the file")
        if self.tree.root is None:
            raise NotReadable("it is empty")
        return self.tree.root

    def _value(self) -> None:
        """One scalar, or the beginning of a collection up to its first value."""
        while True:
            self._skip()
            sign = self.text[self.at : self.at + 1]
            if sign not in {"{", "["}:
                return self._scalar(sign)
            self.tree.opened(self._place(), is_object=sign == "{")
            self.closing.append("}" if sign == "{" else "]")
            self.at += 1
            self._skip()
            if self._is_at(self.closing[-1]):
                return self._close()
            if sign == "{":
                self._key()

    def _after_a_value(self) -> None:
        self._skip()
        if self._is_at(self.closing[-1]):
            self._close()
            return
        if not self._is_at(","):
            raise self._wrong(f"a comma or {self.closing[-1]}")
        self.at += 1
        if self.closing[-1] == "}":
            self._key()
        self._value()

    def _scalar(self, sign: str) -> None:
        place = self._place()
        if sign == '"':
            self.tree.put(Scalar(place=place, value=self._string()))
            return
        found = _WORD.match(self.text, self.at)
        if found is None:
            raise self._wrong("a value")
        self.at = found.end()
        word = found[0]
        self.tree.put(Scalar(place=place, value=_WORDS.get(word, word)))

    def _key(self) -> None:
        self._skip()
        if not self._is_at('"'):
            raise self._wrong("a key in double quotes")
        place = self._place()
        name = self._string()
        self.tree.key(place, name)
        self._skip()
        if not self._is_at(":"):
            raise self._wrong("a colon")
        self.at += 1

    def _string(self) -> str:
        try:
            text, self.at = scanstring(self.text, self.at + 1, True)  # noqa: FBT003 - it takes no keywords
        except JSONDecodeError as error:
            raise NotReadable(f"it is no JSON: {error.msg}", Place(line=error.lineno, column=error.colno)) from None
        return str(text)

    def _close(self) -> None:
        self.at += 1
        self.closing.pop()
        self.tree.closed()

    def _skip(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = self.at if found is None else found.end()

    def _is_at(self, sign: str) -> bool:
        return self.text.startswith(sign, self.at)

    def _place(self) -> Place:
        line = bisect_right(self.starts, self.at)
        return Place(line=line, column=self.at - self.starts[line - 1] + 1)

    def _wrong(self, expected: str) -> NotReadable:
        return NotReadable(f"it is no JSON: expected {expected}", self._place())
