"""What is known of the pools that sending policies name one by one; ``pools_in_policies`` finds them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mailwarden.domain.refs.resources import PoolRef


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPools:
    """What is known of the pools that the policies of a path's identities name.

    ``gone``: AWS said that there is no such pool; ``asked`` are those of them of which it said so to this look.
    ``unsure``: why nobody can say, by pool. Of any other pool nothing is wrong, as far as anybody asked.
    """

    gone: frozenset[PoolRef] = frozenset()
    asked: frozenset[PoolRef] = frozenset()
    unsure: Mapping[PoolRef, str] = field(default_factory=dict)
