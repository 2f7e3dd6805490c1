"""Reads YAML, with the short forms of CloudFormation's functions, from the events of the parser."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from mailwarden_command.checking.source.nodes import Items, Members, Node, NotReadable, Place, Scalar, Tree

# The parser in C is thirty times as fast; a wheel of PyYAML has it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN: Any = yaml.resolver.Resolver()
_BOOL, _NULL = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null"
_TRUE = frozenset({"yes", "true", "on", "y"})
_MERGE = "<<"
# The other short forms are "Fn::" and the name (CloudFormation user guide, "Intrinsic function reference").
_WITHOUT_PREFIX = frozenset({"Ref", "Condition"})


def yaml_tree(text: str) -> Node:
    """The tree of the one document in *text*; raises NotReadable."""
    try:
        return _built(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise NotReadable(f"it is no YAML: {error.problem}", None if mark is None else _place(mark)) from None
    except yaml.YAMLError as error:
        raise NotReadable(f"it is no YAML: {str(error).splitlines()[0]}") from None


def _built(text: str) -> Node:
    reader = _Reader()
    for event in yaml.parse(text, Loader=_LOADER):
        reader.take(event, _place(event.start_mark))
    if reader.tree.root is None:
        raise NotReadable("it is empty")
    return reader.tree.root


@dataclass(slots=True)
class _Reader:
    """Builds the tree from the events; ``named`` are the anchors of the collections that are not closed."""

    tree: Tree = field(default_factory=Tree)
    documents: int = 0
    anchors: dict[str, Node] = field(default_factory=dict)
    named: list[str | None] = field(default_factory=list)

    def take(self, event: yaml.Event, place: Place) -> None:
        """One event."""
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    raise NotReadable("it has more than one document", place)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self.named.append(event.anchor)
                is_object = isinstance(event, yaml.MappingStartEvent)
                wrap = _short_form(event.tag, place) or (_merged if is_object else None)
                self.tree.opened(place, is_object=is_object, wrap=wrap)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._named(self.tree.closed(), self.named.pop())
            case yaml.ScalarEvent():
                node = _scalar(event, place)
                self._named(node, event.anchor)
                _take(self.tree, node)
            case yaml.AliasEvent():
                name = event.anchor or ""
                if name not in self.anchors:
                    raise NotReadable(f"the alias {name[:80]!r} has no anchor before it", place)
                _take(self.tree, self.anchors[name])
            case _:
                pass

    def _named(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self.anchors[anchor] = node


def _take(tree: Tree, node: Node) -> None:
    if not tree.takes_key:
        tree.put(node)
    elif isinstance(node, Scalar):
        tree.key(node.place, "null" if node.value is None else str(node.value))
    else:
        raise NotReadable("a key is no text", node.place)


def _scalar(event: yaml.ScalarEvent, place: Place) -> Node:
    scalar = Scalar(place=place, value=_value(event))
    wrap = _short_form(event.tag, place)
    return scalar if wrap is None else wrap(scalar)


def _value(event: yaml.ScalarEvent) -> str | bool | None:
    if event.tag is not None or not event.implicit[0]:
        return str(event.value)
    tag = _PLAIN.resolve(yaml.ScalarNode, event.value, (True, False))
    if tag == _BOOL:
        return event.value.lower() in _TRUE
    return None if tag == _NULL else str(event.value)


def _short_form(tag: str | None, place: Place) -> Callable[[Node], Node] | None:
    """The long form of a value with a tag such as ``!GetAtt``; None without one."""
    if tag is None or not tag.startswith("!") or tag == "!":
        return None
    name = tag[1:] if tag[1:] in _WITHOUT_PREFIX else f"Fn::{tag[1:]}"

    def wrapped(node: Node) -> Node:
        if name == "Fn::GetAtt" and isinstance(node, Scalar) and isinstance(node.value, str):
            resource, _, attribute = node.value.partition(".")
            parts = (replace(node, value=resource), replace(node, value=attribute))
            node = Items(place=place, items=parts, size=3)
        return Members(place=place, members={name: node}, keys={name: place}, size=node.size + 1)

    return wrapped


def _merged(node: Node) -> Node:
    """The object with the members of its merge key; its own come first (YAML types, "Merge Key")."""
    others = node.get(_MERGE) if isinstance(node, Members) else None
    parts = others.items if isinstance(others, Items) else () if others is None else (others,)
    if not isinstance(node, Members) or not parts or not all(isinstance(each, Members) for each in parts):
        return node
    members: dict[str, Node] = {}
    keys: dict[str, Place] = {}
    for each in (node, *parts):
        if isinstance(each, Members):
            members |= {name: value for name, value in each.members.items() if name not in members}
            keys |= {name: place for name, place in each.keys.items() if name not in keys}
    del members[_MERGE], keys[_MERGE]
    return replace(node, members=members, keys=keys)


def _place(mark: Any) -> Place:  # noqa: ANN401 - the parsers in C and in Python have two types of marks
    return Place(line=mark.line + 1, column=mark.column + 1)
