"""Reads from an invalid settings document which rules it forbids: an operator in a hurry makes mistakes.

While a document is invalid nothing is written, so that its repair mode does not matter. Its mode of a rule counts only
where it lowers what the rule may do, and never for the rule that reports the invalid document.
"""

import json
import re
from collections.abc import Iterator, Mapping

from mailwarden.domain.repair.limits import RuleMode
from mailwarden.settings.operator_settings import lower_rule_mode
from mailwarden.settings.schema import rule_ids

REPORTING_RULE = "MW904"

_MEMBER = "rules"
_MEMBER_BEGINS = re.compile(rf"""\b{_MEMBER}\b["']?[ \t]*[:=][ \t]*(\{{?)""", re.IGNORECASE)
_END_OF_INDENTATION = re.compile(r"\n(?=\S)")
_RULE_MODE = re.compile(r"""\b(MW[1-9][0-9]{2})\b["'\s]*[:=]["'\s]*(off|report|repair)\b""", re.IGNORECASE)


class _Members(list[tuple[str, object]]):
    """The members of a JSON object, all of those with the same name."""


def forbidden_by(text: str) -> Mapping[str, RuleMode]:
    """The modes of rules in *text*, the lowest if there are several; rules of this release only."""
    known = rule_ids() - {REPORTING_RULE}
    modes: dict[str, RuleMode] = {}
    for name, value in _modes_in(text):
        rule, mode = name.upper(), value.lower()
        if rule in known and mode in set(RuleMode):
            modes[rule] = lower_rule_mode(RuleMode(mode), modes.get(rule))
    return modes


def _modes_in(text: str) -> Iterator[tuple[str, str]]:
    """The modes in the member ``rules``; the document may not be JSON, name a member twice, or misspell its name."""
    try:
        document = json.loads(text.lstrip("\ufeff"), object_pairs_hook=_Members)
    except (ValueError, RecursionError):
        yield from _modes_in_any(text)
        return
    for name, member in document if isinstance(document, _Members) else ():
        if name.lower() == _MEMBER and isinstance(member, _Members):
            yield from ((rule, mode) for rule, mode in member if isinstance(mode, str))


def _modes_in_any(text: str) -> Iterator[tuple[str, str]]:
    begins = _MEMBER_BEGINS.search(text)
    while begins is not None:
        end = _end_of_member(text, begins.end(), in_braces=bool(begins[1]))
        yield from ((found[1], found[2]) for found in _RULE_MODE.finditer(text, begins.end(), end))
        begins = _MEMBER_BEGINS.search(text, end)


def _end_of_member(text: str, begin: int, *, in_braces: bool) -> int:
    """Up to the brace that ends the object, or as far as lines are indented (YAML)."""
    if in_braces:
        end = text.find("}", begin)
        return len(text) if end < 0 else end
    dedented = _END_OF_INDENTATION.search(text, begin)
    return len(text) if dedented is None else dedented.end()
