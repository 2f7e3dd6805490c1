"""A scene as a value: the actor, the change to a pool, and the expected effect."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.demo.stage.pools import Pool
from sandbox.demo.stage.stage import Actor, Stage

type MailWord = Literal["arrived", "lost"]
type Snapshot = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """Nothing is found and no alert is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """A rule finds something and Mailwarden repairs it.

    `changed` are the paths below which the snapshot may differ afterwards; each of them must.
    """

    rule: str
    changed: tuple[str, ...]
    offers_undo: bool = True
    """Whether the alert offers to undo the write. No undo is offered that would lose the pool's mail again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A rule finds something, an alert is sent, and nothing is written; `reason` is the code of the reason."""

    rule: str
    reason: str
    shows_write: bool
    """Whether the write that was withheld is shown in full."""
    shows_counts: bool = False
    """Whether what is counted of the pool's mail is shown."""
    grows: bool = False
    """Whether pools of other scenes use what it is about: a later message counts them, too, if there is time for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Nothing is wrong with the pool; an operator asks why one user gets no mail, and fixes that.

    `says` are parts of the answer of `make why`, by language.
    """

    says: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """A rule finds something, Mailwarden repairs it, and a person undoes the repair.

    `reason` is the code of the reason for which it is not made again.
    """

    rule: str
    reason: str


type Outcome = Sound | Repaired | Reported | Explained | Undone


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The expected observations; `None` for a sign-up that does not happen at that time."""

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
    """None for callers that sign nothing, such as the users of an app."""
    call: str
    words: str
    perform: Callable[[], Pool]
    name: str = ""
    """The name shown for a caller that is no user of the account."""
    is_cause: bool = True
    """Whether the call can have caused the finding: an alert blames no other."""

    @property
    def who(self) -> str:
        """The name that is shown."""
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
    alert_names: str | None = None
    """A text that identifies the alert in every language; the pool's id if None."""
    snapshot: Callable[[], Snapshot]
    read: str = "the sending policies"
    """The parts of the snapshot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One story of the demo."""

    number: int
    title: str
    situation: str
    lesson: str
    """Why it ended like this, in a sentence or two."""
    place: Callable[[Stage], Setting]
    expected: Expected
