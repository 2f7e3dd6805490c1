"""Plans the writes that grant or revoke sending for pools: the fewest changes to policies of our own.

An identity has one policy of ours, ``mailwarden-cognito``, with a list of pools, and further ones only when it
is full: SES allows twenty policies for each identity in total (SES guide, "Policy anatomy"), of which the last two are
left to the identity's owner. Policies of other owners, and edited policies of ours, are never rewritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mailwarden.message import Message, message
from mailwarden.policy.grant.grant_document import Grant, fits, recognize, render, why_not_writable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "LEFT_TO_THE_OWNER",
    "MAX_POLICIES",
    "OWN_PREFIX",
    "Grant",
    "GrantImpossible",
    "GrantPlan",
    "PolicyWrite",
    "edited_own_policies",
    "grant_pools",
    "is_own_name",
    "own_grants",
    "revoke_pools",
]

MAX_POLICIES: Final = 20
# Who owns the identity must be able to add a policy, whatever Mailwarden needs.
LEFT_TO_THE_OWNER: Final = 2
OWN_PREFIX: Final = "mailwarden-cognito"
_NAMES: Final = (OWN_PREFIX, *(f"{OWN_PREFIX}-{number}" for number in range(2, MAX_POLICIES + 1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyWrite:
    """One policy to create (``before`` is None), replace, or delete (``after`` is None)."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantPlan:
    """The writes, in order; empty if the policies are already correct.

    ``left_alone`` are policies with our name that were edited: they stay unchanged.
    """

    writes: tuple[PolicyWrite, ...]
    left_alone: tuple[str, ...]

    @property
    def before(self) -> dict[str, str | None]:
        """The policies that change, by name, before the write."""
        return {write.name: write.before for write in self.writes}

    @property
    def after(self) -> dict[str, str | None]:
        """The policies that change, by name, after the write."""
        return {write.name: write.after for write in self.writes}


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantImpossible:
    """The reason why no write is possible. ``left_alone`` as in ``GrantPlan``."""

    reason: Message
    left_alone: tuple[str, ...]


def is_own_name(name: str) -> bool:
    """Whether a policy of this name is, or was, ours."""
    return name in _NAMES


def edited_own_policies(policies: Mapping[str, str], *, identity_arn: str, account: str) -> tuple[str, ...]:
    """The names of those policies of ours that are no longer in our form: their owner edited them."""
    return _own(policies, identity_arn, account)[1]


def own_grants(policies: Mapping[str, str | None], *, identity_arn: str, account: str) -> frozenset[Grant]:
    """The grants that our own, unedited policies hold; None means that there is no policy of the name."""
    there = {name: text for name, text in policies.items() if text is not None}
    own, _ = _own(there, identity_arn, account)
    return frozenset(grant for grants in own.values() for grant in grants)


def grant_pools(
    policies: Mapping[str, str], *, identity_arn: str, account: str, grants: Iterable[Grant]
) -> GrantPlan | GrantImpossible:
    """Add *grants* to our policies among *policies*, all policies of the identity by name.

    Existing grants stay in their policy. A new grant goes into the first policy with room, otherwise into a new
    policy.
    """
    own, edited = _own(policies, identity_arn, account)
    wanted = sorted(set(grants) - {grant for held in own.values() for grant in held})
    problem = why_not_writable(wanted, identity_arn=identity_arn, account=account)
    if problem is not None:
        return GrantImpossible(reason=problem, left_alone=edited)
    filled = dict(own)
    for grant in wanted:
        name = _room_for(grant, filled, policies, identity_arn, account)
        if name is None:
            return GrantImpossible(
                reason=message("grant.no-room", count=len(policies), most=MAX_POLICIES, left=LEFT_TO_THE_OWNER),
                left_alone=edited,
            )
        filled[name] = filled.get(name, frozenset()) | {grant}
    return _plan(policies, own, filled, identity_arn, account, edited)


def revoke_pools(policies: Mapping[str, str], *, identity_arn: str, account: str, grants: Iterable[Grant]) -> GrantPlan:
    """Remove *grants* from our policies; a policy without grants is deleted.

    Grants in an edited policy stay: see ``left_alone``.
    """
    own, edited = _own(policies, identity_arn, account)
    unwanted = frozenset(grants)
    remaining = {name: held - unwanted for name, held in own.items()}
    return _plan(policies, own, remaining, identity_arn, account, edited)


def _own(
    policies: Mapping[str, str], identity_arn: str, account: str
) -> tuple[dict[str, frozenset[Grant]], tuple[str, ...]]:
    """Our policies with their grants, and the names of those that are no longer in our form."""
    own: dict[str, frozenset[Grant]] = {}
    edited: list[str] = []
    for name in _NAMES:
        if name not in policies:
            continue
        grants = recognize(policies[name], identity_arn=identity_arn, account=account)
        if grants is None:
            edited.append(name)
        else:
            own[name] = grants
    return own, tuple(edited)


def _room_for(
    grant: Grant,
    filled: Mapping[str, frozenset[Grant]],
    policies: Mapping[str, str],
    identity_arn: str,
    account: str,
) -> str | None:
    for name in _NAMES:
        held = filled.get(name)
        if held is not None and fits(render(held | {grant}, identity_arn=identity_arn, account=account)):
            return name
    if len({*policies, *filled}) >= MAX_POLICIES - LEFT_TO_THE_OWNER:
        return None
    return next((name for name in _NAMES if name not in policies and name not in filled), None)


def _plan(
    policies: Mapping[str, str],
    own: Mapping[str, frozenset[Grant]],
    wanted: Mapping[str, frozenset[Grant]],
    identity_arn: str,
    account: str,
    edited: tuple[str, ...],
) -> GrantPlan:
    return GrantPlan(
        writes=tuple(
            PolicyWrite(
                name=name,
                before=policies.get(name),
                after=render(grants, identity_arn=identity_arn, account=account) if grants else None,
            )
            for name, grants in wanted.items()
            if grants != own.get(name)
        ),
        left_alone=edited,
    )
