"""The tags of a pool that name its application, its owners and its stage, for people and never for a decision."""

from collections.abc import Mapping

from mailwarden.domain.readings import Unreadable
from mailwarden.masking import masked
from mailwarden.message import storable
from mailwarden.visible_text import on_one_line

APPLICATION_TAGS = ("owner", "team", "service", "env")
"""The names of the tags, unless the operator's settings have others."""
# AWS allows keys of 128 characters, and values of 256; a line has room for less.
_LONGEST_KEY, _LONGEST = 128, 64


def application_of(tags: Mapping[str, str] | Unreadable, names: tuple[str, ...]) -> dict[str, str]:
    """The named tags that a pool has, in the order of the names, as alerts show them."""
    if isinstance(tags, Unreadable):
        return {}
    values = ((tag_key(name), tag_value(tags.get(name, ""))) for name in names)
    return {key: value for key, value in values if value}


def tag_key(name: str) -> str:
    """A key as alerts show it: on one line, clipped, and every address masked."""
    return storable(on_one_line(masked(name)), _LONGEST_KEY)


def tag_value(text: str) -> str:
    """A value as alerts show it; empty if nothing of it is visible."""
    return storable(on_one_line(masked(text)), _LONGEST)


def group_of(application: Mapping[str, str]) -> str:
    """The value by which pools are counted: that of the first tag; empty where a pool has none."""
    return next(iter(application.values()), "")
