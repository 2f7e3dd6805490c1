"""What undoes an entry of the journal, from the entry and from what is live now; or why nothing does."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from mailwarden.domain.findings.changes import (
    CreateServiceLinkedRole,
    GrantSending,
    RemoveSuppression,
    ReplaceEmailConfiguration,
    ReplaceRiskConfiguration,
    WrittenChange,
)
from mailwarden.domain.findings.comparison import Worse, WorseFinding, WorseVerdict, answer_word
from mailwarden.domain.readings import IdentityReading, Missing, PoolReading, Unreadable
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import Entry, Written, may_have_taken_effect
from mailwarden.message import Message, message
from mailwarden.policy import edited_own_policies, own_grants, revoke_pools
from mailwarden.policy.grant.grant import Grant

LONGEST_AGE = timedelta(days=30)


type UndoableChange = GrantSending | ReplaceEmailConfiguration | ReplaceRiskConfiguration


def undoable_change(entry: Entry, *, at: datetime, account: str) -> UndoableChange | Message:
    """The change of the entry if it has an undo, or why it has none, whatever is live.

    *account* is the deployment's.
    """
    intention = entry.intention
    match intention.change:
        case CreateServiceLinkedRole():
            return message("undo.role")
        case RemoveSuppression():
            return message("undo.suppression")
        case (
            GrantSending(identity=ref) | ReplaceEmailConfiguration(pool=ref) | ReplaceRiskConfiguration(pool=ref)
        ) as change:
            if ref.account != account:
                return message("undo.other-account", account=ref.account)
    if intention.undoes is not None:
        return message("undo.is-an-undo", entry_id=intention.undoes)
    if entry.outcome is None:
        return message("undo.open")
    if not isinstance(entry.outcome, Written):
        return message("undo.not-written", reason=entry.outcome.reason)
    if entry.undone_by is not None:
        return message("undo.already", entry_id=entry.undone_by)
    if at - intention.at > LONGEST_AGE:
        return message("undo.too-old", days=LONGEST_AGE.days)
    return change


def why_not_undone(entry: Entry, *, at: datetime, account: str) -> Message | None:
    """Why the entry has no undo, whatever is live; None if it has one."""
    change = undoable_change(entry, at=at, account=account)
    return change if isinstance(change, Message) else None


def undo_of_configuration(change: ReplaceEmailConfiguration, live: PoolReading) -> WrittenChange | Message:
    """The former EmailConfiguration, if the one that was written is live."""
    if isinstance(live, Unreadable):
        return message("undo.unreadable", refusal=live.message)
    if isinstance(live, Missing):
        return message("undo.pool-gone")
    if live.email.in_full != change.after.in_full:
        return message("undo.configuration-changed")
    return ReplaceEmailConfiguration(pool=change.pool, before=live.email, after=change.before)


def undo_of_risk(change: ReplaceRiskConfiguration, live: PoolReading) -> WrittenChange | Message:
    """The former risk configuration, if the one that was written is live."""
    if isinstance(live, Missing):
        return message("undo.pool-gone")
    refused = live if isinstance(live, Unreadable) else live.threat_notices
    if isinstance(refused, Unreadable):
        return message("undo.unreadable", refusal=refused.message)
    if isinstance(live, Unreadable) or live.risk != change.after:
        return message("undo.risk-changed")
    return ReplaceRiskConfiguration(pool=change.pool, before=change.after, after=change.before)


def undo_of_grant(change: GrantSending, live: IdentityReading, *, later: Iterable[Entry]) -> WrittenChange | Message:
    """The removal of the grants that the change added, as far as no later entry granted them again.

    *later* are the entries of the same identity since the change.
    """
    if isinstance(live, Unreadable):
        return message("undo.unreadable", refusal=live.message)
    if isinstance(live, Missing):
        return message("undo.identity-gone")
    ref = change.identity
    added = _added_by(change)
    edited = set(edited_own_policies(live.policies, identity_arn=ref.arn, account=ref.account)) & added.keys()
    if edited:
        return message("undo.policy-edited", policies=tuple(sorted(edited)))
    own = frozenset[Grant]().union(*added.values())
    again = {
        grant: entry.intention.entry_id
        for entry in later
        if entry.outcome is not None and may_have_taken_effect(entry.outcome)
        if isinstance(entry.intention.change, GrantSending)
        for grants in _added_by(entry.intention.change).values()
        for grant in grants & own
    }
    held = {
        grant
        for name in added
        if name in live.policies
        for grant in own_grants({name: live.policies[name]}, identity_arn=ref.arn, account=ref.account)
    }
    unwanted = (own & held) - again.keys()
    if not unwanted and own & held:
        return message("undo.granted-again", entries=tuple(sorted(set(again.values()))))
    plan = revoke_pools(live.policies, identity_arn=ref.arn, account=ref.account, grants=unwanted)
    if not plan.writes:
        return message("undo.nothing-left")
    pools = tuple(sorted({PoolRef.from_arn(grant.pool_arn) for grant in unwanted}, key=lambda pool: pool.arn))
    return GrantSending(identity=ref, pools=pools, before=plan.before, after=plan.after)


def _added_by(change: GrantSending) -> dict[str, frozenset[Grant]]:
    """By policy, the grants that the change put there; a removal added none."""
    return {
        name: added
        for name, text in change.after.items()
        if (added := _grants(change, name, text) - _grants(change, name, change.before.get(name)))
    }


def _grants(change: GrantSending, name: str, text: str | None) -> frozenset[Grant]:
    ref = change.identity
    return own_grants({name: text}, identity_arn=ref.arn, account=ref.account)


def why_worse(worse: Worse | None) -> Message | None:
    """The reason not to undo, in words."""
    match worse:
        case None:
            return None
        case WorseVerdict(now=now, after=after):
            return message("undo.worse", now=answer_word(now), after=answer_word(after))
        case WorseFinding(finding=finding):
            return message("undo.worse-finding", rule=finding.rule_id, finding=finding.message)
