"""Reads from an invalid settings document what it forbids: an operator who stops repairs in a hurry makes mistakes.

It can only lower what is allowed. Nothing is parsed: the document may not be JSON, may name a member twice, or misspell
its name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mailwarden.domain.repair.limits import RepairMode, RuleMode
from mailwarden.settings.operator_settings import lower, lower_rule_mode

_REPAIR_MODE = re.compile(r"""repair[-_ ]?mode["'\s]*[:=]["'\s]*(\w*)""", re.IGNORECASE)
_RULE_MODE = re.compile(r"""\b(MW[1-9][0-9]{2})["'\s]*[:=]["'\s]*(off|report|repair)\b""", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbidden:
    """The recognizable part of an invalid document; ``repair_mode`` is None if the document does not mention one."""

    repair_mode: RepairMode | None
    rule_modes: Mapping[str, RuleMode]


def forbidden_by(text: str) -> Forbidden:
    """The repair mode and the rules' modes in *text*, the lowest if there are several.

    An unknown repair mode counts as off.
    """
    mode: RepairMode | None = None
    for found in _REPAIR_MODE.finditer(text):
        value = found[1].lower()
        mode = lower(RepairMode(value) if value in set(RepairMode) else RepairMode.OFF, mode)
    rules: dict[str, RuleMode] = {}
    for found in _RULE_MODE.finditer(text):
        rule = found[1].upper()
        rules[rule] = lower_rule_mode(RuleMode(found[2].lower()), rules.get(rule))
    return Forbidden(repair_mode=mode, rule_modes=rules)
