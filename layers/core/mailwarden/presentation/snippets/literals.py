"""Texts as string literals of the languages of sources. No character of a text can end a literal or hide in it."""

import json
import unicodedata
from itertools import zip_longest

# Control, format, private and surrogate characters, and the separators of lines and paragraphs.
_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_BASIC_PLANE = 0xFFFF


def yaml_literal(text: str) -> str:
    """A double-quoted scalar (YAML 1.2, section 7.3.1)."""
    return f'"{"".join(_escaped(character) for character in text)}"'


def hcl_literal(text: str) -> str:
    """A quoted template without templates (HCL syntax specification, "Quoted literals" and "Template literals").

    The sign that would begin a template is given by its number: a doubled one means something else after another one.
    """
    pieces = (
        f"\\u{ord(character):04x}" if character in "$%" and after == "{" else _escaped(character)
        for character, after in zip_longest(text, text[1:])
    )
    return f'"{"".join(pieces)}"'


def script_literal(text: str) -> str:
    """A string literal of TypeScript: JSON is one (ECMAScript 2019), with hidden characters by their numbers."""
    return "".join(
        character if character == " " or unicodedata.category(character) not in _HIDDEN else _units(character)
        for character in json.dumps(text, ensure_ascii=False)
    )


def _escaped(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    if unicodedata.category(character) not in _HIDDEN:
        return character
    number = ord(character)
    return f"\\u{number:04x}" if number <= _BASIC_PLANE else f"\\U{number:08x}"


def _units(character: str) -> str:
    """A character by its UTF-16 code units."""
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
