"""What must be true of undos, from the record of who wrote what."""

import json

from mailwarden.domain.findings.changes import GrantSending, ReplaceEmailConfiguration
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.domain.repair.journal import Written
from tests.unit.model.configurations import IDENTITIES, identity_of
from tests.unit.model.story import Story
from tests.unit.model.truth import outcome_of, sources_of


def undos_give_back_what_was_before(story: Story, *, since: int) -> None:
    """The former configuration, or the policies without the pools that the entry added: no word of another changes."""
    intentions = story.mailwarden.journal.intentions
    for write in story.aws.taken[since:]:
        undone = intentions[write.entry_id].undoes
        if undone is None:
            continue
        entry = intentions[undone]
        assert entry.undoes is None
        written = [each for each in intentions.values() if each.undoes == undone and is_written(story, each.entry_id)]
        assert len(written) <= 1, undone
        match write.change, entry.change:
            case ReplaceEmailConfiguration() as back, ReplaceEmailConfiguration() as change:
                assert (back.pool, back.after) == (change.pool, change.before)
                assert back.before.in_full == change.after.in_full
            case GrantSending() as back, GrantSending() as change:
                gives_back(back, change)
            case _:
                raise AssertionError(write)


def gives_back(back: GrantSending, change: GrantSending) -> None:
    assert back.identity == change.identity
    assert back.after.keys() <= change.after.keys()
    assert set(back.pools) <= set(change.pools)
    taken = {name: sources_of(back.before[name]) - sources_of(text) for name, text in back.after.items()}
    assert set().union(*taken.values()) == {pool.arn for pool in back.pools}
    for name, text in back.after.items():
        assert sources_of(text) <= sources_of(back.before[name])
        if meaning(back.before[name]) == meaning(change.after[name]) and set(back.pools) == set(change.pools):
            assert meaning(text) == meaning(change.before[name])


def undone_is_left_alone(story: Story, *, since: int) -> None:
    """No repair writes again what a person took away, unless somebody changed something of it since."""
    intentions = story.mailwarden.journal.intentions
    for place, write in enumerate(story.aws.taken[since:], since):
        repair = intentions[write.entry_id]
        if repair.undoes is not None:
            continue
        for pool in repair.pools:
            undo = last_undo(story, pool, repair.resource, before=place)
            assert undo is None or any(
                number > undo and arn in concerned(story, pool, repair.resource) for number, arn in story.edits
            ), (write.entry_id, pool)


def last_undo(story: Story, pool: PoolRef, resource: str, *, before: int) -> int | None:
    """The place of our last write that took something away from a pool."""
    places = [
        place
        for place, write in enumerate(story.aws.taken[:before])
        for intention in [story.mailwarden.journal.intentions[write.entry_id]]
        if intention.undoes is not None and intention.resource == resource and pool in intention.pools
    ]
    return max(places, default=None)


def concerned(story: Story, pool: PoolRef, resource: str) -> set[str]:
    """Whatever may end the finding of a pool, or is part of what it rests on."""
    used = identity_of(story.aws.pools[pool])
    moves = {ref.arn for ref in IDENTITIES} if pool.region == "eu-west-3" else set()
    return {pool.arn, resource, *moves, *(() if used is None else (used.arn,))}


def is_written(story: Story, entry_id: str) -> bool:
    return isinstance(outcome_of(story, entry_id), Written)


def meaning(text: str | None) -> object:
    return None if text is None else json.loads(text)
