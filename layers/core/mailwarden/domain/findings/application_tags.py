"""The tags of a pool that name its application, its owners and its stage, for people and never for a decision."""

from collections.abc import Mapping

from mailwarden.domain.readings import Unreadable
from mailwarden.masking import masked
from mailwarden.message import storable

APPLICATION_TAGS = ("owner", "team", "service", "env")
"""The names of the tags, unless the operator's settings have others."""
# AWS allows 256 characters; a line has room for less.
_LONGEST = 64


def application_of(tags: Mapping[str, str] | Unreadable, names: tuple[str, ...]) -> dict[str, str]:
    """The values of the named tags that a pool has, in the order of the names: clipped, and every address masked."""
    if isinstance(tags, Unreadable):
        return {}
    return {name: storable(masked(tags[name].strip()), _LONGEST) for name in names if tags.get(name, "").strip()}


def group_of(application: Mapping[str, str]) -> str:
    """The value by which pools are counted: that of the first tag; empty where a pool has none."""
    return next(iter(application.values()), "")
