"""A deployment's change is never written over, with whatever other calls and in whatever batches its event arrives."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import combinations, pairwise, permutations

import pytest

from mailwarden.documents.reader import Members
from mailwarden.domain.findings.record import Handling
from mailwarden.domain.readings import Identity, Pool
from mailwarden.domain.refs.causes import (
    Cause,
    cause_document,
    cause_from,
    causes_document,
    deployed_by,
    folded,
)
from mailwarden.domain.refs.hints import Hint, IdentityHint, PoolHint
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import Drifted, Refused
from mailwarden.message import verbatim
from mailwarden.policy.evaluation.sender import regional_principal
from mailwarden.queue_messages.codec import hint_body
from mailwarden.service.inspection.inspect import one_look_per_pool
from tests.builders import NOON, custom_from, developer, identity, pool, sending_policy
from tests.fakes.deployment import Deployment, cause

# SQS API reference: the size of a message in queues created before August 2025.
MOST_BYTES = 262_144
ROLE = "arn:aws:iam::111122223333:role/ci/deploy"
SECOND = timedelta(seconds=1)


def call(name: str, actor: str, *, second: int) -> Cause:
    session = f"arn:aws:sts::111122223333:assumed-role/{actor}/run-{second}"
    return replace(cause(name, event_id=f"e-{name}-{actor}-{second}", at=NOON + second * SECOND), actor=session)


def splits[T](calls: Sequence[T]) -> Iterator[list[Sequence[T]]]:
    """Every order of the calls, and every way to cut that order into batches."""
    for order in permutations(calls):
        for size in range(len(order)):
            for cuts in combinations(range(1, len(order)), size):
                edges = (0, *cuts, len(order))
                yield [order[begin:end] for begin, end in pairwise(edges)]


type Story = tuple[Deployment, PoolRef, list[Hint]]


def broken_since(sound: tuple[Pool, Identity], broken: tuple[Pool | Identity, ...], *others: Identity) -> Deployment:
    """A pool that was looked at while it was sound, and is broken now."""
    mailwarden = Deployment(deployment_roles=(ROLE,))
    mailwarden.hold(*sound, *others)
    mailwarden.clock.at = NOON - timedelta(minutes=10)
    mailwarden.inspect(PoolHint(pool=sound[0].ref))
    mailwarden.clock.at = NOON
    mailwarden.hold(*broken)
    return mailwarden


def misplaced() -> Story:
    """A deployment moved a pool to a region that it may not use; taggers answered."""
    here, there = (identity("hello@example.com", region=region) for region in ("eu-west-3", "us-east-1"))
    of, moved = (pool("eu-west-3", email=developer(each.ref)) for each in (here, there))
    return (
        broken_since((of, here), (moved,), there),
        of.ref,
        [
            PoolHint(pool=of.ref, cause=call("UpdateUserPool", "deploy", second=-5)),
            PoolHint(pool=of.ref, cause=call("TagResource", "tagger", second=-4)),
            IdentityHint(identity=there.ref, cause=call("TagResource", "other-tagger", second=-3)),
        ],
    )


def ungranted() -> Story:
    """A deployment deleted the policy of a pool's identity; taggers answered."""
    tags = {"mailwarden:cognito": "account"}
    bare = identity("hello@example.com", region="us-west-2", tags=tags)
    of = pool("ap-northeast-2", email=custom_from(bare.ref))
    policy = sending_policy(bare.ref, of.ref, principal=regional_principal(of.ref.region))
    return (
        broken_since((of, replace(bare, policies={"cognito": policy})), (bare,)),
        of.ref,
        [
            IdentityHint(identity=bare.ref, cause=call("DeleteEmailIdentityPolicy", "deploy", second=-5)),
            IdentityHint(identity=bare.ref, cause=call("TagResource", "tagger", second=-4)),
            PoolHint(pool=of.ref, cause=call("TagResource", "other-tagger", second=-3)),
        ],
    )


