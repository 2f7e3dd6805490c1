"""A process that dies at one of its port calls: everything before has happened, and nothing after."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from types import SimpleNamespace
from typing import Any, cast

from tests.fakes.deployment import Deployment

# Nothing outside the process changes with these: it makes no difference at which of them it dies.
_READINGS = frozenset(
    {
        "alive",
        "all_of",
        "entry",
        "gone",
        "last",
        "of",
        "on",
        "owner_of",
        "rates",
        "read",
        "since",
        "spent",
        "waiting",
    }
)
_PORTS = ("pools", "identities", "configuration_sets", "accounts", "role", "journal", "hints", "stacks")


class Died(BaseException):
    """The process is over; no handler of its own may go on."""


@dataclass(slots=True, kw_only=True)
class Life:
    """Counts the moments before and after each call that changes something; the process dies at moment ``ends_at``."""

    ends_at: int | None = None
    moments: list[str] = field(default_factory=list)
    is_over: bool = False

    def step(self, moment: str, *, changes: bool = True) -> None:
        if self.is_over or (changes and len(self.moments) == self.ends_at):
            self.is_over = True
            raise Died(moment)
        if changes:
            self.moments.append(moment)


@dataclass(slots=True)
class Mortal:
    """A port of a process: each call that changes something is a moment before it and a moment after it."""

    port: Any
    name: str
    life: Life

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as the port has it
        member = getattr(self.port, name)
        if not callable(member):
            return member
        method, changes = cast("Callable[..., object]", member), name not in _READINGS

        def call(*args: object, **options: object) -> object:
            self.life.step(f"before {self.name}.{name}", changes=changes)
            answer = method(*args, **options)
            self.life.step(f"after {self.name}.{name}", changes=changes)
            return answer

        return call


def mortal(mailwarden: Deployment, life: Life) -> Deployment:
    """The same deployment as one process sees it: its writer and all its ports end with *life*."""
    roles = {each.name: getattr(mailwarden.ledger, each.name) for each in fields(mailwarden.ledger)}
    ledger = SimpleNamespace(**{name: Mortal(role, name, life) for name, role in roles.items()})
    ports: dict[str, Any] = {name: Mortal(getattr(mailwarden, name), name, life) for name in _PORTS}
    writer: Any = Mortal(mailwarden.writer or mailwarden.held_writer(), "writer", life)
    return replace(mailwarden, ledger=cast("Any", ledger), writer=writer, **ports)
