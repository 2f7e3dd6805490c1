"""What must be true after every step, from the record of who wrote what; nothing here asks a rule or the evaluator."""

import json

from mailwarden.domain.findings.changes import GrantSending, ReplaceEmailConfiguration
from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.readings import Identity, Pool, SenderMode
from mailwarden.domain.refs.resources import IdentityRef, PoolRef
from mailwarden.domain.repair.journal import (
    SideEffect,
    Unconfirmed,
    WriteOutcome,
    Written,
    may_have_taken_effect,
)
from mailwarden.domain.repair.limits import RepairMode
from tests.unit.model.configurations import PARIS, identity_of
from tests.unit.model.live_aws import Taken, members_of
from tests.unit.model.story import DEPLOYMENT, Story

_EXEMPT = ("off", "report")


def nothing_differs_from_what_was_written(story: Story) -> None:
    """Every member is what its last writer wrote, and our writes are in the journal."""
    resources: list[Pool | Identity] = [*story.aws.pools.values(), *story.aws.identities.values()]
    for resource in resources:
        live, arn = members_of(resource), resource.ref.arn
        expected = {
            name: value
            for (of, name), value in story.aws.expected.items()
            if of == arn and not (value is None and name.startswith("policy "))
        }
        assert live == expected, resource.ref
    ours = {entry_id for entry_id in story.aws.last_words.values() if entry_id.startswith("entry-")}
    assert ours <= story.mailwarden.journal.intentions.keys()


def the_journal_is_true(story: Story) -> None:
    """Written exactly if AWS took it; what another actor overtook is not known, and what is open is not concluded."""
    taken = {each.entry_id: each for each in story.aws.taken}
    assert len(taken) == len(story.aws.taken), "an entry was written twice"
    for entry_id, intention in story.mailwarden.journal.intentions.items():
        outcome = outcome_of(story, entry_id)
        write = taken.get(entry_id)
        if write is None:
            assert not isinstance(outcome, Written | SideEffect) or _was_made_by_another(story, entry_id), outcome
            continue
        assert write.change == intention.change
        assert set(intention.pools) == set(pools_of(write.change))
        if intention.undoes is None:
            assert [key.subject_arn for key in intention.findings] == [ref.arn for ref in intention.pools]
        assert outcome is None or may_have_taken_effect(outcome) or _was_undone(story, write), outcome
    open_entries = {entry_id for entry_id in story.mailwarden.journal.intentions if outcome_of(story, entry_id) is None}
    assert set(story.mailwarden.ledger.resource_leases.open_entries.values()) >= open_entries


def outcome_of(story: Story, entry_id: str) -> WriteOutcome | None:
    outcome, _ = story.mailwarden.journal.outcomes.get(entry_id, (None, None))
    assert not isinstance(outcome, Unconfirmed)
    return outcome


def the_budget_is_right(story: Story) -> None:
    """Each repair that may have taken effect is charged once, to its first pool; an undo never is."""
    budgets = story.mailwarden.ledger.budgets
    counted = {
        entry_id
        for entry_id in story.mailwarden.journal.outcomes
        if may_have_taken_effect(outcome_of_sure(story, entry_id))
        and story.mailwarden.journal.intentions[entry_id].undoes is None
    }
    uncharged = counted - budgets.charged
    # A process may die between the outcome and the charge: the mark stays until the charge is made.
    assert uncharged <= set(story.mailwarden.ledger.resource_leases.open_entries.values())
    assert budgets.charged <= counted
    charges = sum(count for (owner, _), count in budgets.taken.items() if owner.startswith("arn:"))
    assert charges == len(budgets.charged)


def outcome_of_sure(story: Story, entry_id: str) -> WriteOutcome:
    outcome, _ = story.mailwarden.journal.outcomes[entry_id]
    return outcome


