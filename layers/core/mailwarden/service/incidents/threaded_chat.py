"""One thread for each incident: its first message shows the present state, and replies report each change.

Each step is stored before the next one. A function that dies between a post and its storing posts one message twice;
a message is never left out, and an older version never replaces a newer one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from mailwarden.domain.incidents.chat_thread import ChatThread, ThreadStep, step_of
from mailwarden.message import Message, message
from mailwarden.ports.clock import Clock
from mailwarden.ports.findings.chat import ChannelRefused, Chat, MessageGone, Posted
from mailwarden.ports.findings.webhook import Delivered, PostResult, Rejected, RetryLater
from mailwarden.ports.incidents.chat_threads import ChatThreads
from mailwarden.service.findings.slack_delivery import ChatAlert

# Another process stored the thread meanwhile: the next delivery reads it and decides again.
_RACED = RetryLater(reason=message("slack.raced"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadedChat:
    """Implements ``AlertPoster`` with a chat that has channels and threads.

    ``channel_of`` chooses the channel of an alert that begins a thread. If Slack refuses that one, or the one of the
    thread, the alert goes to ``default_channel`` with a note.
    """

    chat: Chat
    threads: ChatThreads
    channel_of: Callable[[ChatAlert], str]
    default_channel: str
    clock: Clock

    def post(self, alert: ChatAlert) -> PostResult:
        """Show the alert, as far as the chat does not show it yet; raises what the ledger raises."""
        thread = self.threads.find(alert.moment.incident)
        step = step_of(thread, alert.moment)
        if step is ThreadStep.PASSED:
            return Delivered(is_past=True)
        if thread is None or thread.ts is None or step is ThreadStep.OPEN:
            return self._open(alert, self._channels(alert, thread), replaces=thread)
        return (
            self._update(alert, thread, thread.ts)
            if step is ThreadStep.UPDATE
            else self._reply(alert, thread, thread.ts)
        )

    def _channels(self, alert: ChatAlert, thread: ChatThread | None) -> Sequence[str]:
        """Where to post, in this order: an incident stays in its channel until it ends."""
        stays = thread is not None and thread.opened_at == alert.moment.opened_at
        first = thread.channel if thread is not None and stays else self.channel_of(alert)
        return tuple(dict.fromkeys((first, self.default_channel)))

    def _open(
        self,
        alert: ChatAlert,
        channels: Sequence[str],
        *,
        replaces: ChatThread | None,
        note: Message | None = None,
    ) -> PostResult:
        """Post the first message, once the claim that is stored before proves that the ledger can be written."""
        channel, *others = channels
        moment = alert.moment
        claim = ChatThread(
            incident=moment.incident,
            opened_at=moment.opened_at,
            channel=channel,
            ts=None,
            version=moment.version,
            told=0,
            pools=moment.pools,
        )
        if not self._store(claim, replaces=replaces):
            return _RACED
        match self.chat.post(channel, alert.texts.whole(note)):
            case Posted(channel=where, ts=ts):
                begun = replace(claim, channel=where, ts=ts, told=moment.version)
                return Delivered() if self._store(begun, replaces=claim) else _RACED
            case ChannelRefused() as refusal if others:
                return self._open(alert, others, replaces=claim, note=_moved(refusal))
            case ChannelRefused(reason=reason) | MessageGone(reason=reason):
                return Rejected(reason=reason)
            case RetryLater() | Rejected() as answer:
                return answer

    def _update(self, alert: ChatAlert, thread: ChatThread, ts: str) -> PostResult:
        """Replace the first message, which also shows whether it is still there, then reply."""
        match self.chat.replace(thread.channel, ts, alert.texts.whole()):
            case Posted():
                shown = replace(thread, version=alert.moment.version)
                if not self._store(shown, replaces=thread):
                    return _RACED
                return self._reply(alert, shown, ts)
            case ChannelRefused() as refusal:
                return self._elsewhere(alert, thread, refusal)
            case MessageGone():
                return self._open(alert, self._channels(alert, thread), replaces=thread)
            case RetryLater() | Rejected() as answer:
                return answer

    def _reply(self, alert: ChatAlert, thread: ChatThread, ts: str) -> PostResult:
        match self.chat.post(thread.channel, alert.texts.reply(thread.pools), thread=ts):
            case Posted(is_reply=True):
                told = replace(thread, told=alert.moment.version, pools=alert.moment.pools)
                return Delivered() if self._store(told, replaces=thread) else _RACED
            case ChannelRefused() as refusal:
                return self._elsewhere(alert, thread, refusal)
            case Posted() | MessageGone():
                return self._open(alert, self._channels(alert, thread), replaces=thread)
            case RetryLater() | Rejected() as answer:
                return answer

    def _elsewhere(self, alert: ChatAlert, thread: ChatThread, refusal: ChannelRefused) -> PostResult:
        """The thread's channel takes nothing any more: begin another thread in the default one."""
        if thread.channel == self.default_channel:
            return Rejected(reason=refusal.reason)
        return self._open(alert, (self.default_channel,), replaces=thread, note=_moved(refusal))

    def _store(self, thread: ChatThread, *, replaces: ChatThread | None) -> bool:
        return self.threads.store(thread, replaces=replaces, now=self.clock.now())


def _moved(refusal: ChannelRefused) -> Message:
    return message("slack.moved", channel=refusal.channel, reason=refusal.reason)
