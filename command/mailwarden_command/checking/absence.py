"""The reading of a resource that a source does not have."""

from mailwarden.domain.readings import OwnReason, Unreadable


def not_in_source(action: str, region: str) -> Unreadable:
    """Not read: the account may have it."""
    return Unreadable(action=action, region=region, reason=OwnReason.NOT_READ)
