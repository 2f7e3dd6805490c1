"""Turns: what may happen once in a while for each subject."""

from datetime import datetime, timedelta
from typing import Protocol

from mailwarden.domain.refs.resources import Subject


class Turns(Protocol):
    """The turns that subjects have."""

    def try_acquire(self, subject: Subject, *, now: datetime, every: timedelta) -> bool:
        """Take the one turn that a subject has in *every*; False if it was taken already."""
        ...
