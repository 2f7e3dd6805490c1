"""Where the threads of incidents are in Slack."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mailwarden.adapters.aws.dynamodb.items import expiry, item_of, sortable
from mailwarden.adapters.aws.dynamodb.table import Table
from mailwarden.domain.incidents.chat_thread import ChatThread

# A critical incident has a message a day, a high one a week: a thread that is older belongs to none of them.
_KEPT = timedelta(days=90)
# The permission of the function slack names this beginning.
_KEY, _THREAD = "CHAT", "THREAD"


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoChatThreads:
    """Implements ``ChatThreads``: the items ``CHAT#incident / THREAD``."""

    table: Table

    def find(self, incident: str) -> ChatThread | None:
        """The thread; raises MalformedDocument."""
        members = self.table.read(_key(incident), _THREAD)
        if members is None:
            return None
        return ChatThread(
            incident=incident,
            opened_at=members.time("opened_at"),
            channel=members.text("channel"),
            ts=members.text("ts") or None,
            version=members.number("version"),
            told=members.number("told"),
            pools=members.number("pools"),
        )

    def store(self, thread: ChatThread, *, replaces: ChatThread | None, now: datetime) -> bool:
        """Store the thread; False if the stored one is not *replaces*."""
        item = item_of(
            _key(thread.incident),
            _THREAD,
            {**_members(thread), "expires_at": expiry(now, after=_KEPT)},
        )
        return self.table.put(item, replaces=None if replaces is None else _members(replaces))


def _members(thread: ChatThread) -> dict[str, object]:
    return {
        "opened_at": sortable(thread.opened_at),
        "channel": thread.channel,
        # Always there, so that a condition can name it.
        "ts": thread.ts or "",
        "version": thread.version,
        "told": thread.told,
        "pools": thread.pools,
    }


def _key(incident: str) -> str:
    return f"{_KEY}#{incident}"
