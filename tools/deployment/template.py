"""Reads the parameters of a template, and refuses wrong values before anything is sent to AWS."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


class WrongParameter(Exception):
    """A parameter does not exist or does not take the value; the message names both and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a template, as the template declares it."""

    name: str
    description: str
    default: str | None
    allowed: tuple[str, ...]
    pattern: str | None
    least: float | None
    most: float | None
    is_number: bool

    def check(self, value: str) -> None:
        """Raise WrongParameter if CloudFormation would refuse the value."""
        if self.allowed and value not in self.allowed:
            raise WrongParameter(f"{self.name} must be one of {', '.join(self.allowed)}, not {value!r}")
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise WrongParameter(f"{self.name} does not take {value!r}. {self.description}")
        if self.is_number:
            self._check_number(value)

    def _check_number(self, value: str) -> None:
        try:
            number = float(value)
        except ValueError:
            raise WrongParameter(f"{self.name} must be a number, not {value!r}") from None
        if (self.least is not None and number < self.least) or (self.most is not None and number > self.most):
            most = "" if self.most is None else f" and at most {self.most:g}"
            raise WrongParameter(f"{self.name} must be at least {self.least or 0:g}{most}, not {value}")


class _Loader(yaml.SafeLoader):
    """A loader that reads the short forms of intrinsic functions as nothing."""


_Loader.add_multi_constructor("!", lambda *_: None)


def parameters_of(template: str | Path) -> Mapping[str, Parameter]:
    """The parameters of a template (its text or its file), in the order of the template."""
    text = template.read_text(encoding="utf-8") if isinstance(template, Path) else template
    document = yaml.load(text, Loader=_Loader)  # noqa: S506 - a subclass of SafeLoader
    return {name: _parameter(name, each) for name, each in (document.get("Parameters") or {}).items()}


def _parameter(name: str, declared: Mapping[str, Any]) -> Parameter:
    default = declared.get("Default")
    return Parameter(
        name=name,
        description=str(declared.get("Description", "")).strip(),
        default=None if default is None else str(default),
        allowed=tuple(map(str, declared.get("AllowedValues", ()))),
        pattern=declared.get("AllowedPattern"),
        least=declared.get("MinValue"),
        most=declared.get("MaxValue"),
        is_number=declared.get("Type") == "Number",
    )


def complete(given: Mapping[str, str], declared: Mapping[str, Parameter]) -> Mapping[str, str]:
    """A value for every parameter: the given one or the template's default.

    Nothing is left out, because CloudFormation keeps the former value of a parameter that an update leaves out: a
    setting that was taken out of the file would stay in effect, and a changed default would not reach a stack.

    Raises:
        WrongParameter: A name is unknown, a value is refused, or one without a default is missing.
    """
    for name in given:
        if name not in declared:
            close = difflib.get_close_matches(name, declared, n=1, cutoff=0.5)
            raise WrongParameter(f"there is no parameter {name}" + (f"; did you mean {close[0]}?" if close else ""))
    values = {name: given.get(name, each.default) for name, each in declared.items()}
    if missing := [name for name, value in values.items() if value is None]:
        raise WrongParameter(f"{' and '.join(missing)} must be given: they have no default")
    whole = {name: str(value) for name, value in values.items()}
    for name, value in whole.items():
        declared[name].check(value)
    return whole
