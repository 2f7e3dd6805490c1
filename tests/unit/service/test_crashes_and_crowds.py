"""What must hold when functions die between two steps, overtake one another, or serve many pools at once."""

from dataclasses import dataclass, replace

import pytest

from mailwarden.domain.findings.changes import WrittenChange
from mailwarden.domain.findings.record import FindingState, Handling
from mailwarden.domain.incidents.share import root_cause_of
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.readings import Unreadable
from mailwarden.domain.refs.hints import PoolHint, RegionHint, SesAccountHint
from mailwarden.domain.refs.resources import SesAccountRef
from mailwarden.domain.repair.journal import Refused, WriteOutcome
from mailwarden.domain.repair.limits import Limits, RepairMode, RuleMode
from mailwarden.message import verbatim
from mailwarden.service.inspection.inspect import PoolNotReadable
from mailwarden.service.repair.repair_guard import Budget
from tests.builders import ACCOUNT, developer, identity, identity_ref, pool, sending_policy, ses_account
from tests.fakes.channels import InMemoryChannel
from tests.fakes.deployment import Deployment, cause, hint
from tests.fakes.held_writer import HeldWriter
from tests.texts import english
from tests.unit.service.test_main_job import misplaced, unauthorized

TERRAFORM = replace(cause(event_id="e-tf"), user_agent="APN/1.0 HashiCorp/1.0 Terraform/1.9.5 aws-sdk-go-v2/1.30")


class Died(Exception):
    """The function's time is over."""


@dataclass(slots=True, kw_only=True)
class DyingWriter(HeldWriter):
    """Writes, and dies before it can say so."""

    def write(self, change: WrittenChange, *, entry_id: str) -> WriteOutcome:
        # Dataclasses with slots make the class anew, so that super() without arguments does not find it.
        HeldWriter.write(self, change, entry_id=entry_id)
        raise Died


def dying(mailwarden: Deployment) -> DyingWriter:
    return DyingWriter(
        pools=mailwarden.pools, identities=mailwarden.identities, role=mailwarden.role, written=mailwarden.written
    )


def died(mailwarden: Deployment, writer: DyingWriter) -> Deployment:
    mailwarden.writer = writer
    return mailwarden


def test_a_write_whose_outcome_nobody_wrote_down_is_told_as_repaired_with_its_undo_id() -> None:
    broken, sender = unauthorized()
    mailwarden = Deployment()
    mailwarden.hold(broken, sender)
    mailwarden.inspect(hint(broken))
    (order,) = mailwarden.repairs.take_all()
    with pytest.raises(Died):
        died(mailwarden, dying(mailwarden)).repairer().repair(order)

    mailwarden.clock.pass_by(minutes=6)
    mailwarden.writer = None
    mailwarden.repairer().repair(order)
    mailwarden.announce()

    record = mailwarden.finding("MW401", broken.ref.arn)
    assert mailwarden.told()[-1] == ("MW401", "repaired")
    assert record.write.undo_id in mailwarden.journal.outcomes
    assert len(mailwarden.written) == 1


def test_a_repair_that_is_tried_again_is_charged_once() -> None:
    broken, sender = unauthorized()
    mailwarden = Deployment(budget=Budget(per_account=20, per_pool=1))
    mailwarden.hold(broken, sender)
    mailwarden.inspect(hint(broken))
    (order,) = mailwarden.repairs.take_all()
    dies_before_it_writes = replace(dying(mailwarden), identities=replace(mailwarden.identities, held={}))
    for _ in range(3):
        with pytest.raises(Died):
            died(mailwarden, dies_before_it_writes).repairer().repair(order)
        mailwarden.clock.pass_by(minutes=6)

    mailwarden.writer = None
    mailwarden.repairer().repair(order)

    assert len(mailwarden.written) == 1


