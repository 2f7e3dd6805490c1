"""The pools that sending policies name by full ARN, and those of them that no longer exist."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mailwarden.domain.refs.resources import PoolRef
from mailwarden.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPools:
    """The existence of the pools that the policies of a path's identities name.

    ``gone``: AWS has no such pool; ``asked`` is the subset that this look asked AWS about. ``unsure``: by pool, why its
    existence is unknown. Every other pool is assumed to exist.
    """

    gone: frozenset[PoolRef] = frozenset()
    asked: frozenset[PoolRef] = frozenset()
    unsure: Mapping[PoolRef, Message] = field(default_factory=dict)
