"""Stacks of CloudFormation."""

from dataclasses import dataclass
from typing import Protocol

from mailwarden.domain.refs.resources import ConfigurationSetRef, PoolRef
from mailwarden.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """The resource belongs to infrastructure as code; ``by`` names the stack."""

    by: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOwned:
    """No stack of this account and region owns the resource."""


type Ownership = Owned | NotOwned


class Stacks(Protocol):
    """Knows which CloudFormation stack owns a pool or a configuration set."""

    def owner_of(self, pool: PoolRef) -> Ownership:
        """The owner. Only CloudFormation's word that there is none counts as none; any other error means owned."""
        ...

    def owner_of_set(self, ref: ConfigurationSetRef) -> Ownership:
        """The owner of a configuration set, in its region; as above."""
        ...
