"""Reads snippets back, independently of how they are made."""

import json
import re

_HCL = re.compile(r'\\(?:(?P<short>["\\nrt])|u(?P<four>[0-9a-f]{4})|U(?P<eight>[0-9a-f]{8}))')
_SHORT = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t"}
_MEMBER = re.compile(r"  (?P<name>[a-zA-Z]+): (?P<value>\".*\"),")


def hcl_text(literal: str) -> str:
    """The value of a quoted template without templates (HCL syntax specification)."""
    assert literal[0] == literal[-1] == '"'
    inner = literal[1:-1]
    assert "${" not in inner, "a template"
    assert "%{" not in inner, "a template"
    return _HCL.sub(_character, inner)


def _character(found: re.Match[str]) -> str:
    if found["short"]:
        return _SHORT[found["short"]]
    return chr(int(found["four"] or found["eight"], 16))


def members_in(code: str, *, opened: str, closed: str) -> dict[str, str]:
    """The members of the one object literal between two lines of TypeScript; each is on a line of its own."""
    lines = code.splitlines()
    begin = lines.index(opened)
    end = lines.index(closed, begin)
    members = [_MEMBER.fullmatch(line) for line in lines[begin + 1 : end]]
    assert all(members), code
    return {member["name"]: json.loads(member["value"]) for member in members if member}
