"""The resources of a source that carry mail, in the form of CloudFormation's properties, whatever the source is."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto

from mailwarden_command.checking.source.deployment import Deployment
from mailwarden_command.checking.source.nodes import Items, Members, Node, Place, Scalar, empty

_LONGEST_ID = 40


class ResourceKind(Enum):
    """The kinds of resource that a mail path is made of."""

    POOL = auto()
    POOL_DOMAIN = auto()
    RISK_CONFIGURATION = auto()
    IDENTITY = auto()
    IDENTITY_POLICY = auto()
    CONFIGURATION_SET = auto()
    EVENT_DESTINATION = auto()
    FUNCTION = auto()
    PERMISSION = auto()


class NotKnown(Exception):
    """A whole part of a resource is not known before the deployment, or has a form that CloudFormation refuses."""

    def __init__(self, member: str, place: Place) -> None:
        super().__init__(member)
        self.member = member
        self.place = place


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredResource:
    """A resource; ``name`` is its logical id or its address, ``where`` the place where it is deployed.

    ``is_deleted``: the deployment deletes it. ``was_there``: it exists before the deployment, so that its owner may
    have added to it what the source does not have. ``existing_id`` is the id of a pool that exists. ``is_known`` is
    false if its properties as a whole are not known.
    """

    kind: ResourceKind
    name: str
    members: Members
    place: Place
    where: Deployment
    is_deleted: bool = False
    was_there: bool = False
    existing_id: str = ""
    is_known: bool = True

    @property
    def pool_id(self) -> str:
        """The id of a pool; AWS chooses that of a new one, and this has its form."""
        if self.existing_id:
            return self.existing_id
        if self.name.isascii() and self.name.isalnum() and len(self.name) <= _LONGEST_ID:
            return f"{self.where.region}_{self.name}"
        # Of two addresses all letters and digits may be the same.
        return f"{self.where.region}_{hashlib.sha256(self.name.encode('utf-8', 'replace')).hexdigest()[:_LONGEST_ID]}"

    @property
    def pool_arn(self) -> str:
        """The ARN of a pool."""
        where = self.where
        return f"arn:{where.partition}:cognito-idp:{where.region}:{where.account}:userpool/{self.pool_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The resources of a source if the ``choices`` hold: values of parameters, or truths of conditions, by name.

    ``has_custom_resources``: something else in the source may write sending policies.
    """

    choices: Mapping[str, str]
    resources: tuple[DeclaredResource, ...]
    has_custom_resources: bool = False

    def of_kind(self, kind: ResourceKind) -> tuple[DeclaredResource, ...]:
        """The resources of one kind."""
        return tuple(each for each in self.resources if each.kind is kind)


def part(members: Members, name: str) -> Members:
    """A member that is an object, or an empty one without it; raises NotKnown."""
    found = members.get(name)
    if found is None or (isinstance(found, Scalar) and found.value is None):
        return empty(members.place)
    if not isinstance(found, Members):
        raise NotKnown(name, members.place_of(name))
    return found


def text_of(members: Members, name: str) -> str | None:
    """A member that is a text; None without it, and for an empty one; raises NotKnown."""
    found = members.get(name)
    if found is None:
        return None
    if not isinstance(found, Scalar):
        raise NotKnown(name, members.place_of(name))
    return _written(found.value) or None


def texts_of(members: Members, name: str) -> tuple[str, ...] | None:
    """A member that is a list of texts; a single text counts as one; None without it; raises NotKnown."""
    found = members.get(name)
    match found:
        case None | Scalar(value=None):
            return None
        case Scalar(value=value):
            return (_written(value),)
        case Items(items=items) if all(isinstance(each, Scalar) for each in items):
            return tuple(_written(each.value) for each in items if isinstance(each, Scalar))
        case _:
            raise NotKnown(name, members.place_of(name))


def parts_of(members: Members, name: str) -> tuple[Members, ...]:
    """A member that is a list of objects, or one object; raises NotKnown."""
    found = members.get(name)
    match found:
        case None | Scalar(value=None):
            return ()
        case Members():
            return (found,)
        case Items(items=items) if all(isinstance(each, Members) for each in items):
            return tuple(each for each in items if isinstance(each, Members))
        case _:
            raise NotKnown(name, members.place_of(name))


def flag_of(members: Members, name: str, *, absent: bool) -> bool:
    """A member that is true or false; raises NotKnown."""
    text = text_of(members, name)
    return absent if text is None else text.lower() == "true"


def renamed(members: Members, names: Mapping[str, str]) -> Members:
    """The members of these names under other names, at their places."""
    there = {new: old for old, new in names.items() if old in members.members}
    return replace(
        members,
        members={new: members.members[old] for new, old in there.items()},
        keys={new: members.place_of(old) for new, old in there.items()},
    )


def plain(node: Node) -> object:
    """The value without its places: a policy, for instance."""
    match node:
        case Scalar(value=value):
            return value
        case Items(items=items):
            return [plain(each) for each in items]
        case Members(members=members):
            return {name: plain(each) for name, each in members.items()}


def _written(value: str | bool | None) -> str:  # noqa: FBT001 - a value of the file
    if isinstance(value, bool):
        return "true" if value else "false"
    return value or ""
