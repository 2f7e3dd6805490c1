"""The settings of a pool that UpdateUserPool writes, as short texts: to name what another call reset."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from mailwarden.documents.reader import digest_of
from mailwarden.message import storable

if TYPE_CHECKING:
    from botocore.model import Shape

# Described under another name, or compared member by member elsewhere.
_APART = frozenset({"UserPoolId", "PoolName", "EmailConfiguration", "UserPoolTags"})
# Longer values are texts of messages; an ARN of a function or role is shown.
_LONGEST = 120
_DIGITS = 8


def settings_of(pool: Mapping[str, object], written: "Shape | None") -> dict[str, str]:
    """By path, the members of *pool* that the request *written* has: short values as they are, others as digests.

    Texts of mails and messages are digests: they may hold addresses. Tags are shown as one digest. A setting that is
    absent, null or empty has no path.
    """
    names = frozenset(getattr(written, "members", {})) - _APART
    settings = dict(_leaves({name: pool[name] for name in sorted(names) if name in pool}, path=""))
    tags = pool.get("UserPoolTags")
    return settings | ({"UserPoolTags": _digest(tags)} if tags else {})


def _leaves(value: object, *, path: str) -> Iterator[tuple[str, str]]:
    match value:
        case None | "" | [] | ():
            return
        case dict():
            for name in sorted(value):
                yield from _leaves(value[name], path=f"{path}.{name}" if path else name)
        case list() if all(isinstance(each, str) for each in value):
            yield path, _shown(", ".join(sorted(value)), path)
        case bool() | int() | float():
            yield path, str(value).lower()
        case str():
            yield path, _shown(value, path)
        case _:
            yield path, _digest(value)


def _shown(text: str, path: str) -> str:
    is_shown = text == storable(text, _LONGEST) and "Message" not in path and "Subject" not in path
    return text if is_shown else _digest(text)


def _digest(value: object) -> str:
    return f"#{digest_of(value)[:_DIGITS]}"