def writes_were_allowed(story: Story, *, since: int) -> None:
    """No write for an exempt subject, without consent, over a deployment's change, or while writes are off."""
    for write in story.aws.taken[since:]:
        if story.mailwarden.journal.intentions[write.entry_id].undoes is not None:
            # A person ordered it: nothing but what is live keeps it from being made.
            continue
        assert write.limits.repair_mode is not RepairMode.OFF
        assert write.limits.closed_because is None
        match write.change, write.over:
            case ReplaceEmailConfiguration(pool=ref), Pool() as over:
                assert not _is_exempt(over), ref
                assert not _has_heard_of_deployment(story, write, ref.arn, "email"), ref
                assert write.change.before == over.email or write.overlapped
            case GrantSending(pools=refs, before=before, after=after), Identity() as over:
                assert not _is_exempt(over), over.ref
                assert "mailwarden:cognito" in over.tags or _names_all(over, refs), over.ref
                known = {arn for text in before.values() for arn in sources_of(text)}
                granted = {arn for text in after.values() for arn in sources_of(text)}
                assert granted - known <= {ref.arn for ref in refs} <= granted
                assert known <= granted
                for ref in refs:
                    assert not _is_exempt(story.aws.pools[ref]), ref
            case _:
                raise AssertionError(write)


def everything_is_well(story: Story) -> None:
    """At rest: what may be repaired is repaired, nothing is open, and the findings say what is live."""
    leases = story.mailwarden.ledger.resource_leases
    assert all(ends <= story.now for _, ends in leases.held.values())
    assert leases.open_entries == {}
    assert story.mailwarden.journal.intentions.keys() == story.mailwarden.journal.outcomes.keys()
    for pool in story.pools:
        findings = [
            record
            for record in story.mailwarden.ledger.findings.held.values()
            if pool.ref.arn in record.lifecycle.affected
            and record.finding.severity is Severity.CRITICAL
            # A pool that lost its sender can send, from another one.
            and record.finding.rule_id != "MW108"
        ]
        open_now = [each for each in findings if each.lifecycle.state in {FindingState.OPEN, FindingState.EXEMPT}]
        if is_unclear(story, pool):
            # Nobody knows whether a Deny for the service stops the role: what was found before stays.
            continue
        if can_send(story, pool):
            assert open_now == [], (pool.ref, [(each.finding.rule_id, each.lifecycle.state) for each in open_now])
        else:
            found = [(each.finding.rule_id, each.lifecycle.state) for each in findings]
            assert open_now, (pool.ref, found)
            # What AWS refused for good waits for another call.
            final = any(each.write.handling is Handling.FAILED and not each.write.retryable for each in open_now)
            assert final or not is_owed(story, pool), (pool.ref, [each.write for each in open_now])


def can_send(story: Story, pool: Pool) -> bool:
    """Whether AWS would send the pool's mail."""
    ref = identity_of(pool)
    if ref is None:
        return True
    live = story.aws.identities.get(ref)
    if live is None or not live.verified_for_sending:
        return False
    statements = [each for text in live.policies.values() for each in json.loads(text)["Statement"]]
    denied = any(each["Effect"] == "Deny" and pool.ref.arn in _named(each) for each in statements)
    # The role of the account sends; the policies speak of the service.
    if pool.ref.region == "eu-west-3":
        return ref == PARIS
    if pool.ref.region == "me-central-1" and ref.region != "eu-central-1":
        return False
    if pool.ref.region == "ap-northeast-2" and pool.email.mode is SenderMode.DEVELOPER:
        return True
    return not denied and any(_grants(each, pool) for each in statements)


def is_unclear(story: Story, pool: Pool) -> bool:
    """Whether the account's role sends the pool's mail, and a Deny speaks of the service."""
    ref = identity_of(pool)
    if ref is None or pool.ref.region == "me-central-1" or pool.email.mode is not SenderMode.DEVELOPER:
        return False
    statements = [
        each for text in story.aws.identities[ref].policies.values() for each in json.loads(text)["Statement"]
    ]
    return any(each["Effect"] == "Deny" and pool.ref.arn in _named(each) for each in statements)


