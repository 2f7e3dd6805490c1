"""Any history of changes, crashes, channels that are down and time: the last message of every channel is true."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, cast

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mailwarden.domain.findings.record import FindingRecord, FindingState
from mailwarden.domain.incidents.alert import Alert
from mailwarden.domain.incidents.incident import Occasion
from mailwarden.domain.incidents.share import root_cause_of
from mailwarden.domain.readings import Identity
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.refs.resources import IdentityRef
from mailwarden.domain.refs.root_causes import RootCause
from mailwarden.domain.repair.limits import RepairMode
from tests.builders import unread
from tests.fakes.announcing import announcer_of
from tests.fakes.channels import InMemoryChannel
from tests.fakes.deployment import Deployment, cause
from tests.fakes.mortal import Died, Life, Mortal, mortal
from tests.unit.incidents.seoul import OTHER, SENDER, closed, denied, minutes, opened, seoul

NEVER = -1
type Change = Callable[[Deployment], object]

POOLS = st.integers(1, 3)
# At which of its calls the function dies; None: it is not invoked.
ENDS = st.sampled_from((None, NEVER, NEVER, *range(0, 60, 3)))


def lets_send(source: IdentityRef, policies: Callable[[IdentityRef], Identity]) -> Change:
    return lambda mailwarden: mailwarden.hold(policies(source))


def cannot_be_read(source: IdentityRef) -> Change:
    reading = unread("ses:GetEmailIdentity", source.region)
    return lambda mailwarden: mailwarden.identities.held.update({source: reading})


def becomes(number: int, source: IdentityRef, tags: dict[str, str]) -> Change:
    return lambda mailwarden: mailwarden.hold(seoul(number, source=source, tags=tags))


def is_deleted(number: int) -> Change:
    return lambda mailwarden: mailwarden.pools.held.pop(seoul(number).ref, None)


SOURCES = st.sampled_from((SENDER, OTHER))
TAGS: st.SearchStrategy[dict[str, str]] = st.sampled_from(({}, {}, {"mailwarden": "off"}))
POLICIES = st.sampled_from((opened, closed, denied))
IDENTITIES = st.builds(lets_send, SOURCES, POLICIES) | st.builds(cannot_be_read, SOURCES)
READINGS = st.builds(becomes, POOLS, SOURCES, TAGS) | st.builds(is_deleted, POOLS)


class Histories(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.mailwarden = Deployment(mode=RepairMode.OFF)
        self.mailwarden.hold(closed(), closed(OTHER), *(seoul(number) for number in range(1, 4)))
        self.something_changes(lambda _: None, {1, 2, 3}, NEVER)

    @rule(change=st.one_of(IDENTITIES, READINGS), numbers=st.sets(POOLS), ends_at=ENDS)
    def something_changes(self, change: Change, numbers: set[int], ends_at: int | None) -> None:
        """It is seen from some pools; the stream of the ledger may be off, or its function die."""
        change(self.mailwarden)
        for number in sorted(numbers):
            self.mailwarden.inspector().inspect(
                PoolHint(pool=seoul(number).ref, cause=cause(at=self.mailwarden.clock.now()))
            )
        if ends_at is not None:
            self._announce(ends_at, *self.mailwarden.ledger.findings.held)

    @rule(ends_at=ENDS)
    def schedule(self, ends_at: int | None) -> None:
        self._announce(ends_at)

    @rule(name=st.sampled_from(("topic", "chat")), failures=st.integers(1, 3))
    def channel_fails(self, name: str, failures: int) -> None:
        getattr(self.mailwarden, name).failures = failures

    @rule(seconds=st.sampled_from((1, 40, 130, 900, 4000, 90_000)))
    def time_passes(self, seconds: int) -> None:
        self.mailwarden.clock.at += timedelta(seconds=seconds)

    @rule()
    def all_is_well_again(self) -> None:
        """Nothing fails any more, and the schedule runs: whatever happened, everybody knows the state now."""
        mailwarden = self.mailwarden
        mailwarden.topic.failures = mailwarden.chat.failures = 0
        minutes(mailwarden, 20)
        for channel in (mailwarden.topic, mailwarden.chat):
            last = {alert.report.cause: alert for alert in channel.told}
            for record in self._open():
                member = mailwarden.ledger.incidents.member(record.key)
                assert member is not None
                assert member.share.is_open
                assert member.cause == root_cause_of(record.finding)
                assert last[member.cause].report.state is FindingState.OPEN
            open_causes = {root_cause_of(record.finding) for record in self._open()}
            assert {each for each, alert in last.items() if alert.report.state is FindingState.OPEN} == open_causes

    def teardown(self) -> None:
        self.all_is_well_again()

    @invariant()
    def the_counts_are_those_of_the_findings(self) -> None:
        for each, incident in self.mailwarden.ledger.incidents.held.items():
            inside = [
                member
                for member in self.mailwarden.ledger.incidents.of_findings.values()
                if (member.cause, member.generation) == (each, incident.generation) and member.share.is_open
            ]
            assert incident.ranks == Counter(member.share.rank for member in inside)
            assert incident.phases == Counter(member.share.phase for member in inside)
            of_pools = {member.key.subject_arn for member in inside if member.share.region is not None}
            assert sum(incident.regions.values()) == len(of_pools)
            assert incident.all_pools <= 3

    @invariant()
    def every_message_is_one_that_can_be_true(self) -> None:
        contents: dict[str, tuple[object, ...]] = {}
        for channel in (self.mailwarden.topic, self.mailwarden.chat):
            for told in by_cause(channel).values():
                versions = [alert.report.version for alert in told]
                assert versions == sorted(versions)
                once = list({alert.alert_id: alert for alert in told}.values())
                for before, after in zip([None, *once], once, strict=False):
                    is_end = after.report.occasion is Occasion.ENDED
                    assert is_end is (after.report.state is not FindingState.OPEN)
                    assert after.record.lifecycle.state is after.report.state
                    if is_end and before is not None and before.report.occasion is Occasion.ENDED:
                        # It came and went again before anybody could be told.
                        assert before.report.opened_at < after.report.opened_at
                for alert in told:
                    content = (alert.report.occasion, alert.report.state, alert.report.version)
                    assert contents.setdefault(alert.alert_id, content) == content

    def _open(self) -> Iterator[FindingRecord]:
        for record in self.mailwarden.ledger.findings.held.values():
            if record.lifecycle.state is FindingState.OPEN:
                yield record

    def _announce(self, ends_at: int | None, *keys: FindingKey) -> None:
        life, mailwarden = Life(ends_at=None if ends_at == NEVER else ends_at), self.mailwarden
        channels: dict[str, Any] = {name: Mortal(getattr(mailwarden, name), name, life) for name in ("topic", "chat")}
        announcer = announcer_of(cast("Any", mortal(mailwarden, life).ledger), channels, mailwarden.clock)
        try:
            if keys:
                announcer.announce(*keys)
            else:
                announcer.announce_waiting()
        except Died:
            pass
        except ExceptionGroup as failed:
            _, others = failed.split(ConnectionError)
            if others is not None:
                raise


def by_cause(channel: InMemoryChannel) -> dict[RootCause, list[Alert]]:
    told: dict[RootCause, list[Alert]] = {}
    for alert in channel.told:
        told.setdefault(alert.report.cause, []).append(alert)
    return told


Histories.TestCase.settings = settings(max_examples=80, stateful_step_count=20, deadline=None)
TestHistories = Histories.TestCase


def test_an_end_that_no_channel_heard_of_is_announced_although_the_pools_are_exempt_by_then() -> None:
    history = Histories()
    history.something_changes(lets_send(SENDER, opened), {1, 2, 3}, None)
    exempt = {"mailwarden": "off"}
    history.something_changes(becomes(1, OTHER, exempt), {1}, None)
    history.something_changes(becomes(2, OTHER, exempt), {2}, None)
    history.something_changes(becomes(2, OTHER, exempt), {2}, None)

    history.all_is_well_again()

    assert [alert.report.occasion for alert in history.mailwarden.topic.told] == [Occasion.OPENED, Occasion.ENDED]
