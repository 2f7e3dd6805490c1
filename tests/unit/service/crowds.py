"""Deployments that know many pools, and calls about what these share."""

from dataclasses import replace

from mailwarden.domain.readings import Identity, Pool
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.hints import IdentityHint, PoolHint
from mailwarden.domain.refs.resources import IdentityRef
from mailwarden.service.inspection.batch_cache import RecentReadings
from tests.builders import NOON, developer, identity, identity_ref, pool
from tests.fakes.deployment import Deployment, cause
from tests.fakes.passing import TimedHintQueue, TimedPools, passing

MOST_LOOKS = 5
# A spread begins with the looks of its first second, and messages come out of the queue at whole seconds.
MOST_READS_IN_A_SECOND = 2 * MOST_LOOKS


def users(number: int, *, region: str = "us-east-1", of: IdentityRef | None = None) -> list[Pool]:
    sender = of or identity_ref()
    return [pool(region, pool_id=f"{region}_P{each:04}", email=developer(sender)) for each in range(number)]


def known(*pools: Pool, sender: Identity | None = None) -> tuple[Deployment, TimedHintQueue, TimedPools]:
    """A deployment that looked at *pools* some time ago."""
    mailwarden = Deployment()
    mailwarden.hold(*pools, sender or identity())
    for each in pools:
        mailwarden.inspector().inspect(PoolHint(pool=each.ref, cause=cause()))
    mailwarden.clock.pass_by(hours=2)
    mailwarden.recent = RecentReadings()
    mailwarden.ledger.known_pools.sweeps = dict.fromkeys(mailwarden.watched_regions, NOON)
    return mailwarden, *passing(mailwarden)


def call(number: int = 1, *, actor: str | None = None) -> Cause:
    found = cause("DeleteEmailIdentityPolicy", event_id=f"call-{number}")
    return found if actor is None else replace(found, actor=actor)


def about(sender: IdentityRef, number: int = 1) -> IdentityHint:
    return IdentityHint(identity=sender, cause=call(number))


def looks_in_the_queue(queue: TimedHintQueue) -> int:
    return sum(isinstance(hint, PoolHint) for _, hint in queue.timed)
