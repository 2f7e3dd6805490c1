"""What a scene is, as a value: who does what to which pool, and what is to come of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.demo.pools import Pool
from sandbox.demo.stage import Actor, Stage

type MailWord = Literal["arrived", "lost"]
type Snapshot = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """Nothing is found and nobody is told anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """A rule finds something and Mailwarden writes.

    `changed` are the paths below which the snapshot may differ afterwards; each of them must.
    """

    rule: str
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A rule finds something, people are told, and nothing is written; `because` is part of the reason given."""

    rule: str
    because: str
    shows_write: bool
    """Whether the write that was withheld is shown in full."""
    shows_counts: bool = False
    """Whether what is counted of the pool's mail is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Nothing is wrong with the pool; a person asks why one user gets no mail, and does something about it.

    `says` are parts of the answer of `make why`.
    """

    says: tuple[str, ...]


type Outcome = Sound | Repaired | Reported | Explained


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What is to be seen; `None` for a sign-up that does not happen at that moment."""

    answer: str
    deciding: str | None
    outcome: Outcome
    mail_before: MailWord | None
    mail_broken: MailWord | None
    mail_after: MailWord


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """The call that a scene is about; `perform` gives the pool it concerns."""

    actor: Actor | None
    """None: whoever it was signed nothing, like the users of an app."""
    call: str
    words: str
    perform: Callable[[], Pool]
    name: str = ""
    """What the story calls whoever has no name of an account."""

    @property
    def who(self) -> str:
        """Who did it, as it is told."""
        return self.name if self.actor is None else self.actor.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A scene ready to be played.

    `pool` is None if the act creates it; `subject_arn` is None if the finding is about the pool itself; `snapshot`
    reads whatever a write could change.
    """

    act: Act
    pool: Pool | None
    subject_arn: str | None = None
    user: str | None = None
    """The address of the one user whom the scene is about."""
    told_as: str | None = None
    """A word of the alert by which it is recognized; the pool's id if None."""
    snapshot: Callable[[], Snapshot]
    read: str = "the sending policies"
    """What the snapshot is made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One story of the demo."""

    number: int
    title: str
    situation: str
    lesson: str
    """Why it went as it did, in a sentence or two."""
    place: Callable[[Stage], Setting]
    expected: Expected
