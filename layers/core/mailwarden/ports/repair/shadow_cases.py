"""The fixes that RepairMode `off` kept from being written, once the problem is over."""

from datetime import date
from typing import Protocol

from mailwarden.domain.repair.shadow import EndedCase


class ShadowCases(Protocol):
    """Keeps ended cases for a year: of one pool, rule and day the last one."""

    def keep(self, ended: EndedCase) -> None:
        """Keep a case; the same case twice is one."""
        ...

    def ended_since(self, first: date, *, until: date) -> tuple[EndedCase, ...]:
        """The readable cases that ended from *first* to *until*, both included, in that order."""
        ...