def is_owed(story: Story, pool: Pool) -> bool:
    """Whether Mailwarden may and can repair the pool by itself."""
    ref = identity_of(pool)
    if ref is None or _is_exempt(pool):
        return False
    journal = story.mailwarden.journal
    if any(pool.ref in journal.intentions[entry_id].pools for entry_id in story.ordered):
        # A person wanted it undone: whether or not that came about, it is left alone.
        return False
    writes = [
        each for each in journal.intentions.values() if pool.ref in each.pools and _took_effect(story, each.entry_id)
    ]
    if len(writes) > 1 or _is_deployed(story, pool, ref):
        return False
    if pool.ref.region == "eu-west-3":
        concerned = [story.aws.identities[each] for each in (ref, PARIS)]
        return ref != PARIS and not any(map(_is_exempt, concerned)) and _is_clean(concerned[1])
    live = story.aws.identities[ref]
    return (
        "mailwarden:cognito" in live.tags
        and not _is_exempt(live)
        and _is_clean(live)
        and ref.region
        in {
            "us-west-2",
            "eu-central-1",
        }
    )


def _took_effect(story: Story, entry_id: str) -> bool:
    return may_have_taken_effect(outcome_of_sure(story, entry_id))


def _is_clean(live: Identity) -> bool:
    """Whether no policy of somebody else says a word about it that a grant would override."""
    statements = [each for text in live.policies.values() for each in json.loads(text)["Statement"]]
    return live.verified_for_sending and not any(
        each["Effect"] == "Deny" or "StringLike" in each["Condition"] for each in statements
    )


def _is_deployed(story: Story, pool: Pool, ref: IdentityRef) -> bool:
    """Whether a deployment ever wrote one of them."""
    return not {pool.ref.arn, ref.arn, *([PARIS.arn] if pool.ref.region == PARIS.region else [])}.isdisjoint(
        story.deployed
    )


def _has_heard_of_deployment(story: Story, write: Taken, arn: str, member: str) -> bool:
    by, _, call = write.last_words.get((arn, member), "").partition("#")
    return by == DEPLOYMENT and f"call-{call}" in story.told


def _was_made_by_another(story: Story, entry_id: str) -> bool:
    """Whether somebody else made the live state what the entry would have made it."""
    return entry_id in story.same_as_another


def _was_undone(story: Story, write: Taken) -> bool:
    return write.entry_id in story.undone_by_another


def _is_exempt(of: Pool | Identity) -> bool:
    return isinstance(of.tags, dict) and of.tags.get("mailwarden") in _EXEMPT


def _grants(statement: dict[str, object], pool: Pool) -> bool:
    principal = (
        "cognito-idp.me-central-1.amazonaws.com"
        if pool.ref.region == "me-central-1"
        else "email.cognito-idp.amazonaws.com"
    )
    condition = statement["Condition"]
    return (
        statement["Effect"] == "Allow"
        and statement["Principal"] == {"Service": principal}
        and pool.ref.arn in _named(statement)
        and isinstance(condition, dict)
        and "StringLike" not in condition
    )


def _named(statement: dict[str, object]) -> list[str]:
    condition = statement.get("Condition")
    found = condition.get("ArnLike", {}).get("aws:SourceArn", []) if isinstance(condition, dict) else []
    return [found] if isinstance(found, str) else list(found)


def sources_of(text: str | None) -> set[str]:
    """The pools that a policy names."""
    return {arn for statement in json.loads(text)["Statement"] for arn in _named(statement)} if text else set()


def pools_of(change: object) -> tuple[PoolRef, ...]:
    """The pools that a change repairs, or takes something from."""
    match change:
        case GrantSending(pools=pools):
            return pools
        case ReplaceEmailConfiguration(pool=pool):
            return (pool,)
        case _:
            raise AssertionError(change)


def _names_all(over: Identity, refs: tuple[PoolRef, ...]) -> bool:
    """Whether a live Allow already names each of the pools."""
    named = {
        arn
        for text in over.policies.values()
        for each in json.loads(text)["Statement"]
        if each["Effect"] == "Allow"
        for arn in _named(each)
    }
    return {ref.arn for ref in refs} <= named
