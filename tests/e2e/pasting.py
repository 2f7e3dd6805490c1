"""The commands of pages and alerts, as a reader pastes them, with the places for names filled in."""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import ListShape, ServiceModel, Shape, StructureShape

from mailwarden.presentation.advice import advice_of_finding
from mailwarden.presentation.catalogue.languages import ENGLISH
from tests.e2e.box import Json
from tests.texts import english
from tests.unit.presentation.alerts_of_rules import every_finding
from tools.orders.set_sender import REMOVED, VARIABLES

PAGES = Path(__file__).parents[2] / "docs" / "rules"
_ADVICE = re.compile(r"^## What to do\n(.*?)^## ", re.MULTILINE | re.DOTALL)
_FENCED = re.compile(r"^ *```\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`((?:aws|make) [^`]+)`")
_FLAGS = {"DEFAULT": "default", "ALTHOUGH_WORSE": "although_worse", "APPLY": "apply"}
PLACE = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """A command, and the page or the rule of the alert that shows it."""

    place: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.place}: {' '.join(self.words)}"

    @property
    def operation(self) -> str:
        """The operation of a command of the AWS CLI; empty if there is none."""
        return ([*_operands(list(self.words[1:])), "", ""][1]) if self.words[0] == "aws" else ""

    @property
    def variables(self) -> dict[str, str]:
        """The variables of a target of the Makefile."""
        return dict(word.split("=", 1) for word in self.words if "=" in word)


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsCall:
    """The call that a command of the AWS CLI makes."""

    service: str
    operation: str
    arguments: Json

    @property
    def method(self) -> str:
        """The method of a client."""
        return xform_name(self.operation)


def commands() -> Iterator[Pasted]:
    """Every command of the advice of pages and alerts, each once."""
    texts = [(page.stem, _ADVICE.findall(page.read_text(encoding="utf-8"))) for page in sorted(PAGES.glob("MW*.md"))]
    texts += [(finding.rule_id, [english(advice_of_finding(finding, ENGLISH))]) for finding in every_finding()]
    seen = set()
    for place, advice in texts:
        for text in advice:
            for found in (*_FENCED.findall(text), *_INLINE.findall(_FENCED.sub("", text))):
                for line in found.replace("\\\n", " ").splitlines():
                    pasted = Pasted(place=place, words=tuple(shlex.split(line)))
                    if pasted not in seen and pasted.words[:1] in {("aws",), ("make",)}:
                        seen.add(pasted)
                        yield pasted


def order_of(pasted: Pasted, names: Mapping[str, str]) -> Json:
    """The order of a `make set-sender`, with names in the places for them; examples are names, too."""
    member_of = {variable: member for member, variable in VARIABLES.items()}
    order: Json = {"by": "a reader", "apply": True}
    for variable, value in pasted.variables.items():
        if variable in _FLAGS:
            order[_FLAGS[variable]] = value == "yes"
        else:
            is_place = variable == "POOL" or value == PLACE or "example.com" in value
            filled = names[variable] if is_place else value
            order[member_of[variable]] = None if filled == REMOVED else filled
    return order


def call_of(pasted: Pasted, values: Mapping[str, object]) -> AwsCall | None:
    """The call of an `aws` command; None if the AWS CLI refuses it, because a required option is missing.

    *values* are those of options, by name, whose value is a place or a file.
    """
    words = list(pasted.words[1:])
    service = next(_operands(words))
    model = ServiceModel(Loader().load_service_model(service, "service-2"))
    operation = next(name for name in model.operation_names if xform_name(name, "-") == pasted.operation)
    shape = model.operation_model(operation).input_shape
    assert isinstance(shape, StructureShape)
    arguments = {}
    for name, member in shape.members.items():
        option = f"--{xform_name(name, '-')}"
        if option in words:
            arguments[name] = _value(member, option, words[words.index(option) + 1 :], values)
    required = set(shape.required_members) <= arguments.keys()
    return AwsCall(service=service, operation=operation, arguments=arguments) if required else None


def _operands(words: list[str]) -> Iterator[str]:
    before = ""
    for word in words:
        if not word.startswith("--") and not before.startswith("--"):
            yield word
        before = word


def _value(shape: Shape, option: str, following: list[str], values: Mapping[str, object]) -> object:
    if shape.type_name == "boolean":
        return True
    if option in values:
        return values[option]
    assert following[0] != PLACE, f"no value for {option}"
    if isinstance(shape, ListShape):
        return list(takewhile(lambda word: not word.startswith("--"), following))
    return following[0]
