"""Where the threads of incidents are in the chat."""

from datetime import datetime
from typing import Protocol

from mailwarden.domain.incidents.chat_thread import ChatThread


class ChatThreads(Protocol):
    """One thread for each incident, kept for 90 days after it was stored last."""

    def find(self, incident: str) -> ChatThread | None:
        """The thread of an incident; raises MalformedDocument for one that cannot be read."""
        ...

    def store(self, thread: ChatThread, *, replaces: ChatThread | None, now: datetime) -> bool:
        """Store it if the stored one is *replaces* (None: if there is none); False if another process was faster."""
        ...