@pytest.mark.parametrize("story", [misplaced, ungranted])
def test_a_deployments_change_is_not_written_over_in_any_order_and_batching(story: Callable[[], Story]) -> None:
    for batches in splits(range(3)):
        mailwarden, of, hints = story()
        for batch in batches:
            mailwarden.inspect(*(hints[place] for place in batch))
        mailwarden.repair()
        # The sweep comes without a cause.
        mailwarden.clock.pass_by(hours=1)
        mailwarden.settle_down(PoolHint(pool=of))

        assert mailwarden.journal.intentions == {}, batches
        assert mailwarden.finding("MW201" if story is misplaced else "MW401", of.arn).lifecycle.is_over is False


@pytest.mark.parametrize("story", [misplaced, ungranted])
def test_without_the_deployment_the_same_calls_let_it_be_repaired(story: Callable[[], Story]) -> None:
    mailwarden, _, (_, *hints) = story()

    mailwarden.settle_down(*hints)

    assert len(mailwarden.written) == 1


@pytest.mark.parametrize(("answer", "tried"), [(Drifted, 2), (Refused, 1)])
def test_a_sweep_tries_again_what_another_change_overtook_and_not_what_was_refused(
    answer: type[Drifted | Refused], tried: int
) -> None:
    mailwarden, of, (_, *hints) = misplaced()
    mailwarden.answer = answer(reason=verbatim("no"))
    mailwarden.settle_down(*hints)

    mailwarden.clock.pass_by(hours=1)
    mailwarden.settle_down(PoolHint(pool=of))

    assert len(mailwarden.journal.intentions) == tried
    assert mailwarden.finding("MW201", of.arn).write.handling is Handling.FAILED


def test_the_hints_of_one_pool_keep_the_causes_of_all() -> None:
    of = pool().ref
    calls = [call("UpdateUserPool", "deploy", second=1), call("TagResource", "tagger", second=2), None]
    for order in permutations(calls):
        (look,) = one_look_per_pool(tuple(PoolHint(pool=of, cause=each) for each in order)).values()

        assert look.cause is not None
        assert look.cause.calls == (calls[1], calls[0])


def test_of_one_kind_of_call_by_one_principal_the_latest_is_kept() -> None:
    earlier, later = call("TagResource", "tagger", second=1), call("TagResource", "tagger", second=2)

    assert folded(earlier, later) == folded(later, earlier) == later
    assert folded() is None
    assert folded(None, None) is None


@pytest.mark.parametrize("write", ["UpdateUserPool", "DeleteIdentityPolicy", "DeleteServiceLinkedRole"])
def test_a_flood_of_calls_displaces_no_write_and_no_tool(write: str) -> None:
    deployment = call(write, "deploy", second=0)
    tool = replace(call("PutIdentityPolicy", "someone", second=0), user_agent="Terraform/1.9")
    flood = [call("TagResource", f"tagger-{number}", second=number) for number in range(1, 200)]

    kept = folded(deployment, tool, *flood)

    assert kept is not None
    assert {deployment, tool} <= set(kept.calls)
    assert len(kept.calls) == 40
    assert kept.calls[0] == flood[-1]
    assert deployed_by(kept, (ROLE,)) is not None
    assert {each.event_name for each in kept.calls} == {write, "TagResource", "PutIdentityPolicy"}


def test_a_message_holds_as_many_calls_as_are_kept_with_the_longest_names_of_the_widest_characters() -> None:
    calls = [
        replace(call("TagResource", "tagger", second=number), actor=f"{number:03}{'😀' * 297}", user_agent="😀" * 300)
        for number in range(60)
    ]
    kept = folded(*calls)

    assert kept is not None
    assert len(kept.calls) == 40
    assert len(hint_body(PoolHint(pool=pool().ref, cause=kept)).encode()) < MOST_BYTES


def test_a_cause_is_read_back_with_its_others_and_from_documents_of_before() -> None:
    both = folded(call("UpdateUserPool", "deploy", second=1), call("TagResource", "tagger", second=2))
    assert both is not None

    assert cause_from(Members(where="cause", values=causes_document(both))) == both
    assert cause_from(Members(where="cause", values=dict(cause_document(both)))) == replace(both, others=())
