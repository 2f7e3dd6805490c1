"""The values of a file, each with the place where it is written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

# Deeper than any template or plan; the code that walks a tree is recursive.
DEEPEST = 100
# With every alias expanded, because each use of an alias is walked.
MOST_VALUES = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """A place in a file; line and column count from 1, and columns are in characters."""

    line: int
    column: int = 1


class NotReadable(Exception):
    """A file cannot be read as a template or a plan; ``place`` is where, if anywhere."""

    def __init__(self, what: str, place: Place | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.place = place


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A text, a truth value or nothing; numbers are the text that is written, because account ids are numbers."""

    place: Place
    value: str | bool | None
    size: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list."""

    place: Place
    items: "tuple[Node, ...]"
    size: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """An object; ``keys`` has the place of each key that is written in the file."""

    place: Place
    members: "Mapping[str, Node]"
    keys: Mapping[str, Place] = field(default_factory=dict)
    size: int = 1

    def get(self, name: str) -> "Node | None":
        """The member, or None."""
        return self.members.get(name)

    def place_of(self, name: str) -> Place:
        """Where the member's key is written, or its value."""
        found = self.members.get(name)
        return self.keys.get(name) or (self.place if found is None else found.place)


type Node = Scalar | Items | Members


def empty(place: Place) -> Members:
    """An object without members."""
    return Members(place=place, members={})


@dataclass(slots=True, kw_only=True)
class _Open:
    """A collection that is not closed yet."""

    place: Place
    is_object: bool
    wrap: Callable[[Node], Node] | None
    items: list[Node] = field(default_factory=list)
    members: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)
    key: tuple[str, Place] | None = None
    size: int = 1


@dataclass(slots=True)
class Tree:
    """Builds the tree of a file from its parts; raises NotReadable where the file exceeds a limit or repeats a key."""

    root: Node | None = None
    _open: list[_Open] = field(default_factory=list)
    _values: int = 0

    def opened(self, place: Place, *, is_object: bool, wrap: Callable[[Node], Node] | None = None) -> None:
        """Begin a collection; *wrap* is applied to it when it is closed."""
        if len(self._open) >= DEEPEST:
            raise NotReadable(f"it is nested more than {DEEPEST} levels deep", place)
        if self.takes_key:
            raise NotReadable("a key is no text", place)
        self._open.append(_Open(place=place, is_object=is_object, wrap=wrap))

    def closed(self) -> Node:
        """End the collection that began last."""
        last = self._open.pop()
        if last.is_object:
            node: Node = Members(place=last.place, members=last.members, keys=last.keys, size=last.size)
        else:
            node = Items(place=last.place, items=tuple(last.items), size=last.size)
        node = node if last.wrap is None else last.wrap(node)
        self.put(node)
        return node

    @property
    def takes_key(self) -> bool:
        """Whether the next scalar is a key."""
        return bool(self._open) and self._open[-1].is_object and self._open[-1].key is None

    def key(self, place: Place, name: str) -> None:
        """The name of the next member."""
        last = self._open[-1]
        if name in last.keys:
            first = last.keys[name].line
            raise NotReadable(f"the key {name[:80]!r} is there twice, first in line {first}", place)
        last.keys[name] = place
        last.key = name, place

    def put(self, node: Node) -> None:
        """A value at the present place."""
        if not self._open:
            self.root = node
            return
        last = self._open[-1]
        last.size += node.size
        if last.size > MOST_VALUES:
            raise NotReadable(f"it has more than {MOST_VALUES:,} values, once its aliases are expanded", node.place)
        if not last.is_object:
            last.items.append(node)
            return
        if last.key is None:
            raise NotReadable("a key is no text", node.place)
        last.members[last.key[0]] = node
        last.key = None


def with_texts(node: Node, change: Callable[[str], str]) -> Node:
    """The tree with every text changed; the keys stay."""
    match node:
        case Scalar(value=str(value)):
            changed = change(value)
            return node if changed == value else replace(node, value=changed)
        case Scalar():
            return node
        case Items():
            return replace(node, items=tuple(with_texts(each, change) for each in node.items))
        case Members():
            return replace(node, members={name: with_texts(each, change) for name, each in node.members.items()})


def every_text(node: Node) -> Iterator[str]:
    """Every text and every key of a tree."""
    match node:
        case Scalar(value=str(value)):
            yield value
        case Scalar():
            return
        case Items(items=items):
            for each in items:
                yield from every_text(each)
        case Members(members=members):
            for name, each in members.items():
                yield name
                yield from every_text(each)
