"""People, deployments, faults, deaths and time in any order: what must hold of every write holds after each step.

``MODEL_EXAMPLES`` and ``MODEL_STEPS`` make the search larger than the one of every day.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mailwarden.domain.findings.changes import ReplaceEmailConfiguration
from mailwarden.domain.readings import Identity, VerificationStatus
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.repair.journal import RepairOrder
from mailwarden.domain.repair.limits import RepairMode
from tests.unit.model.configurations import IDENTITIES, PARIS, emails_of, policies_of
from tests.unit.model.live_aws import READ_IDENTITIES, READ_POOLS, WRITE
from tests.unit.model.story import DEPLOYMENT, OWNER, TAGGER, Story
from tests.unit.model.truth import (
    everything_is_well,
    nothing_differs_from_what_was_written,
    the_budget_is_right,
    the_journal_is_true,
    writes_were_allowed,
)
from tests.unit.model.undone import undone_is_left_alone, undos_give_back_what_was_before

POOLS, EMAILS = st.integers(0, 3), st.sampled_from(["right", "answered elsewhere", "misplaced", "default"])
POLICIES = st.sampled_from(
    ["grant", "wrong principal", "narrow ours", "deny", "delete all", "delete ours", "delete theirs"]
)
ACTORS, HEARD = st.sampled_from([OWNER, OWNER, DEPLOYMENT]), st.sampled_from([True, True, True, False])
# More reads than a repair needs for four pools: the look at each, before and after the write.
MOST_READS = 60


class WritePath(RuleBasedStateMachine):
    """Each rule is one step of somebody, or one delivery to a function."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story()
        self.checked = 0

    @initialize(swept=st.sampled_from([True, True, False]), misplaced=st.booleans(), apart=st.booleans())
    def begin(self, *, swept: bool, misplaced: bool, apart: bool) -> None:
        if misplaced:
            self.edit_email(3, "misplaced", OWNER, heard=False)
        if apart:
            # The grants of two pools on one identity are of two entries.
            self.edit_email(1, "default", OWNER, heard=False)
        if swept:
            self.story.sweep()
            self.story.come_to_rest()
        if apart:
            self.edit_email(1, "right", OWNER, heard=True)
            self.story.come_to_rest()

    @rule(place=POOLS, email=EMAILS, by=ACTORS, heard=HEARD)
    def edit_email(self, place: int, email: str, by: str, *, heard: bool) -> None:
        pool = self.story.pools[place]
        self.story.edit(replace(pool, email=emails_of(pool)[email]), "UpdateUserPool", by=by, heard=heard)

    @rule(place=POOLS, name=st.sampled_from(["shop", "store"]), by=ACTORS, heard=HEARD)
    def rename(self, place: int, name: str, by: str, *, heard: bool) -> None:
        self.story.edit(replace(self.story.pools[place], name=name), "UpdateUserPool", by=by, heard=heard)

    @rule(place=POOLS, tags=st.sampled_from([{}, {}, {"team": "x"}, {"mailwarden": "report"}, {"mailwarden": "off"}]))
    def tag_pool(self, place: int, tags: dict[str, str]) -> None:
        self.story.edit(replace(self.story.pools[place], tags=tags), "TagResource", by=TAGGER)

    @rule(
        ref=st.sampled_from(IDENTITIES),
        tags=st.sampled_from([{"mailwarden:cognito": "account"}, {}, {"mailwarden": "report"}]),
    )
    def tag_identity(self, ref: object, tags: dict[str, str]) -> None:
        self.story.edit(replace(self.identity(ref), tags=tags), "TagResource", by=TAGGER)

    @rule(ref=st.sampled_from(IDENTITIES), what=POLICIES, places=st.sets(POOLS, min_size=1), by=ACTORS, heard=HEARD)
    def edit_policies(self, ref: object, what: str, places: set[int], by: str, *, heard: bool) -> None:
        self.edit_identity(ref, what, places, by, heard=heard)()

    @rule(ref=st.sampled_from(IDENTITIES), verified=st.booleans())
    def verify(self, ref: object, *, verified: bool) -> None:
        status = VerificationStatus.SUCCESS if verified else VerificationStatus.FAILED
        live = replace(self.identity(ref), verified_for_sending=verified, verification_status=status)
        self.story.edit(live, "VerifyDomainIdentity", by=OWNER)

    @rule(mode=st.sampled_from([RepairMode.SAFE, RepairMode.SAFE, RepairMode.OFF]), closed=st.booleans())
    def set_limits(self, mode: RepairMode, *, closed: bool) -> None:
        self.story.set_limits(mode, closed=closed)

    @rule(action=st.sampled_from([READ_POOLS, READ_IDENTITIES, WRITE]), minutes=st.sampled_from([1, 10, 60]))
    def throttle(self, action: str, minutes: int) -> None:
        self.story.aws.throttled[action] = self.story.now + timedelta(minutes=minutes)

    @rule(action=st.sampled_from([READ_POOLS, READ_IDENTITIES, WRITE]), minutes=st.sampled_from([1, 10, 60]))
    def deny(self, action: str, minutes: int) -> None:
        self.story.aws.denied[action] = self.story.now + timedelta(minutes=minutes)

    @rule(seconds=st.sampled_from([0, 1, 5, 20]), loses=st.booleans())
    def be_late(self, seconds: int, *, loses: bool) -> None:
        self.story.aws.lag, self.story.aws.loses_answer = timedelta(seconds=seconds), loses

    @rule(ref=st.sampled_from(IDENTITIES), what=POLICIES, places=st.sets(POOLS, min_size=1), after=st.booleans())
    def write_policies_in_between(self, ref: object, what: str, places: set[int], *, after: bool) -> None:
        self.let_write(self.edit_identity(ref, what, places, OWNER), after=after)

    @rule(place=POOLS, email=EMAILS, after=st.booleans())
    def write_email_in_between(self, place: int, email: str, *, after: bool) -> None:
        self.let_write(lambda: self.edit_email(place, email, OWNER, heard=True), after=after)

    @rule()
    def sweep(self) -> None:
        self.story.sweep()

    @rule(time=st.sampled_from([timedelta(seconds=5), timedelta(seconds=40), timedelta(hours=1), timedelta(days=1)]))
    def wait(self, time: timedelta) -> None:
        self.story.mailwarden.clock.at += time

    @precondition(lambda self: any(not isinstance(mail.body, RepairOrder) for mail in self.story.due()))
    @rule(data=st.data(), twice=st.booleans(), ends_at=st.none() | st.none() | st.integers(0, 60))
    def deliver_hints(self, data: st.DataObject, ends_at: int | None, *, twice: bool) -> None:
        due = [mail for mail in self.story.due() if not isinstance(mail.body, RepairOrder)]
        places = data.draw(st.sets(st.integers(0, len(due) - 1), min_size=1))
        self.story.deliver_hints([due[place] for place in sorted(places)], ends_at=ends_at, twice=twice)

    @precondition(lambda self: any(isinstance(mail.body, RepairOrder) for mail in self.story.waiting))
    @rule(data=st.data(), twice=st.booleans(), ends_at=st.none() | st.integers(0, 120))
    def deliver_order(self, data: st.DataObject, ends_at: int | None, *, twice: bool) -> None:
        orders = [mail for mail in self.story.waiting if isinstance(mail.body, RepairOrder)]
        mail = data.draw(st.sampled_from(orders))
        self.story.mailwarden.clock.at = max(self.story.now, mail.due)
        reads = self.story.deliver_order(mail, ends_at=ends_at, twice=twice)
        assert reads <= MOST_READS, reads

    @precondition(lambda self: self.story.mailwarden.journal.intentions)
    @rule(data=st.data(), ends_at=st.none() | st.integers(0, 60))
    def undo(self, data: st.DataObject, ends_at: int | None) -> None:
        entries = list(self.story.mailwarden.journal.intentions)
        self.story.undo(data.draw(st.sampled_from(entries[::-1])), ends_at=ends_at)

    @precondition(lambda self: self.story.undoable())
    @rule(ends_at=st.none() | st.none() | st.integers(0, 60), then=st.sampled_from(["", "look", "sweep", "edit"]))
    def undo_latest(self, ends_at: int | None, then: str) -> None:
        """A person undoes what was written last, and soon something happens."""
        entry_id = self.story.undoable()[-1]
        if isinstance(self.story.mailwarden.journal.intentions[entry_id].change, ReplaceEmailConfiguration):
            # Only then it is no worse where the pool came from.
            self.verify(PARIS, verified=False)
        self.story.undo(entry_id, ends_at=ends_at)
        if then == "sweep":
            self.story.mailwarden.clock.at += timedelta(hours=1)
            self.story.sweep()
        elif then:
            for pool in self.story.mailwarden.journal.intentions[entry_id].pools:
                if then == "edit":
                    self.story.edit(replace(self.story.aws.pools[pool], name=then), "UpdateUserPool", by=OWNER)
                self.story.deliver_at_once(PoolHint(pool=pool))

    @rule(place=POOLS, after=st.booleans())
    def look_in_between(self, place: int, *, after: bool) -> None:
        hint = PoolHint(pool=self.story.pools[place].ref)
        self.let_write(lambda: self.story.deliver_at_once(hint), after=after)

    @rule()
    def settle(self) -> None:
        self.story.come_to_rest()

    @invariant()
    def every_write_is_right(self) -> None:
        nothing_differs_from_what_was_written(self.story)
        the_journal_is_true(self.story)
        the_budget_is_right(self.story)
        writes_were_allowed(self.story, since=self.checked)
        undos_give_back_what_was_before(self.story, since=self.checked)
        undone_is_left_alone(self.story, since=self.checked)
        self.checked = len(self.story.aws.taken)

    def teardown(self) -> None:
        story = self.story
        story.aws.throttled.clear()
        story.aws.denied.clear()
        story.aws.rival = story.aws.rival_after = None
        story.aws.lag, story.aws.loses_answer = timedelta(0), False
        story.set_limits(RepairMode.SAFE, closed=False)
        story.mailwarden.clock.at += timedelta(days=1)
        story.redrive()
        story.finish_undos()
        for _ in range(4):
            story.come_to_rest()
            # A call that overlapped a write is reported for a day.
            story.mailwarden.clock.at += timedelta(hours=9)
            story.sweep()
        story.come_to_rest()
        self.every_write_is_right()
        everything_is_well(story)

    def identity(self, ref: object) -> Identity:
        return next(each for each in self.story.aws.identities.values() if each.ref == ref)

    def edit_identity(
        self, ref: object, what: str, places: set[int], by: str, *, heard: bool = True
    ) -> Callable[[], None]:
        def edit() -> None:
            live, pools = self.identity(ref), [self.story.pools[place] for place in sorted(places)]
            policies = policies_of(live, pools)[what](dict(live.policies))
            call = "PutEmailIdentityPolicy" if "delete" not in what else "DeleteEmailIdentityPolicy"
            self.story.edit(replace(live, policies=policies), call, by=by, heard=heard)

        return edit

    def let_write(self, act: Callable[[], None], *, after: bool) -> None:
        if after:
            self.story.aws.rival_after = act
        else:
            self.story.aws.rival = act


TestWritePath = WritePath.TestCase
TestWritePath.settings = settings(
    max_examples=int(os.environ.get("MODEL_EXAMPLES", "40")),
    stateful_step_count=int(os.environ.get("MODEL_STEPS", "40")),
    deadline=None,
    database=None,
    derandomize="MODEL_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