def test_what_aws_refused_for_good_is_told_once_and_not_tried_with_every_sweep() -> None:
    broken, sender = unauthorized()
    mailwarden = Deployment(answer=Refused(reason=verbatim("LimitExceeded")))
    mailwarden.hold(broken, sender)
    mailwarden.settle_down(hint(broken))

    for _ in range(5):
        mailwarden.clock.pass_by(hours=1)
        mailwarden.settle_down(PoolHint(pool=broken.ref))

    assert mailwarden.told() == [("MW401", "open")]
    assert len(mailwarden.journal.intentions) == 1


def test_a_deployments_pool_is_not_written_over_by_a_later_sweep() -> None:
    broken, old, new = misplaced()
    mailwarden = Deployment()
    mailwarden.hold(broken, old, new)
    mailwarden.settle_down(PoolHint(pool=broken.ref, cause=TERRAFORM))

    mailwarden.clock.pass_by(hours=1)
    mailwarden.settle_down(PoolHint(pool=broken.ref))
    mailwarden.settle_down(PoolHint(pool=broken.ref, cause=replace(cause("TagResource"), at=mailwarden.clock.now())))

    assert mailwarden.written == []
    assert "terraform" in english(mailwarden.finding("MW201", broken.ref.arn).write.reason)


def test_an_exempt_pool_does_not_silence_what_others_share_with_it() -> None:
    sender = identity()
    loud, quiet = (pool(pool_id=f"us-east-1_{name}", email=developer(sender.ref)) for name in ("LOUD", "QUIET"))
    mailwarden = Deployment()
    mailwarden.hold(loud, replace(quiet, tags={"mailwarden": "off"}), sender)
    mailwarden.accounts.held["us-east-1"] = ses_account(production_access=False)

    for _ in range(5):
        mailwarden.inspect(hint(loud), hint(quiet))
        mailwarden.clock.pass_by(hours=1)

    assert mailwarden.told().count(("MW501", "open")) == 1
    assert [state for rule, state in mailwarden.told() if rule == "MW501"] == ["open"]


def test_the_end_of_what_was_exempt_is_not_told() -> None:
    broken, sender = unauthorized(tags={})
    mailwarden = Deployment()
    mailwarden.hold(replace(broken, tags={"mailwarden": "off"}), sender)
    mailwarden.inspect(hint(broken))
    mailwarden.hold(replace(sender, policies={"theirs": sending_policy(sender.ref, broken.ref)}))

    mailwarden.inspect(hint(broken))

    assert mailwarden.told() == []


def test_turning_a_rule_off_does_not_read_as_mended() -> None:
    broken, sender = unauthorized(tags={})
    mailwarden = Deployment()
    mailwarden.hold(broken, sender)
    mailwarden.inspect(hint(broken))
    mailwarden.limits = Limits(repair_mode=RepairMode.SAFE, rule_modes={"MW401": RuleMode.OFF})

    mailwarden.inspect(hint(broken))

    assert mailwarden.told() == [("MW401", "open"), ("MW401", "exempt")]
    assert mailwarden.finding("MW401", broken.ref.arn).lifecycle.state is FindingState.EXEMPT


def test_a_throttled_look_comes_again_and_tells_nothing() -> None:
    broken, sender = unauthorized(tags={})
    mailwarden = Deployment()
    mailwarden.hold(broken)
    mailwarden.identities.held[sender.ref] = Unreadable(
        action="ses:GetEmailIdentity", region="us-west-2", reason="TooManyRequestsException", transient=True
    )
    mailwarden.inspect(hint(broken))
    mailwarden.hold(sender)

    (again,) = mailwarden.hints.waiting
    mailwarden.clock.pass_by(seconds=again.delay.total_seconds())
    mailwarden.inspect(*mailwarden.hints.take_all())

    assert mailwarden.told() == [("MW401", "open")]
    assert mailwarden.finding("MW401", broken.ref.arn).seen.cause == cause()
    assert not mailwarden.ledger.waiting.held


