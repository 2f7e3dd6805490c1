"""The resource changes of a plan: the planned values, in which each value that is known after apply is a hole.

Source of the format: Terraform documentation, "JSON Output Format".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mailwarden_command.checking.source.declared import texts_of
from mailwarden_command.checking.source.holes import Holes
from mailwarden_command.checking.source.nodes import Items, Members, Node, NotReadable, Place, Scalar, empty

_INDEX = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedResource:
    """A resource or a data source as it will be; ``module`` are the names of the modules that it is in.

    ``before`` are the values that it has now; empty for a new one.
    """

    address: str
    kind: str
    module: tuple[str, ...]
    in_module: str
    values: Members
    before: Members
    actions: frozenset[str]
    place: Place

    @property
    def is_deleted(self) -> bool:
        """Whether nothing is left of it."""
        return self.actions == {"delete"}

    @property
    def was_there(self) -> bool:
        """Whether it exists and is not made again."""
        return "create" not in self.actions and "read" not in self.actions

    def text(self, name: str) -> str | None:
        """A value that is a text."""
        return text_in(self.before if self.is_deleted else self.values, name)


def planned(root: Members, holes: Holes, kinds: frozenset[str]) -> Iterator[PlannedResource]:
    """The resources of these kinds, with data sources; raises NotReadable."""
    changes = root.get("resource_changes")
    if not isinstance(changes, Items):
        raise NotReadable("resource_changes is no list", root.place_of("resource_changes"))
    for entry in changes.items:
        if not isinstance(entry, Members):
            raise NotReadable("an entry of resource_changes is no object", entry.place)
        kind = text_in(entry, "type") or ""
        change = entry.get("change")
        if kind in kinds and isinstance(change, Members):
            yield _resource(entry, change, kind, holes)


def text_in(members: Members, name: str) -> str | None:
    """A member that is a text, or None."""
    found = members.get(name)
    return found.value if isinstance(found, Scalar) and isinstance(found.value, str) else None


def members_in(members: Members, *way: str) -> Members:
    """The object at the end of a way; empty where there is none."""
    found: Node = members
    for name in way:
        inner = found.get(name) if isinstance(found, Members) else None
        found = empty(members.place) if inner is None else inner
    return found if isinstance(found, Members) else empty(members.place)


def _resource(entry: Members, change: Members, kind: str, holes: Holes) -> PlannedResource:
    address = text_in(entry, "address") or kind
    modules, in_module = _split(address)
    actions = frozenset(texts_of(change, "actions") or ())
    # A forgotten resource stays as it is (Terraform documentation, "Removing Resources").
    after = change.get("before" if actions == {"forget"} else "after")
    values = _merged(after or empty(change.place), change.get("after_unknown"), address, holes)
    return PlannedResource(
        address=address,
        kind=kind,
        module=modules,
        in_module=in_module,
        values=values if isinstance(values, Members) else empty(change.place_of("after")),
        before=members_in(change, "before"),
        actions=actions,
        place=entry.place_of("address"),
    )


def _split(address: str) -> tuple[tuple[str, ...], str]:
    """The modules of an address without their indexes, and the address in the last of them."""
    plain = _INDEX.sub("", address)
    parts = plain.split(".")
    modules: list[str] = []
    while len(parts) > 2 and parts[0] == "module":
        modules.append(parts[1])
        parts = parts[2:]
    return tuple(modules), ".".join(parts)


def _merged(after: Node, unknown: Node | None, label: str, holes: Holes) -> Node:
    """The planned values with a hole for each that is known after apply."""
    match unknown, after:
        case Scalar(value=True), _:
            return holes.scalar(label, after.place)
        case Members(), Members():
            names = {**after.members, **{name: None for name in unknown.members if name not in after.members}}
            merged: dict[str, Node] = {}
            for name in names:
                value = _merged(
                    after.get(name) or Scalar(place=after.place, value=None),
                    unknown.get(name),
                    f"{label}.{name}",
                    holes,
                )
                merged[name] = value
            return Members(place=after.place, members=merged, keys=after.keys)
        case Items(), Items():
            inner = (*unknown.items, *[None] * len(after.items))
            return Items(
                place=after.place,
                items=tuple(_merged(each, inner[at], f"{label}[{at}]", holes) for at, each in enumerate(after.items)),
            )
        case _:
            return after


def by_address(resources: tuple[PlannedResource, ...]) -> Mapping[str, tuple[PlannedResource, ...]]:
    """The resources by module and address without indexes, joined by dots; several are instances of one block."""
    found: dict[str, list[PlannedResource]] = {}
    for each in resources:
        found.setdefault(".".join((*each.module, each.in_module)), []).append(each)
    return {address: tuple(those) for address, those in found.items()}
