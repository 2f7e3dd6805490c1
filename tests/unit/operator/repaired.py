"""Deployments that repaired something, and a person who undoes it."""

from mailwarden.domain.operator.undo import (
    UndoAnswer,
    UndoOrder,
)
from mailwarden.domain.readings import Identity
from tests.builders import developer, identity, pool
from tests.fakes.deployment import Deployment, hint
from tests.fakes.undoing import undoing
from tests.unit.decisions.repairs import OPENED, OREGON, seoul

NAME = "hello@example.com"
PARIS = identity(NAME, region="eu-west-3")
MOVED = pool("eu-west-3", email=developer(identity(NAME).ref))


def the_entry(mailwarden: Deployment) -> str:
    (entry_id,) = mailwarden.journal.intentions
    return entry_id


def granted(*names: str) -> tuple[Deployment, str]:
    """A deployment that let these pools send, and its journal entry."""
    mailwarden = Deployment()
    pools = [seoul(name) for name in names]
    mailwarden.hold(*pools, OPENED)
    mailwarden.settle_down(*map(hint, pools))
    return mailwarden, the_entry(mailwarden)


def moved() -> tuple[Deployment, str]:
    """A deployment that moved a pool to the identity in a region that the pool may use."""
    mailwarden = Deployment()
    mailwarden.hold(MOVED, identity(NAME), PARIS)
    mailwarden.settle_down(hint(MOVED))
    return mailwarden, the_entry(mailwarden)


def undo(mailwarden: Deployment, entry_id: str, *, confirm: bool = True, reason: str = "") -> UndoAnswer:
    order = UndoOrder(entry_id=entry_id, by="alice", reason=reason, confirm=confirm)
    answer = undoing(mailwarden).undo(order, request_id="r-1")
    mailwarden.announce()
    return answer


def live_policies(mailwarden: Deployment) -> dict[str, str]:
    live = mailwarden.identities.held[OREGON]
    assert isinstance(live, Identity)
    return dict(live.policies)
