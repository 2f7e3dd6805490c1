"""Another actor writes what Mailwarden writes: whichever event comes first, and whatever ends before it is stored."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from mailwarden.domain.findings.changes import WrittenChange
from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.mail_path.overlap import StoredWindow
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.hints import Hint, IdentityHint, PoolHint
from mailwarden.domain.repair.journal import Refused, WriteResult
from mailwarden.message import verbatim
from mailwarden.ports.repair.change_writer import ChangeWriter
from tests.fakes.deployment import OWN_SESSION, Deployment, cause, hint
from tests.fakes.inspection import concerned_pools_of
from tests.texts import english
from tests.unit.decisions.repairs import OPENED, deployed, seoul

BROKEN = seoul("A")


def of_identity(call: Cause) -> IdentityHint:
    return IdentityHint(identity=OPENED.ref, cause=call)


def policy_call(mailwarden: Deployment) -> Cause:
    call = cause("UpdateEmailIdentityPolicy", event_id="e-other", at=mailwarden.clock.at.replace(microsecond=0))
    return replace(call, members=("policy",))


def granted() -> Deployment:
    """A deployment that has just written the grant of one pool."""
    mailwarden = deployed(BROKEN, OPENED)
    mailwarden.inspect(hint(BROKEN))
    mailwarden.repair()
    assert len(mailwarden.written) == 1
    return mailwarden


def overlaps(mailwarden: Deployment) -> list[FindingState]:
    held = mailwarden.ledger.findings.held
    return [record.lifecycle.state for key, record in held.items() if key.rule_id == "MW906"]


def test_a_call_of_another_in_the_window_is_critical_and_names_the_call() -> None:
    mailwarden = granted()

    mailwarden.inspect(of_identity(policy_call(mailwarden)))

    record = mailwarden.finding("MW906", OPENED.ref.arn)
    assert record.finding.severity is Severity.CRITICAL
    assert record.lifecycle.state is FindingState.OPEN
    assert "assumed-role/ops/alice called UpdateEmailIdentityPolicy" in english(record.finding.message)
    assert record.finding.evidence["event_id"] == "e-other"
    assert record.finding.evidence["members"] == "policy"
    assert ("MW906", "open") in mailwarden.told()


UNDOING_SESSION = OWN_SESSION.replace("RepairRole-1A2B/mailwarden-repair", "OperateRole-3C4D/mailwarden-operate")


@pytest.mark.parametrize("session", [OWN_SESSION, UNDOING_SESSION])
def test_the_echo_of_our_own_write_is_no_overlap_and_another_users_agent_does_not_hide(session: str) -> None:
    mailwarden = granted()

    mailwarden.inspect(of_identity(replace(policy_call(mailwarden), actor=session)))
    ours = overlaps(mailwarden)
    mailwarden.inspect(of_identity(replace(policy_call(mailwarden), user_agent="mailwarden/0.1.0 Boto3/1.44")))

    assert ours == []
    assert overlaps(mailwarden) == [FindingState.OPEN]


def test_it_stays_open_over_looks_without_the_call_for_a_day() -> None:
    mailwarden = granted()
    mailwarden.inspect(of_identity(policy_call(mailwarden)))

    mailwarden.clock.pass_by(hours=23)
    mailwarden.inspect(PoolHint(pool=BROKEN.ref))
    after_hours = overlaps(mailwarden)
    mailwarden.clock.pass_by(hours=2)
    mailwarden.inspect(hint(BROKEN))

    assert after_hours == [FindingState.OPEN]
    assert overlaps(mailwarden) == [FindingState.RESOLVED]


@pytest.mark.parametrize(
    "changed",
    [
        lambda call: replace(call, at=call.at - timedelta(seconds=5)),
        lambda call: replace(call, at=call.at + timedelta(seconds=5)),
        lambda call: replace(call, policy="theirs"),
        lambda call: replace(call, event_name="PutEmailIdentityDkimAttributes"),
    ],
    ids=["before", "after", "another policy", "another setting"],
)
def test_what_cannot_have_been_overwritten_is_not_reported(changed: Callable[[Cause], Cause]) -> None:
    mailwarden = granted()

    mailwarden.inspect(of_identity(changed(policy_call(mailwarden))))

    assert overlaps(mailwarden) == []


@dataclass(slots=True, kw_only=True)
class Interrupted:
    """Another actor's event arrives while the write is under way; then the writer ends as told."""

    by: ChangeWriter
    during: list[Hint] = field(default_factory=list)
    mailwarden: Deployment
    ends: BaseException | WriteResult | None = None

    def write(self, change: WrittenChange, *, entry_id: str) -> WriteResult:
        self.mailwarden.inspect(*self.during)
        if isinstance(self.ends, BaseException):
            raise self.ends
        return self.by.write(change, entry_id=entry_id) if self.ends is None else self.ends


