"""Creates the ids of journal entries."""

import secrets
from datetime import UTC, datetime


def new_entry_id(at: datetime) -> str:
    """An id that sorts by time, is easy to read aloud, and hard to guess."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
