"""Finds the user pool that an operator names by its name, with the last inspections; ids and ARNs need no search."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from glob import escape
from typing import Any

from tools.stack.invocation import Ask, complain

# An id as Cognito makes it, or an ARN: a name that looks like one is asked for as the id first.
_ID = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-\d+_[0-9A-Za-z]+|arn:\S+", re.ASCII)


class NotOnePool(Exception):
    """No pool has the name, or several have; the message names them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPool:
    """The id or the ARN of a pool, and its region if that is known; ``name`` is the one by which it was found."""

    pool: str
    region: str | None
    name: str | None = None


def pool_named(ask: Ask, pool: str, region: str | None) -> NamedPool:
    """The pool that *pool* names, in *region* if that is given; raises NotOnePool."""
    if _ID.fullmatch(pool):
        return NamedPool(pool=pool, region=region)
    document = ask({"pools": {"name": escape(pool)}})
    found = [row for row in document.get("pools", ()) if region in {None, row["region"]}]
    if not found:
        raise NotOnePool(f"No pool of the last inspections has the name {pool}. Ask with its id or its ARN.")
    if len(found) > 1:
        raise NotOnePool(f"{len(found)} pools have the name {pool}: {_named(found)}. Ask with the id of one.")
    return NamedPool(pool=found[0]["id"], region=found[0]["region"], name=pool)


def with_named_pool(ask: Ask, pool: str, region: str | None, give: Callable[[NamedPool], int]) -> int:
    """The exit status of *give* with the one pool, or 1 with a line on the error stream."""
    try:
        found = pool_named(ask, pool, region)
    except NotOnePool as error:
        complain(str(error))
        return 1
    return give(found)


def _named(found: list[Mapping[str, Any]]) -> str:
    return ", ".join(f"{row['id']} in {row['region']}" for row in found)