def test_a_refused_read_is_told_once_and_leaves_open_findings_open() -> None:
    broken, sender = unauthorized(tags={})
    mailwarden = Deployment()
    mailwarden.hold(broken, sender)
    mailwarden.inspect(hint(broken))
    mailwarden.identities.held[sender.ref] = Unreadable(
        action="ses:GetEmailIdentity", region="us-west-2", reason="AccessDenied"
    )

    mailwarden.inspect(hint(broken))

    look = mailwarden.ledger.looks.last(broken.ref)
    assert look is not None
    assert look.answer is Answer.UNKNOWN
    assert mailwarden.finding("MW401", broken.ref.arn).lifecycle.state is FindingState.OPEN
    assert len(mailwarden.told()) == 2


def test_a_pool_that_cannot_be_read_is_not_said_to_send() -> None:
    broken, sender = unauthorized()
    mailwarden = Deployment()
    mailwarden.hold(broken, replace(sender, policies={"theirs": sending_policy(sender.ref, broken.ref)}))
    mailwarden.inspect(hint(broken))
    mailwarden.pools.held[broken.ref] = Unreadable(
        action="cognito-idp:DescribeUserPool", region="ap-northeast-2", reason="AccessDenied"
    )

    with pytest.raises(PoolNotReadable):
        mailwarden.inspect(hint(broken))

    look = mailwarden.ledger.looks.last(broken.ref)
    assert look is not None
    assert look.answer is Answer.UNKNOWN


def test_a_pool_whose_deletion_nobody_announced_is_forgotten_by_the_sweep() -> None:
    broken, sender = unauthorized(tags={})
    mailwarden = Deployment()
    mailwarden.hold(broken, sender)
    mailwarden.inspect(hint(broken))
    del mailwarden.pools.held[broken.ref]

    mailwarden.clock.pass_by(hours=1)
    mailwarden.inspect(RegionHint(region="ap-northeast-2"))
    mailwarden.inspect(*mailwarden.hints.take_all())

    assert mailwarden.told() == [("MW401", "open"), ("MW401", "resolved")]


def test_a_change_that_concerns_many_pools_is_spread_over_time() -> None:
    sender = identity()
    pools = [pool(pool_id=f"us-east-1_{number}", email=developer(sender.ref)) for number in range(100)]
    mailwarden = Deployment()
    mailwarden.hold(*pools, sender)
    mailwarden.clock.pass_by(minutes=1)
    mailwarden.inspect(*(hint(each) for each in pools))

    account = SesAccountRef(partition="aws", region="us-east-1", account=ACCOUNT)
    looked = mailwarden.inspect(SesAccountHint(account=account, cause=cause("UpdateAccountSendingEnabled")))

    (after,) = (delayed.hint for delayed in mailwarden.hints.waiting if isinstance(delayed.hint, SesAccountHint))
    looked += mailwarden.inspect(after)

    assert len(looked) == 5
    assert len([delayed for delayed in mailwarden.hints.waiting if isinstance(delayed.hint, PoolHint)]) == 95
    assert 19 <= max(delayed.delay.total_seconds() for delayed in mailwarden.hints.waiting) < 20


def test_a_finding_that_thousands_share_is_not_written_with_every_look() -> None:
    sender = identity()
    pools = [pool(pool_id=f"us-east-1_{number}", email=developer(sender.ref)) for number in range(30)]
    mailwarden = Deployment()
    mailwarden.hold(*pools, sender)
    mailwarden.accounts.held["us-east-1"] = ses_account(production_access=False)
    mailwarden.inspect(*(hint(each) for each in pools))
    account = SesAccountRef(partition="aws", region="us-east-1", account=ACCOUNT)
    before = mailwarden.finding("MW501", account.arn)

    mailwarden.clock.pass_by(hours=1)
    mailwarden.inspect(*(hint(each) for each in pools))

    assert mailwarden.finding("MW501", account.arn) == before
    assert len(before.lifecycle.affected) == 30


@dataclass(slots=True, kw_only=True)
class Choosy(InMemoryChannel):
    """A channel that takes nothing about one subject."""

    refuses: str

    def send(self, alert: object) -> None:
        if self.refuses in str(alert):
            raise ConnectionError("not that one")
        InMemoryChannel.send(self, alert)  # type: ignore[arg-type]


