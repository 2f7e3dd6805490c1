"""The changes of the expected EmailConfiguration with each look; pure, so that every history can be tested."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from mailwarden.domain.known_good.losses import Loss, losses_of
from mailwarden.domain.known_good.origin import Authorship, Origin, authorship_of, since
from mailwarden.domain.known_good.record import KnownGood, Standing
from mailwarden.domain.readings import EmailConfiguration, SenderMode
from mailwarden.domain.refs.causes import Cause, joined_calls
from mailwarden.domain.refs.resources import PoolRef


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderReset:
    """An expected configuration that was lost, and that no caller is known to have given up."""

    known: KnownGood
    losses: tuple[Loss, ...]
    authorship: Authorship


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEmail:
    """A pool's EmailConfiguration as a look found it; ``modified`` is LastModifiedDate, ``at`` the look's time."""

    email: EmailConfiguration
    modified: datetime
    at: datetime
    settings: Mapping[str, str] = field(default_factory=dict)


def known_good_now(known: KnownGood | None, cause: Cause | None, *, pool: PoolRef) -> KnownGood | None:
    """*known* with the calls of *cause* that wrote *pool* since it was found."""
    if known is None or cause is None:
        return known
    return replace(known, calls=joined_calls(known.calls, since(cause.calls, known.modified, pool=pool)))


def reset_of(known: KnownGood | None, now: EmailConfiguration, *, region_lost: bool = False) -> SenderReset | None:
    """The reset of what was expected; None if nothing was lost, or if it was given up by choice.

    | expected | live now | the change was | result |
    |---|---|---|---|
    | nothing, or never judged good | any | any | none |
    | judged good | the same | not asked | none |
    | judged good | another one, nothing lost | any | none |
    | judged good | something lost | deliberate | none |
    | judged good | something lost | anything else | a reset |
    """
    if known is None or known.standing is Standing.SEEN or known.email.in_full == now.in_full:
        return None
    losses = losses_of(known.email, now, region_lost=region_lost)
    if not losses:
        return None
    authorship = authorship_of(known.calls, now)
    if authorship.origin is Origin.DELIBERATE:
        return None
    return SenderReset(known=known, losses=losses, authorship=authorship)


def known_good_after(
    known: KnownGood | None,
    found: FoundEmail,
    *,
    reset: SenderReset | None,
    judged_good: bool,
    settle: timedelta,
) -> KnownGood:
    """The expected configuration after a look; ``reset`` is ``reset_of`` the same look.

    | expected | live now | result |
    |---|---|---|
    | any | lost (a reset), or of an unknown kind | the expected one stays, with the calls |
    | the same | the same | its standing rises, never falls |
    | nothing, or another one | not asked | what is live, from the beginning |
    """
    if known is not None and (reset is not None or found.email.mode is SenderMode.UNKNOWN):
        return known
    risen = _standing(found, judged_good=judged_good, settle=settle)
    if known is None or known.email.in_full != found.email.in_full:
        return KnownGood(
            email=found.email,
            standing=risen,
            since=found.at,
            modified=found.modified,
            settings=found.settings,
            calls=() if known is None else _unseen(known.calls, found),
            found_at=found.at,
        )
    order = tuple(Standing)
    return replace(
        known,
        standing=max(known.standing, risen, key=order.index),
        modified=found.modified,
        settings=found.settings,
        calls=_unseen(known.calls, found),
        found_at=found.at,
    )


def _unseen(calls: Iterable[Cause], found: FoundEmail) -> tuple[Cause, ...]:
    """The calls whose effect the look cannot have seen: an event comes after its call, a read may be stale."""
    return tuple(call for call in calls if call.at > found.modified)


def _standing(found: FoundEmail, *, judged_good: bool, settle: timedelta) -> Standing:
    """A pool that nothing wrote for the settle time has held its configuration so long."""
    if not judged_good:
        return Standing.SEEN
    return Standing.HELD if found.at - found.modified >= settle else Standing.SOUND
