"""How entries of the journal are called."""

import secrets
from datetime import UTC, datetime


def new_entry_id(at: datetime) -> str:
    """An id that sorts by time, can be read aloud, and is not guessed."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
