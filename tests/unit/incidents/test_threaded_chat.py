"""One thread for each incident: the first message shows the present state, whatever Slack or a death does meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from mailwarden.domain.incidents.chat_thread import ChatThread
from mailwarden.message import message
from mailwarden.ports.findings.chat import ChannelRefused, MessageGone
from mailwarden.ports.findings.webhook import Delivered, PostResult, Rejected, RetryLater
from mailwarden.service.findings.slack_delivery import ChatAlert
from mailwarden.service.incidents.threaded_chat import ThreadedChat
from tests.fakes.channels import InMemoryChat, a_chat_alert
from tests.fakes.examples import MORNING, later
from tests.fakes.ledger.incidents import InMemoryChatThreads

DEFAULT, ROUTED = "C-default", "C-routed"
REASON = message("slack.error", error="x")


class Died(BaseException):
    """The process is over."""


class Clock:
    """A clock that stands."""

    def now(self) -> datetime:
        return MORNING


@dataclass(slots=True, kw_only=True)
class MortalThreads:
    """Implements ``ChatThreads`` until the process dies before or after the store number ``dies_at``."""

    threads: InMemoryChatThreads
    dies_at: float = 99
    stores: int = 0

    def find(self, incident: str) -> ChatThread | None:
        return self.threads.find(incident)

    def store(self, thread: ChatThread, *, replaces: ChatThread | None, now: datetime) -> bool:
        self.stores += 1
        if self.dies_at == self.stores - 0.5:
            raise Died
        stored = self.threads.store(thread, replaces=replaces, now=now)
        if self.dies_at == self.stores:
            raise Died
        return stored


@dataclass(slots=True, kw_only=True)
class Scene:
    """A chat, the threads that are stored, and the channel that alerts are routed to."""

    chat: InMemoryChat = field(default_factory=InMemoryChat)
    threads: InMemoryChatThreads = field(default_factory=InMemoryChatThreads)
    routed: str = DEFAULT

    def post(self, alert: ChatAlert, *, dies_at: float = 99) -> PostResult:
        return ThreadedChat(
            chat=self.chat,
            threads=MortalThreads(threads=self.threads, dies_at=dies_at),
            channel_of=lambda _: self.routed,
            default_channel=DEFAULT,
            clock=Clock(),
        ).post(alert)


def test_an_incident_is_one_message_that_changes_and_a_thread_of_what_happened() -> None:
    scene = Scene()

    answers = [scene.post(a_chat_alert(version, pools=pools)) for version, pools in ((1, 2), (2, 5), (3, 0))]

    assert answers == [Delivered()] * 3
    assert scene.chat.channel(DEFAULT) == ["v3"]
    assert scene.chat.thread_of("v3") == ["r2 after 2", "r3 after 5"]
    assert scene.chat.calls == ["post", "replace", "reply", "replace", "reply"]


def test_an_incident_that_returns_opens_another_thread() -> None:
    scene = Scene()
    for version in (1, 2):
        scene.post(a_chat_alert(version))

    scene.post(a_chat_alert(3, opened_at=later(60)))
    scene.post(a_chat_alert(4, opened_at=later(60)))

    assert scene.chat.channel(DEFAULT) == ["v2", "v4"]
    assert scene.chat.thread_of("v2") == ["r2 after 1"]
    assert scene.chat.thread_of("v4") == ["r4 after 1"]


@pytest.mark.parametrize("version", [1, 2, 3])
def test_an_older_version_and_a_repeated_one_change_nothing(version: int) -> None:
    scene = Scene()
    for each in (1, 3):
        scene.post(a_chat_alert(each))

    answer = scene.post(a_chat_alert(version))

    assert answer == Delivered(is_past=True)
    assert scene.chat.calls == ["post", "replace", "reply"]


def test_a_first_message_that_was_deleted_is_posted_anew_and_the_thread_moves_with_it() -> None:
    scene = Scene()
    scene.post(a_chat_alert(1))
    scene.chat.delete("v1")

    answers = [scene.post(a_chat_alert(version)) for version in (2, 3)]

    assert answers == [Delivered()] * 2
    assert scene.chat.channel(DEFAULT) == ["v3"]
    assert scene.chat.thread_of("v3") == ["r3 after 1"]


def test_a_reply_that_slack_made_a_message_of_the_channel_is_followed_by_the_state() -> None:
    scene = Scene()
    scene.post(a_chat_alert(1))
    scene.chat.answers = [None, lambda: scene.chat.delete("v2")]

    answer = scene.post(a_chat_alert(2))

    assert answer == Delivered()
    assert scene.chat.channel(DEFAULT) == ["r2 after 1", "v2"]


def test_an_incident_stays_in_its_channel_until_it_ends() -> None:
    scene = Scene(routed=ROUTED)
    scene.post(a_chat_alert(1))
    scene.routed = "C-other"
    scene.post(a_chat_alert(2))
    scene.chat.delete("v2")
    scene.post(a_chat_alert(3))

    scene.post(a_chat_alert(4, opened_at=later(60)))

    assert scene.chat.channel(ROUTED) == ["v3"]
    assert scene.chat.channel("C-other") == ["v4"]


def test_a_channel_of_a_route_that_refuses_loses_no_alert() -> None:
    scene = Scene(routed=ROUTED, chat=InMemoryChat(refusing={ROUTED}))

    answer = scene.post(a_chat_alert(1))
    scene.post(a_chat_alert(2))

    assert answer == Delivered()
    assert scene.chat.channel(DEFAULT) == ["v2"]
    assert scene.chat.thread_of("v2") == ["r2 after 1"]


def test_the_default_channel_says_which_channel_refused() -> None:
    scene = Scene(routed=ROUTED, chat=InMemoryChat(refusing={ROUTED}))

    scene.post(a_chat_alert(1))

    assert scene.chat.channel(DEFAULT) == [f"v1 {ROUTED}"]


def test_a_thread_whose_channel_was_archived_goes_on_in_the_default_channel() -> None:
    scene = Scene(routed=ROUTED)
    scene.post(a_chat_alert(1))
    scene.chat.refusing.add(ROUTED)

    answer = scene.post(a_chat_alert(2))

    assert answer == Delivered()
    assert scene.chat.channel(DEFAULT) == [f"v2 {ROUTED}"]


@pytest.mark.parametrize("version", [1, 2])
def test_a_default_channel_that_refuses_is_final(version: int) -> None:
    scene = Scene()
    for each in range(1, version):
        scene.post(a_chat_alert(each))
    scene.chat.refusing.add(DEFAULT)

    assert isinstance(scene.post(a_chat_alert(version)), Rejected)


def test_a_thread_goes_on_when_the_default_channel_takes_messages_again() -> None:
    scene = Scene()
    scene.post(a_chat_alert(1))
    scene.chat.refusing.add(DEFAULT)
    scene.post(a_chat_alert(2))
    scene.chat.refusing.clear()

    assert scene.post(a_chat_alert(3)) == Delivered()

    assert scene.chat.channel(DEFAULT) == ["v3"]
    assert scene.chat.thread_of("v3") == ["r3 after 1"]


LATER, FINAL = RetryLater(reason=REASON, after=3), Rejected(reason=REASON)


@pytest.mark.parametrize("answer", [LATER, FINAL], ids=["later", "final"])
@pytest.mark.parametrize("call", [0, 1, 2])
def test_a_call_that_failed_is_repeated_and_no_other(answer: RetryLater | Rejected, call: int) -> None:
    scene = Scene()
    if call:
        scene.post(a_chat_alert(1))
    scene.chat.answers = [None, answer] if call == 2 else [answer]
    alert = a_chat_alert(2 if call else 1)

    first, second = scene.post(alert), scene.post(alert)

    assert (first, second) == (answer, Delivered())
    assert scene.chat.channel(DEFAULT) == [f"v{alert.moment.version}"]
    assert scene.chat.thread_of(f"v{alert.moment.version}") == (["r2 after 1"] if call else [])


@pytest.mark.parametrize("gone", [MessageGone(reason=REASON), ChannelRefused(channel=DEFAULT, reason=REASON)])
def test_an_answer_that_fits_no_first_message_is_final(gone: MessageGone | ChannelRefused) -> None:
    scene = Scene(chat=InMemoryChat(answers=[gone]))

    assert scene.post(a_chat_alert(1)) == Rejected(reason=REASON)


@pytest.mark.parametrize("dies_at", [0.5, 1, 1.5, 2])
def test_a_death_at_the_first_message_posts_it_twice_at_most(dies_at: float) -> None:
    scene = Scene()
    with pytest.raises(Died):
        scene.post(a_chat_alert(1), dies_at=dies_at)

    scene.post(a_chat_alert(1))
    scene.post(a_chat_alert(2))

    assert scene.chat.channel(DEFAULT) == (["v1", "v2"] if dies_at == 1.5 else ["v2"])
    assert scene.chat.thread_of("v2") == ["r2 after 1"]


@pytest.mark.parametrize("dies_at", [0.5, 1, 1.5, 2])
def test_a_death_at_a_later_version_repeats_one_reply_at_most(dies_at: float) -> None:
    scene = Scene()
    scene.post(a_chat_alert(1))
    with pytest.raises(Died):
        scene.post(a_chat_alert(2, pools=4), dies_at=dies_at)

    scene.post(a_chat_alert(2, pools=4))
    scene.post(a_chat_alert(3))

    repeated = 2 if dies_at == 1.5 else 1
    assert scene.chat.channel(DEFAULT) == ["v3"]
    assert scene.chat.thread_of("v3") == ["r2 after 1"] * repeated + ["r3 after 4"]


@pytest.mark.parametrize("call", [0, 1, 2])
def test_a_version_that_was_overtaken_while_it_was_posted_gives_way(call: int) -> None:
    scene, newest = Scene(), 9
    if call:
        scene.post(a_chat_alert(1))

    def overtake() -> None:
        scene.post(a_chat_alert(newest))

    before: list[Callable[[], None] | None] = [None] * max(0, call - 1)
    scene.chat.answers = [*before, overtake]

    first = scene.post(a_chat_alert(2))
    again = scene.post(a_chat_alert(2))

    assert isinstance(first, RetryLater)
    assert again == Delivered(is_past=True)
    thread = scene.threads.find("i")
    assert thread is not None
    assert (thread.version, thread.told) == (newest, newest)


def test_a_ledger_that_cannot_be_written_posts_nothing() -> None:
    scene = Scene()

    with pytest.raises(Died):
        scene.post(a_chat_alert(1), dies_at=0.5)

    assert scene.chat.calls == []