def test_one_alert_that_cannot_be_told_does_not_hold_up_the_others() -> None:
    first, sender = unauthorized(pool_id="ap-northeast-2_A")
    second, *identities = misplaced()
    mailwarden = Deployment(mode=RepairMode.OFF)
    mailwarden.hold(first, second, sender, *identities)
    mailwarden.inspector().inspect(hint(first))
    mailwarden.inspector().inspect(hint(second))
    mailwarden.topic = Choosy(refuses=f"userpool/{first.ref.pool_id}")
    mailwarden.clock.pass_by(minutes=10)

    with pytest.raises(ExceptionGroup):
        mailwarden.announcer().announce_waiting()

    assert [alert.record.finding.subject for alert in mailwarden.topic.told] == [second.ref]
    assert len(mailwarden.chat.told) == 2


def test_two_do_not_tell_the_same_finding_at_a_time() -> None:
    broken, sender = unauthorized(tags={})
    mailwarden = Deployment()
    mailwarden.hold(broken, sender)
    mailwarden.inspector().inspect(hint(broken))
    ((key, record),) = mailwarden.ledger.findings.held.items()
    now, cause = mailwarden.clock.now(), root_cause_of(record.finding)
    assert mailwarden.ledger.incident_leases.acquire(cause, now=now, until=now.replace(minute=59))

    told = mailwarden.announcer().announce(key)

    assert told == ()
    mailwarden.ledger.incident_leases.release(cause)
    assert mailwarden.announcer().announce(key) == ("topic", "chat")


def test_a_move_keeps_away_from_an_exempt_identity() -> None:
    broken, old, new = misplaced()
    mailwarden = Deployment(mode=RepairMode.UNSAFE)
    mailwarden.hold(broken, old, replace(new, tags={"mailwarden": "report"}))

    mailwarden.settle_down(hint(broken))

    assert mailwarden.written == []
    assert "exempt" in english(mailwarden.finding("MW201", broken.ref.arn).write.reason)


def test_the_second_side_of_a_split_path_is_looked_at_again_without_any_event() -> None:
    name = "hello@example.com"
    tags = {"mailwarden:cognito": "account"}
    ses_states = [identity(name, region=region, tags=tags) for region in ("eu-central-1", "eu-west-2")]
    split = pool("me-central-1", email=replace(developer(identity_ref(name, region="*")), sending_account=None))
    mailwarden = Deployment(watched_regions=("me-central-1",))
    mailwarden.hold(split, *ses_states)
    mailwarden.settle_down(hint(split))

    for _ in range(3):
        mailwarden.clock.pass_by(seconds=10)
        mailwarden.settle_down(*mailwarden.hints.take_all())

    look = mailwarden.ledger.looks.last(split.ref)
    assert look is not None
    assert look.answer is Answer.YES
    assert len(mailwarden.written) == 2
    assert mailwarden.finding("MW401", split.ref.arn).write.handling is Handling.WRITTEN


def test_a_region_that_does_not_answer_is_asked_twice_in_a_batch() -> None:
    senders = [identity(name) for name in ("hello@example.com", "example.net", "example.org", "example.edu")]
    pools = [pool(pool_id=f"us-east-1_{each.ref.name[-3:]}", email=developer(each.ref)) for each in senders]
    mailwarden = Deployment()
    mailwarden.hold(*pools)
    for each in senders:
        mailwarden.identities.held[each.ref] = Unreadable(
            action="ses:GetEmailIdentity", region="us-east-1", reason="ReadTimeout", transient=True, is_timeout=True
        )

    looked = mailwarden.inspect(*(hint(each) for each in pools))

    assert len(mailwarden.identities.reads) == 2
    assert [english(each.note) for each in looked] == ["put off: ReadTimeout: ses:GetEmailIdentity in us-east-1"] * 4
