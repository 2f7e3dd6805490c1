"""The parameters of a template: given, by default, one of a few, or not known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mailwarden_command.checking.source.nodes import Items, Members, Node, Scalar

# A value that is none of those that the conditions compare with.
OTHER = "any other value"
_MOST_OPTIONS = 8
# Their default is the name of a parameter of Systems Manager (CloudFormation user guide, "Systems Manager parameter
# types").
_SSM = "AWS::SSM::Parameter::"


class Choice(Exception):
    """The evaluation depends on a value that is not known: *name* is one of *options*."""

    def __init__(self, name: str, options: tuple[str, ...]) -> None:
        super().__init__(name)
        self.name = name
        self.options = options


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """The parameters that a template declares; ``given`` are values of the caller, ``compared`` those in conditions."""

    declared: Members
    given: Mapping[str, str]
    compared: Mapping[str, tuple[str, ...]]

    def names(self) -> frozenset[str]:
        """The names."""
        return frozenset(self.declared.members)

    def value(self, name: str, choices: Mapping[str, str], *, is_compared: bool) -> str | None:
        """The value, or None if it is not known; raises Choice where the case does not have one of a few values yet."""
        known = self.given[name] if name in self.given else self._default(name)
        if known is not None:
            return known
        if name in choices:
            return None if choices[name] == OTHER else choices[name]
        allowed = self._allowed(name)
        if allowed:
            raise Choice(name, allowed)
        if is_compared and self.compared.get(name):
            raise Choice(name, (*self.compared[name], OTHER))
        return None

    def is_list(self, name: str) -> bool:
        """Whether its value is a list, written with commas."""
        kind = self._of(name, "Type")
        return kind == "CommaDelimitedList" or (kind or "").startswith("List<")

    def _default(self, name: str) -> str | None:
        if (self._of(name, "Type") or "").startswith(_SSM):
            return None
        return self._of(name, "Default")

    def _allowed(self, name: str) -> tuple[str, ...]:
        declared = self.declared.get(name)
        allowed = declared.get("AllowedValues") if isinstance(declared, Members) else None
        if not isinstance(allowed, Items) or len(allowed.items) > _MOST_OPTIONS:
            return ()
        return tuple(_text(each) for each in allowed.items)

    def _of(self, name: str, member: str) -> str | None:
        declared = self.declared.get(name)
        found = declared.get(member) if isinstance(declared, Members) else None
        return None if found is None or not isinstance(found, Scalar) else _text(found)


def compared_values(conditions: Members) -> Mapping[str, tuple[str, ...]]:
    """By parameter, the texts that conditions compare it with."""
    found: dict[str, list[str]] = {}
    for name, value in _comparisons(conditions):
        if value not in found.setdefault(name, []):
            found[name].append(value)
    return {name: tuple(values) for name, values in found.items()}


def _comparisons(node: Node) -> Iterator[tuple[str, str]]:
    match node:
        case Scalar():
            return
        case Items(items=items):
            for each in items:
                yield from _comparisons(each)
        case Members(members=members):
            for name, each in members.items():
                if name == "Fn::Equals" and isinstance(each, Items):
                    yield from _compared(each)
                yield from _comparisons(each)


def _compared(operands: Items) -> Iterator[tuple[str, str]]:
    for one, other in (operands.items, operands.items[::-1]) if len(operands.items) == 2 else ():
        ref = one.get("Ref") if isinstance(one, Members) else None
        if isinstance(ref, Scalar) and isinstance(ref.value, str) and isinstance(other, Scalar):
            yield ref.value, _text(other)


def _text(node: Node) -> str:
    if not isinstance(node, Scalar):
        return ""
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    return node.value or ""
