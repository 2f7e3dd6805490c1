"""Codes by email as a second factor."""

from typing import Protocol

from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import PoolRef


class SecondFactors(Protocol):
    """Reads the MFA configuration, which DescribeUserPool does not return."""

    def mails_second_factor(self, pool: PoolRef) -> bool | Unreadable:
        """Whether the pool mails codes as a second factor, whichever sender it has."""
        ...
