"""What the ledger promises about incidents: the same in memory and in DynamoDB."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.incidents.folding import fold, leave
from mailwarden.domain.incidents.incident import Incident
from mailwarden.domain.incidents.share import Burst, Member, Share
from mailwarden.domain.incidents.speaking import speak
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import ConfigurationSetRef
from mailwarden.domain.refs.root_causes import (
    AccountTrails,
    ConfigurationSetState,
    EmailRole,
    Fight,
    IdentityState,
    OwnState,
    RootCause,
    SameCalls,
)
from tests.builders import ACCOUNT, NOON, identity_ref, pool_ref
from tests.fakes.ledger.roles import CHANNELS, LedgerRoles
from tests.unit.incidents.course import CRITICAL, POLICIES, finding, share

CAUSES: tuple[RootCause, ...] = (
    POLICIES,
    IdentityState(identity=identity_ref(name="o'|neil@example.com")),
    EmailRole(partition="aws", account=ACCOUNT),
    AccountTrails(partition="aws", account=ACCOUNT),
    ConfigurationSetState(
        configuration_set=ConfigurationSetRef(partition="aws", region="us-east-1", account=ACCOUNT, name="a")
    ),
    OwnState(finding=finding(1)),
    Fight(over=EmailRole(partition="aws", account=ACCOUNT)),
    SameCalls(rule_id="MW104", account=ACCOUNT, event_name="", principal="arn:aws:iam::1:role/a|b"),
)


def take_in(ledger: LedgerRoles, shares: dict[FindingKey, Share], *, cause: RootCause = POLICIES) -> Incident:
    known: dict[FindingKey, tuple[Member | None, Share]] = {
        key: (ledger.incidents.member(key), each) for key, each in shares.items()
    }
    folded = fold(ledger.incidents.read(cause), cause, known, at=NOON)
    assert folded is not None
    said = speak(folded.incident, now=NOON) or folded.incident
    assert ledger.incidents.store(said, folded.changes)
    return said


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: type(cause).__name__)
def test_an_incident_and_its_members_are_read_as_they_were_stored(ledger: LedgerRoles, cause: RootCause) -> None:
    stored = take_in(ledger, {finding(1): share(still_lost=True, pool_name="shop"), finding(2): share()}, cause=cause)
    assert ledger.incidents.read(cause) == stored
    member = ledger.incidents.member(finding(1))
    assert member is not None
    assert (member.cause, member.share.still_lost) == (cause, True)


def test_members_come_worst_first_and_leave_the_open_ones_when_they_are_over(ledger: LedgerRoles) -> None:
    incident = take_in(ledger, {finding(number): share(rank="20") for number in range(1, 5)} | {finding(9): share()})
    assert [each.key for each in ledger.incidents.members(incident, is_open=True, most=3)] == [
        finding(9),
        finding(1),
        finding(2),
    ]
    over = take_in(ledger, {finding(9): share(2, end="repaired"), finding(1): share(2, end="resolved")})
    assert [each.key for each in ledger.incidents.members(over, is_open=True, most=9)] == [*map(finding, (2, 3, 4))]
    assert [each.key for each in ledger.incidents.members(over, is_open=False, most=9)] == [finding(9), finding(1)]
    assert over.rank == "20"


def test_of_two_processes_that_read_the_same_incident_one_is_to_read_it_again(ledger: LedgerRoles) -> None:
    first = take_in(ledger, {finding(1): share()})
    later = replace(first, revision=first.revision + 1)
    assert ledger.incidents.store(replace(later, still_lost=1))
    assert not ledger.incidents.store(replace(later, still_lost=2))
    current = ledger.incidents.read(POLICIES)
    assert current is not None
    assert current.still_lost == 1


def test_an_incident_is_due_until_every_channel_was_sent_its_last_version(ledger: LedgerRoles) -> None:
    incident = take_in(ledger, {finding(1): share()})
    assert incident.version == 1
    for channel in CHANNELS:
        assert list(ledger.incidents.due(now=NOON)) == [POLICIES]
        ledger.incidents.mark_announced(POLICIES, channel=channel, version=1)
    assert list(ledger.incidents.due(now=NOON + timedelta(seconds=30))) == []
    assert list(ledger.incidents.due(now=NOON + timedelta(hours=2))) == [POLICIES]
    ledger.incidents.mark_announced(POLICIES, channel="chat", version=0)
    current = ledger.incidents.read(POLICIES)
    assert current is not None
    assert current.announced == dict.fromkeys(CHANNELS, 1)


def test_three_hundred_members_leave_the_incident_small(ledger: LedgerRoles) -> None:
    for number in range(0, 90, 30):
        incident = take_in(ledger, {finding(each): share() for each in range(number, number + 30)})
    assert (incident.regions, incident.ranks, incident.members) == ({"us-east-1": 90}, {CRITICAL: 90}, 90)
    assert len(ledger.incidents.members(incident, is_open=True, most=50)) == 50


def test_open_findings_of_the_same_calls_are_counted(ledger: LedgerRoles) -> None:
    calls = SameCalls(rule_id="MW104", account=ACCOUNT, event_name="UpdateUserPool", principal="alice")
    bursts = [Burst(calls=calls, since=NOON + timedelta(minutes=5 * number)) for number in range(4)]
    assert [ledger.bursts.join(burst) for burst in bursts] == [1, 2, 3, 4]
    assert ledger.bursts.join(replace(bursts[0], calls=replace(calls, rule_id="MW105"))) == 1
    for burst in bursts[:3]:
        ledger.bursts.leave(burst)
    assert ledger.bursts.join(bursts[3]) == 2


def test_one_process_tells_of_an_incident_at_a_time(ledger: LedgerRoles) -> None:
    until = NOON + timedelta(minutes=2)
    assert ledger.incident_leases.acquire(POLICIES, now=NOON, until=until)
    assert not ledger.incident_leases.acquire(POLICIES, now=NOON + timedelta(minutes=1), until=until)
    other = OwnState(finding=FindingKey(subject_arn=pool_ref().arn, rule_id="MW104"))
    assert ledger.incident_leases.acquire(other, now=NOON, until=until)
    ledger.incident_leases.release(POLICIES)
    assert ledger.incident_leases.acquire(POLICIES, now=NOON + timedelta(minutes=1), until=until)


def moved(ledger: LedgerRoles, key: FindingKey, cause: RootCause) -> bool:
    """Whether a finding could leave its incident for that of another cause."""
    member = ledger.incidents.member(key)
    old = None if member is None else ledger.incidents.read(member.cause)
    assert member is not None
    assert old is not None
    folded = fold(ledger.incidents.read(cause), cause, {key: (member, member.share)}, at=NOON)
    assert folded is not None
    left, row = leave(old, member, at=NOON)
    changes = [change.leaving(row) for change in folded.changes]
    return ledger.incidents.store(folded.incident, changes, left=left)


def test_a_finding_leaves_one_incident_for_another_in_one_step(ledger: LedgerRoles) -> None:
    role = EmailRole(partition="aws", account=ACCOUNT)
    take_in(ledger, {finding(1): share(), finding(2): share()})

    assert moved(ledger, finding(1), role)

    old, new = ledger.incidents.read(POLICIES), ledger.incidents.read(role)
    assert old is not None
    assert new is not None
    assert [each.key for each in ledger.incidents.members(old, is_open=True, most=9)] == [finding(2)]
    assert [each.share.end for each in ledger.incidents.members(old, is_open=False, most=9)] == ["moved"]
    assert [each.key for each in ledger.incidents.members(new, is_open=True, most=9)] == [finding(1)]
    assert (old.open_count, dict(old.ended), new.open_count) == (1, {"moved": 1}, 1)


def test_a_finding_that_comes_back_takes_the_place_that_it_left(ledger: LedgerRoles) -> None:
    role = EmailRole(partition="aws", account=ACCOUNT)
    take_in(ledger, {finding(1): share(), finding(2): share()})

    assert moved(ledger, finding(1), role)
    assert moved(ledger, finding(1), POLICIES)

    old, new = ledger.incidents.read(POLICIES), ledger.incidents.read(role)
    assert old is not None
    assert new is not None
    assert {each.key for each in ledger.incidents.members(old, is_open=True, most=9)} == {finding(1), finding(2)}
    assert ledger.incidents.members(old, is_open=False, most=9) == ()
    assert [each.share.end for each in ledger.incidents.members(new, is_open=False, most=9)] == ["moved"]
    assert (old.open_count, old.members, dict(old.ended), old.still_lost) == (2, 2, {}, 0)
    assert (new.open_count, dict(new.ended)) == (0, {"moved": 1})


def test_where_another_process_changed_the_incident_that_is_left_nothing_is_stored(ledger: LedgerRoles) -> None:
    role = EmailRole(partition="aws", account=ACCOUNT)
    old = take_in(ledger, {finding(1): share()})
    new = take_in(ledger, {finding(2): share()}, cause=role)
    member = ledger.incidents.member(finding(1))
    assert member is not None
    left, _ = leave(old, member, at=NOON)
    assert ledger.incidents.store(replace(old, revision=old.revision + 1))

    assert not ledger.incidents.store(replace(new, revision=new.revision + 1), left=left)
    assert ledger.incidents.read(role) == new


def test_what_is_over_stays_in_its_generation_when_the_finding_returns(ledger: LedgerRoles) -> None:
    first = take_in(ledger, {finding(1): share()})
    over = take_in(ledger, {finding(1): share(2, end="resolved")})
    again = take_in(ledger, {finding(1): share(3)})
    assert (first.generation, again.generation) == (1, 2)
    assert [each.share.version for each in ledger.incidents.members(over, is_open=False, most=9)] == [2]
    assert [each.share.version for each in ledger.incidents.members(again, is_open=True, most=9)] == [3]
    assert again.last_end == over.told


@pytest.mark.parametrize("end", ["repaired", "resolved", "gone", "moved", "exempt", "silent"])
def test_every_end_is_read_as_it_was_stored(ledger: LedgerRoles, end: str) -> None:
    take_in(ledger, {finding(1): share()})
    over = take_in(ledger, {finding(1): share(2, end=end, unsure=True, waits=True)})
    [member] = ledger.incidents.members(over, is_open=False, most=9)
    assert member == ledger.incidents.member(finding(1))
    assert (member.share.end, member.share.unsure, member.share.waits) == (end, True, True)
    assert ledger.incidents.read(POLICIES) == over