class Died(BaseException):
    """The function's time is over: nothing runs any more."""


def interrupted(ends: BaseException | WriteResult | None = None) -> Deployment:
    """A write during which another actor's event arrives, and that ends as told."""
    mailwarden = deployed(BROKEN, OPENED)
    mailwarden.inspect(hint(BROKEN))
    (ordered,) = mailwarden.repairs.take_all()
    mailwarden.clock.pass_by(seconds=30)
    mailwarden.writer = Interrupted(
        by=mailwarden.held_writer(), during=[of_identity(policy_call(mailwarden))], mailwarden=mailwarden, ends=ends
    )
    with suppress(Died, RuntimeError):
        mailwarden.repairer().repair(ordered)
    return mailwarden


def test_an_event_that_comes_before_the_write_is_concluded_is_judged_when_it_is() -> None:
    mailwarden = interrupted()
    mailwarden.clock.pass_by(seconds=10)
    mailwarden.inspect(*mailwarden.hints.take_all())

    assert overlaps(mailwarden) == [FindingState.OPEN]


@pytest.mark.parametrize("ends", [RuntimeError("throttled"), Refused(reason=verbatim("no"))], ids=["raised", "refused"])
def test_a_write_that_aws_did_not_take_overlaps_nothing(ends: Exception | WriteResult) -> None:
    mailwarden = interrupted(ends)

    mailwarden.clock.pass_by(minutes=2)
    mailwarden.inspect(hint(BROKEN))

    assert overlaps(mailwarden) == []


def test_a_write_whose_process_died_is_judged_by_the_longest_time_it_can_have_had() -> None:
    mailwarden = interrupted(Died())
    mailwarden.inspect(hint(BROKEN))
    while_under_way = overlaps(mailwarden)

    mailwarden.clock.pass_by(seconds=61)
    mailwarden.inspect(hint(BROKEN))

    assert while_under_way == []
    assert overlaps(mailwarden) == [FindingState.OPEN]


def window_over(mailwarden: Deployment, resource: str) -> None:
    """A write of ours to *resource* that is under way."""
    at = mailwarden.clock.at.replace(microsecond=0)
    mailwarden.ledger.windows.put(StoredWindow(resource=resource, entry_id="e", compared_at=at, written_at=None))


def noted(mailwarden: Deployment, said: Hint, resource: str) -> bool:
    """Whether a hint's call is kept as one that may overlap a write to *resource*."""
    window_over(mailwarden, resource)
    concerned_pools_of(mailwarden).of(said)
    return bool(mailwarden.ledger.windows.of(resource).calls)


@pytest.mark.parametrize(
    ("after", "counts"), [(None, True), ("", False), (BROKEN.ref.arn, False)], ids=["direct", "first", "further"]
)
def test_only_the_event_of_a_call_overlaps_and_no_continuation_of_its_fan_out(after: str | None, counts: bool) -> None:
    mailwarden = deployed(BROKEN, OPENED)
    told = IdentityHint(identity=OPENED.ref, cause=policy_call(mailwarden), after=after)

    assert noted(mailwarden, told, OPENED.ref.arn) is counts


@pytest.mark.parametrize(
    ("ours", "counts"),
    [({}, True), ({"attempt": 1}, False), ({"asks_anew": True}, False), ({"waits": True}, False)],
    ids=["direct", "put off", "after a write", "waited"],
)
def test_only_the_event_of_a_call_overlaps_and_no_hint_of_ours_that_carries_it(
    ours: Mapping[str, Any], counts: bool
) -> None:
    mailwarden = deployed(BROKEN, OPENED)
    call = cause(at=mailwarden.clock.at.replace(microsecond=0))

    assert noted(mailwarden, PoolHint(pool=BROKEN.ref, cause=call, **ours), BROKEN.ref.arn) is counts
