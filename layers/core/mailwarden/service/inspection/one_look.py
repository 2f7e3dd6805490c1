"""Reads each resource of a look once, however many paths of the pool pass through it."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Protocol

from mailwarden.domain.readings import RoleReading
from mailwarden.ports.mail_path.email_service_role import EmailServiceRole


class _Readings[Ref, Reading](Protocol):
    def read(self, ref: Ref, /, *, fresh: bool) -> Reading: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOnce[Ref: Hashable, Reading]:
    """The resources of one kind, for one look: a reading is as old as the look at most. Make a new one for each look.

    SES answers once a second in each region and for each action, so a second reading costs the look more than time.
    """

    below: _Readings[Ref, Reading]
    _held: dict[Ref, Reading] = field(default_factory=dict)

    def read(self, ref: Ref, /, *, fresh: bool) -> Reading:
        """The resource as it was read first in this look; ``fresh`` forbids an answer from an older cache."""
        if ref not in self._held:
            self._held[ref] = self.below.read(ref, fresh=fresh)
        return self._held[ref]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleReadOnce:
    """The service-linked role, for one look, as ``ReadOnce``."""

    below: EmailServiceRole
    _held: list[RoleReading] = field(default_factory=list)

    def read(self, *, fresh: bool) -> RoleReading:
        """The role as it was read first in this look."""
        if not self._held:
            self._held.append(self.below.read(fresh=fresh))
        return self._held[0]
