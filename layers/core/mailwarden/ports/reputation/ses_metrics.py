"""The figures that SES gives to CloudWatch, and those of them that are kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.resources import ConfigurationSetRef, SesAccountRef
from mailwarden.domain.reputation.time_series import Slot


class SesMetrics(Protocol):
    """Reads figures from CloudWatch."""

    def read(
        self,
        region: str,
        subjects: Sequence[SesAccountRef | ConfigurationSetRef],
        *,
        start: datetime,
        end: datetime,
    ) -> Mapping[SesAccountRef | ConfigurationSetRef, tuple[Slot, ...]] | Unreadable:
        """The slots from *start* on and before *end* that have any figure, in order, for each subject of a region."""
        ...


class TimeSeries(Protocol):
    """Keeps figures."""

    def since(self, subject: SesAccountRef | ConfigurationSetRef, first: datetime) -> tuple[Slot, ...]:
        """The kept slots of an account or a set that begin at *first* or later, in order."""
        ...

    def put(self, subject: SesAccountRef | ConfigurationSetRef, slots: Sequence[Slot]) -> None:
        """Keep slots, in place of those of the same time."""
        ...
