"""Evaluates the functions of a template for one case; a value that is not known before the deployment is a hole."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from mailwarden_command.checking.source.declared import plain
from mailwarden_command.checking.source.deployment import UNKNOWN_ACCOUNT, UNKNOWN_REGION, Deployment
from mailwarden_command.checking.source.holes import Holes, holes_in, labeled
from mailwarden_command.checking.source.nodes import Items, Members, Node, NotReadable, Place, Scalar
from mailwarden_command.checking.template.parameters import OTHER, Choice, Parameters

_LONGEST_TEXT = 1_000_000
# Longer functions differ by their place alone.
_MOST_COMPARED = 1_000
_VARIABLE = re.compile(r"\$\{(!?)\s*([^}]*?)\s*\}")
# CloudFormation user guide, "Get values stored in other services using dynamic references".
_BEGINS_DYNAMIC = "{{resolve:"
_DYNAMIC = re.compile(r"\{\{resolve:[^}]*\}\}")
_TRUTHS = ("true", "false")
_SUFFIXES = {"aws-cn": "amazonaws.com.cn", "aws-eusc": "amazonaws.eu"}

type Attribute = Callable[[str, str], str | None]


class _Unknown(Exception):
    """The truth of a condition cannot be computed."""


@dataclass(slots=True, kw_only=True)
class Evaluation:
    """One case of a template. ``attribute`` gives what Ref (with an empty name) and Fn::GetAtt return of a resource.

    Every method raises Choice where the case does not decide, and NotReadable.
    """

    parameters: Parameters
    mappings: Members
    conditions: Members
    where: Deployment
    choices: Mapping[str, str]
    holes: Holes
    attribute: Attribute
    _asked: list[str] = field(default_factory=list)

    def value(self, node: Node) -> Node | None:
        """The value of a node; None for AWS::NoValue."""
        match node:
            case Scalar(value=str(text)) if _BEGINS_DYNAMIC in text:
                return replace(node, value=self._unresolved(text))
            case Scalar():
                return node
            case Items():
                return replace(node, items=tuple(self._values(node.items)))
            case Members(members=members):
                function = next(iter(members)) if len(members) == 1 else ""
                if function == "Ref" or function.startswith("Fn::"):
                    return self._function(function, members[function], node.place)
                if "Fn::Transform" in members:
                    return self._unknown("Fn::Transform", members["Fn::Transform"], node.place)
                found = ((name, self.value(each)) for name, each in members.items())
                return replace(node, members={name: each for name, each in found if each is not None})

    def holds(self, name: str) -> bool:
        """Whether a condition holds."""
        chosen = self.choices.get(_condition(name))
        if chosen is not None:
            return chosen == _TRUTHS[0]
        condition = self.conditions.get(name)
        if condition is None:
            raise Choice(_condition(name), _TRUTHS)
        if name in self._asked:
            raise NotReadable(f"the condition {name} depends on itself", self.conditions.place_of(name))
        self._asked.append(name)
        try:
            return self._truth(condition)
        except _Unknown:
            raise Choice(_condition(name), _TRUTHS) from None
        finally:
            self._asked.remove(name)

    def _values(self, nodes: tuple[Node, ...]) -> Iterator[Node]:
        for each in nodes:
            found = self.value(each)
            if found is not None:
                yield found

    def _function(self, name: str, operand: Node, place: Place) -> Node | None:
        match name, operand:
            case "Ref", Scalar(value=str(of)):
                return self._ref(of, place)
            case "Fn::GetAtt", _:
                return self._attribute_of(operand, place)
            case "Fn::Sub", _:
                return self._sub(operand, place)
            case "Fn::If", Items(items=(Scalar(value=str(condition)), yes, no)):
                return self.value(yes if self.holds(condition) else no)
            case "Fn::Join", Items(items=(Scalar(value=str(sign)), parts)):
                return self._join(sign, self.value(parts), place) or self._unknown(name, operand, place)
            case "Fn::Select", Items(items=(index, of)):
                return self._select(self.value(index), self.value(of)) or self._unknown(name, operand, place)
            case "Fn::Split", Items(items=(Scalar(value=str(sign)), text)):
                return self._split(sign, self.value(text), place) or self._unknown(name, operand, place)
            case "Fn::FindInMap", Items(items=items):
                return self._find(tuple(self._values(items[:3]))) or self._unknown(name, operand, place)
            case _:
                return self._unknown(name, operand, place)

    def _unknown(self, function: str, operand: Node, place: Place) -> Scalar:
        """A hole for what a function returns: the same value wherever it is written alike, and no other's."""
        words = [operand] if isinstance(operand, Scalar) else [*operand.items] if isinstance(operand, Items) else []
        spelled = " ".join(_text(each) for each in words if isinstance(each, Scalar))
        if words and all(isinstance(each, Scalar) for each in words):
            return self.holes.scalar(f"{function} {spelled}".rstrip(), place)
        label = f"{function} in line {place.line}"
        is_short = operand.size <= _MOST_COMPARED
        written = json.dumps([function, plain(operand)]) if is_short else f"{label}, column {place.column}"
        return self.holes.scalar(label, place, of=written)

    def _ref(self, name: str, place: Place, *, is_compared: bool = False) -> Node | None:
        if name == "AWS::NoValue":
            return None
        text = self._text_of(name, is_compared=is_compared)
        if name in self.parameters.names() and self.parameters.is_list(name) and not holes_in(text):
            items = tuple(Scalar(place=place, value=each.strip()) for each in text.split(","))
            return Items(place=place, items=items)
        return Scalar(place=place, value=text)

    def _text_of(self, name: str, *, is_compared: bool = False) -> str:
        """The value of a pseudo parameter, a parameter, a resource (``Name``), or its attribute (``Name.Arn``)."""
        pseudo = self._pseudo(name)
        if pseudo is not None:
            return pseudo
        if name in self.parameters.names():
            known = self.parameters.value(name, self.choices, is_compared=is_compared)
        else:
            resource, _, attribute = name.partition(".")
            known = self.attribute(resource, attribute)
        return self.holes.text(name) if known is None else known

    def _pseudo(self, name: str) -> str | None:
        match name:
            case "AWS::Region":
                return self.where.region
            case "AWS::AccountId":
                return self.where.account
            case "AWS::Partition":
                return self.where.partition
            case "AWS::URLSuffix":
                return _SUFFIXES.get(self.where.partition, "amazonaws.com")
            case _:
                return None

    def _attribute_of(self, operand: Node, place: Place) -> Node:
        match operand:
            case Items(items=(Scalar(value=str(resource)), Scalar(value=str(attribute)))):
                return Scalar(place=place, value=self._text_of(f"{resource}.{attribute}"))
            case Scalar(value=str(both)):
                return Scalar(place=place, value=self._text_of(both))
            case _:
                return self._unknown("Fn::GetAtt", operand, place)

    def _sub(self, operand: Node, place: Place) -> Node:
        match operand:
            case Scalar(value=str(text)):
                own: Members | None = None
            case Items(items=(Scalar(value=str(text)), Members() as own)):
                pass
            case _:
                return self._unknown("Fn::Sub", operand, place)

        def variable(found: re.Match[str]) -> str:
            name = found[2]
            if found[1]:
                return f"${{{name}}}"
            of_own = None if own is None else own.get(name)
            if of_own is None:
                return self._text_of(name)
            value = self.value(of_own)
            return _text(value if isinstance(value, Scalar) else self._unknown("Fn::Sub", of_own, place))

        pieces: list[str] = []
        done = length = 0
        for found in _VARIABLE.finditer(text):
            pieces += (text[done : found.start()], variable(found))
            length += len(pieces[-1])
            self._bounded(length, place)
            done = found.end()
        return Scalar(place=place, value=self._unresolved("".join((*pieces, text[done:]))))

    def _join(self, sign: str, parts: Node | None, place: Place) -> Node | None:
        if not isinstance(parts, Items) or not all(isinstance(each, Scalar) for each in parts.items):
            return None
        texts = [_text(each) for each in parts.items if isinstance(each, Scalar)]
        self._bounded(sum(map(len, texts)) + len(sign) * len(texts), place)
        return Scalar(place=place, value=self._unresolved(sign.join(texts)))

    def _unresolved(self, text: str) -> str:
        """A text with a hole for each dynamic reference, which a function may have put together."""
        if _BEGINS_DYNAMIC not in text:
            return text
        return _DYNAMIC.sub(lambda found: self.holes.text(labeled(found[0][2:-2], self.holes.labels)), text)

    def _select(self, index: Node | None, of: Node | None) -> Node | None:
        number = _text(index) if isinstance(index, Scalar) else ""
        if not isinstance(of, Items) or not number.isdecimal() or int(number[:9]) >= len(of.items):
            return None
        return of.items[int(number[:9])]

    def _split(self, sign: str, text: Node | None, place: Place) -> Node | None:
        written = _text(text) if isinstance(text, Scalar) else ""
        # A hole may hold the sign.
        if not sign or not isinstance(text, Scalar) or holes_in(written):
            return None
        return Items(place=place, items=tuple(Scalar(place=place, value=each) for each in written.split(sign)))

    def _find(self, names: tuple[Node, ...]) -> Node | None:
        found: Node | None = self.mappings
        texts = [_text(each) for each in names if isinstance(each, Scalar)]
        for text in texts:
            found = found.get(text) if isinstance(found, Members) else None
        return found if len(texts) == 3 else None

    def _truth(self, condition: Node) -> bool:
        function, operand = _only(condition)
        match function, operand:
            case "Condition", Scalar(value=str(name)):
                return self.holds(name)
            case "Fn::Equals", Items(items=(one, other)):
                return self._equal(one, other)
            case "Fn::Not", Items(items=(one,)):
                return not self._truth(one)
            case "Fn::And", Items(items=items):
                return self._all(items, wanted=True)
            case "Fn::Or", Items(items=items):
                return not self._all(items, wanted=False)
            case _:
                raise _Unknown

    def _all(self, conditions: tuple[Node, ...], *, wanted: bool) -> bool:
        """Whether every condition has the wanted truth; one that has not decides, whatever is unknown."""
        undecided: Choice | _Unknown | None = None
        for each in conditions:
            try:
                if self._truth(each) is not wanted:
                    return False
            except (Choice, _Unknown) as error:
                undecided = undecided or error
        if undecided is not None:
            raise undecided
        return True

    def _equal(self, one: Node, other: Node) -> bool:
        texts = [self._compared(each) for each in (one, other)]
        if any(holes_in(text) for text in texts):
            names = [
                _text(operand)
                for function, operand in map(_only, (one, other))
                if function == "Ref" and isinstance(operand, Scalar)
            ]
            if any(self.choices.get(name) == OTHER for name in names):
                return texts[0] == texts[1]
            raise _Unknown
        if any(unknown in text for text in texts for unknown in (UNKNOWN_REGION, UNKNOWN_ACCOUNT)):
            raise _Unknown
        return texts[0] == texts[1]

    def _compared(self, node: Node) -> str:
        function, operand = _only(node)
        if function == "Ref" and isinstance(operand, Scalar) and isinstance(operand.value, str):
            found = self._ref(operand.value, node.place, is_compared=True)
        else:
            found = self.value(node)
        if not isinstance(found, Scalar):
            raise _Unknown
        return _text(found)

    def _bounded(self, length: int, place: Place) -> None:
        if length > _LONGEST_TEXT:
            raise NotReadable(f"a text would have more than {_LONGEST_TEXT:,} characters", place)


def _only(node: Node) -> tuple[str, Node]:
    """The function and its operand; an empty name for no function."""
    if isinstance(node, Members) and len(node.members) == 1:
        return next(iter(node.members.items()))
    return "", node


def _condition(name: str) -> str:
    """A condition as the name of a choice: parameters have no spaces."""
    return f"condition {name}"


def _text(node: Scalar) -> str:
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    return node.value or ""
